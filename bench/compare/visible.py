"""Whether what happens in ClickHouse is felt at the door, and how soon a report is seen there.

Reports come at a fixed pace, about a third of what one core carries, all the time. Phases: nothing else; four heavy queries in a
loop; merges of everything in a loop; ClickHouse killed for 20 seconds; its return, with all that waited. Of each, the
acknowledgement's latency, counted from when a request was due. ClickHouse shares a core with the client and gives way to it. Before that: how long after its 204 a report is in the
answer to a query, at rest and at that pace. In the end every report that was acknowledged is in ClickHouse.
"""

import json
import os
import signal
import statistics
import threading
import time
import urllib.request
from contextlib import ExitStack

from . import servers, traffic
from .storage import ClickHouse

RATE = int(os.environ.get("RATE", "12000"))
SECONDS = 10
OUTAGE = 20
SAMPLES = 20

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
        child = servers.started(command, log, (traffic.CLIENT_CORE,), {"SKIMWATCH__ENGINE__SECRET": servers.SECRET})
        self.child = self.stack.enter_context(child)
        # It shares its core with the client, which must not wait for it: what is measured is the door.
        os.setpriority(os.PRIO_PROCESS, self.child.pid, 15)
        face = self.folder / "engine/face.json"
        servers.until("the engine", self.child, log, lambda: face.exists() and servers.listens(self.port))

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


def paced(intake, what, seconds, beside=None):
    """Latencies while `beside` is done again and again."""
    ended = threading.Event()

    def again():
        while not ended.is_set():
            beside()

    others = [threading.Thread(target=again)] if beside else []
    for other in others:
        other.start()
    done = traffic.pace(intake, what, RATE, seconds)
    ended.set()
    for other in others:
        other.join()
    return done


def line(name, done):
    times = " | ".join(f"{done[key] / 1000:.2f}" for key in ("p50_us", "p99_us", "p999_us", "max_us"))
    print(f"| {name} | {done['requests']:,} | {done['rejected']} | {times} |", flush=True)
    return done["requests"]


def main():
    with servers.folder() as folder:
        engine = Engine(folder)
        env, intake, _ = servers.settings(folder, SKIMWATCH__INTAKE__WORKERS="1", **engine.settings)
        servers.import_sites(folder, env)
        log = folder / "serve.log"
        with engine.stack, servers.started([servers.SKIMWATCH, "serve", "--roles", "intake"], log, env=env) as child:
            servers.until("skimwatch", child, log, lambda: servers.listens(intake))
            measure(engine, intake)


def measure(engine, intake):
    clickhouse = ClickHouse(engine.settings)
    clickhouse.wait_for_schema()
    what = traffic.plan("mix", servers.OURS)
    rest = delays(intake, clickhouse, range(SAMPLES))
    background = threading.Thread(target=traffic.pace, args=(intake, what, RATE, 30))
    background.start()
    busy = delays(intake, clickhouse, range(SAMPLES, 2 * SAMPLES))
    background.join()
    print("| from the 204 to a query's answer, s | median | slowest of 20 |\n|---|---|---|")
    for name, seen in (("at rest", rest), (f"at {RATE:,} requests/s", busy)):
        print(f"| {name} | {statistics.median(seen):.2f} | {seen[-1]:.2f} |")

    print(f"\n| acknowledgements at {RATE:,} requests/s, ms | requests | refused | p50 | p99 | p99.9 | max |\n|---|---|---|---|---|---|---|")
    line("nothing else", paced(intake, what, SECONDS))
    line("heavy queries in a loop", paced(intake, what, SECONDS, lambda: [clickhouse.ask(sql) for sql in HEAVY]))
    line("merges of everything in a loop", paced(intake, what, SECONDS, lambda: clickhouse.ask("OPTIMIZE TABLE reports FINAL")))
    engine.kill()
    line(f"ClickHouse is away for {OUTAGE} s", paced(intake, what, OUTAGE))
    engine.start()
    back = time.monotonic()
    line("ClickHouse is back", paced(intake, what, SECONDS))
    stored = count = -1
    while stored != (count := int(clickhouse.rows("SELECT sum(reports) FROM segments")[0][0])) or time.monotonic() - back < SECONDS + 3:
        stored = count
        time.sleep(1.5)
    [[rows]] = clickhouse.rows("SELECT count() FROM reports")
    [[told]] = clickhouse.rows("SELECT sum(count) FROM report_outcomes WHERE outcome = 'stored'")
    print(f"\n{int(rows):,} rows, {int(told):,} reports counted as stored; caught up {time.monotonic() - back:.0f} s after its return at the latest")
    if rows != told:
        raise SystemExit("rows and counts differ")


if __name__ == "__main__":
    main()
