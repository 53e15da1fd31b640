#!/usr/bin/env python3
"""Lists the autonomous systems that rent servers, by a rule over the names of their owners.

Usage: hosting-asns.py ASN-IPV4.csv KEPT.txt VERSION OUT.txt

In the list is a system whose name has a word of HOSTING and none of ACCESS, and that announces at least FEWEST IPv4
addresses; and every system under `[in]` of KEPT. Never one under `[out]`. Only the standard library.
"""

import collections
import csv
import re
import sys

# Fewest IPv4 addresses that a system announces: a /24. Below are names that announce nothing any more.
FEWEST = 256

HOSTING = re.compile(
    r"hosting|hosted|\bhost(er)?s?\b|host\b|\bhost(e|i|p|r|s|u|w)|server|datacent|data cent(er|re)|datacamp|dedicated"
    r"|\bcolo|\bclouds?\b|vps|\bvds\b|\bvpn\b|\bprox(y|ies)\b|seedbox|digitalocean|hetzner|\bovh\b|leaseweb|linode|vultr"
)

# Ordinary words that the expression above would take for one of its own.
NOT_HOSTING = re.compile(r"cloudflare|observer|wasserver|ghost\b|hostel|colog|colom|colon|color")

# Whoever connects people, or is one house with people in it, is in no such list, whatever else he does.
ACCESS = re.compile(
    r"tele(com|kom|fon|phon)|\btele\b|broadband|banda larga|\bisp\b|internet (service )?provider|provedor|cable|catv"
    r"|mobile|movil|wireless|wi-?fi|\bfib(er|re|ra)|ftth|communicat|comunica|kommunikat|\blte\b|\b5g\b|cellular|satell"
    r"|universit|college|school|academ|educat|institut|research|government|ministr|municip|city of|county|state of"
    r"|\bbank|insur|hospital|hotel|power|electric|energ|rural|co-?op|airport|railway|television|\btv\b|broadcast"
)


def rents_servers(name):
    plain = name.lower()
    others = ACCESS.search(plain) or NOT_HOSTING.search(plain)
    return bool(HOSTING.search(plain)) and not others


def systems(path):
    """Number -> (addresses, name)."""
    sizes, names = collections.Counter(), {}
    with open(path, newline="", encoding="utf-8") as lines:
        for first, last, number, name in csv.reader(lines):
            sizes[int(number)] += int(last) - int(first) + 1
            names[int(number)] = " ".join(name.split())
    return {number: (sizes[number], name) for number, name in names.items()}


def kept(path):
    """What is kept by hand: section -> number -> name."""
    sections, section = {"in": {}, "out": {}}, None
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            entry, _, name = (part.strip() for part in line.partition("#"))
            if entry.startswith("["):
                section = sections[entry.strip("[]")]
            elif entry:
                section[int(entry)] = name
    return sections


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    table, hand, version, target = sys.argv[1:]
    by_hand = kept(hand)
    named = systems(table).items()
    found = {number: name for number, (size, name) in named if size >= FEWEST and rents_servers(name)}
    found |= by_hand["in"]
    with open(target, "w", encoding="utf-8") as out:
        out.write(f"# @ip-location-db/asn {version}, by deploy/refresh-hosting.sh. CC BY 4.0, see NOTICE.\n")
        for number, name in sorted(found.items()):
            if number not in by_hand["out"]:
                out.write(f"{number} # {name}\n")


if __name__ == "__main__":
    main()
