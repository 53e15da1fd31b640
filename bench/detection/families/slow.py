"""Campaigns whose first sign is old or small."""

from ..world import vendors
from ..world.attackers import Skimmer, spread
from ..world.shops import DAY, FOREVER, TYPING


def expired_vendor(s):
    """The domain of a vendor who gave up is bought by somebody else. A third of the shops have embedded it for years, as a script and a
    style; some policies allow it there, others report it every day. In the second week what is served from it begins to send, from payment
    pages, to its own hosts: at twelve of these shops, one after the other.

    Looks like it: another old vendor begins to send as well, on all pages and at all shops at once, and is allowed by many within days.
    """
    rng = s.luck("expired")
    old, other = s.names.vendor(), s.names.vendor()
    embedding = s.luck("embedding").sample(s.shops, len(s.shops) // 3)
    for shop in embedding:
        loads = (("script", f"https://lib.{old}/slider.js"), ("style", f"https://lib.{old}/slider.css"))
        shop.embed(loads, allowed=0.0 if rng.random() < 0.6 else None)
    grown = s.harmless("vendor-update", "an old vendor begins to measure")
    for shop in s.luck("measured").sample(s.shops, 12):
        shop.embed((("script", f"https://js.{other}/w.js"),), allowed=0.0 if rng.random() < 0.6 else None)
        since = s.after(1.5)
        shop.embed(
            (("connect", f"https://api.{other}/m?i={{hex}}"),),
            since=since,
            allowed=since + rng.uniform(0.2, 4) * DAY if rng.random() < 0.6 else None,
            source=f"https://js.{other}/w.js",
            cause=grown,
        )
    s.furnish()
    crime = s.crime("expired-vendor", "known-domain")
    skimmer = Skimmer(
        crime,
        (("connect", f"https://api.{old}/v1/q", "exfil"), ("img", f"https://lib.{old}/q.gif", "exfil")),
        "session",
        source=f"https://lib.{old}/slider.js",
    )
    keys = {shop.key for shop in embedding}
    victims = s.choose(12, lambda shop: shop.key in keys and "connect" in shop.watches, least=2.0)
    for shop, at in zip(victims, spread(len(victims), s.after(1.0), 2.5, rng)):
        skimmer.hits(shop, at)


def loader_then_gate(s):
    """Slow, over ten days: a loader from a domain that sounds like a CDN's comes up at six shops whose policies watch scripts only, a
    day or two apart. At four shops whose policies watch more, later, the loader's gate is reported too, on another domain.

    Looks like it: two vendors with such names are adopted by a few shops each, as scripts.
    """
    rng = s.luck("loader")
    s.furnish()
    cdn, gate = s.names.web_word(), s.names.plain()
    crime = s.crime("loader-then-gate", "own-loader", "slow")
    asks = (("script", f"https://cdn.{cdn}/npm/validator@13/min.js", "loader"), ("connect", f"https://{gate}/collect", "exfil"))
    skimmer = Skimmer(crime, asks, "base64", source="page")
    first = s.choose(6, lambda shop: shop.watches == ("script",))
    second = s.choose(4, lambda shop: "connect" in shop.watches and not shop.enforced)
    for at, shop in enumerate([*first, *second]):
        skimmer.hits(shop, s.after(0.3 + 1.0 * at + rng.uniform(0, 0.8)), FOREVER)
    libraries = s.harmless("new-tag", "libraries from small CDNs")
    for name in (s.names.host_like_attack(), s.names.host_like_attack()):
        for shop in s.luck(f"library {name}").sample(s.shops, 4):
            pages = rng.choice((TYPING, (0, 1, 2, 3, 4)))
            shop.embed(
                (("script", f"https://{name}/lib/tabs.js"),), since=s.after(rng.uniform(0.5, 8)), pages=pages, cause=libraries
            )
    for shop in s.luck("helpers").sample(s.shops, 3):
        shop.embed(vendors.look_up(s.names.vendor()), since=s.after(rng.uniform(0.5, 8)), pages=TYPING, share=0.6, cause=libraries)
