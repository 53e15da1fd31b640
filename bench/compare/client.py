"""A client of few requests that holds its connections in its hands."""

import functools
import socket

from . import traffic


@functools.cache
def requests(port):
    """The shortest report, to each site."""
    row = min((row for row in traffic.bodies() if row["kind"] == "report-uri"), key=lambda row: row["bytes"])
    body = row["body"].encode()
    head = "POST /r/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n"
    return [head.format(key, port, row["ct"], len(body)).encode() + body for key in traffic.keys()]


def opened(port, tls):
    connection = socket.create_connection(("127.0.0.1", port), 10)
    return tls.wrap_socket(connection, server_hostname="localhost") if tls else connection


def answered(connection):
    answer = connection.recv(4096)
    if not answer.startswith(b"HTTP/1.1 204"):
        raise SystemExit(f"a report was answered with {answer[:60]!r}")


def connected(port, number, tls=None):
    """Open connections that each had a report answered, made a hundred at a time."""
    made = []
    for start in range(0, number, 100):
        batch = [opened(port, tls) for _ in range(min(100, number - start))]
        for n, connection in enumerate(batch):
            connection.sendall(requests(port)[(start + n) % len(requests(port))])
        for connection in batch:
            answered(connection)
        made += batch
    return made


def on_one(port, number, tls):
    """Reports one after another, on one connection."""
    with opened(port, tls) as connection:
        for n in range(number):
            connection.sendall(requests(port)[n % len(requests(port))])
            answered(connection)


def on_new(port, number, tls):
    """Reports one after another, each on a connection of its own."""
    for n in range(number):
        with opened(port, tls) as connection:
            connection.sendall(requests(port)[n % len(requests(port))])
            answered(connection)
