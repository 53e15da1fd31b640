"""Browsers that shoppers use: what they call themselves and how they report."""

from typing import NamedTuple

CHROMIUM, FIREFOX, WEBKIT = "chromium", "firefox", "webkit"


class Browser(NamedTuple):
    """`modern`: reports by `report-to` where the policy asks for it."""

    engine: str
    system: str
    modern: bool
    agent: str
    japan: int
    elsewhere: int
    app: str = ""

    @property
    def phone(self):
        return self.system in ("android", "ios")


WINDOWS, MAC, DROID = "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "Linux; Android 10; K"
BLINK = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}Chrome/{}.0.0.0 {}Safari/537.36{}"
GECKO = "Mozilla/5.0 ({}; rv:{}.0) Gecko/{} Firefox/{}.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) {}"
WEBVIEW = "Mozilla/5.0 (Linux; Android 14; SO-51E Build/70.1.A.2.40; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "

BROWSERS = [
    Browser(CHROMIUM, "windows", True, BLINK.format(WINDOWS, "", 152, "", ""), 12, 20),
    Browser(CHROMIUM, "windows", True, BLINK.format(WINDOWS, "", 153, "", ""), 9, 13),
    Browser(CHROMIUM, "windows", True, BLINK.format(WINDOWS, "", 153, "", " Edg/153.0.0.0"), 10, 6),
    Browser(CHROMIUM, "mac", True, BLINK.format(MAC, "", 153, "", ""), 4, 8),
    Browser(CHROMIUM, "android", True, BLINK.format(DROID, "", 152, "Mobile ", ""), 11, 14),
    Browser(CHROMIUM, "android", True, BLINK.format(DROID, "", 153, "Mobile ", ""), 9, 10),
    Browser(CHROMIUM, "android", True, BLINK.format(DROID, "SamsungBrowser/30.0 ", 148, "Mobile ", ""), 2, 5),
    Browser(CHROMIUM, "android", True, WEBVIEW + "Chrome/153.0.0.0 Mobile Safari/537.36 Line/15.14.1", 3, 0, "line"),
    Browser(WEBKIT, "ios", False, IPHONE.format("16_1_2", "Version/16.1 Mobile/15E148 Safari/604.1"), 4, 2),
    Browser(WEBKIT, "ios", True, IPHONE.format("17_7", "Version/17.7 Mobile/15E148 Safari/604.1"), 8, 5),
    Browser(WEBKIT, "ios", True, IPHONE.format("18_7", "Version/26.4 Mobile/15E148 Safari/604.1"), 20, 11),
    Browser(WEBKIT, "ios", True, IPHONE.format("18_6", "CriOS/152.0.7900.41 Mobile/15E148 Safari/604.1"), 3, 3),
    Browser(WEBKIT, "ios", True, IPHONE.format("18_7", "Mobile/15E148 Safari Line/15.14.0"), 4, 0, "line"),
    Browser(
        WEBKIT, "ios", True, IPHONE.format("18_7", "Mobile/22H20 Instagram 401.0.0.26.78 (iPhone15,4; iOS 18_7)"), 2, 3, "instagram"
    ),
    Browser(
        WEBKIT, "mac", True, f"Mozilla/5.0 ({MAC}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.4 Safari/605.1.15", 4, 6
    ),
    Browser(FIREFOX, "windows", False, GECKO.format(WINDOWS, 140, "20100101", 140), 1, 2),
    Browser(FIREFOX, "windows", True, GECKO.format(WINDOWS, 153, "20100101", 153), 3, 4),
    Browser(FIREFOX, "mac", True, GECKO.format("Macintosh; Intel Mac OS X 10.15", 153, "20100101", 153), 1, 2),
    Browser(FIREFOX, "android", True, GECKO.format("Android 15; Mobile", 153, "153.0", 153), 1, 1),
]


def draw(country, network_kind, rng):
    """A browser for somebody of this country: a mobile network has phones only, an office none."""
    fit = [b for b in BROWSERS if network_kind == "home" or b.phone == (network_kind == "mobile")]
    return rng.choices(fit, [b.japan if country == "JP" else b.elsewhere for b in fit])[0]
