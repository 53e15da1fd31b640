//! The files that Grafana reads: fresh, complete, and leading somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::at;
use crate::support::setting;

/// A dashboard's file by its name.
pub(super) fn dashboards() -> BTreeMap<String, Value> {
    let files = std::fs::read_dir(at("dashboards/grafana")).expect("a folder");
    let read = |file: std::io::Result<std::fs::DirEntry>| {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("readable");
        let name = path.file_name().expect("a name").to_string_lossy();
        (
            name.into_owned(),
            serde_json::from_str(&text).expect("JSON"),
        )
    };
    files.map(read).collect()
}

pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Every address in a value, wherever it stands.
fn addresses<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("url").and_then(Value::as_str));
            fields.values().for_each(|it| addresses(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| addresses(it, found)),
        _ => {}
    }
}

#[test]
fn files_are_what_the_sources_make() {
    let output = Command::new(setting("SKIMWATCH_TEST_PYTHON"))
        .arg(at("dashboards/build.py"))
        .arg("--check")
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

#[test]
fn everything_says_what_it_is() {
    let dashboards = dashboards();
    assert!(dashboards.len() >= 5, "{}", dashboards.len());
    let (mut uids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for (file, dashboard) in &dashboards {
        assert_eq!(*file, format!("{}.json", text(dashboard, "uid")));
        assert!(uids.insert(text(dashboard, "uid")), "{file}");
        assert!(titles.insert(text(dashboard, "title")), "{file}");
        let mut ids = BTreeSet::new();
        for panel in list(dashboard, "panels") {
            let title = text(panel, "title");
            assert!(ids.insert(panel["id"].as_u64()), "{file}: {title}");
            let told = text(panel, "description");
            assert!(
                !title.is_empty() && told.ends_with(['.', '?']),
                "{file}: {title}"
            );
            let unit = text(&panel["fieldConfig"]["defaults"], "unit");
            assert!(!unit.is_empty(), "{file}: {title}");
        }
        for variable in list(&dashboard["templating"], "list") {
            let told = ["name", "label", "type"].map(|it| text(variable, it));
            assert!(told.iter().all(|it| !it.is_empty()), "{file}: {told:?}");
        }
    }
}

/// Panels stand side by side, none on another, within the 24 columns there are.
#[test]
fn panels_do_not_overlap() {
    for (file, dashboard) in dashboards() {
        let mut taken = BTreeSet::new();
        for panel in list(&dashboard, "panels") {
            let place = |name: &str| panel["gridPos"][name].as_u64().expect("a number");
            let (x, y, w, h) = (place("x"), place("y"), place("w"), place("h"));
            assert!(x + w <= 24, "{file}");
            for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
                assert!(taken.insert(cell), "{file}: {}", text(panel, "title"));
            }
        }
    }
}

#[test]
fn links_lead_to_dashboards_that_take_what_they_carry() {
    let dashboards = dashboards();
    let variables = |dashboard: &Value| -> BTreeSet<String> {
        let all = list(&dashboard["templating"], "list").iter();
        all.map(|it| text(it, "name").to_owned()).collect()
    };
    let by_uid: BTreeMap<&str, BTreeSet<String>> = dashboards
        .values()
        .map(|it| (text(it, "uid"), variables(it)))
        .collect();
    let mut carrying = 0;
    for (file, dashboard) in &dashboards {
        let mut found = Vec::new();
        addresses(dashboard, &mut found);
        assert!(!found.is_empty(), "{file} leads nowhere");
        for url in found {
            let (path, query) = url.split_once('?').unwrap_or((url, ""));
            let uid = path.strip_prefix("/d/").expect("an address of Grafana's");
            let takes = by_uid.get(uid);
            let takes = takes.unwrap_or_else(|| panic!("{file}: {url}"));
            for part in query.split('&').filter(|it| it.starts_with("var-")) {
                let (name, value) = part[4..].split_once('=').expect("a value");
                assert!(takes.contains(name), "{file}: {url}");
                let sources = ["${__value.raw:", "${__data.fields.", "${__field.labels."];
                let from = sources.iter().find_map(|it| value.strip_prefix(it));
                let from = from.unwrap_or_else(|| panic!("{file}: {url}"));
                let is_safe = from.trim_start_matches(name).trim_start_matches(':');
                assert_eq!(is_safe, "percentencode}", "{file}: {url}");
                carrying += 1;
            }
        }
    }
    assert!(carrying > 10, "{carrying}");
}

#[test]
fn what_grafana_is_told_to_read_is_there() {
    let source = std::fs::read_to_string(at("dashboards/provisioning/datasources/skimwatch.yaml"));
    let source = source.expect("readable");
    for (file, dashboard) in dashboards() {
        let variables = list(&dashboard["templating"], "list");
        let database = variables.iter().find(|it| text(it, "type") == "datasource");
        let database = database.unwrap_or_else(|| panic!("{file} has no database"));
        assert_eq!(text(database, "query"), "grafana-clickhouse-datasource");
        let uid = format!("uid: {}", text(&database["current"], "value"));
        assert!(source.contains(&uid), "{file}: {uid}");
    }
}
