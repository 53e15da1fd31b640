"""Shops: their pages, their policies and what is embedded. [`Shop`] is the type to know."""

import math
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

from .suffix import host_of
from .truth import Trace

BROWSE, CART, PAY, REVIEW, DONE = range(5)
EVERYWHERE, TYPING, LAST = (BROWSE, CART, PAY, REVIEW, DONE), (PAY, REVIEW), (DONE,)
FOREVER = float("inf")
DAY = 86_400.0

# Name: paths by page; how many of 100 Japanese and of 100 other shops run on it.
PLATFORMS = {
    "welcart": (
        ("/item/0231", "/category/new"),
        "/usces-cart",
        "/usces-cart/delivery",
        "/usces-cart/confirm",
        "/usces-cart/completion",
        22,
        0,
    ),
    "ecbeing": (
        ("/shop/g/g1044", "/shop/c/c20"),
        "/shop/cart/cart.aspx",
        "/shop/order/order.aspx",
        "/shop/order/estimate.aspx",
        "/shop/order/thanks.aspx",
        20,
        0,
    ),
    "futureshop": (
        ("/c/tea/gd-771", "/c/tea"),
        "/p/cart",
        "/p/checkout/payment",
        "/p/checkout/confirm",
        "/p/checkout/complete",
        20,
        0,
    ),
    "cgi": (
        ("/goods/12.html", "/index.html"),
        "/kaimono/kago.cgi",
        "/kaimono/card.cgi",
        "/kaimono/kakunin.cgi",
        "/kaimono/owari.cgi",
        8,
        0,
    ),
    "nihongo": (("/商品/湯呑み", "/商品"), "/カート", "/ご購入/カード情報", "/ご購入/内容確認", "/ご購入/注文完了", 10, 0),
    "prestashop": (("/12-home", "/art/88-vase.html"), "/cart", "/order", "/order-review", "/order-confirmation", 4, 30),
    "shopware": (
        ("/Vase/SW10010", "/navigation/4"),
        "/checkout/cart",
        "/checkout/register",
        "/checkout/confirm",
        "/checkout/finish",
        2,
        24,
    ),
    "bigcommerce": (("/vase/", "/shop-all/"), "/cart.php", "/checkout", "/checkout/review", "/checkout/order-confirmation", 4, 30),
    "own": (("/i/4401", "/new"), "/basket", "/buy/card", "/buy/check", "/buy/thank-you", 10, 16),
}

# What each kind of policy watches, and how many of 100 have it.
POLICIES = {
    "strict": (("script", "style", "img", "connect", "font", "frame", "form"), 34),
    "no forms": (("script", "style", "img", "connect", "font", "frame"), 14),
    "payment": (("script", "connect", "frame", "form"), 20),
    "open images": (("script", "style", "connect", "frame"), 12),
    "scripts": (("script",), 20),
}

OFFSETS = {"JP": 9, "US": -6, "GB": 0, "DE": 1, "FR": 1, "TW": 8}
ROUTES = {
    "checkout": (((PAY,), 25), ((PAY, REVIEW), 20), ((PAY, REVIEW, DONE), 55)),
    "site": (((BROWSE,), 40), ((BROWSE, BROWSE, CART), 25), ((BROWSE, CART, PAY, REVIEW, DONE), 35)),
}


class Tag(NamedTuple):
    """Something on a shop's pages that asks for a URL, on a share of their views."""

    kind: str
    url: str
    pages: tuple
    share: float
    source: str
    since: float
    until: float
    trace: Trace | None


@dataclass
class Shop:
    """A merchant. `changes`: what its policy comes to allow, (time, kind, host), or (time, "slip", cause)."""

    key: str
    name: str
    domain: str
    country: str
    platform: str
    watches: tuple
    enforced: bool
    batches: bool
    scope: str
    daily: float
    tidy: bool
    payment: dict
    origin: str
    joins: float = 0.0
    allowed: dict = field(default_factory=dict)
    unsafe_inline: bool = True
    tags: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    skimmers: list = field(default_factory=list)
    text: str = ""
    documents: tuple = ()
    slip: object = None
    spared: dict = field(default_factory=dict)

    def blocks(self, kind, host):
        """Whether the policy, as it stands, reports it."""
        if kind in ("inline", "eval"):
            return "script" in self.watches and not self.unsafe_inline
        return kind in self.watches and host not in self.allowed.get(kind, ())

    def allow(self, kind, host):
        hosts = self.allowed.setdefault(kind, [])
        if host and host not in hosts:
            hosts.append(host)

    def mistype(self, slip):
        """Has the policy allow nothing that it allowed; with None it is put right."""
        self.slip = slip
        self.allowed, self.spared = ({}, self.allowed) if slip else (self.spared, {})

    def write_policy(self):
        """The text as it stands now."""
        first = "default-src 'self'; " if "style" in self.watches and "font" in self.watches else ""
        own = {
            "style": " 'unsafe-inline'",
            "img": " data:",
            "script": " 'unsafe-inline' 'unsafe-eval'" if self.unsafe_inline else " 'nonce-Zk3v'",
        }
        listed = [
            " ".join(
                [
                    f"{'form-action' if kind == 'form' else kind + '-src'} 'self'{own.get(kind, '')}",
                    *(f"https://{h}" for h in self.allowed.get(kind, ())),
                ]
            )
            for kind in self.watches
        ]
        ends = f"report-uri https://csp.collector.example/r/{self.key}" + ("; report-to checkout" if self.batches else "")
        self.text = f"{first}{'; '.join(listed)}; {ends}"

    def embed(self, resources, *, since=0.0, until=FOREVER, pages=EVERYWHERE, share=1.0, source="page", cause=None, allowed=None):
        """Puts a third party on the pages. `allowed`: when the policy comes to allow it, None for never."""
        for kind, url in resources:
            url = url.replace("{own}", self.key.upper() + "X7")
            host = host_of(url)
            self.tags.append(Tag(kind, url, pages, share, source, since, until, cause.trace(host) if cause and host else None))
            if allowed is not None:
                self.changes.append((max(allowed, since), kind, host))

    def page_of(self, page, rng):
        choices = self.documents[page]
        return choices[rng.randrange(len(choices))] if len(choices) > 1 else choices[0]

    def json(self):
        """As a collector's configuration knows it."""
        paths = [quote(path) for path in PLATFORMS[self.platform][1:5]]
        return {
            "key": self.key,
            "name": self.name,
            "domains": [self.domain, "www." + self.domain],
            "country": self.country,
            "platform": self.platform,
            "checkout_paths": paths,
            "payment": self.payment,
            "csp": {
                "scope": self.scope,
                "disposition": "enforce" if self.enforced else "report",
                "transport": "both" if self.batches else "report-uri",
            },
            "policy": self.text,
            "joined": self.joins,
        }


def pick(table, column, rng):
    """A name from a table whose rows carry weights."""
    return rng.choices(list(table), [row[column] for row in table.values()])[0]


def found(number, names, rng, busy):
    """A shop as it opens. `busy`: median of its visits a day."""
    country = "JP" if rng.random() < 0.68 else rng.choice(("US", "US", "GB", "DE"))
    platform = pick(PLATFORMS, 5 if country == "JP" else 6, rng)
    name, domain = names.shop(country, platform == "nihongo" and rng.random() < 0.6)
    origin = f"https://{rng.choice(('', 'www.'))}{domain}"
    browse, *others = PLATFORMS[platform][:5]
    shop = Shop(
        key=f"s{number:03d}",
        name=name,
        domain=domain,
        country=country,
        platform=platform,
        watches=POLICIES[pick(POLICIES, 1, rng)][0],
        enforced=rng.random() < 0.45,
        batches=rng.random() < 0.55,
        scope="site" if rng.random() < 0.3 else "checkout",
        daily=min(15 * busy, math.exp(rng.gauss(math.log(busy), 1.1))),
        tidy=rng.random() < 0.36,
        payment={"integration": rng.choice(("js", "js", "link")), "psp": rng.choice(("pay.jp", "veritrans.co.jp", "adyen.com"))},
        origin=origin,
    )
    shop.unsafe_inline = shop.tidy or rng.random() < 0.7
    shop.documents = tuple(tuple(origin + quote(path) for path in paths) for paths in (browse, *((path,) for path in others)))
    return shop
