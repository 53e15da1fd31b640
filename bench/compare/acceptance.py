"""What the write path has to reach. [`ROWS`] is the one table of it."""

from dataclasses import dataclass
from statistics import median
from typing import Callable


@dataclass
class Row:
    """A demand: `must` is what it may not fall short of, `aim` what is wanted."""

    name: str
    must: float
    aim: float | None
    value: Callable
    unit: str = ""
    least: bool = False

    def verdict(self, value):
        """In one word."""
        if value is None:
            return "not measured"
        reaches = (lambda bound: value >= bound) if self.least else (lambda bound: value <= bound)
        if not reaches(self.must):
            return "**not**"
        return "ok, aim" if self.aim is not None and reaches(self.aim) else "ok"


def figure(name):
    return lambda figures: figures.get(name)


def ratio(over, under):
    """Median of the ratios within each round: both saw the same machine."""

    def value(figures):
        pairs = list(zip(figures.values.get(over, []), figures.values.get(under, [])))
        return median(a / b for a, b in pairs) if pairs else None

    return value


def capacity(figures):
    cpu = figures.get("full mix cpu")
    return 1e6 / cpu if cpu else None


def most_syncs(figures):
    rates = [figures.get(f"{when} fdatasync per second") for when in ("full", "half")]
    return max((rate for rate in rates if rate is not None), default=None)


ROWS = [
    Row("full work, CPU per report, mix", 2.6, 2.0, ratio("full mix cpu", "read mix cpu"), "x read"),
    Row("go-csp-collector, CPU per report, mix", 3.5, 4.5, ratio("go-csp-collector mix cpu", "full mix cpu"), "x ours", least=True),
    Row("capacity of one core, mix", 60_000, 85_000, capacity, "reports/s", least=True),
    Row("CPU per report, two workers on two cores", 1.15, 1.05, ratio("two workers cpu", "one worker cpu"), "x one on one"),
    Row("folding, CPU per request, mix", 1.1, 1.0, ratio("folding mix cpu per request", "read mix cpu per request"), "x read"),
    Row("parse", 12_500, 10_000, figure("parse instructions"), "instructions/report"),
    Row("parse to redact", 30_000, 20_000, figure("redact instructions"), "instructions/report"),
    Row("acknowledgement at half capacity, p50", 3, 1.5, figure("half p50"), "ms"),
    Row("acknowledgement at half capacity, p99", 10, 5, figure("half p99"), "ms"),
    Row("fdatasync, at most", 1000, None, most_syncs, "/s"),
    Row("intake role, peak memory at full load", 64, 32, figure("full mix peak MB"), "MB"),
    Row("idle connection, of 10,000", 10, None, figure("idle KiB of 10,000"), "KiB"),
    Row("ClickHouse, stored (bench/storage.sh)", 40, 25, figure("stored bytes per report"), "bytes/report"),
    Row("visible to queries (bench/visible.sh)", 2, 1, figure("visible p99"), "s"),
    Row("start, ClickHouse elsewhere", 1, None, figure("start without engine"), "s"),
    Row("start, with the engine", 3, None, figure("start with engine"), "s"),
    Row("binary", 30, None, figure("binary MB"), "MB"),
]
