"""What goes on whatever else happens: software that visitors carry, scanners, and shops that change their pages."""

import json

from . import places, vendors
from .browsers import BROWSERS
from .shops import DAY, EVERYWHERE, LAST, PAY, REVIEW, TYPING
from .visitors import Software, desktop_chromium, firefox, safari, windows

TAG_MANAGER = "https://www.googletagmanager.com/gtag/js"


def software(scenario):
    """What is installed with visitors from the first day."""
    names, rng = scenario.names, scenario.luck("software")
    extensions = scenario.harmless("extension", "extensions that visitors brought along")
    found = []

    def add(cause, host, loads, fits, users, **more):
        found.append(Software(cause, host if isinstance(host, list) else [(0.0, host)], loads, fits, users, **more))

    for rank in range(14):
        loads = rng.choice(
            (
                (("script", "https://{host}/inject.js?u={hex}"), ("connect", "https://{host}/cfg?i={hex}")),
                (("connect", "https://{host}/page?x={n}"),),
                (("img", "https://{host}/seen.gif?c={n}"),),
                (("style", "https://{host}/skin.css"), ("font", "https://{host}/i.woff2"), ("script", "https://{host}/s.js")),
                (("script", "https://{host}/ads.js"), ("frame", "https://{host}/bar"), ("img", "https://{host}/b.png?{n}")),
            )
        )
        hosts = [(0.0, f"s{rank}.{names.extension()}")]
        if rank % 4 == 3:
            hosts += [(scenario.day(2.5 * step), f"s{rank}.{names.extension()}") for step in range(1, 6)]
        source = rng.choice((("chrome-extension",), ("",), ("page", ""), ("chrome-extension", "")))
        add(extensions, hosts, loads, desktop_chromium, 0.016 / (1 + 0.3 * rank), share=rng.uniform(0.4, 1.0), sources=source)
    for rank in range(4):
        add(
            extensions,
            f"ff.{names.extension()}",
            (("connect", "https://{host}/sync?v={hex}"),),
            firefox,
            0.03 / (1 + rank),
            sources=("", "moz-extension"),
        )
    add(
        extensions,
        f"mac.{names.extension()}",
        (("connect", "https://{host}/list.json"),),
        safari,
        0.004,
        sources=("safari-web-extension",),
    )
    coupons = scenario.harmless("checkout-extension", "a price hunter that acts where one pays")
    add(
        coupons,
        f"api.{names.extension()}",
        (("connect", "https://{host}/codes?shop={hex}"), ("img", "https://{host}/badge.png")),
        desktop_chromium,
        0.014,
        pages=(PAY, REVIEW),
        sources=("chrome-extension", ""),
    )
    suite = scenario.harmless("antivirus", "a security suite that writes itself into every page")
    add(
        suite,
        "me.kis.v2.scr.kaspersky-labs.com",
        (("script", "https://{host}/{hex}/main.js"), ("connect", "wss://{host}/{hex}/websocket")),
        windows,
        0.018,
    )
    guard = scenario.harmless("web-filter", "an office's filter that answers in place of a third party")
    add(
        guard,
        "192.168.77.10:8090",
        (("img", "http://{host}/blocked?u={hex}"), ("script", "http://{host}/why.js")),
        windows,
        0.004,
        share=0.5,
    )
    apps = scenario.harmless("in-app-browser", "apps that put a script of theirs into what they show")
    add(
        apps,
        "connect.facebook.net",
        (("script", "https://{host}/en_US/iab.autofill.payments.js"), ("inline", "inline")),
        lambda b: b.app == "instagram",
        0.9,
    )
    add(
        apps,
        "liff.line-scdn.net",
        (("script", "https://{host}/xlt/fill.js"), ("inline", "inline")),
        lambda b: b.app == "line",
        0.25,
    )
    translation = scenario.harmless("translation", "pages read in another language")
    add(
        translation,
        "translate.googleapis.com",
        (("connect", "https://{host}/translate_a/t?k={hex}"), ("style", "https://www.gstatic.com/_/translate_http/_/ss/m.css")),
        desktop_chromium,
        0.012,
    )
    return found


def furnish(scenario, shop):
    """Gives a shop the third parties that it opens with."""
    rng = scenario.luck(f"furniture of {shop.key}")
    careful = 1.1 if shop.tidy else rng.choice((0.95, 0.93, 0.9, 0.55))
    for vendor in vendors.KNOWN:
        if (shop.country == "JP" or not vendor.japanese) and rng.random() * 130 < vendor.reach:
            shop.embed(vendor.loads, allowed=0.0 if rng.random() < careful else None)
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        domain = rng.choice(scenario.small_vendors) if rng.random() < 0.7 else scenario.names.vendor()
        shop.embed(vendors.small(domain), allowed=0.0 if rng.random() < careful - 0.05 else None)
    if not shop.unsafe_inline:
        shop.embed((("inline", "inline"),))


def change(scenario, every=30.0):
    """Shops add something now and then, and say so in their policies at once, later or never."""
    names, rng = scenario.names, scenario.luck("changes")
    tags = scenario.harmless("new-tag", "a shop embeds one more third party")
    pixels = scenario.harmless("conversion-pixel", "an order counter on the last pages")
    helpers = scenario.harmless("checkout-helper", "a look-up or a log where one types")
    talks = scenario.harmless("chat-widget", "a window to talk in")
    rising = [[names.vendor() if at % 2 else names.host_like_attack() for at in range(4)] for _ in range(3)]
    fresh = lambda among: rng.choice(among) if rng.random() < 0.55 else rng.choice((names.vendor, names.host_like_attack))()
    for shop in scenario.shops:
        at = scenario.start + rng.expovariate(1 / every) * DAY
        while at < scenario.end:
            sort = rng.random()
            if sort < 0.4:
                known = rng.choice(vendors.KNOWN)
                loads = (
                    known.loads
                    if sort < 0.1
                    else vendors.small(rng.choice(scenario.small_vendors) if sort < 0.2 else fresh(rising[0]))
                )
                adopt(rng, shop, loads, at, cause=tags, source=rng.choice(("page", TAG_MANAGER)))
            elif sort < 0.65:
                pages = rng.choice((LAST, LAST, (REVIEW, *LAST)))
                adopt(
                    rng,
                    shop,
                    vendors.pixel(fresh(rising[1])),
                    at,
                    cause=pixels,
                    pages=pages,
                    source=rng.choice(("page", TAG_MANAGER, "")),
                )
            elif sort < 0.88:
                pages = rng.choice(((PAY,), TYPING))
                adopt(
                    rng,
                    shop,
                    vendors.look_up(fresh(rising[2])),
                    at,
                    cause=helpers,
                    pages=pages,
                    share=rng.uniform(0.4, 1.0),
                    source=rng.choice(("page", "/js/form.js")),
                )
            else:
                adopt(rng, shop, vendors.chat(names.vendor()), at, cause=talks, pages=rng.choice((EVERYWHERE, TYPING)))
            at += rng.expovariate(1 / every) * DAY


def adopt(rng, shop, loads, at, at_once=0.35, later=0.3, **more):
    """Embeds it, with what the shop's policy makes of it."""
    luck = rng.random()
    allowed = at if luck < at_once else at + rng.uniform(0.2, 8.0) * DAY if luck < at_once + later else None
    shop.embed(loads, since=at, allowed=allowed, **more)


def scan(scenario):
    """Junk that strangers post at every address they find."""
    rng = scenario.luck("scanners")
    probes = scenario.harmless("scanner", "strangers who try what the address does")
    sources = [places.address(places.draw(places.HOSTING, rng), rng) for _ in range(10)]
    hosts = ["interactsh.example", "attacker.test", "169.254.169.254", f"{rng.getrandbits(48):012x}.oastify.com"]
    bodies = ["{}", "[]", "", "%00", '{"csp-report":[]}', json.dumps({"csp-report": {"blocked-uri": "http://" + hosts[2]}})]
    for _ in range(int(len(scenario.shops) * scenario.size.days / 6)):
        shop = rng.choice(scenario.shops)
        t = rng.uniform(max(scenario.start, shop.joins), scenario.end)
        if rng.random() < 0.5:
            scenario.post(t, shop, rng.choice(sources), "Mozilla/5.0 (compatible; Nuclei)", rng.choice(bodies))
        else:
            host = rng.choice(hosts)
            scenario.forge(
                t,
                shop,
                rng.choice(sources),
                rng.choice(BROWSERS),
                PAY,
                [("script", f"https://{host}/{rng.getrandbits(20):x}.js", probes)],
            )
