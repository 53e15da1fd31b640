"""The page: what was measured, beside each other and beside what is demanded. [`page`] gives its lines."""

import datetime
import subprocess

from . import acceptance, proc, servers, traffic

# Name of its figures: what a server is.
SERVERS = {
    "read": "the ceiling: body read, 204",
    "raw": "the same, no route pattern",
    "nginx": "nginx, body read, 204",
    "full": "skimwatch, full work",
    "folding": "skimwatch, folding a flood unread",
    "go-csp-collector": "go-csp-collector, JSON log to a file",
}
COLUMNS = (
    "server",
    "CPU s / M reports",
    "lowest to highest",
    "x read",
    "user share",
    "reports/s of one core",
    "reports/s seen",
    "peak MB",
    "machine busy",
)
FURTHER = {
    "one worker cpu": "one worker, client and ClickHouse on one core: CPU s / M reports",
    "two workers cpu": "two workers, client and ClickHouse on two cores: CPU s / M reports",
    "half requests per second": "half capacity: requests/s",
    "half machine busy": "half capacity: machine busy; latencies count only where it has time left",
    "half cpu": "half capacity: CPU s / M reports",
    "half p999": "half capacity: p99.9, ms",
    "half fdatasync per second": "half capacity: fdatasync/s",
    "full fdatasync per second": "full load: fdatasync/s",
    "spool bytes per report": "spool: bytes a report",
    "idle KiB of 1,000": "idle connection of 1,000, KiB",
    "idle tls KiB of 1,000": "idle connection of 1,000 with TLS, KiB",
    "full tls cpu": "full work over TLS on kept connections: CPU s / M reports",
    "tls connection us": "a new connection with TLS: CPU µs",
}


def number(value, digits=2):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}f}"


def table(columns, rows):
    yield f"| {' | '.join(columns)} |"
    yield "|---" * len(columns) + "|"
    yield from (f"| {' | '.join(cells)} |" for cells in rows)


def server(figures, name, kind):
    """A row of the comparison."""
    figure = lambda what: figures.get(f"{name} {kind} {what}")
    cpus = figures.values[f"{name} {kind} cpu"]
    return [
        SERVERS[name],
        number(figure("cpu")),
        f"{min(cpus):.2f} to {max(cpus):.2f}",
        number(acceptance.ratio(f"{name} {kind} cpu", f"read {kind} cpu")(figures)),
        number(figure("user share")),
        number(1e6 / figure("cpu")),
        number(figure("reports per second")),
        number(figure("peak MB"), 1),
        number(figure("machine busy")),
    ]


def comparison(figures, kind):
    """The servers, under one kind of traffic."""
    rows = [server(figures, name, kind) for name in SERVERS if figures.get(f"{name} {kind} cpu") is not None]
    if not rows:
        return
    what = traffic.plan(kind, servers.OURS)
    yield f"\n## {'Whole mix' if kind == 'mix' else 'Single reports'}\n"
    yield f"{what.reports:.2f} reports and {what.bytes:,.0f} bytes of body in a request.\n"
    yield from table(COLUMNS, rows)
    if engine := figures.get(f"full {kind} engine cpu"):
        yield f"\nClickHouse, in its own process on the other core, not counted above: {engine:.2f} CPU s / M reports."


def further(figures):
    rows = [[words, number(figures.get(name))] for name, words in FURTHER.items() if figures.get(name) is not None]
    if rows:
        yield "\n## Further figures\n"
        yield from table(("what", "value"), rows)


def demands(figures, whole):
    """All of them, or only those of which something is known."""
    rows = []
    for row in acceptance.ROWS:
        value = row.value(figures)
        if value is not None or whole:
            must = f"{'>=' if row.least else '<='} {row.must:,} {row.unit}"
            aim = "" if row.aim is None else f"{row.aim:,}"
            rows.append([row.name, must, aim, number(value), row.verdict(value)])
    yield "\n## What it has to reach\n"
    yield from table(("what", "must", "aim", "measured", ""), rows)


def page(figures, given):
    """All lines."""
    commit = subprocess.run(["git", "-C", servers.TOP, "describe", "--always", "--dirty"], capture_output=True, text=True)
    only = "" if given.whole else f" --only {','.join(given.only)}"
    yield f"# The write path, compared: {datetime.date.today()}\n"
    yield f"Machine: {proc.machine(servers.TOP)}. Commit: {commit.stdout.strip() or 'unknown'}."
    yield f"`bench/compare.sh --rounds {given.rounds} --seconds {given.seconds}{only}`; medians; ratios within a round."
    yield "How each figure is taken: `bench/README.md`."
    for kind in traffic.KINDS:
        yield from comparison(figures, kind)
    yield from further(figures)
    yield from demands(figures, given.whole)
