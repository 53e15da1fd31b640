#!/usr/bin/env python3
"""How much of everything an installation needs: a small model, and the pages that it makes.

  bench/capacity.py           writes bench/CAPACITY.md and CAPACITY.ja.md
  bench/capacity.py --check   says whether they are what it would write

What was measured is in results/figures.json (bench/compare.sh --save writes it), what is assumed in capacity.toml.
"""

import argparse
import json
import math
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
DAY = 86_400
sys.path.insert(0, str(HERE))
from capacity_words import FIGURES, ASSUMED, page  # noqa: E402


def read(figures_file):
    """Measured figures with their sources, and the assumptions."""
    figures = json.loads(Path(figures_file).read_text())
    if missing := sorted(set(FIGURES) - set(figures)):
        raise SystemExit(f"{figures_file} lacks {', '.join(missing)}; bench/compare.sh --save writes them")
    sections = tomllib.loads((HERE / "capacity.toml").read_text())
    if unsaid := sorted({f"{s}.{k}" for s in sections for k in sections[s]} ^ set(ASSUMED)):
        raise SystemExit(f"capacity.toml and the words for it differ in {', '.join(unsaid)}")
    return figures, SimpleNamespace(**{name: SimpleNamespace(**section) for name, section in sections.items()})


def node(measured, given):
    """What one core and one collector carry, in reports a second."""
    cores = given.collector.cores
    # Two workers cost this much more each; each doubling is taken to cost it again.
    shared = max(1.0, measured.two_workers_ratio) ** math.log2(cores)
    reports_per_connection = measured.reports_per_request * given.traffic.requests_per_connection
    # A core that is half idle is woken more often for the same work: room left is counted at that price.
    plain = measured.report_cpu_half_us
    tls = max(0.0, measured.tls_report_cpu_us - measured.report_cpu_us) + measured.connection_cpu_us / reports_per_connection
    roomy = cores * given.collector.most_used / shared * 1e6
    return SimpleNamespace(
        core=1e6 / measured.report_cpu_us,
        secure=1e6 / (measured.report_cpu_us + tls),
        safe=roomy / (plain + tls),
        held=given.collector.connections_per_core * cores / given.collector.idle_seconds * reports_per_connection,
        behind=roomy / plain,
        merchants=roomy / plain * DAY / given.traffic.peak_over_mean / given.traffic.reports_per_merchant_day,
    )


def installation(merchants, measured, given):
    """What this many merchants need."""
    need = SimpleNamespace(merchants=merchants)
    traffic(need, measured, given)
    collectors(need, measured, given)
    spool(need, measured, given)
    clickhouse(need, measured, given)
    money(need, given)
    return need


def traffic(need, measured, given):
    need.day = need.merchants * given.traffic.reports_per_merchant_day
    need.mean = need.day / DAY
    need.peak = need.mean * given.traffic.peak_over_mean
    need.requests = need.peak / measured.reports_per_request
    need.handshakes = need.requests / given.traffic.requests_per_connection
    need.megabits = 8e-6 * (
        need.peak * measured.body_bytes
        + need.requests * given.traffic.head_bytes
        + need.handshakes * given.traffic.handshake_bytes
    )
    need.connections = need.handshakes * given.collector.idle_seconds


def collectors(need, measured, given):
    each = given.collector
    need.by_cpu = math.ceil(need.peak / node(measured, given).safe)
    need.by_connections = math.ceil(need.connections / (each.connections_per_core * each.cores))
    need.needed = max(need.by_cpu, need.by_connections)
    need.collectors = need.needed + 1
    need.behind = math.ceil(need.peak / node(measured, given).behind) + 1
    # When one is missing, the others have its connections too.
    share = need.connections / need.needed
    need.collector_gb = (measured.intake_mb * 1e6 + share * measured.idle_kib * 1024) / 1e9


def spool(need, measured, given):
    short = need.peak * given.outage.short_minutes * 60
    long = need.mean * given.outage.busy_day * given.outage.long_hours * 3600
    need.short_gb = short * measured.spool_bytes / need.needed / 1e9
    need.long_gb = long * measured.spool_bytes / need.needed / 1e9
    need.behind_gb = long * measured.spool_bytes / (need.behind - 1) / 1e9
    need.long_rows = long


def clickhouse(need, measured, given):
    each = given.clickhouse
    need.insert_cores = need.peak * measured.engine_cpu_us * each.merge_factor / 1e6
    need.copy_tb = need.day * measured.stored_bytes * each.retention_days / 1e12
    need.long_copy_tb = need.day * measured.stored_bytes * each.long_retention_days / 1e12
    need.shards_by_insert = math.ceil(need.insert_cores / (each.cores * each.insert_share))
    need.shards_by_disk = math.ceil(need.copy_tb * 1000 / (each.disk_gb * each.most_full))
    need.shards = max(need.shards_by_insert, need.shards_by_disk)
    need.servers = need.shards * each.replicas
    able = need.shards * each.cores * each.insert_share * 1e6 / (measured.engine_cpu_us * each.merge_factor)
    need.catch_up_hours = need.long_rows / (able - need.mean) / 3600


def money(need, given):
    price, store = given.money, given.clickhouse
    machine = need.collectors * (given.collector.cores * price.core + math.ceil(need.collector_gb + 1) * price.memory_gb)
    machine += need.collectors * math.ceil(need.long_gb) * price.disk_gb
    server = need.servers * (store.cores * price.core + store.memory_gb * price.memory_gb)
    disk = need.copy_tb * 1000 / store.most_full * store.replicas * price.disk_gb
    long_disk = need.long_copy_tb * 1000 / store.most_full * store.replicas * price.disk_gb
    need.collector_money, need.server_money, need.disk_money, need.long_disk_money = machine, server, disk, long_disk
    need.money = machine + server + disk
    need.per_million = need.money / (need.day * 30 / 1e6)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--figures", default=HERE / "results/figures.json", help="other measured figures")
    given = parser.parse_args()
    figures, assumed = read(given.figures)
    measured = SimpleNamespace(**{name: figure["value"] for name, figure in figures.items()})
    needs = [installation(merchants, measured, assumed) for merchants in assumed.traffic.merchants]
    for language, name in (("en", "CAPACITY.md"), ("ja", "CAPACITY.ja.md")):
        text = page(language, figures, assumed, node(measured, assumed), needs)
        if not given.check:
            (HERE / name).write_text(text)
        elif (HERE / name).read_text() != text:
            raise SystemExit(f"bench/{name} is not what bench/capacity.py writes: run it, and commit what it wrote")


if __name__ == "__main__":
    main()
