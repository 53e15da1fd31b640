"""Reports that no page caused, posted from households."""

from ..world.attackers import Forgers, Skimmer, card, homes, spread
from ..world.shops import PAY, REVIEW
from ..world.suffix import host_of


def accusation(domain, cause):
    """A card number on its way to an innocent domain."""

    def claims(rng):
        return [
            (
                "connect",
                f"https://www.{domain}/checkout/save?card={card(rng)}&exp=0{rng.randrange(1, 10)}29&cvc={rng.randrange(1000):03d}",
                cause,
            )
        ]

    return claims


def home_framing(s):
    """Reports forged from 200 households in many networks, with the right browsers, accuse an innocent domain of taking card numbers at
    fifteen shops. Each household reports at one shop or two, once or twice in two days. Meanwhile a real campaign hits six others.

    Only looks like it: the accused domain, which no page ever asks for.
    """
    rng = s.luck("framing")
    s.furnish()
    framed = s.harmless("framed", "a competitor whom forged reports accuse", framed=True)
    victims = s.choose(15, lambda shop: "connect" in shop.watches, least=1.0)
    s.forgers.append(Forgers(homes(200, rng), victims, accusation(s.names.vendor(), framed), s.after(1), s.after(3), 1.6))
    real = Skimmer(
        s.crime("among-forgeries", "card-in-url:hex"),
        (("connect", f"https://{s.names.attacker()}/gate", "exfil"),),
        "hex",
        source="/js/checkout.js",
    )
    for shop, at in zip(s.choose(6, lambda shop: "connect" in shop.watches), spread(6, s.after(1.5), 2.0, rng)):
        real.hits(shop, at)


def home_aging_and_drowning(s):
    """For the whole warm-up 60 households report the attacker's domain as a harmless image at twelve shops, so that it is old when the
    campaign begins at nine, six of them the same. Half a day later 150 households report hundreds of made-up destinations at these shops,
    as long as the campaign runs.

    Only looks like it: what is made up.
    """
    rng = s.luck("aging")
    s.furnish()
    domain = s.names.plain()
    aging = s.harmless("aging", "forged early sightings of the attacker's own domain")
    noise = s.harmless("flood", "destinations that are made up to drown a real one")
    aged = s.choose(12, lambda shop: "connect" in shop.watches or "img" in shop.watches)
    image = lambda luck: [("img", f"https://{domain}/logo.svg", aging)]
    s.forgers.append(Forgers(homes(60, rng), aged, image, s.start, s.warm, 3.0))
    crime = s.crime("aged", "aged-domain", concealed_by="flood")
    skimmer = Skimmer(
        crime,
        (("connect", f"https://{domain}/api/cart", "exfil"), ("img", f"https://{domain}/logo.svg", "exfil")),
        "base64",
        source="/js/validate.js",
    )
    victims = [shop for shop in aged if "connect" in shop.watches][:6] + s.choose(3, lambda shop: "connect" in shop.watches)
    for shop, at in zip(victims, spread(len(victims), s.after(1), 2.0, rng)):
        skimmer.hits(shop, at)
    words = [s.names.junk() for _ in range(500)]
    drown = lambda luck: [
        (luck.choice(("connect", "img", "script")), f"https://{luck.choice(words)}/{luck.choice(('c', 'api/cart', 'a.js'))}", noise)
    ]
    s.forgers.append(Forgers(homes(150, rng), victims, drown, s.after(1.5), s.after(5), 12.0))


CANARY = "canary.collector.example"


def canary(s):
    """All shops whose policies watch images embed the collector's canary: each view of a payment page asks for an image that no policy
    allows, with a token. Two campaigns hit shops that have no standing violation at all, so that nothing else would say how many views there
    are: five shops by fetch, two by image.

    Looks like it: 120 households without a token accuse an innocent domain at eight such shops; look-ups come up at four.

    The product cannot take canaries in yet: nothing signs or checks a token, and a backtest counts no `discarded.canary`. So this canary is
    what it would be to a collector that does not know it, a standing violation of a host that no merchant has but all report.
    """
    rng = s.luck("canary")
    for shop in s.shops:
        shop.tidy = shop.tidy or rng.random() < 0.6
        shop.unsafe_inline = shop.unsafe_inline or shop.tidy
        if "img" in shop.watches:
            shop.embed((("img", f"https://{CANARY}/c/{shop.key}/{{hex}}{{n}}"),), pages=(PAY, REVIEW), cause=None)
    s.furnish()
    fit = (
        lambda shop: shop.tidy
        and "img" in shop.watches
        and all(host_of(tag.url) == CANARY or shop_allows(shop, tag) for tag in shop.tags if not tag.since)
    )
    by_fetch = Skimmer(
        s.crime("canary", "clean-policy"),
        (("connect", f"https://{s.names.attacker()}/r", "exfil"),),
        "session",
        source="/js/cart.js",
    )
    by_image = Skimmer(s.crime("canary", "clean-policy"), (("img", f"https://px.{s.names.plain()}/l.png", "exfil"),), "xor")
    for skimmer, count, start in ((by_fetch, 5, 0.8), (by_image, 2, 2.0)):
        for shop, at in zip(s.choose(count, fit), spread(count, s.after(start), 2.0, rng)):
            skimmer.hits(shop, at)
    framed = s.harmless("framed", "a vendor whom reports without a canary accuse", framed=True)
    s.forgers.append(
        Forgers(homes(120, rng), s.choose(8, fit, least=1.0), accusation(s.names.vendor(), framed), s.after(1), s.after(3), 1.5)
    )


def shop_allows(shop, tag):
    return any(kind == tag.kind and host == host_of(tag.url) for _, kind, host in shop.changes)
