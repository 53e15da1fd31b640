"""A scenario: shops, people, crimes and causes, and the files that come of them. [`Scenario`] is the type to know."""

import json
import random
from dataclasses import dataclass

from . import delivery, everyday, places
from .bodies import View, Violation, body
from .names import Names
from .shops import DAY, ROUTES, found
from .suffix import host_of
from .truth import Crime, Harmless
from .visitors import moments, people, who

START = 1_788_739_200.0  # Monday, 7 September 2026
FORMAT = 1


@dataclass(frozen=True)
class Size:
    """`busy`: median visits a day."""

    shops: int = 84
    days: float = 14
    warmup: float = 7
    busy: float = 9.0


class Scenario:
    """Built by a family, then written."""

    def __init__(self, name, seed, size):
        self.name, self.seed, self.size = name, seed, size
        self.start, self.end = START, START + size.days * DAY
        self.warm = START + size.warmup * DAY
        self.names = Names(self.luck("names"))
        self.crimes, self.causes, self.forgers, self.sent = [], [], [], []
        self.small_vendors = [self.names.vendor() for _ in range(24)]
        rng = self.luck("shops")
        self.shops = [found(number, self.names, rng, size.busy) for number in range(size.shops)]
        self.installed = everyday.software(self)
        self.taken = set()

    def luck(self, what):
        """Luck of its own for each matter, so that one does not move the others."""
        return random.Random(f"{self.name}/{self.seed}/{what}")

    def day(self, number):
        return self.start + number * DAY

    def after(self, days):
        """So long after the warm-up."""
        return self.warm + days * DAY

    def harmless(self, kind, note, framed=False):
        self.causes.append(Harmless(kind, note, framed))
        return self.causes[-1]

    def crime(self, kind, *traits, concealed_by=None):
        self.crimes.append(Crime(f"c{len(self.crimes) + 1}", kind, traits, concealed_by=concealed_by))
        return self.crimes[-1]

    def choose(self, count, fits=lambda shop: True, least=3.0):
        """Shops that no other part of the family has, with some traffic."""
        fit = [s for s in self.shops if s.key not in self.taken and s.daily >= least * self.size.busy / 9 and fits(s)]
        if len(fit) < count:
            raise SystemExit(
                f"{self.name}, seed {self.seed}: {count} shops are wanted and {len(fit)} are fit: another seed, or more shops"
            )
        picked = self.luck(f"choice {len(self.taken)}").sample(fit, count)
        self.taken |= {shop.key for shop in picked}
        return picked

    def furnish(self, every=30.0):
        for shop in self.shops:
            everyday.furnish(self, shop)
        everyday.change(self, every)
        everyday.scan(self)

    # What is sent.

    def forge(self, t, shop, ip, browser, page, claims):
        """Posts a report that no page caused. `claims`: (kind, URL, cause)."""
        self.sent.append((t, shop, ip, browser, page, claims))

    def post(self, t, shop, ip, agent, text):
        self.sent.append((t, shop, ip, agent, None, text))

    def visits(self, shop, crowd):
        """Requests of one shop's visitors."""
        rng = self.luck(f"visits to {shop.key}")
        fill = filler(rng)
        routes, weights = zip(*ROUTES[shop.scope])
        place = rng.random() * len(crowd)
        changes = sorted(shop.changes, reverse=True, key=lambda change: change[0])
        bounds = sorted({x for tag in shop.tags for x in (tag.since, tag.until)} | {change[0] for change in changes})
        live, until = [], 0.0
        false = [(s[0], s) for s in self.sent if s[1] is shop]
        real = ((t, None) for t in moments(shop, self.start, self.end, rng))
        for t, forged in merged(sorted(false, key=lambda pair: pair[0]), real):
            if t >= until:
                apply(shop, changes, t)
                live = [tag for tag in shop.tags if tag.since <= t < tag.until and shop.blocks(tag.kind, host_of(tag.url))]
                until = next((bound for bound in bounds if bound > t), float("inf"))
            if forged:
                yield self.forged(forged, rng, fill)
                continue
            person = who(crowd, place, rng)
            events = []
            for page in rng.choices(routes, weights)[0]:
                view, seen = self.look(t, shop, page, person, live, fill, rng)
                events += [(moment, view, violation) for moment, violation in seen]
                t += rng.uniform(25, 110)
            if events:
                yield from delivery.requests(events, shop.batches, rng)

    def look(self, t, shop, page, person, live, fill, rng):
        """What one page view brings up: its tags and the visitor's software at once, a skimmer where something is typed."""
        seen = [
            (
                t,
                Violation(
                    tag.kind,
                    fill(tag.url),
                    tag.source,
                    20 + 13 * len(tag.url) % 400,
                    5 + len(tag.kind),
                    tag.trace or shop.slip and shop.slip.trace(host_of(tag.url)),
                ),
            )
            for tag in live
            if page in tag.pages and (tag.share >= 1 or rng.random() < tag.share)
        ]
        for software in person.software:
            seen += [(t + 0.02, violation) for violation in software.acts(t, shop, page, fill, rng)]
        for since, until, skimmer in shop.skimmers:
            if since <= t < until:
                later = rng.uniform(4, 20)
                seen += [(t + later, violation) for violation in skimmer.acts(shop, page, person, fill, rng)]
        return (self.view(shop, page, person.browser, person.ip, rng) if seen else None), sorted(seen, key=lambda pair: pair[0])

    def view(self, shop, page, browser, ip, rng):
        document = shop.page_of(page, rng)
        before = shop.documents[page - 1][0] if page else "https://www.google.co.jp/"
        return View(shop.key, shop.origin, document, before, shop.text, shop.enforced, browser, ip)

    def forged(self, sent, rng, fill):
        t, shop, ip, browser, page, claims = sent
        if page is None:
            return t, shop.key, ip, browser, claims
        view = self.view(shop, page, browser, ip, rng)
        violations = [Violation(kind, fill(url), "page", 1, 1, cause.trace(host_of(url))) for kind, url, cause in claims]
        modern = shop.batches and browser.modern
        single = browser.engine == "webkit" or not modern
        return delivery.Request(t, view, violations[:1] if single else violations, [40 for _ in violations] if modern else None)

    # Files.

    def requests(self):
        """All of them, in order of arrival."""
        for forgers in self.forgers:
            forgers.post(self, self.luck(f"forgers {self.forgers.index(forgers)}"))
        crowds = {}
        total = sum(shop.daily for shop in self.shops) * self.size.days
        for crowd, share in (("JP", 0.7), ("world", 0.3)):
            crowds[crowd] = people(max(300, int(total * share / 6)), crowd, self.installed, self.luck(f"people of {crowd}"))
        found = []
        for shop in self.shops:
            found += self.visits(shop, crowds["JP" if shop.country == "JP" else "world"])
        found.sort(key=lambda request: request[0])
        return found

    def write(self, folder):
        """merchants.json, networks.json, requests.ndjson, truth.json."""
        folder.mkdir(parents=True, exist_ok=True)
        for shop in self.shops:
            apply(shop, [change for change in shop.changes if change[0] <= self.start], self.start)
        merchants = {"format": FORMAT, "scenario": self.name, "merchants": [shop.json() for shop in self.shops]}
        dump(folder / "merchants.json", merchants)
        dump(folder / "networks.json", {"networks": places.table()})
        reports = requests = 0
        with (folder / "requests.ndjson").open("w", buffering=1 << 20) as file:
            for request in self.requests():
                requests += 1
                reports += write(request, file)
        truth = {
            "format": FORMAT,
            "scenario": self.name,
            "seed": self.seed,
            "merchants": len(self.shops),
            "start": self.start,
            "warmup_end": self.warm,
            "end": self.end,
            "requests": requests,
            "reports": reports,
            "campaigns": [crime for crime in map(Crime.json, self.crimes) if crime],
            "benign": [cause for cause in map(Harmless.json, self.causes) if cause],
            "neutral": [],
        }
        dump(folder / "truth.json", truth)


def apply(shop, changes, t):
    """Takes over what the policy has come to allow. `changes`: the latest first."""
    due = not shop.text
    while changes and changes[-1][0] <= t:
        _, kind, what = changes.pop()
        if kind == "slip":
            shop.mistype(what)
        else:
            shop.allow(kind, what)
        due = True
    if due:
        shop.write_policy()


def merged(first, second):
    """Two streams in order of time."""
    first = iter(first)
    waiting = next(first, None)
    for item in second:
        while waiting and waiting[0] <= item[0]:
            yield waiting
            waiting = next(first, None)
        yield item
    while waiting:
        yield waiting
        waiting = next(first, None)


def filler(rng):
    """Fills in what differs each time."""

    def fill(url):
        if "{" in url:
            while "{n}" in url:
                url = url.replace("{n}", str(rng.randrange(10**8, 10**10)), 1)
            while "{hex}" in url:
                url = url.replace("{hex}", f"{rng.getrandbits(96):024x}", 1)
            url = url.replace("{order}", str(rng.randrange(10**15, 10**16)))
        return url

    return fill


def write(request, file):
    """A line, and its labels. How many reports are in it."""
    if not isinstance(request, delivery.Request):
        t, site, ip, agent, text = request
        line = {"t": round(t, 3), "site": site, "ip": ip, "ua": agent, "content_type": "application/json", "body": text}
        file.write(json.dumps(line) + "\n")
        return 0
    t, view, violations, ages = request
    kind, text = body(view, violations, ages)
    line = {"t": round(t, 3), "site": view.site, "ip": view.ip, "ua": view.browser.agent, "content_type": kind, "body": text}
    file.write(json.dumps(line) + "\n")
    for violation in violations:
        if violation.trace:
            violation.trace.note(view.site, t)
    return len(violations)


def dump(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")
