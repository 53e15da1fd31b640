"""Runs the measures in alternating rounds, and keeps what came of them."""

import argparse
import datetime
import json
import signal
import sys

from . import acceptance, measures, proc, servers, tables, traffic

FIGURES = traffic.BENCH / "results/figures.json"


def options():
    parts = [*measures.ROUNDS, *measures.AFTER]
    parser = argparse.ArgumentParser(prog="bench/compare.sh")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2, help="of each load; default 2")
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


def kept():
    """Figures of the last page, and those that other commands measured and people wrote in."""
    return json.loads(FIGURES.read_text()) if FIGURES.exists() else {}


def save(figures, page):
    (FIGURES.parent / f"{datetime.date.today()}.md").write_text(page)
    source = f"bench/compare.sh, {datetime.date.today()}"
    names = {
        "report_cpu_us": "full mix cpu",
        "report_cpu_half_us": "half cpu",
        "engine_cpu_us": "full mix engine cpu",
        "ack_p50_ms": "half p50",
        "ack_p99_ms": "half p99",
        "intake_mb": "full mix peak MB",
        "idle_kib": "idle tls KiB of 1,000",
        "connection_cpu_us": "tls connection us",
        "tls_report_cpu_us": "full tls cpu",
        "spool_bytes": "spool bytes per report",
    }
    values = {key: figures.get(name) for key, name in names.items()}
    values["two_workers_ratio"] = acceptance.ratio("two workers cpu", "one worker cpu")(figures)
    what = traffic.plan("mix", servers.OURS)
    values |= {"body_bytes": what.bytes / what.reports, "reports_per_request": what.reports}
    known = {key: round(value, 4) for key, value in values.items() if value is not None}
    new = {key: {"value": value, "source": source, "measured": True} for key, value in known.items()}
    FIGURES.write_text(json.dumps(kept() | new, indent=2, sort_keys=True) + "\n")


def main():
    given = options()
    # Else the servers would outlive it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with proc.first():
        figures = measure(given)
    for key, name in (("stored_bytes", "stored bytes per report"), ("visible_p99_s", "visible p99")):
        if kept().get(key, {}).get("measured"):
            figures.add(name, kept()[key]["value"])
    page = "\n".join(tables.page(figures, given))
    print(page)
    if given.save:
        save(figures, page + "\n")


main()
