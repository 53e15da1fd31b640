#!/usr/bin/env python3
"""Turns ranges of addresses with their autonomous systems (CSV) into a database in the layout of GeoLite2-ASN.

Usage: asn-to-mmdb.py IN.csv... OUT.mmdb

Lines: first address, last address, AS number, organization; addresses as decimal numbers, those below 2^32
are IPv4. The format is MaxMind DB 2.0: a binary tree over 128 bits, IPv4 at ::/96,
32-bit records. Only the standard library.
"""

import array
import csv
import os
import struct
import sys

BITS = 128
NUMBER, ORGANIZATION = "autonomous_system_number", "autonomous_system_organization"
DATA = 1 << 31  # marks a record as an offset into the data, until the size of the tree is known
SEPARATOR = bytes(16)


def control(kind, size):
    """The byte(s) that stand before a value: its type, and how long it is."""
    first, extra = (kind << 5, b"") if kind <= 7 else (0, bytes([kind - 7]))
    if size < 29:
        return bytes([first | size]) + extra
    if size < 285:
        return bytes([first | 29]) + extra + bytes([size - 29])
    return bytes([first | 30]) + extra + struct.pack(">H", size - 285)


def text(value):
    encoded = value.encode()[:4096]
    return control(2, len(encoded)) + encoded


def unsigned(value, kind=6):
    encoded = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return control(kind, len(encoded)) + encoded


class Data:
    """The records, each once. The two names of a record are written once and pointed at."""

    def __init__(self):
        self.bytes = bytearray(text(NUMBER) + text(ORGANIZATION))
        self.head = control(7, 2) + bytes([0x20, 0])
        self.middle = bytes([0x20, len(text(NUMBER))])
        self.offsets = {}

    def offset(self, number, organization):
        key = (number, organization)
        if key not in self.offsets:
            self.offsets[key] = len(self.bytes)
            self.bytes += self.head + unsigned(int(number)) + self.middle + text(organization)
        return self.offsets[key]


def prefixes(first, last):
    """The fewest prefixes that cover a range: (value, length)."""
    while first <= last:
        bits = (last - first + 1).bit_length() - 1
        if first:
            bits = min(bits, (first & -first).bit_length() - 1)
        yield first, BITS - bits
        first += 1 << bits


class Tree:
    """Pairs of records. Prefixes come sorted, so that only the part of the path that changed is walked."""

    def __init__(self):
        self.records = array.array("Q", (0, 0))
        self.path = [0]
        self.previous = 0

    def add(self, value, length, record):
        shared = BITS - (self.previous ^ value).bit_length()
        del self.path[shared + 1 :]
        for depth in range(len(self.path) - 1, length - 1):
            child = len(self.records) // 2
            self.records[2 * self.path[-1] + (value >> (BITS - 1 - depth) & 1)] = child
            self.records.extend((0, 0))
            self.path.append(child)
        self.records[2 * self.path[-1] + (value >> (BITS - length) & 1)] = DATA | record
        self.previous = value

    def encode(self):
        """Node numbers stay; 0, which nothing points to, becomes "nothing known"; data lie behind the tree."""
        count = len(self.records) // 2
        data = count + len(SEPARATOR) - DATA
        final = array.array("I", (r + data if r & DATA else r or count for r in self.records))
        if sys.byteorder == "little":
            final.byteswap()
        return count, final.tobytes()


def ranges(paths):
    """All ranges in order. An address of two ranges (the source has some) stays with the one that began first."""
    rows = []
    for path in paths:
        with open(path, newline="", encoding="utf-8") as lines:
            rows += [(int(row[0]), int(row[1]), row[2], row[3]) for row in csv.reader(lines)]
    rows.sort()
    previous = -1
    for first, last, number, organization in rows:
        first = max(first, previous + 1)
        if first <= last:
            previous = last
            yield first, last, number, organization


def metadata(nodes, built):
    fields = {
        "binary_format_major_version": unsigned(2, 5),
        "binary_format_minor_version": unsigned(0, 5),
        "build_epoch": unsigned(built, 9),
        "database_type": text("ip-location-db-ASN"),
        "description": control(7, 1) + text("en") + text("ip-location-db asn, CC BY 4.0: RouteViews, DB-IP, NRO"),
        "ip_version": unsigned(6, 5),
        "languages": control(11, 1) + text("en"),
        "node_count": unsigned(nodes),
        "record_size": unsigned(32, 5),
    }
    values = b"".join(text(name) + value for name, value in fields.items())
    return b"\xab\xcd\xefMaxMind.com" + control(7, len(fields)) + values


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    *sources, target = sys.argv[1:]
    data, tree = Data(), Tree()
    for first, last, number, organization in ranges(sources):
        record = data.offset(number, organization)
        for value, length in prefixes(first, last):
            tree.add(value, length, record)
    nodes, encoded = tree.encode()
    built = int(max(os.path.getmtime(path) for path in sources))
    with open(target, "wb") as out:
        for part in (encoded, SEPARATOR, data.bytes, metadata(nodes, built)):
            out.write(part)


if __name__ == "__main__":
    main()
