"""What each weight of the configuration is worth: the detector as shipped, then once with each weight at 0. [`table`] is the door."""

import sys

from . import measures, runs

# Heading: figure, digits. Told as the difference to the detector as shipped.
DIFFERENCES = {
    "recall": ("recall", 3),
    "precision": ("precision", 3),
    "false alerts": ("false_alerts", 3),
    "PR-AUC": ("pr_auc", 4),
    "min to high": ("minutes", 0),
}


def weights(program):
    """Names and values, as `skimwatch backtest --weights` tells them."""
    told = runs.call([program, "backtest", "--weights"]).stdout
    found = [line.split() for line in told.splitlines() if line.strip()]
    if not found or any(len(parts) != 2 for parts in found):
        raise SystemExit(
            f"{program} backtest --weights should print a line `name value` for each weight; it printed {told[:200]!r}"
        )
    return dict(found)


def table(jobs, program, folder):
    """Lines of the table. The scenarios are made once."""
    known = weights(program)
    shipped = pooled(jobs, program, folder, {}, "as shipped: ")
    changes = {}
    for number, name in enumerate(known, 1):
        print(f"without {name}, {number} of {len(known)}", file=sys.stderr, flush=True)
        settings = {f"SKIMWATCH__DETECT__WEIGHTS__{name.upper()}": "0"}
        changes[name] = pooled(jobs, program, folder, settings, f"without {name}: ")
    yield f"\n## What each weight is worth, on {len(jobs)} scenarios\n"
    yield "A row is the change when the weight is 0.\n"
    yield f"| weight | value | {' | '.join(DIFFERENCES)} |"
    yield "|---" + "|--:" * (len(DIFFERENCES) + 1) + "|"
    cells = [f"{shipped[name]:.{digits}f}" if shipped[name] is not None else "" for name, digits in DIFFERENCES.values()]
    yield f"| as shipped | | {' | '.join(cells)} |"
    for name, figures in changes.items():
        cells = [difference(figures[column], shipped[column], digits) for column, digits in DIFFERENCES.values()]
        yield f"| {name} | {known[name]} | {' | '.join(cells)} |"


def pooled(jobs, program, folder, settings, what):
    found = runs.all_of(jobs, program, folder, settings, keep=True, what=what)
    return measures.measured([run.verdict for run in found], "total")


def difference(value, shipped, digits):
    """Nothing where nothing changes, so that what does is seen."""
    if value is None or shipped is None:
        return "" if value == shipped else "none left"
    change = value - shipped
    return f"{change:+.{digits}f}" if abs(change) >= 0.5 * 10**-digits else ""
