"""How long pages take, and how large they are, with as many reports as a provider collects in a month.

The rows are made as `rows` says, 30 days of 5,000 shops up to now, and merged as far as ClickHouse gets by itself. Some campaigns come in by
the door before, so that there are alerts. Each page is asked for again and again, as the operator and as an organization with a fifth of the
shops; a time is from the request until the page can be read; what takes longer is streamed behind it, and "whole" is until the last byte. The size is
of the HTML as sent. The first time of each is left out of the figures and shown beside them: what is read then comes from the disk.

With a folder that is kept, the rows are made once.
"""

import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from . import alerts, rows, servers, traffic

DAYS, SHOPS = 30, 5000
CAMPAIGNS = 12
ROUNDS = int(os.environ.get("ROUNDS", "50"))
BOTH = range(traffic.CLIENT_CORE + 1)
MUST = (0.2, 1.0, 150_000)
LOADING = "Reading reports…</p>".encode()

OUTCOMES = """
INSERT INTO report_outcomes (collector, segment, hour, site, outcome, count)
SELECT any(collector), min(segment), toStartOfHour(received_at) AS hour, site, 'stored', count() FROM reports GROUP BY hour, site
"""


def shops():
    """An import file with the shops of the rows; they keep the keys of the traffic, as far as there are any."""
    known = [{"key": key, "name": f"Shop {n}", "domains": [f"shop{n}.example"]} for n, key in enumerate(traffic.keys())]
    made = [{"key": f"shop-{n}", "name": f"Store {n}", "domains": [f"www.shop{n}.example"]} for n in range(SHOPS)]
    each = {"country": "JP", "checkout_paths": ["/checkout"]}
    return json.dumps({"format": 1, "merchants": [{**row, **each} for row in known + made]})


def run(env, *words):
    done = subprocess.run([servers.SKIMWATCH, *words], env={**os.environ, **env}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{words[:2]} failed: {done.stderr}")
    return done.stdout


def attacks(env, intake, web, folder):
    """Campaigns that the detector finds."""
    log = folder / "serve.log"
    with servers.started([servers.SKIMWATCH, "serve"], log, BOTH, env) as child:
        servers.until("skimwatch", child, log, lambda: servers.ready(web))
        control = sqlite3.connect(f"file:{folder / 'data' / 'control.sqlite'}?mode=ro", uri=True)
        for number in range(CAMPAIGNS):
            alerts.delay(intake, control, number)


def fill(env, intake, web, folder, count, settings):
    clickhouse = rows.ClickHouse(settings)
    num_seeds = rows.seeds(settings, folder, clickhouse)
    (folder / "shops.json").write_text(shops())
    run(env, "import", folder / "shops.json")
    attacks(env, intake, web, folder)
    begin = datetime.now(timezone.utc) - timedelta(days=DAYS)
    took = rows.fill(clickhouse, rows.Shape(count, DAYS, SHOPS, begin, newcomers=True), num_seeds)
    clickhouse.ask(OUTCOMES)
    print(f"{count:,} reports written in {took:.0f} s", file=sys.stderr)


def get(web, path, token):
    """Seconds until what is there at once can be read, and until the end; bytes."""
    request = urllib.request.Request(f"http://127.0.0.1:{web}{path}", headers={"Authorization": f"Bearer {token}"})
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            body = answer.read1(1 << 20)
            # The first piece ends with the words that more is coming, or with the page.
            while not body.rstrip().endswith((b"</html>", LOADING)):
                body += answer.read1(1 << 20)
            there = time.monotonic() - begun
            body += answer.read()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{path} answers {error.code}") from error
    if b'class="problem"' in body:
        raise SystemExit(f"{path} lacks something: {body[:3000].decode()}")
    return there, time.monotonic() - begun, len(body)


def pages(control, clickhouse, busiest):
    """Name and path of what is asked for."""
    [[popular]] = clickhouse.rows("SELECT destination FROM reports WHERE host != '' GROUP BY destination ORDER BY count() DESC LIMIT 1")
    [[newest]] = clickhouse.rows("SELECT destination FROM reports WHERE destination LIKE 'cdn%' ORDER BY received_at DESC LIMIT 1")
    [(alert,)] = control.execute("SELECT id FROM alerts LIMIT 1")
    path = urllib.parse.quote
    yield from {
        "overview": "/",
        "alerts": "/alerts",
        "an alert": f"/alerts/{alert}",
        "merchants": "/sites",
        "the busiest merchant": f"/sites/{busiest}",
        "a quiet merchant": "/sites/shop-4000",
        "its scripts": "/sites/shop-4000/scripts",
        "its policies": "/sites/shop-4000/policies",
        "destinations": "/destinations",
        "destinations, searched": "/destinations?q=cdn12",
        "a destination of everybody": f"/destinations/{path(popular)}",
        "a new destination": f"/destinations/{path(newest)}",
        "reports": "/reports",
        "reports of the busiest merchant": f"/reports?site={busiest}&range=30d",
        "reports of a quiet merchant": "/reports?site=shop-4000&range=30d",
        "reports to a destination of everybody": f"/reports?destination={path(popular)}&range=30d",
        "reports to a new destination": f"/reports?destination={path(newest)}&range=30d",
        "status": "/status",
    }.items()


def measure(web, token, listed):
    print("| page | first, ms | median, ms | p99, ms | whole, ms | kB | |\n|---|---|---|---|---|---|---|")
    for name, path in listed:
        first, *_ = get(web, path, token)
        asked = [get(web, path, token) for _ in range(ROUNDS)]
        times = sorted(there for there, _, _ in asked)
        whole = statistics.median(took for _, took, _ in asked)
        size = max(size for _, _, size in asked)
        middle, p99 = statistics.median(times), times[max(0, len(times) * 99 // 100 - 1)]
        keeps = middle <= MUST[0] and p99 <= MUST[1] and size <= MUST[2]
        figures = " | ".join(f"{seconds * 1000:.0f}" for seconds in (first, middle, p99, whole))
        print(f"| {name} | {figures} | {size / 1000:.0f} | {'ok' if keeps else '**not**'} |", flush=True)


def fifth(env, folder):
    """A token of an organization with every fifth shop."""
    run(env, "organization", "put", "fifth", "--name", "Fifth", "--kind", "psp")
    own = [row for row in json.loads(shops())["merchants"] if row["key"].startswith("shop-")][::5]
    (folder / "fifth.json").write_text(json.dumps({"format": 1, "merchants": own}))
    run(env, "import", folder / "fifth.json", "--organization", "fifth")
    return run(env, "token", "add", "bench", "--organization", "fifth", "--role", "analyst").strip().split()[-1]


@contextmanager
def kept(path):
    path.mkdir(parents=True, exist_ok=True)
    yield path


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000_000
    with kept(Path(sys.argv[2])) if len(sys.argv) > 2 else servers.folder() as folder:
        is_new = not (folder / "filled").exists()
        with servers.engine(folder, BOTH) as (_, settings):
            env, intake, web = servers.settings(folder, SKIMWATCH__INTAKE__TRUSTED_PROXIES="127.0.0.0/8", **settings)
            if is_new:
                fill(env, intake, web, folder, count, settings)
                (folder / "filled").touch()
            control = sqlite3.connect(f"file:{folder / 'data' / 'control.sqlite'}?mode=ro", uri=True)
            listed = list(pages(control, rows.ClickHouse(settings), "shop-1"))
            of_fifth = list(pages(control, rows.ClickHouse(settings), "shop-5"))
            log = folder / "web.log"
            with servers.started([servers.SKIMWATCH, "serve", "--roles", "web"], log, BOTH, env) as child:
                servers.until("skimwatch", child, log, lambda: servers.ready(web))
                print(f"{count:,} reports, {DAYS} days, {SHOPS:,} shops; {ROUNDS} times each\n\nThe operator:\n")
                measure(web, servers.SECRET, listed)
                print("\nAn organization with a fifth of the shops:\n")
                measure(web, fifth(env, folder), [row for row in of_fifth if row[0] != "an alert"])


if __name__ == "__main__":
    main()
