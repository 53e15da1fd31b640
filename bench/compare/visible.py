"""Whether what happens in ClickHouse is felt at the door, and how soon a report is seen there.

Reports come at a fixed pace all the time: 12,000 requests a second are 1.8 billion reports a day.

*Seen*: how long after its 204 a report is in the answer to a query, 100 of them at rest and 100 at that pace. The collector is on the
first core, the client on the last, ClickHouse on both: it needs most of a core for such a stream.

*Felt*: the acknowledgement's latency, counted from when a request was due, beside four heavy queries at once in a loop; merges of
everything in a loop; ClickHouse killed for 20 seconds; its return, with all that waited. ClickHouse shares the client's core and gives
way to it. Beside each latency stands the longest `fdatasync` of the log in the same time (the bound of its bucket in the metric, up to
twice as much), which shows whether the disk was the reason: it is ClickHouse's too. With ENGINE_ON=/dev/shm ClickHouse's files are in
memory, as if it had a disk of its own.

In the end every report of every request that was acknowledged is in ClickHouse, once.
"""

import json
import os
import signal
import statistics
import tempfile
import threading
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from . import proc, servers, traffic
from .rows import ClickHouse

RATE = int(os.environ.get("RATE", "12000"))
SECONDS = int(os.environ.get("SECONDS", "30"))
CONNECTIONS = 128
OUTAGE = 20
SAMPLES = int(os.environ.get("SAMPLES", "100"))
BOTH = (0, traffic.CLIENT_CORE)

HEAVY = [
    "SELECT destination, uniq(site), uniq(client), count() FROM reports GROUP BY destination ORDER BY 2 DESC LIMIT 50",
    "SELECT site, toStartOfMinute(received_at) AS at, count() FROM reports GROUP BY site, at ORDER BY 3 DESC LIMIT 50",
    "SELECT document_path, blocked, count() FROM reports GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 50",
    "SELECT quantiles(0.5, 0.9)(length(blocked)), uniqExact(client), max(cityHash64(source, sample)) FROM reports",
]


class Engine:
    """A ClickHouse that can be killed and comes back at its address."""

    def __init__(self, folder):
        self.folder, self.port, self.stack = folder, servers.free_port(), ExitStack()
        self.start()
        face = json.loads((folder / "engine/face.json").read_text())
        self.settings = {
            "SKIMWATCH__CLICKHOUSE__URL": f"http://127.0.0.1:{self.port}",
            "SKIMWATCH__CLICKHOUSE__USER": face["user"],
            "SKIMWATCH__CLICKHOUSE__PASSWORD": servers.SECRET,
        }

    def start(self):
        log = self.folder / "engine.log"
        command = [servers.SKIMWATCH, "engine", "--path", self.folder / "engine", "--listen", f"127.0.0.1:{self.port}"]
        # It shares cores with those whose time is taken, and they must not wait for it.
        child = servers.started(command, log, BOTH, {"SKIMWATCH__ENGINE__SECRET": servers.SECRET}, niceness=15)
        self.child = self.stack.enter_context(child)
        face = self.folder / "engine/face.json"
        servers.until("the engine", self.child, log, lambda: face.exists() and servers.listens(self.port))

    def confine(self):
        """To the client's core, all its threads."""
        for pid in proc.tree(self.child.pid):
            for thread in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), (traffic.CLIENT_CORE,))

    def kill(self):
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()


def post(port, number):
    body = {
        "csp-report": {
            "document-uri": "https://shop0.example/checkout",
            "effective-directive": "connect-src",
            "blocked-uri": f"https://seen{number}.example/x",
            "original-policy": "default-src 'self'",
            "disposition": "report",
        }
    }
    headers = {"Content-Type": "application/csp-report"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/r/{traffic.keys()[0]}", json.dumps(body).encode(), headers)
    urllib.request.urlopen(request).read()


def delays(intake, clickhouse, numbers):
    """Seconds from an answer to the row."""
    seen = []
    for number in numbers:
        post(intake, number)
        answered = time.monotonic()
        while not clickhouse.rows(f"SELECT 1 FROM reports WHERE destination = 'seen{number}.example' LIMIT 1"):
            time.sleep(0.01)
        seen.append(time.monotonic() - answered)
        time.sleep(0.037)
    return sorted(seen)


class Client:
    """Sends at the pace, and counts what was acknowledged."""

    def __init__(self, intake, web):
        self.intake, self.web = intake, web
        self.plan = traffic.plan("mix", servers.OURS)
        self.reports = 0

    def send(self, seconds):
        done = traffic.pace(self.intake, self.plan, RATE, seconds, CONNECTIONS)
        whole, rest = divmod(done["requests"], len(self.plan.counts))
        self.reports += whole * sum(self.plan.counts) + sum(self.plan.counts[:rest])
        return done

    def phase(self, name, seconds, *beside):
        """A row of the table: latencies while others do something again and again."""
        ended = threading.Event()

        def again(what):
            while not ended.is_set():
                what()

        others = [threading.Thread(target=again, args=(what,)) for what in beside]
        for other in others:
            other.start()
        before = servers.histogram(self.web, "spool_sync_seconds")
        done = self.send(seconds)
        longest = servers.longest(before, servers.histogram(self.web, "spool_sync_seconds"))
        ended.set()
        for other in others:
            other.join()
        times = " | ".join(f"{done[key] / 1000:.2f}" for key in ("p50_us", "p99_us", "p999_us", "max_us"))
        print(f"| {name} | {done['requests']:,} | {done['rejected']} | {times} | {1000 * longest:.1f} |", flush=True)


def main():
    with servers.folder() as folder, tempfile.TemporaryDirectory(dir=os.environ.get("ENGINE_ON", folder)) as disk:
        engine = Engine(Path(disk))
        env, intake, web = servers.settings(folder, SKIMWATCH__INTAKE__WORKERS="1", **engine.settings)
        servers.import_sites(folder, env)
        log = folder / "serve.log"
        with engine.stack, servers.started([servers.SKIMWATCH, "serve", "--roles", "intake,web"], log, env=env) as child:
            servers.until("skimwatch", child, log, lambda: servers.ready(web))
            clickhouse = ClickHouse(engine.settings)
            clickhouse.wait_for_schema()
            client = Client(intake, web)
            seen(client, clickhouse)
            engine.confine()
            felt(client, engine, clickhouse)
            settle(client, clickhouse)


def seen(client, clickhouse):
    rest = delays(client.intake, clickhouse, range(SAMPLES))
    background = threading.Thread(target=client.send, args=(SAMPLES * 5 // 4,))
    background.start()
    busy = delays(client.intake, clickhouse, range(SAMPLES, 2 * SAMPLES))
    lasted = background.is_alive()
    background.join()
    print(f"| from the 204 to a query's answer, s; {SAMPLES} reports | median | p99 | slowest |\n|---|---|---|---|")
    for name, times in (("at rest", rest), (f"at {RATE:,} requests/s", busy)):
        print(f"| {name} | {statistics.median(times):.2f} | {times[len(times) * 99 // 100 - 1]:.2f} | {times[-1]:.2f} |", flush=True)
    if not lasted:
        raise SystemExit("the load ended before the last report was seen")
    client.reports += 2 * SAMPLES


def felt(client, engine, clickhouse):
    print(f"\n| acknowledgements at {RATE:,} requests/s, ms | requests | refused | p50 | p99 | p99.9 | max | longest fdatasync, at most |")
    print("|---|---|---|---|---|---|---|---|")
    client.phase("nothing else", SECONDS)
    client.phase("four heavy queries at once", SECONDS, *(lambda sql=sql: clickhouse.ask(sql) for sql in HEAVY))
    client.phase("merges of everything", SECONDS, lambda: clickhouse.ask("OPTIMIZE TABLE reports FINAL"))
    engine.kill()
    client.phase(f"ClickHouse is away for {OUTAGE} s", OUTAGE)
    engine.start()
    engine.confine()
    client.phase("ClickHouse is back", SECONDS)


def settle(client, clickhouse):
    """Waits until all is stored, and compares it with what the client knows."""
    begun, rows = time.monotonic(), -1
    while rows < client.reports and time.monotonic() - begun < 120:
        time.sleep(0.5)
        [[rows]] = clickhouse.rows("SELECT count() FROM reports")
        rows = int(rows)
    [[told]] = clickhouse.rows("SELECT sum(count) FROM report_outcomes WHERE outcome = 'stored'")
    print(f"\n{client.reports:,} reports acknowledged; {rows:,} rows; {int(told):,} counted as stored; {time.monotonic() - begun:.0f} s after the last")
    if not client.reports == rows == int(told):
        raise SystemExit("rows and counts differ")


if __name__ == "__main__":
    main()
