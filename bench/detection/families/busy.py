"""Large merchants."""

from ..world import everyday, vendors
from ..world.attackers import Skimmer
from ..world.shops import TYPING


def busy_shops(s):
    """25 merchants with about a thousand visits a day and more, whose policies mostly fit, so that few views report anything. At three of
    them a skimmer takes one view in ten where a card is typed, on phones only.

    Looks like it: everything else here comes in numbers that small shops never see: each extension is at each shop every hour.
    """
    rng = s.luck("busy")
    for shop in s.shops:
        shop.daily = min(shop.daily, 2_400.0)
        shop.tidy = rng.random() < 0.75
        shop.unsafe_inline = True
        shop.scope = "checkout"
        everyday.furnish(s, shop)
        for at, tag in enumerate(shop.tags):
            # What these shops leave to be reported they leave on few views: old campaigns' pages, one browser's path.
            shop.tags[at] = tag._replace(share=0.03)
    everyday.change(s, 45.0)
    everyday.scan(s)
    host = s.names.plain()
    crime = s.crime("sampled", "mobile-only", "sampled")
    skimmer = Skimmer(
        crime,
        (("connect", f"https://{host}/m", "exfil"), ("img", f"https://{host}/m.png", "exfil")),
        "session",
        0.06,
        phones_only=True,
        source="/js/app.js",
    )
    for at, shop in enumerate(s.choose(3, lambda shop: "connect" in shop.watches, least=4.0)):
        skimmer.hits(shop, s.after(1.0 + 0.7 * at + rng.uniform(0, 0.5)))
    for shop in s.luck("look-up").sample(s.shops, 2):
        cause = s.harmless("checkout-helper", "a look-up of one large shop")
        shop.embed(
            vendors.look_up(s.names.vendor()),
            since=s.after(rng.uniform(1, 4)),
            allowed=s.after(rng.uniform(4.1, 5)),
            pages=TYPING,
            share=0.2,
            cause=cause,
        )
