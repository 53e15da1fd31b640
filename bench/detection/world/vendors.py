"""Third parties of shops. [`KNOWN`] are real ones that many embed; small ones are made up."""

import random
from typing import NamedTuple


class Vendor(NamedTuple):
    """`reach`: per cent of the shops that have it. `loads`: (kind, URL); {n} {hex} {order} differ each time, {own} by shop."""

    domain: str
    reach: int
    loads: tuple
    japanese: bool = False


KNOWN = [
    Vendor("googletagmanager.com", 80, (("script", "https://www.googletagmanager.com/gtag/js?id=G-{own}"),)),
    Vendor("google-analytics.com", 62, (("connect", "https://www.google-analytics.com/g/collect?v=2&tid=G-{own}&cid={n}.{n}"),)),
    Vendor("doubleclick.net", 40, (("img", "https://stats.g.doubleclick.net/r/collect?tid=UA-{own}&_u={hex}"),)),
    Vendor("facebook.net", 38, (("script", "https://connect.facebook.net/ja_JP/fbevents.js"),)),
    Vendor("facebook.com", 38, (("img", "https://www.facebook.com/tr/?id={own}&ev=InitiateCheckout&ts={n}"),)),
    Vendor("googleapis.com", 44, (("style", "https://fonts.googleapis.com/css2?family=Zen+Maru+Gothic"),)),
    Vendor("gstatic.com", 40, (("font", "https://fonts.gstatic.com/s/zenmarugothic/v14/{hex}.woff2"),)),
    Vendor("bootstrapcdn.com", 14, (("style", "https://maxcdn.bootstrapcdn.com/bootstrap/3.4.1/css/bootstrap.min.css"),)),
    Vendor("unpkg.com", 12, (("script", "https://unpkg.com/alpinejs@3/dist/cdn.min.js"),)),
    Vendor("typekit.net", 10, (("font", "https://use.typekit.net/af/{hex}/l?subset_id=2"),)),
    Vendor("fontplus.jp", 9, (("script", "https://webfont.fontplus.jp/accessor/script/fontplus.js?{own}"),), True),
    Vendor("treasuredata.com", 10, (("connect", "https://in.treasuredata.com/js/v3/event/{own}/pageviews?td={hex}"),), True),
    Vendor("ptengine.jp", 9, (("script", "https://js.ptengine.jp/{own}.js"),), True),
    Vendor("microad.jp", 12, (("img", "https://aid.send.microad.jp/asr?cid={hex}"),), True),
    Vendor("fout.jp", 7, (("script", "https://js.fout.jp/conversion.js"), ("img", "https://cnt.fout.jp/cnt?o={order}")), True),
    Vendor("yimg.jp", 30, (("script", "https://s.yimg.jp/images/listing/tool/cv/ytag.js"),), True),
    Vendor("smartnews-ads.com", 6, (("script", "https://cdn.smartnews-ads.com/i/pixel.js"),), True),
    Vendor(
        "rtoaster.jp", 7, (("script", "https://js.rtoaster.jp/Rtoaster.js"), ("connect", "https://rt.rtoaster.jp/t?u={hex}")), True
    ),
    Vendor("pay.jp", 12, (("script", "https://js.pay.jp/v2/pay.js"), ("frame", "https://js.pay.jp/v2/card")), True),
    Vendor("veritrans.co.jp", 12, (("script", "https://api3.veritrans.co.jp/4gtoken/veritrans4g.js"),), True),
    Vendor("paygent.co.jp", 10, (("script", "https://token.paygent.co.jp/js/PaygentToken.js"),), True),
    Vendor("paypay.ne.jp", 9, (("form", "https://www.paypay.ne.jp/app/cashier"),), True),
    Vendor(
        "adyen.com",
        9,
        (
            ("script", "https://checkoutshopper-live.adyen.com/sdk/5.60/adyen.js"),
            ("frame", "https://checkoutshopper-live.adyen.com/fields"),
        ),
    ),
    Vendor(
        "braintreegateway.com",
        9,
        (
            ("script", "https://js.braintreegateway.com/web/3.110.0/js/client.min.js"),
            ("connect", "https://api.braintreegateway.com/merchants/{own}"),
        ),
    ),
    Vendor("klarna.com", 8, (("script", "https://x.klarnacdn.net/kp/lib/v1/api.js"), ("frame", "https://pay.klarna.com/eu"))),
    Vendor("datadoghq-browser-agent.com", 7, (("script", "https://www.datadoghq-browser-agent.com/us1/v5/datadog-rum.js"),)),
    Vendor("bugsnag.com", 6, (("connect", "https://sessions.bugsnag.com/?k={hex}"),)),
    Vendor(
        "fullstory.com",
        6,
        (("script", "https://edge.fullstory.com/s/fs.js"), ("connect", "https://rs.fullstory.com/rec/page?u={n}")),
    ),
    Vendor(
        "cookielaw.org",
        10,
        (
            ("script", "https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"),
            ("connect", "https://cdn.cookielaw.org/consent/{own}.json"),
        ),
    ),
    Vendor(
        "trustpilot.com",
        8,
        (
            ("script", "https://widget.trustpilot.com/bootstrap/v5/tp.widget.bootstrap.min.js"),
            ("frame", "https://widget.trustpilot.com/trustboxes"),
        ),
    ),
    Vendor(
        "intercom.io",
        6,
        (("script", "https://widget.intercom.io/widget/{own}"), ("connect", "https://api-iam.intercom.io/messenger/web/ping")),
    ),
    Vendor("tawk.to", 6, (("script", "https://embed.tawk.to/{own}/default"), ("connect", "wss://vsa12.tawk.to/s/?k={hex}"))),
    Vendor("vimeo.com", 7, (("frame", "https://player.vimeo.com/video/76979871"),)),
    Vendor("dwin1.com", 7, (("script", "https://www.dwin1.com/{own}.js"), ("img", "https://www.awin1.com/sread.img?ref={order}"))),
    Vendor(
        "google.com",
        34,
        (
            ("script", "https://www.google.com/recaptcha/enterprise.js"),
            ("frame", "https://www.google.com/recaptcha/enterprise/anchor"),
        ),
    ),
]


def chosen(domain, what):
    """Luck that a domain has everywhere: its tag is the same at all shops."""
    return random.Random(f"{what} of {domain}")


def small(domain):
    """A tag: a script, and mostly something that it sends."""
    luck = chosen(domain, "tag")
    loads = [
        (
            "script",
            f"https://{luck.choice(('cdn', 'w', 'static', 's', 'files'))}.{domain}/{luck.choice(('embed', 'init', 'core', 'bundle'))}.js",
        )
    ]
    if luck.random() < 0.65:
        path = luck.choice(("beacon?s={hex}", "hit?n={n}", "v2/log", "imp.png?z={n}"))
        loads.append((luck.choice(("connect", "img")), f"https://{luck.choice(('in', 'rec', 'api'))}.{domain}/{path}"))
    if luck.random() < 0.25:
        loads.append(("style", f"https://cdn.{domain}/theme.css"))
    return tuple(loads)


def pixel(domain):
    """What counts orders: an image on the last pages."""
    luck = chosen(domain, "pixel")
    query = luck.choice(("?o={order}&r={n}", "?tx={order}", "?k={hex}", "?p={hex}{hex}&t={n}"))
    return (
        (
            "img",
            f"https://{luck.choice(('', 'ad.', 'imp.'))}{domain}/{luck.choice(('thanks.gif', 'cv', 'done.png', 'a/conv'))}{query}",
        ),
    )


def look_up(domain):
    """What completes an address or checks an input, on the page where one types."""
    luck = chosen(domain, "look-up")
    path = luck.choice(("postal?code={n}", "addr/v1/find?q={n}", "bin?first=453211", "verify/mail?h={hex}", "lookup.json"))
    return (("connect", f"https://{luck.choice(('api.', 'jp.', ''))}{domain}/{path}"),)


def chat(domain):
    """A window to talk in."""
    loads = (
        ("script", f"https://chat.{domain}/launcher.js"),
        ("frame", f"https://chat.{domain}/window"),
        ("connect", f"wss://rt.{domain}/socket?u={{hex}}"),
    )
    return (*loads, ("style", f"https://chat.{domain}/launcher.css"))
