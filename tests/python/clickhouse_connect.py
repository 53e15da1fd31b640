"""Drives the embedded engine with ClickHouse's official Python client. Ends with 0 only if everything held.

Usage: clickhouse_connect.py URL PASSWORD
Needs the package clickhouse-connect 1.12.
"""

import logging
import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlparse

# This file is named after the package; its own directory must not be searched for it.
HERE = Path(__file__).resolve().parent
sys.path = [path for path in sys.path if Path(path or ".").resolve() != HERE]

import clickhouse_connect  # noqa: E402
from clickhouse_connect.driver.exceptions import DatabaseError  # noqa: E402

TABLE = "python_client"
ROWS = 150_000

HOSTILE = [
    "SELECT file('/etc/passwd')",
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:9/', 'TSV', 'a String')",
    "SELECT * FROM remote('127.0.0.1', 'system.one')",
    "SELECT 1 INTO OUTFILE '/tmp/skimwatch-hostile'",
    "SELECT 1 SETTINGS max_memory_usage = 0",
    "SELECT * FROM default.`/etc/passwd`",
    "SYSTEM SHUTDOWN",
    "CREATE TABLE hostile (a String) ENGINE = URL('http://127.0.0.1:9/', 'TSV')",
    "CREATE FUNCTION hostile AS (x) -> file(x)",
]


def connect(url, password, **options):
    return clickhouse_connect.get_client(
        host=url.hostname,
        port=url.port,
        username="skimwatch",
        password=password,
        database="skimwatch",
        **options,
    )


def expect(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, wanted {wanted!r}")


def expect_refused(client, statement, word="DB::Exception"):
    try:
        if statement.startswith("SELECT"):
            len(client.query(statement).result_rows)
        else:
            client.command(statement)
    except DatabaseError as error:
        if word not in str(error):
            raise AssertionError(f"{statement}: refused without a reason: {error}") from error
        return
    raise AssertionError(f"{statement}: was not refused")


def insert_and_select(client):
    client.command(f"DROP TABLE IF EXISTS {TABLE}")
    client.command(
        f"CREATE TABLE {TABLE} (n UInt64, word LowCardinality(String), at DateTime64(3, 'UTC'),"
        " maybe Nullable(Float64), tags Array(String)) ENGINE = MergeTree ORDER BY n"
    )
    at = datetime(2026, 2, 3, 4, 5, 6, 789_000, tzinfo=timezone.utc)
    rows = [[n, f"w{n % 7}", at, None if n % 3 else n / 2, ["a", str(n % 5)]] for n in range(ROWS)]
    summary = client.insert(TABLE, rows, column_names=["n", "word", "at", "maybe", "tags"])
    expect("written rows", summary.written_rows, ROWS)
    # More than two chunks of the engine's, so headers and blocks are joined.
    found = client.query(f"SELECT * FROM {TABLE} ORDER BY n").result_rows
    expect("rows", len(found), ROWS)
    # The client gives times in UTC without naming the zone.
    plain = [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in rows[-1]]
    expect("last row", list(found[-1]), plain)
    expect("sum", sum(row[0] for row in found), ROWS * (ROWS - 1) // 2)
    csv = client.raw_query(f"SELECT n, word FROM {TABLE} ORDER BY n", fmt="CSVWithNames").splitlines()
    expect("lines of CSV", len(csv), ROWS + 1)
    expect("header of CSV", csv[0], b'"n","word"')
    client.raw_insert(TABLE, ["n", "word"], b"1000000,raw\n", fmt="CSV")
    expect("raw insert", client.command(f"SELECT word FROM {TABLE} WHERE n = 1000000"), "raw")
    with client.query_row_block_stream(f"SELECT n FROM {TABLE}") as stream:
        expect("streamed rows", sum(len(block) for block in stream), ROWS + 1)
    expect("no rows", client.query(f"SELECT * FROM {TABLE} WHERE n = 7777777").result_rows, [])
    client.command(f"DROP TABLE {TABLE}")


def parameters(client):
    values = {"n": 42, "s": "it's a\ttab, a \\ and 日本", "list": ["a", "b'c"], "table": "one"}
    found = client.query(
        "SELECT {n:UInt8}, {s:String}, {list:Array(String)} FROM system.{table:Identifier}", parameters=values
    )
    expect("parameters", [list(row) for row in found.result_rows], [[42, values["s"], values["list"]]])
    expect("client-side", client.query("SELECT %(x)s", parameters={"x": "a'b"}).result_rows, [("a'b",)])


def settings(client):
    name = "SELECT value FROM system.settings WHERE name = 'max_block_size'"
    before = client.command(name)
    expect("setting", client.query(name, settings={"max_block_size": 1234}).result_rows, [("1234",)])
    expect("setting of the next request", client.command(name), before)


def errors(client):
    expect_refused(client, "SELECT missing_column", "47")
    expect_refused(client, "SELECT 1; SELECT 2", "DB::Exception")
    # The error comes after the first chunk has been sent.
    late = "SELECT throwIf(number = 1000000, 'late') FROM numbers(2000000)"
    try:
        len(client.query(late, settings={"max_threads": 1}).result_rows)
    except Exception as error:
        if "late" not in str(error):
            raise AssertionError(f"a late error lost its text: {error}") from error
    else:
        raise AssertionError("a late error was taken for a result")
    for statement in HOSTILE:
        expect_refused(client, statement)
    expect("still answers", client.command("SELECT 1"), 1)


def main():
    # The broken connection after a late error is expected; the client logs it at length.
    logging.disable(logging.WARNING)
    url, password = urlparse(sys.argv[1]), sys.argv[2]
    for compress in (True, False, "lz4"):
        client = connect(url, password, compress=compress)
        insert_and_select(client)
        parameters(client)
        settings(client)
        errors(client)
        client.close()
    try:
        connect(url, "wrong")
    except DatabaseError as error:
        expect("code of a wrong password", "516" in str(error), True)
    else:
        raise AssertionError("a wrong password was taken")


if __name__ == "__main__":
    main()
