"""Merchants who join, and days on which much that is harmless is new."""

from ..world import vendors
from ..world.attackers import Skimmer
from ..world.everyday import TAG_MANAGER, adopt
from ..world.shops import DAY, EVERYWHERE, LAST, PAY, REVIEW, TYPING
from ..world.visitors import Software, desktop_chromium


def first_contact(s):
    """Some merchants are skimmed already on the day they join, one after the other over the second week; before, nobody else knew the
    attackers. One campaign carries card numbers in the address, at four of them; the other nothing that can be seen, at five.

    Looks like it: five more join at the same time with honest vendors of their own, three of them with one that is new to everybody and
    works on payment pages only.
    """
    rng = s.luck("first contact")
    digits = s.crime("first-contact", "card-in-url:digits", "newcomers")
    silent = s.crime("first-contact", "newcomers")
    loud = Skimmer(digits, (("connect", f"https://{s.names.web_word()}/pay/save", "exfil"),), "digits", source="/js/order.js")
    host = f"stat.{s.names.plain()}"
    quiet = Skimmer(silent, (("connect", f"https://{host}/v", "exfil"), ("img", f"https://{host}/v.gif", "exfil")), "session", 0.7)
    joining = s.harmless("newcomers", "merchants who join with vendors of their own")
    regional = s.names.vendor()
    groups = [
        (s.choose(4, lambda shop: "connect" in shop.watches), loud),
        (s.choose(5, lambda shop: "connect" in shop.watches), quiet),
        (s.choose(5), None),
    ]
    for shops, skimmer in groups:
        for at, shop in enumerate(shops):
            shop.joins = s.after(0.3 + 4.5 * at / len(shops) + rng.uniform(0, 0.6))
            for _ in range(2):
                shop.embed(vendors.small(s.names.vendor()), cause=joining)
            if skimmer:
                skimmer.hits(shop, shop.joins)
            elif at < 3:
                shop.embed(vendors.look_up(regional), cause=joining, pages=TYPING, share=0.8)
    s.furnish()


def benign_storm(s):
    """Nobody steals anything. Within five days an agency rolls a tag out to twenty shops by tag manager, a CDN changes its name at
    nine, a payment company brings a new widget, six shops adopt one conversion pixel within a day, eight a plugin that looks addresses up,
    two shops mistype their policies and report all they have, a browser's release brings a resource of its own, and a coupon extension
    becomes popular.
    """
    rng = s.luck("storm")
    s.furnish(every=20.0)
    some = lambda count, fits=lambda shop: True: s.luck(f"storm {count}").sample([shop for shop in s.shops if fits(shop)], count)
    agency = s.harmless("agency-rollout", "an agency's tag at all of its customers")
    tag, renamed, widget, counter, postal = (
        s.names.vendor(),
        s.names.host_like_attack(),
        s.names.vendor(),
        s.names.host_like_attack(),
        s.names.vendor(),
    )
    loads = (
        ("script", f"https://t.{tag}/a.js?c={{own}}"),
        ("connect", f"https://t.{tag}/e?v={{hex}}"),
        ("img", f"https://t.{tag}/e.gif?v={{hex}}"),
    )
    for shop in some(20):
        adopt(rng, shop, loads, s.after(1) + rng.uniform(0, 7) * 3600, 0.15, 0.3, cause=agency, source=TAG_MANAGER)
    moved = s.harmless("cdn-rename", "a CDN under a new name")
    parts = (
        ("script", f"https://cdn.{renamed}/vue/3.5/vue.js"),
        ("style", f"https://cdn.{renamed}/reset.css"),
        ("font", f"https://cdn.{renamed}/icons.woff2"),
    )
    for shop in some(9):
        adopt(rng, shop, parts, s.after(1.5) + rng.uniform(0, 3600), 0.1, 0.5, cause=moved)
    cards = s.harmless("psp-widget", "a payment company's new card fields")
    fields = (
        ("script", f"https://js.{widget}/fields.js"),
        ("frame", f"https://js.{widget}/fields"),
        ("connect", f"https://api.{widget}/tokens?k={{hex}}"),
    )
    for shop in some(10, lambda shop: shop.payment["integration"] == "js"):
        adopt(rng, shop, fields, s.after(rng.uniform(0.5, 5)), 0.5, 0.4, cause=cards, pages=(PAY,))
    pixels = s.harmless("conversion-pixel", "an order counter that six shops adopt on one day")
    for shop in some(6, lambda shop: "img" in shop.watches):
        adopt(
            rng,
            shop,
            vendors.pixel(counter),
            s.after(2.4) + rng.uniform(0, 20) * 3600,
            0.1,
            0.2,
            cause=pixels,
            pages=(REVIEW, *LAST),
            source="",
        )
    helpers = s.harmless("checkout-helper", "a plugin that looks addresses up while one types")
    for shop in some(8, lambda shop: "connect" in shop.watches):
        adopt(
            rng,
            shop,
            vendors.look_up(postal),
            s.after(rng.uniform(1, 5)),
            0.1,
            0.4,
            cause=helpers,
            pages=TYPING,
            share=rng.uniform(0.5, 1),
            source="/plugin/postal/postal.js",
        )
    slips(s, rng)
    wave(s)


def slips(s, rng):
    """Two policies are mistyped for a day: all that they allowed is reported."""
    slip = s.harmless("policy-slip", "a policy with a typing error")
    for shop in s.choose(2, lambda shop: "img" in shop.watches, least=6):
        since = s.after(rng.uniform(1, 4))
        until = since + 0.9 * DAY
        shop.changes += [(since, "slip", slip), (until, "slip", None)]
        own = (
            ("script", f"{shop.origin}/js/app.js"),
            ("img", f"{shop.origin}/img/logo.webp"),
            ("connect", f"{shop.origin}/api/cart"),
        )
        shop.embed(own, since=since, until=until)


def wave(s):
    """A coupon extension becomes popular, and a browser's release asks for something of its own on every page."""
    names = s.names
    coupon = s.harmless("extension-wave", "a coupon extension that many install")
    release = s.harmless("browser-release", "a browser's new release loads a component into pages")
    host, part = names.extension(), names.vendor()
    s.installed += [
        Software(
            coupon,
            [(s.after(0.6), f"go.{host}")],
            (("connect", "https://{host}/try?m={hex}"), ("img", "https://{host}/o.png")),
            desktop_chromium,
            0.09,
            pages=TYPING,
            sources=("page", "chrome-extension"),
        ),
        Software(
            release,
            [(s.after(2), f"edge.{part}")],
            (("script", "https://{host}/shopping/pane.js"), ("connect", "https://{host}/shopping/v2?c={hex}")),
            lambda b: "Edg/" in b.agent,
            0.7,
            pages=EVERYWHERE,
            sources=("",),
        ),
    ]
