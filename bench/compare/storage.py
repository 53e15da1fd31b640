"""What a stored report takes in ClickHouse: two days of a provider with 1,000 shops, made as `rows` says."""

import sys
import time

from . import rows, servers, traffic

DAYS = 2


def tell(clickhouse, count, took, merged):
    [[total]] = clickhouse.rows("SELECT sum(bytes_on_disk) FROM system.parts WHERE database = 'skimwatch' AND table = 'reports' AND active")
    by_column = clickhouse.rows(
        "SELECT name, sum(data_compressed_bytes) AS bytes, sum(data_uncompressed_bytes) FROM system.columns "
        "WHERE database = 'skimwatch' AND table = 'reports' AND default_kind = '' GROUP BY name ORDER BY bytes DESC"
    )
    print(f"{count:,} reports, {DAYS} days, 1,000 shops; written in {took:.0f} s, merged in {merged:.0f} s")
    print("\n| column | bytes a report | before compression |\n|---|---|---|")
    for name, packed, plain in by_column:
        print(f"| `{name}` | {int(packed) / count:.2f} | {int(plain) / count:.1f} |")
    columns = sum(int(packed) for _, packed, _ in by_column)
    print(f"| projections, indexes, marks | {(int(total) - columns) / count:.2f} | |")
    print(f"| **all** | **{int(total) / count:.2f}** | |")


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000_000
    with servers.folder() as folder, servers.engine(folder, range(traffic.CLIENT_CORE + 1)) as (_, settings):
        clickhouse = rows.ClickHouse(settings)
        num_seeds = rows.seeds(settings, folder, clickhouse)
        took = rows.fill(clickhouse, rows.Shape(count, DAYS), num_seeds)
        begun = time.monotonic()
        clickhouse.ask("OPTIMIZE TABLE reports FINAL")
        tell(clickhouse, count, took, time.monotonic() - begun)


if __name__ == "__main__":
    main()
