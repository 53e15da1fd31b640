"""Pages that work against their own reports."""

from ..world import vendors
from ..world.attackers import Skimmer, spread
from ..world.bodies import Violation
from ..world.shops import DAY, TYPING
from ..world.visitors import Software, desktop_chromium


def queue_flooding(s):
    """Two campaigns whose page asks for 105 to 150 random destinations around the real one, so that browsers drop reports: Firefox what
    follows the hundredth, Chromium what follows the 118th or what waited longest, by its transport. One campaign floods before it sends, at
    four shops, the other afterwards, at three. WebKit reports all of it.

    Only looks like it: the junk itself, whose names nobody owns.
    """
    rng = s.luck("flooding")
    s.furnish()
    junk = s.harmless("flood", "names that a skimmer's page makes up to push its own report out")

    def flood(shop, luck):
        names = [
            "".join(luck.choices("abcdefghijklmnopqrstuvwxyz", k=luck.randrange(8, 16))) + luck.choice((".com", ".net", ".top"))
            for _ in range(luck.randrange(105, 151))
        ]
        kind = "connect" if "connect" in shop.watches else "img"
        return [Violation(kind, f"https://{name}/", "page", 1, 1, junk.trace(name)) for name in names]

    for count, first, name in ((4, True, s.names.plain()), (3, False, s.names.slip())):
        crime = s.crime("queue-flooding", "floods-before" if first else "floods-after", concealed_by="flood")
        skimmer = Skimmer(
            crime,
            (("connect", f"https://{name}/c/set", "exfil"),),
            "session",
            0.4,
            source="/js/vendor.min.js",
            flood=flood,
            first=first,
        )
        victims = s.choose(count, lambda shop: "connect" in shop.watches and shop.daily < 30)
        for shop, at in zip(victims, spread(count, s.after(0.6), 2.0, rng)):
            skimmer.hits(shop, at, at + 3.5 * DAY)


def forged_source(s):
    """A skimmer names its code `chrome-extension://…` by `//# sourceURL`: Chromium then tells that word as the source, Firefox the shop's
    own file, WebKit none. Seven shops by image and fetch; a second gang at three does the same with a WebSocket.

    Looks like it: a popular extension moves to a new host overnight, with the same word as its source, at all shops.
    """
    rng = s.luck("forged source")
    moved = s.harmless("extension-wave", "a popular extension under a new host")
    hosts = [(0.0, f"a.{s.names.extension()}"), (s.after(0.8), f"b.{s.names.extension()}")]
    loads = (("connect", "https://{host}/state?u={hex}"), ("img", "https://{host}/dot.gif?{n}"))
    s.installed.append(Software(moved, hosts, loads, desktop_chromium, 0.06, sources=("chrome-extension",)))
    shopping = s.harmless("checkout-extension", "a new extension that acts where one pays")
    s.installed.append(
        Software(
            shopping,
            [(s.after(2), f"pay.{s.names.extension()}")],
            (("connect", "https://{host}/fill?k={hex}"),),
            desktop_chromium,
            0.04,
            pages=TYPING,
            sources=("chrome-extension",),
        )
    )
    s.furnish()
    host, other = s.names.plain(), s.names.web_word()
    wide = Skimmer(
        s.crime("forged-source", "source:chrome-extension"),
        (("connect", f"https://{host}/api/n", "exfil"), ("img", f"https://{host}/n.gif", "exfil")),
        "session",
        source="/js/jquery.form.js",
        forged="chrome-extension",
    )
    small = Skimmer(
        s.crime("forged-source", "source:chrome-extension", "websocket"),
        (("connect", f"wss://rt.{other}/s", "exfil"),),
        "nothing",
        source="/js/common.js",
        forged="chrome-extension",
    )
    for skimmer, count, start in ((wide, 7, 1.2), (small, 3, 2.5)):
        for shop, at in zip(s.choose(count, lambda shop: "connect" in shop.watches), spread(count, s.after(start), 2.5, rng)):
            skimmer.hits(shop, at)
    for shop in s.choose(3, lambda shop: "connect" in shop.watches):
        shop.embed(
            vendors.look_up(s.names.host_like_attack()),
            since=s.after(rng.uniform(1, 5)),
            pages=TYPING,
            share=0.7,
            cause=s.harmless("checkout-helper", "a look-up that comes up meanwhile"),
        )
