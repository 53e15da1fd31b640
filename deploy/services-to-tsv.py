#!/usr/bin/env python3
"""Turns third-party-web's entities into lines of registrable domain, entity and category.

Usage: services-to-tsv.py ENTITIES.json SUFFIXES.txt VERSION OUT.tsv

A domain that several entities have hosts of goes to the one that claims all of it (`*.example.com`), else to the
one with most hosts there. Public suffixes, addresses and domains that turned are left out. Only the standard library.
"""

import collections
import json
import re
import sys

CATEGORIES = {
    "ad", "analytics", "tag-manager", "cdn", "hosting", "customer-success", "social", "video", "marketing",
    "consent-provider", "utility", "content", "other",
}  # fmt: skip

# Sold in 2024 to somebody who turned them against the visitors of those who used them.
TURNED = {"bootcdn.net", "bootcss.com", "polyfill.io", "staticfile.net", "staticfile.org"}


class Suffixes:
    """The public suffix list with its private section."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as lines:
            rules = {line.strip() for line in lines}
        self.rules = {self.ascii(rule) for rule in rules if rule}

    @staticmethod
    def ascii(rule):
        mark = "!" if rule.startswith("!") else ""
        return mark + rule.removeprefix("!").encode("idna").decode() if not rule.isascii() else rule

    def registrable(self, host):
        """One label more than the longest rule that fits; `None` for a suffix itself."""
        labels = host.split(".")
        for at in range(len(labels)):
            name, above = ".".join(labels[at:]), ".".join(labels[at + 1 :])
            if "!" + name in self.rules:
                return name
            if name in self.rules or "*." + above in self.rules:
                return ".".join(labels[at - 1 :]) if at else None
        return ".".join(labels[-2:]) if len(labels) > 1 else None


def claims(entities, suffixes):
    """Registrable domain -> how much of it each entity has, in the order of the source."""
    found = collections.defaultdict(collections.Counter)
    for entity in entities:
        for pattern in entity["domains"]:
            host = pattern.removeprefix("*.").lower().rstrip(".")
            domain = suffixes.registrable(host)
            if domain is None or domain in TURNED or re.fullmatch(r"[0-9.]+", host):
                continue
            whole = host == domain
            found[domain][entity["name"], entity["category"]] += 1_000 if whole else 1
    return found


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    entities_path, suffixes_path, version, target = sys.argv[1:]
    with open(entities_path, encoding="utf-8") as file:
        entities = json.load(file)
    unknown = {entity["category"] for entity in entities} - CATEGORIES
    if unknown:
        sys.exit(f"{entities_path} has categories that src/services does not know: {sorted(unknown)}")
    found = claims(entities, Suffixes(suffixes_path))
    with open(target, "w", encoding="utf-8") as out:
        out.write(f"# third-party-web {version}, by deploy/refresh-services.sh. MIT, see NOTICE.\n")
        for domain, owners in sorted(found.items()):
            (name, category), _ = owners.most_common(1)[0]
            out.write(f"{domain}\t{' '.join(name.split())}\t{category}\n")


if __name__ == "__main__":
    main()
