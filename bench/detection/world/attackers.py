"""Those who steal cards, and those who post made-up reports. [`Skimmer`] acts in shops' pages, [`Forgers`] post from elsewhere."""

import base64
from dataclasses import dataclass

from . import browsers, places
from .bodies import Violation
from .shops import DAY, FOREVER, PAY, TYPING

TEST_RANGES = ("453211", "491748", "542418", "555566", "356600", "340000")


def card(rng):
    """Digits that pass for a card number."""
    start = rng.choice(TEST_RANGES)
    digits = [int(d) for d in start] + [rng.randrange(10) for _ in range((15 if start[0] == "3" and start[1] == "4" else 16) - 7)]
    doubled = sum(d if at % 2 else sum(divmod(2 * d, 10)) for at, d in enumerate(reversed(digits)))
    return "".join(map(str, digits)) + str(-doubled % 10)


def loot(encoding, rng):
    """What hangs on the URL."""
    pan, expiry, code = card(rng), f"{rng.randrange(1, 13):02d}{rng.randrange(27, 33)}", f"{rng.randrange(1000):03d}"
    plain = f"{pan};{expiry};{code};TARO YAMADA".encode()
    match encoding:
        case "nothing":
            return ""
        case "session":
            return f"?s={rng.getrandbits(64):016x}"
        case "digits":
            return f"?number={pan}&exp={expiry}&cvc={code}"
        case "base64":
            return "?q=" + base64.b64encode(plain).decode()
        case "hex":
            return "?h=" + plain.hex()
        case "xor":
            key = rng.randrange(1, 256)
            return "?z=" + base64.urlsafe_b64encode(bytes(b ^ key for b in plain)).decode().rstrip("=")
    raise ValueError(f"no encoding {encoding!r}")


@dataclass(eq=False)
class Skimmer:
    """`asks`: (kind, URL without what hangs on it, role). A loader is asked for on each view, the rest where a card is typed.

    `forged`: the source that Chromium is made to name. `flood`: junk names, and `first` whether they come before the loot.
    """

    crime: object
    asks: tuple
    encoding: str = "session"
    share: float = 0.6
    pages: tuple = TYPING
    phones_only: bool = False
    once: bool = False
    source: str = "page"
    forged: str = ""
    owned: bool = True
    flood: object = None
    first: bool = True

    def hits(self, shop, since, until=FOREVER):
        shop.skimmers.append((since, until, self))

    def acts(self, shop, page, person, fill, rng):
        if page not in self.pages or (self.phones_only and not person.browser.phone):
            return []
        typed = rng.random() < self.share
        if self.once and typed:
            typed = shop.key not in person.robbed
            person.robbed.add(shop.key)
        loaded, stolen = [], []
        for kind, url, role in self.asks:
            host = url.partition("://")[2].partition("/")[0]
            if (role == "loader" or typed) and shop.blocks(kind, host):
                tail = "" if role == "loader" else loot(self.encoding, rng)
                found = Violation(
                    kind,
                    fill(url) + tail,
                    self.named(person.browser, kind),
                    1,
                    rng.randrange(1, 80),
                    self.crime.trace(host, role, self.owned),
                )
                (loaded if role == "loader" else stolen).append(found)
        if loaded and shop.enforced:
            return loaded  # blocked: the rest never runs
        junk = self.flood(shop, rng) if self.flood and stolen else []
        return loaded + (junk + stolen if self.first else stolen + junk)

    def named(self, browser, kind):
        if self.forged and browser.engine == browsers.CHROMIUM:
            return self.forged
        if self.forged and browser.engine == browsers.WEBKIT:
            return ""
        return self.source


def homes(count, rng, country="JP"):
    """Connections of households, most of them where the shops' customers live."""
    fit = [n for n in places.ACCESS if n.kind != "office"]
    near = [n for n in fit if n.country == country]
    found = []
    for at in range(count):
        network = near[at % len(near)] if rng.random() < 0.8 else rng.choice(fit)
        found.append((places.address(network, rng), browsers.draw(network.country, network.kind, rng)))
    return found


@dataclass
class Forgers:
    """People paid for their connections: each posts what `claims(rng)` gives, (kind, URL, cause), at one shop or two."""

    homes: list
    shops: list
    claims: object
    since: float
    until: float
    each: float
    page: int = PAY

    def post(self, scenario, rng):
        for at, (ip, browser) in enumerate(self.homes):
            own = [self.shops[at % len(self.shops)]]
            if rng.random() < 0.4:
                own.append(rng.choice(self.shops))
            for _ in range(max(1, round(rng.gauss(self.each, self.each / 3)))):
                t, shop = rng.uniform(self.since, self.until), rng.choice(own)
                claims = self.claims(rng)
                kinds = [
                    (kind, url, cause)
                    for kind, url, cause in claims
                    if shop.blocks(kind, url.partition("://")[2].partition("/")[0])
                ]
                scenario.forge(t, shop, ip, browser, self.page, kinds or claims)


def spread(count, start, days, rng):
    """When each of the victims is broken into: most of them early."""
    return [start + days * DAY * rng.random() ** 1.6 for _ in range(count)]
