"""Rows of `reports` by the million, as providers would have them, made by SQL from a few real ones.

The rows begin as reports that the program itself took in, redacted and stored: the bodies of the benchmark, each once. They are
multiplied into some days of a provider, whose [`Shape`] says how many shops it has:

* visitors draw their shop by Zipf; each sends 5 reports within two minutes, has a pseudonym of its own (8 random bytes) and
  shares its network (8 random bytes, a country, a system) with about six others;
* a shop has 12 things that its policy is broken by, drawn from the seeds, with hosts of its own where the seed has the page's;
* of three in ten the hashes of hidden values differ each time, as those of beacons do;
* where a shape has newcomers, one row in 500 goes to a domain that was not there a while before, and one in 50 to a domain of the shop;
* rows come in batches in the order of time, as segments of the log do, one collector's.

What it leaves out: shops whose pages have endless paths, and attacks.
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timezone

from . import servers, traffic

BATCH = 250_000
REPORTS_OF_VISITOR = 5
KINDS_OF_SHOP = 12


@dataclass
class Shape:
    """How much there is of what."""

    rows: int
    days: int
    shops: int = 1000
    begin: datetime = datetime(2026, 11, 1, tzinfo=timezone.utc)
    newcomers: bool = False


# Columns that differ from row to row; the others are the seed's. `n.i` counts rows, `n.visitor` visitors.
CHANGED = {
    "segment": "toUInt64(4294967296 + intDiv(n.i, {a_second}))",
    "index": "toUInt32(n.i % {a_second})",
    "received_at": "n.at",
    "occurred_at": "n.at - toIntervalMillisecond(s.age)",
    "site": "concat('shop-', toString(n.site))",
    "retention": "400",
    "document_host": "if(s.document_host = '', '', concat('www.shop', toString(n.site), '.example'))",
    "host": "if(s.host = s.document_host, concat('www.shop', toString(n.site), '.example'), s.host)",
    "blocked": "if(n.i % 10 < 3, replaceRegexpAll(s.blocked, '~[0-9a-f]{{8}}', concat('~', lower(hex(toUInt32(cityHash64(n.i, 1)))))), s.blocked)",
    "source": "replaceOne(s.source, s.document_host, concat('www.shop', toString(n.site), '.example'))",
    "referrer_host": "if(s.referrer_host = s.document_host, concat('www.shop', toString(n.site), '.example'), s.referrer_host)",
    "policy": "cityHash64(n.site, n.kind % 3)",
    "line": "s.line + n.site % 50",
    "client": "sipHash64(n.visitor, 'client')",
    "network": "sipHash64(n.network, 'network')",
    "country": "if(n.network % 20 = 0, 'US', 'JP')",
    "asn": "toUInt32(2000 + pow(n.network % 1000, 2) / 2000)",
    "browser_major": "toUInt16(if(s.browser_major = 0, 0, 120 + n.visitor % 12))",
    "mobile": "toBool(n.visitor % 5 < 3)",
}

# A newcomer is there while 100,000 rows come in: seven at a time, 28 rows of each.
NEWCOMER = "concat('cdn', toString(intDiv(n.i, 100000)), '-', toString(n.i % 7), '.example')"
OF_SHOP = "concat('static', toString(n.site), '.example')"
NEWCOMERS = {
    name: f"multiIf(n.i % 500 = 3, {NEWCOMER}, n.i % 50 = 7, {OF_SHOP}, {old})" for name, old in (("destination", "s.destination"), ("host", CHANGED["host"]))
}

ROWS = """
SELECT number AS i,
    intDiv(number, {of_visitor}) + 0 AS visitor,
    toUInt32(pow({shops}, cityHash64(visitor, 'site') / 18446744073709551616.)) AS site,
    cityHash64(visitor, 'network') % {networks} AS network,
    cityHash64(number, 'kind') % {kinds} AS kind,
    1 + cityHash64(site, kind) % {seeds} AS seed,
    toDateTime64('{begin}', 3, 'UTC') + toIntervalMillisecond(intDiv(number * {span_ms}, {rows}) + cityHash64(number, 'when') % 120000) AS at
FROM numbers({start}, {count})
"""


class ClickHouse:
    def __init__(self, settings):
        self.url = settings["SKIMWATCH__CLICKHOUSE__URL"]
        self.headers = {
            "X-ClickHouse-User": settings["SKIMWATCH__CLICKHOUSE__USER"],
            "X-ClickHouse-Key": settings["SKIMWATCH__CLICKHOUSE__PASSWORD"],
        }

    def wait_for_schema(self):
        """The collector makes it, and takes reports before it has."""
        made = "SELECT count() FROM system.tables WHERE database = 'skimwatch' AND name IN ('reports', 'report_outcomes', 'segments')"
        while self.ask(made, "system").strip() != "3":
            time.sleep(0.1)

    def ask(self, sql, database="skimwatch"):
        url = f"{self.url}/?{urllib.parse.urlencode({'database': database})}"
        request = urllib.request.Request(url, sql.encode(), self.headers)
        try:
            with urllib.request.urlopen(request, timeout=1800) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"ClickHouse refuses {sql[:200]}: {error.read().decode()[:500]}") from error

    def rows(self, sql):
        return [json.loads(line) for line in self.ask(f"{sql} FORMAT JSONCompactEachRow").splitlines()]


def seeds(settings, folder, clickhouse):
    """The bodies, taken in by the program; how many rows came of them."""
    env, intake, _ = servers.settings(folder, **settings)
    servers.import_sites(folder, env)
    log = folder / "serve.log"
    with servers.started([servers.SKIMWATCH, "serve", "--roles", "intake"], log, env=env) as child:
        servers.until("skimwatch", child, log, lambda: servers.listens(intake))
        clickhouse.wait_for_schema()
        for key, body in zip(traffic.keys(), traffic.bodies()):
            headers = {"Content-Type": body["ct"], "User-Agent": body["user_agent"]}
            request = urllib.request.Request(f"http://127.0.0.1:{intake}/r/{key}", body["body"].encode(), headers)
            urllib.request.urlopen(request).read()
        wanted = sum(body["reports"] for body in traffic.bodies())
        for _ in range(200):
            [[count]] = clickhouse.rows("SELECT count() FROM reports")
            if int(count) >= wanted:
                break
            time.sleep(0.1)
    clickhouse.ask(
        "CREATE TABLE seeds ENGINE = Memory AS SELECT *, rowNumberInAllBlocks() + 1 AS seed, "
        "toUInt32(greatest(0, dateDiff('millisecond', occurred_at, received_at))) AS age FROM reports"
    )
    [[count]] = clickhouse.rows("SELECT count() FROM seeds")
    clickhouse.ask("TRUNCATE TABLE reports")
    return int(count)


def fill(clickhouse, shape, num_seeds):
    rows = shape.rows
    columns = clickhouse.rows(
        "SELECT name FROM system.columns WHERE database = 'skimwatch' AND table = 'reports' AND default_kind = '' ORDER BY position"
    )
    a_second = max(1, rows // (shape.days * 86_400))
    changed = CHANGED | (NEWCOMERS if shape.newcomers else {})
    values = [changed.get(name, f"s.`{name}`").format(a_second=a_second) for [name] in columns]
    names = ", ".join(f"`{name}`" for [name] in columns)
    begun = time.monotonic()
    for start in range(0, rows, BATCH):
        made = ROWS.format(
            of_visitor=REPORTS_OF_VISITOR,
            networks=max(1, rows // REPORTS_OF_VISITOR // 7),
            kinds=KINDS_OF_SHOP,
            seeds=num_seeds,
            span_ms=shape.days * 86_400_000,
            shops=shape.shops,
            begin=f"{shape.begin:%Y-%m-%d %H:%M:%S}",
            rows=rows,
            start=start,
            count=min(BATCH, rows - start),
        )
        clickhouse.ask(f"INSERT INTO reports ({names}) SELECT {', '.join(values)} FROM ({made}) AS n INNER JOIN seeds AS s ON s.seed = n.seed")
        print(f"\r{min(start + BATCH, rows):,} of {rows:,} rows", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return time.monotonic() - begun
