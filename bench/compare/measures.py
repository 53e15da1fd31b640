"""The measures. Each fills in a [`Figures`]: a name, and a value for each round.

CPU seconds of the server for a million reports are the figure to trust: they move by some percent where requests per
second move by half on a busy machine.
"""

import contextlib
import os
import resource
import statistics
import subprocess
import time
from collections import defaultdict

from . import client, proc, servers, traffic


WITH_METRICS = "intake,web"
# Of the client that keeps a pace.
CONNECTIONS = 256


class Figures:
    """What was measured, by name."""

    def __init__(self):
        self.values = defaultdict(list)

    def add(self, name, value):
        self.values[name].append(value)

    def get(self, name):
        """The median, or None if it was not measured."""
        return statistics.median(self.values[name]) if self.values.get(name) else None


def loaded(figures, name, running, what, seconds, **flood):
    """Floods a server and notes what that took."""
    pids = proc.tree(running.pid)
    engines = proc.tree(running.engine) if running.engine else []
    traffic.flood(running.port, what, 1, **flood)
    proc.forget_peak(pids)
    before, engine_before, busy = proc.cpu(pids), sum(proc.cpu(engines)), proc.busy()
    began = time.monotonic()
    done = traffic.flood(running.port, what, seconds, **flood)
    wall = time.monotonic() - began
    user, system = (after - b for after, b in zip(proc.cpu(pids), before))
    millions = done["requests"] * what.reports / 1e6
    figures.add(f"{name} cpu", (user + system) / millions)
    figures.add(f"{name} cpu per request", (user + system) / (done["requests"] / 1e6))
    figures.add(f"{name} user share", user / (user + system))
    figures.add(f"{name} reports per second", millions * 1e6 / done["seconds"])
    figures.add(f"{name} peak MB", proc.memory(pids, "VmHWM") * 1024 / 1e6)
    figures.add(f"{name} machine busy", (proc.busy() - busy) / wall / os.cpu_count())
    if engines:
        figures.add(f"{name} engine cpu", (sum(proc.cpu(engines)) - engine_before) / millions)
    return done


def full(figures, folder, seconds):
    """Everything that is done for a report."""
    with servers.skimwatch(folder) as running:
        for kind in traffic.KINDS:
            loaded(figures, f"full {kind}", running, traffic.plan(kind, running.paths), seconds)


def commits(figures, folder, seconds):
    """The same once more with metrics: commits a second, each of them one fdatasync, and that nothing was folded."""
    with servers.skimwatch(folder, WITH_METRICS) as running:
        with counted(figures, "full", running):
            traffic.flood(running.port, traffic.plan("mix", running.paths), seconds)
        if folded := servers.metric(running.web, "reports_folded_total"):
            raise SystemExit(f"{folded:.0f} reports were folded, so that this is no full work")


@contextlib.contextmanager
def counted(figures, name, running):
    """Notes commits per second, and bytes of the spool per report."""
    names = ("spool_commits_total", "spool_appended_bytes_total", "reports_received_total")
    before, began = [servers.metric(running.web, n) for n in names], time.monotonic()
    yield
    wall = time.monotonic() - began
    made, size, reports = (servers.metric(running.web, n) - b for n, b in zip(names, before))
    figures.add(f"{name} fdatasync per second", made / wall)
    figures.add("spool bytes per report", size / reports)


def folding(figures, folder, seconds):
    """One network floods one site, far over its rate: answered without being read."""
    with servers.skimwatch(folder, WITH_METRICS, SKIMWATCH__LIMIT__NETWORK_RATE="1") as running:
        only = traffic.keys()[0]
        done = 0
        for kind in traffic.KINDS:
            what = traffic.plan(kind, running.paths, only)
            done += loaded(figures, f"folding {kind}", running, what, seconds)["requests"]
        folded = servers.metric(running.web, "reports_folded_total")
        if folded < 0.99 * done:
            raise SystemExit(f"of {done} submissions over the rate only {folded:.0f} were folded")


def other(name, start):
    """A measure of a server that is not ours."""

    def measure(figures, folder, seconds):
        with start(folder) as running:
            for kind in traffic.KINDS:
                loaded(figures, f"{name} {kind}", running, traffic.plan(kind, running.paths), seconds)

    return measure


def one_worker(figures, folder, seconds):
    """A worker, the client and ClickHouse, all on the first core: half of [`two_workers`]."""
    with servers.skimwatch(folder, engine_cores=(0,)) as running:
        what = traffic.plan("mix", running.paths)
        loaded(figures, "one worker", running, what, seconds, cores=(0,))


def two_workers(figures, folder, seconds):
    """Twice [`one_worker`]: two workers, two threads of the client, ClickHouse, all on two cores."""
    cores = (0, traffic.CLIENT_CORE)
    with servers.skimwatch(folder, workers=2, cores=cores, engine_cores=cores) as running:
        what = traffic.plan("mix", running.paths)
        loaded(figures, "two workers", running, what, seconds, cores=cores, threads=2)


def latency(figures, folder, seconds):
    """Acknowledgements at half of what one core can do. ClickHouse gives way to the client, whose time is taken."""
    capacity = 1e6 / (figures.get("full mix cpu per request") or 1e6 / 30_000)
    rate = int(capacity / 2)
    with servers.skimwatch(folder, WITH_METRICS, niceness=15) as running:
        what = traffic.plan("mix", running.paths)
        traffic.pace(running.port, what, rate, 1, CONNECTIONS)
        with counted(figures, "half", running):
            before, busy, began = sum(proc.cpu([running.pid])), proc.busy(), time.monotonic()
            done = traffic.pace(running.port, what, rate, 5 * seconds, CONNECTIONS)
            used = sum(proc.cpu([running.pid])) - before
            share = (proc.busy() - busy) / (time.monotonic() - began) / os.cpu_count()
        figures.add("half machine busy", share)
        figures.add("half requests per second", done["requests"] / done["seconds"])
        figures.add("half cpu", used / (done["requests"] * what.reports / 1e6))
        figures.add("half p50", done["p50_us"] / 1000)
        figures.add("half p99", done["p99_us"] / 1000)
        figures.add("half p999", done["p999_us"] / 1000)


def idle(figures, folder, _seconds):
    """Memory of a connection that had a report answered and then rests."""
    with servers.skimwatch(folder) as running:
        measure_idle(figures, "idle", running, (1_000, 10_000))


def measure_idle(figures, name, running, numbers, tls=None):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    for connection in client.connected(running.port, 200, tls):
        connection.close()
    before = proc.memory([running.pid], "VmRSS")
    held = []
    for number in numbers:
        held += client.connected(running.port, number - len(held), tls)
        now = proc.memory([running.pid], "VmRSS")
        figures.add(f"{name} KiB of {number:,}", (now - before) / number)
    for connection in held:
        connection.close()


def tls(figures, folder, seconds):
    """What TLS costs, HTTP/1.1, ECDSA P-256, full handshakes: for a report, for a connection, for one that rests."""
    number = 5_000
    certificate, trust = servers.certificate(folder)
    with servers.skimwatch(folder, **certificate) as running:
        what = traffic.plan("mix", running.paths)
        loaded(figures, "full tls", running, what, seconds, scheme="https")
        cost = []
        for once in (client.on_new, client.on_one):
            before = sum(proc.cpu([running.pid]))
            once(running.port, number, trust)
            cost.append((sum(proc.cpu([running.pid])) - before) / number * 1e6)
        figures.add("tls connection us", cost[0] - cost[1])
        measure_idle(figures, "idle tls", running, (1_000,), trust)


def start(figures, folder, _seconds):
    """From the start of the process until /readyz says yes, with 1,000 sites: ClickHouse elsewhere, and embedded."""
    env, _intake, web = servers.settings(folder)
    servers.import_sites(folder, env)
    cores = range(os.cpu_count())

    def timed(name, more, *roles):
        log = folder / "serve.log"
        began = time.monotonic()
        with servers.started([servers.SKIMWATCH, "serve", *roles], log, cores, {**env, **more}) as child:
            servers.until("skimwatch", child, log, lambda: servers.ready(web))
            figures.add(name, time.monotonic() - began)

    with servers.engine(folder, cores) as (_, to_engine):
        timed("start without engine", to_engine, "--roles", WITH_METRICS)
    timed("start with engine", {})


def size(figures, _folder, _seconds):
    """The program as it is released."""
    figures.add("binary MB", servers.SKIMWATCH.stat().st_size / 1e6)


def instructions(figures, _folder, _seconds):
    """Instructions of two stages for a report, if their tool is there."""
    tool = traffic.BENCH / "instructions.sh"
    if not tool.exists():
        return
    done = subprocess.run([tool], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"bench/instructions.sh failed: {done.stderr}")
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) == 2 and words[0] in ("parse", "redact"):
            figures.add(f"{words[0]} instructions", float(words[1].replace(",", "")))


# Measured in every round, forwards and backwards in turn.
ROUNDS = {
    "read": other("read", lambda folder: servers.limit(folder, "read")),
    "raw": other("raw", lambda folder: servers.limit(folder, "raw")),
    "full": full,
    "folding": folding,
    "one": one_worker,
    "two": two_workers,
}
if servers.has_nginx():
    ROUNDS["nginx"] = other("nginx", servers.nginx)
if os.environ.get("GO_CSP_COLLECTOR"):
    ROUNDS["go"] = other("go-csp-collector", servers.go_csp_collector)

# Measured after the rounds, so many times.
AFTER = {
    "commits": (commits, 1),
    "latency": (latency, 3),
    "idle": (idle, 1),
    "tls": (tls, 1),
    "start": (start, 3),
    "size": (size, 1),
    "instructions": (instructions, 1),
}
