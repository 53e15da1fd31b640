#!/usr/bin/env python3
"""Makes the dashboards of Grafana from source/*.toml: titles, words and SQL there, what Grafana wants to know here.

Usage: dashboards/build.py [--check]    --check writes nothing and fails if a file is stale
"""

import json
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = {"type": "grafana-clickhouse-datasource", "uid": "${datasource}"}

# Conditions on what people choose, by the name in <…>. Values come from links, which anybody can write. Neither `sqlstring`
# nor `singlequote` escapes a backslash, which ClickHouse reads as an escape; percent-encoded, a value holds no character
# that could end a literal. `~` stands for all: no id of a site holds it. `if` vanishes when the query is analyzed, `OR` does
# not, and no index would be looked at.
FILTERS = {
    "site": "site = decodeURLComponent('${site:percentencode}')",
    "sites": "if('${sites:percentencode}' = '~', 1, site IN "
    "splitByChar(',', replaceRegexpAll(decodeURLComponent('${sites:percentencode}'), '[{}]', '')))",
    "destination": "destination = decodeURLComponent('${destination:percentencode}')",
    "organization": "organization = decodeURLComponent('${organization:percentencode}')",
}

# Columns that lead somewhere: what is said, and where to.
LINKS = {
    "destination": ("Hunt for it", "/d/skimwatch-hunting?var-destination="),
    "site": ("Look at this merchant", "/d/skimwatch-merchant?var-site="),
}

# Units of columns, wherever they stand in a table.
UNITS = {"share": "percentunit", "silent_hours": "h", "lag": "s", "hours_to_look": "h", "hours_to_close": "h"}

LEGEND = {"displayMode": "list", "placement": "bottom", "showLegend": True}
TOOLTIP = {"mode": "multi", "sort": "desc"}


def steps(panel):
    """Thresholds as [[color, from], …]; the first has no lower bound."""
    colors = panel.get("thresholds", [["blue"]])
    return [{"color": color, "value": start[0] if start else None} for color, *start in colors]


def expand(sql):
    """The SQL with its conditions written out."""
    for name, condition in FILTERS.items():
        sql = sql.replace(f"<{name}>", condition)
    return sql.strip()


def link(column, value):
    """A link to where a column leads, with the value that Grafana finds there."""
    title, url = LINKS[column]
    return {"title": title, "url": url + "${" + value + ":percentencode}&${__url_time_range}", "targetBlank": False}


def linked(columns):
    """Overrides of the columns that lead to another dashboard, or have a unit of their own."""
    for column in columns:
        properties = []
        if column in LINKS:
            properties.append({"id": "links", "value": [link(column, "__value.raw")]})
        if column in UNITS:
            properties.append({"id": "unit", "value": UNITS[column]})
        if properties:
            yield {"matcher": {"id": "byName", "options": column}, "properties": properties}


def options(panel):
    """What each type of panel wants to know: its options, and its field settings."""
    kind = panel["type"]
    if kind == "timeseries":
        custom = {
            "drawStyle": "bars" if panel.get("bars") else "line",
            "fillOpacity": 70 if panel.get("bars") else 15,
            "lineWidth": 1,
            "showPoints": "auto",
            "stacking": {"mode": "normal" if panel.get("bars") else "none", "group": "A"},
        }
        return {"legend": LEGEND | {"calcs": ["sum"] if panel.get("bars") else ["max"]}, "tooltip": TOOLTIP}, custom
    if kind == "stat":
        reduce = {"calcs": ["lastNotNull"], "fields": "", "values": False}
        look = {"colorMode": "value", "graphMode": "none", "textMode": "value", "justifyMode": "auto"}
        return {"reduceOptions": reduce} | look, {}
    if kind == "table":
        return {"showHeader": True, "cellHeight": "sm", "footer": {"show": False}}, {"filterable": True}
    if kind == "barchart":
        look = {"orientation": "horizontal", "showValue": "auto", "stacking": "none", "xField": panel["x"]}
        return look | {"legend": LEGEND | {"showLegend": False}, "tooltip": TOOLTIP}, {"fillOpacity": 80}
    if kind == "heatmap":
        look = {"calculate": False, "color": {"mode": "scheme", "scheme": "Blues", "steps": 64}, "cellGap": 1}
        return look | {"legend": {"show": True}, "tooltip": {"mode": "single"}, "yAxis": {"unit": "none"}}, {}
    if kind == "state-timeline":
        look = {"mergeValues": False, "showValue": "auto", "rowHeight": 0.9}
        return look | {"legend": LEGEND, "tooltip": {"mode": "single"}}, {"fillOpacity": 80}
    raise SystemExit(f"no panel of the type {kind} is known here")


def panel_of(number, panel, place):
    """One panel as Grafana has it."""
    look, custom = options(panel)
    color = {"timeseries": "palette-classic", "barchart": "palette-classic"}.get(panel["type"], "thresholds")
    if panel["type"] == "state-timeline":
        color = "continuous-BlPu"
    defaults = {
        "unit": panel.get("unit", "short"),
        "color": {"mode": color},
        "custom": custom,
        "thresholds": {"mode": "absolute", "steps": steps(panel)},
        "noValue": panel.get("none", "nothing"),
    }
    is_series = panel["type"] in ("timeseries", "heatmap", "state-timeline")
    # A bar knows its row, a line the label that tells it from the others.
    if panel.get("x") in LINKS:
        defaults["links"] = [link(panel["x"], f"__data.fields.{panel['x']}")]
    if panel.get("by"):
        defaults["links"] = [link(panel["by"], f"__field.labels.{panel['by']}")]
    target = {
        "refId": "A",
        "datasource": SOURCE,
        "editorType": "sql",
        "queryType": "timeseries" if is_series else "table",
        "format": 0 if is_series else 1,
        "rawSql": expand(panel["sql"]),
    }
    made = {
        "id": number,
        "type": panel["type"],
        "title": panel["title"],
        "description": panel["description"],
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": defaults, "overrides": list(linked(panel.get("columns", [])))},
        "options": look,
        "targets": [target],
    }
    if is_series and panel["type"] != "heatmap":
        made["interval"] = panel.get("interval", "1m")
    return made


def places(panels):
    """Where panels stand: from left to right, a new row where the next does not fit."""
    x = y = height = 0
    for panel in panels:
        width, tall = panel["size"]
        if x + width > 24:
            x, y, height = 0, y + height, 0
        yield {"x": x, "y": y, "w": width, "h": tall}
        x, height = x + width, max(height, tall)


def variable_of(variable):
    """One choice above the panels."""
    made = {"name": variable["name"], "label": variable["label"], "description": variable["description"], "hide": 0}
    if "sql" not in variable:
        empty = {"text": "", "value": ""}
        return made | {"type": "textbox", "query": "", "current": empty, "options": []}
    sql = expand(variable["sql"])
    chosen = variable.get("default", "")
    all_of = {"includeAll": True, "multi": True, "allValue": "~"} if variable.get("many") else {"includeAll": False, "multi": False}
    current = {"text": ["All"], "value": ["$__all"]} if variable.get("many") else {"text": chosen, "value": chosen}
    return made | all_of | {
        "type": "query",
        "datasource": SOURCE,
        "definition": sql,
        "query": {"rawSql": sql, "editorType": "sql", "refId": "variable"},
        "refresh": 2,
        "sort": 0,
        "allowCustomValue": True,
        "current": current,
        "options": [],
    }


def dashboard_of(source, others):
    """One dashboard as Grafana has it; the list of all is one click away."""
    datasource = {
        "name": "datasource",
        "label": "Database",
        "type": "datasource",
        "query": SOURCE["type"],
        "current": {"text": "Skimwatch", "value": "skimwatch-clickhouse"},
        "hide": 2,
    }
    links = [
        {"type": "link", "title": title, "url": f"/d/{uid}", "keepTime": True, "includeVars": False, "icon": "dashboard"}
        for uid, title in others
        if uid != source["uid"]
    ]
    panels = source["panel"]
    return {
        "uid": source["uid"],
        "title": source["title"],
        "description": source["description"],
        "tags": ["skimwatch"],
        "timezone": "utc",
        "editable": False,
        "graphTooltip": 1,
        "schemaVersion": 41,
        "refresh": source.get("refresh", ""),
        "time": {"from": source["from"], "to": "now"},
        "templating": {"list": [datasource] + [variable_of(it) for it in source.get("variable", [])]},
        "annotations": {"list": []},
        "links": links,
        "panels": [panel_of(n, panel, place) for n, (panel, place) in enumerate(zip(panels, places(panels)), 1)],
    }


def main():
    sources = [tomllib.loads(path.read_text()) for path in sorted((HERE / "source").glob("*.toml"))]
    others = [(source["uid"], source["title"]) for source in sources]
    folder = HERE / "grafana"
    files = {
        folder / f"{source['uid']}.json": json.dumps(dashboard_of(source, others), indent=2, ensure_ascii=False) + "\n"
        for source in sources
    }
    if "--check" in sys.argv[1:]:
        stale = [path for path, text in files.items() if not path.exists() or path.read_text() != text]
        stale += set(folder.glob("*")) - set(files)
        if stale:
            raise SystemExit(f"stale, run dashboards/build.py: {', '.join(str(path.name) for path in stale)}")
        return
    folder.mkdir(exist_ok=True)
    for path, text in files.items():
        path.write_text(text)


main()
