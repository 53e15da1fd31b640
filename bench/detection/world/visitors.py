"""Shoppers, and what is installed with them. What a visitor's software asks for follows him from shop to shop."""

import math
from dataclasses import dataclass, field

from . import browsers, places
from .bodies import Violation
from .shops import EVERYWHERE, OFFSETS
from .suffix import host_of


@dataclass(eq=False)
class Software:
    """An extension, a suite, a filter, an app. `hosts`: (since, host); `loads`: (kind, URL with {host})."""

    cause: object
    hosts: list
    loads: tuple
    fits: object
    users: float
    pages: tuple = EVERYWHERE
    share: float = 1.0
    sources: tuple = ("",)

    def acts(self, t, shop, page, fill, rng):
        if page not in self.pages or rng.random() >= self.share:
            return
        host = None
        for since, name in self.hosts:
            if since <= t:
                host = name
        if host is None:
            return
        for kind, pattern in self.loads:
            url = pattern.replace("{host}", host)
            named = host_of(url)
            if shop.blocks(kind, named):
                source = self.sources[len(url) % len(self.sources)]
                yield Violation(kind, fill(url), source, 1, 1 + len(pattern), self.cause.trace(named) if named else None)


@dataclass(eq=False)
class Person:
    browser: browsers.Browser
    ip: str
    country: str
    software: list = field(default_factory=list)
    robbed: set = field(default_factory=set)


def desktop_chromium(browser):
    return browser.engine == browsers.CHROMIUM and not browser.phone


def windows(browser):
    return browser.system == "windows"


def firefox(browser):
    return browser.engine == browsers.FIREFOX


def safari(browser):
    return browser.engine == browsers.WEBKIT and not browser.app


def people(count, country, installed, rng):
    """Of one country, and a few who are abroad."""
    found = []
    for _ in range(count):
        home = [n for n in places.ACCESS if n.country == country or (country == "world" and n.country != "JP")]
        network = places.draw(places.ACCESS if rng.random() < 0.03 else home, rng)
        person = Person(browsers.draw(network.country, network.kind, rng), places.address(network, rng), network.country)
        person.software = [one for one in installed if one.fits(person.browser) and rng.random() < one.users]
        found.append(person)
    return found


# Visits of an hour of the day, of 100: quiet nights, lunch, and the evening in bed.
HOURS = (2.2, 1.2, 0.8, 0.6, 0.6, 0.9, 2.0, 3.4, 3.8, 4.0, 4.4, 4.8, 6.2, 5.2, 4.2, 4.2, 4.4, 4.8, 5.2, 6.2, 8.0, 9.2, 8.6, 5.1)


def moments(shop, start, end, rng):
    """When visits to a shop begin."""
    top = 1.25 * max(HOURS) / 100 * shop.daily / 3600
    t, offset = max(start, shop.joins), OFFSETS[shop.country]
    while True:
        t += rng.expovariate(top)
        if t >= end:
            return
        local = t / 3600 + offset
        weekend = 1.25 if int(local // 24 + 3) % 7 >= 5 else 1.0
        if rng.random() * 1.25 * max(HOURS) < HOURS[int(local) % 24] * weekend:
            yield t


def who(crowd, place, rng):
    """Some come back often; each shop has its own."""
    return crowd[int(place + len(crowd) * math.pow(rng.random(), 1.8)) % len(crowd)]
