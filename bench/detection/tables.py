"""The page: a table of scenarios for each set of families. [`page`] gives its lines."""

import datetime
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]

# Heading: figure, digits.
COLUMNS = {
    "recall": ("recall", 2),
    "precision": ("precision", 2),
    "false alerts": ("false_alerts", 2),
    "false warnings": ("false_warnings", 2),
    "min to high": ("minutes", 0),
    "p90": ("minutes_p90", 0),
    "min to warning": ("warning_minutes", 0),
    "reports": ("reports_to_detect", 0),
    "merchants": ("merchants_hit", 0),
    "PR-AUC": ("pr_auc", 3),
}


def cell(value, digits):
    return "" if value is None else f"{value:,.{digits}f}"


def rows(figures):
    """Markdown of figures, one line each, with a heading."""
    yield f"| scenario | found | {' | '.join(COLUMNS)} | framed | concealed |"
    yield "|---" + "|--:" * (len(COLUMNS) + 3) + "|"
    for row in figures:
        cells = [cell(row[name], digits) for name, digits in COLUMNS.values()]
        framed = f"{row['framed_raised']} of {row['framed']}" if row["framed"] else ""
        concealed = f"{row['concealed_found']} of {row['concealed']}" if row["concealed"] else ""
        found = f"{row['found']} of {row['campaigns']}" if row["campaigns"] else ""
        yield f"| {row['name']} | {found} | {' | '.join(cells)} | {framed} | {concealed} |"


def words(total):
    """What the table has no place for."""
    causes = ", ".join(f"{cause} {count}" for cause, count in total["causes"].items())
    yield f"False alerts by cause: {causes or 'none'}. Missed: {', '.join(total['missed']) or 'none'}."


def section(title, figures, total):
    yield f"\n## {title}\n"
    yield from rows([*figures, total] if len(figures) > 1 else figures)
    yield ""
    yield from words(total)


def speed(label, runs):
    """How fast it went. Wall-clock, two runs beside each other: what the core itself takes, the program says if it does."""
    seconds, reports = sum(run.seconds for run in runs), sum(run.verdict.reports for run in runs)
    cores = [run.core for run in runs if run.core]
    own = f"; the detector core {min(cores):,.0f} to {max(cores):,.0f} sightings/s by its own account" if cores else ""
    return f"\n{label}: {reports:,} reports in {seconds:.0f} s of backtest ({reports / max(seconds, 1e-9):,.0f} reports/s){own}."


def head(seeds, preset):
    commit = subprocess.run(["git", "-C", TOP, "describe", "--always", "--dirty"], capture_output=True, text=True)
    yield f"# Detection: {datetime.date.today()}\n"
    yield f"Commit: {commit.stdout.strip() or 'unknown'}. Seeds {', '.join(map(str, seeds))}" + (
        f", preset {preset}." if preset else "."
    )
    yield "False alerts and warnings for 1,000 merchants a day; minutes, reports and merchants are medians of what was found."
    yield "What each figure is: `bench/README.md`."
