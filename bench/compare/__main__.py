"""Runs the measures in alternating rounds and prints the tables."""

import argparse
import contextlib
import datetime
import io
import json
import subprocess
import sys

from . import acceptance, measures, proc, servers, traffic

SERVERS = {
    "read": "the ceiling: body read, 204",
    "raw": "the same, no route pattern",
    "nginx": "nginx, body read, 204",
    "full": "skimwatch, full work",
    "folding": "skimwatch, folding a flood unread",
    "go-csp-collector": "go-csp-collector, JSON log to a file",
}
FIGURES = traffic.BENCH / "results/figures.json"


def options():
    parts = [*measures.ROUNDS, *measures.AFTER]
    parser = argparse.ArgumentParser(prog="bench/compare.sh")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each load; default 5")
    parser.add_argument("--only", metavar="PART,...", help=f"of {', '.join(parts)}")
    parser.add_argument("--save", action="store_true", help="write bench/results/DATE.md and figures.json")
    given = parser.parse_args()
    given.whole = not given.only
    given.only = given.only.split(",") if given.only else parts
    if unknown := set(given.only) - set(parts):
        parser.error(f"{', '.join(sorted(unknown))} cannot be measured here; there are {', '.join(parts)}")
    if given.save and not given.whole:
        parser.error("--save needs every part: a page with some figures of another day would mislead")
    return given


def measure(given):
    figures = measures.Figures()
    rounds = [name for name in measures.ROUNDS if name in given.only]
    turns = [
        (name, measures.ROUNDS[name], f"round {number + 1} of {given.rounds}")
        for number in range(given.rounds)
        for name in (rounds if number % 2 == 0 else rounds[::-1])
    ]
    for name, (function, times) in measures.AFTER.items():
        if name in given.only:
            turns += [(name, function, f"{number + 1} of {times}") for number in range(times)]
    for name, function, which in turns:
        print(f"{name}, {which}", file=sys.stderr, flush=True)
        with servers.folder() as folder:
            function(figures, folder, given.seconds)
    return figures


def number(value, digits=2):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}f}"


def comparison(figures, kind):
    if not any(f"{key} {kind} cpu" in figures.values for key in SERVERS):
        return
    what = traffic.plan(kind, servers.OURS)
    print(f"\n## {'Whole mix' if kind == 'mix' else 'Single reports'}")
    print(f"\n{what.reports:.2f} reports and {what.bytes:,.0f} bytes of body in a request.\n")
    print("| server | CPU s / M reports | lowest to highest | x read | user share | reports/s of one core | reports/s seen | peak MB | machine busy |")
    print("|---|---|---|---|---|---|---|---|---|")
    for key, name in SERVERS.items():
        values = figures.values.get(f"{key} {kind} cpu")
        if not values:
            continue
        cpu = figures.get(f"{key} {kind} cpu")
        cells = [
            name,
            number(cpu),
            f"{min(values):.2f} to {max(values):.2f}",
            number(acceptance.ratio(f"{key} {kind} cpu", f"read {kind} cpu")(figures)),
            number(figures.get(f"{key} {kind} user share")),
            number(1e6 / cpu),
            number(figures.get(f"{key} {kind} reports per second")),
            number(figures.get(f"{key} {kind} peak MB"), 1),
            number(figures.get(f"{key} {kind} machine busy")),
        ]
        print("|", " | ".join(cells), "|")
    if engine := figures.get(f"full {kind} engine cpu"):
        print(f"\nClickHouse, in its own process on the other core, not counted above: {engine:.2f} CPU s / M reports.")


def more(figures):
    rows = [
        ("one worker, client and ClickHouse on one core: CPU s / M reports", "one worker cpu"),
        ("two workers, client and ClickHouse on two cores: CPU s / M reports", "two workers cpu"),
        ("half capacity: requests/s", "half requests per second"),
        ("half capacity: CPU s / M reports", "half cpu"),
        ("half capacity: p99.9, ms", "half p999"),
        ("half capacity: fdatasync/s", "half fdatasync per second"),
        ("full load: fdatasync/s", "full fdatasync per second"),
        ("spool: bytes a report", "spool bytes per report"),
        ("idle connection of 1,000, KiB", "idle KiB of 1,000"),
        ("idle connection of 1,000 with TLS, KiB", "idle tls KiB of 1,000"),
        ("full work over TLS on kept connections: CPU s / M reports", "full tls cpu"),
        ("a new connection with TLS: CPU µs", "tls connection us"),
    ]
    lines = [f"| {name} | {number(figures.get(key))} |" for name, key in rows if figures.get(key) is not None]
    if lines:
        print("\n## Further figures\n\n| what | value |\n|---|---|", *lines, sep="\n")


def verdicts(figures, whole):
    """Every demand; with --only those that were looked at."""
    rows = [(row, row.value(figures)) for row in acceptance.ROWS]
    print("\n## What it has to reach\n\n| what | must | aim | measured | |\n|---|---|---|---|---|")
    for row, value in rows:
        if value is None and not whole:
            continue
        sign = ">=" if row.least else "<="
        aim = "" if row.aim is None else f"{row.aim:,}"
        print(f"| {row.name} | {sign} {row.must:,} {row.unit} | {aim} | {number(value)} | {row.verdict(value)} |")


def report(figures, given):
    commit = subprocess.run(["git", "-C", servers.TOP, "describe", "--always", "--dirty"], capture_output=True, text=True)
    print(f"# The write path, compared: {datetime.date.today()}\n")
    print(f"Machine: {proc.machine(servers.TOP)}. Commit: {commit.stdout.strip() or 'unknown'}.")
    only = "" if given.whole else f" --only {','.join(given.only)}"
    print(f"`bench/compare.sh --rounds {given.rounds} --seconds {given.seconds}{only}`; medians; ratios within a round.")
    print("How each figure is taken: `bench/README.md`.")
    for kind in traffic.KINDS:
        comparison(figures, kind)
    more(figures)
    verdicts(figures, given.whole)


def kept():
    """Figures of the last page, and those that other commands measured and people wrote in."""
    return json.loads(FIGURES.read_text()) if FIGURES.exists() else {}


def save(figures, page):
    (FIGURES.parent / f"{datetime.date.today()}.md").write_text(page)
    source = f"bench/compare.sh, {datetime.date.today()}"
    names = {
        "report_cpu_us": "full mix cpu",
        "engine_cpu_us": "full mix engine cpu",
        "two_workers_ratio": None,
        "ack_p50_ms": "half p50",
        "ack_p99_ms": "half p99",
        "intake_mb": "full mix peak MB",
        "idle_kib": "idle tls KiB of 1,000",
        "connection_cpu_us": "tls connection us",
        "tls_report_cpu_us": "full tls cpu",
        "spool_bytes": "spool bytes per report",
    }
    values = {key: figures.get(name) for key, name in names.items() if name}
    values["two_workers_ratio"] = acceptance.ratio("two workers cpu", "one worker cpu")(figures)
    what = traffic.plan("mix", servers.OURS)
    values |= {"body_bytes": what.bytes / what.reports, "reports_per_request": what.reports}
    new = {key: {"value": round(value, 4), "source": source, "measured": True} for key, value in values.items() if value is not None}
    FIGURES.write_text(json.dumps(kept() | new, indent=2, sort_keys=True) + "\n")


def main():
    given = options()
    proc.first()
    figures = measure(given)
    for key, name in (("stored_bytes", "stored bytes per report"), ("visible_p99_s", "visible p99")):
        if kept().get(key, {}).get("measured"):
            figures.add(name, kept()[key]["value"])
    page = io.StringIO()
    with contextlib.redirect_stdout(page):
        report(figures, given)
    print(page.getvalue(), end="")
    if given.save:
        save(figures, page.getvalue())


main()
