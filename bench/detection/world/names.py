"""Made-up names. One that exists is chance and says nothing about its owner."""

JAPANESE = "asagiri benika chidori fukuro ginza-mori hanaikada itoguchi kohaku mikazuki nagomi oboro sazanami tsubame uguisu yamabuki".split()
WARES = "bunko cha cutlery dashi garden goods hachimitsu kimono koubou kutsu miso mokuzai nouen pan sake tabi zakka wagashi".split()
WESTERN = (
    "alder brindle copper dune ember fjord gable heron inkwell juniper kestrel larch marlow nettle orchard pewter quarry".split()
)
STORES = (
    "bikes books candles cellar ceramics coffee crafts gear knives lighting looms outfitters paper pets tea tools toys yarn".split()
)
KANJI = ("はちみつ工房", "山吹書店", "青い鳥文具", "朝霧農園", "椿陶器", "手仕事市場", "珈琲つばめ", "港の干物")

STARTS = "ac bel cor dan el fen gra hal in jul kor lum mer nov or pal quo ren sil tor ul ver wes xan yor zen".split()
ENDS = "ady bix cast dora ento fina gram hive ico jet kara lane mint nex oly port quest rise sage tive unia vox".split()
SERVICE = "hub desk metric cast kit ly base flow stack".split()
SERVICE_TLDS = "com io net jp co.jp ai app".split()
EXTENSION = "clip coupon dark deal grammar lens mate note pop reader saver shield snap tab volume".split()
BRAND_SLIPS = (
    "googie-tagservice bootstrapcnd jquerry-ui cloudfiare-static shopifiy-assets stripe-elementjs gstatlc paypai-objects "
    "ec-cube-plugins rakutan-pay fontawesorne magneto-patch modernlzr amazonn-pay visa-securejs adobedtrn"
).split()
WEB_WORDS = "asset async cache delivery edge fast font layer lib mini node pack prime quick script site static style swift".split()


class Names:
    """Gives each name once."""

    def __init__(self, rng):
        self.rng, self.given = rng, set()

    def once(self, make):
        while (name := make()) in self.given:
            pass
        self.given.add(name)
        return name

    def shop(self, country, in_kanji):
        """What people call it, and its domain."""
        choice = self.rng.choice
        if in_kanji:
            name = self.once(lambda: f"{choice(KANJI)}{choice(('', '本店', '通販'))}{choice(('', '東京', '京都', '札幌', '金沢'))}")
            return name, name.encode("idna").decode() + "." + choice(("jp", "com"))
        first, second = (JAPANESE, WARES) if country == "JP" else (WESTERN, STORES)
        tail = {"JP": ("jp", "co.jp", "com", "shop"), "GB": ("co.uk", "com"), "DE": ("de",)}.get(country, ("com", "store", "shop"))
        stem = self.once(lambda: choice(first) + choice(("", "-", "no-" if country == "JP" else "and")) + choice(second))
        return stem.replace("-", " ").title(), f"{stem}.{choice(tail)}"

    def word(self):
        return self.rng.choice(STARTS) + self.rng.choice(ENDS)

    def vendor(self):
        """A small company that shops embed."""
        choice = self.rng.choice
        return self.once(lambda: f"{self.word()}{choice(('', '', choice(SERVICE), '-' + choice(SERVICE)))}.{choice(SERVICE_TLDS)}")

    def host_like_attack(self):
        """An honest company that sounds like an attacker's."""
        choice = self.rng.choice
        return self.once(
            lambda: f"{choice(WEB_WORDS)}{choice(('', '-'))}{choice(WEB_WORDS)}.{choice(('com', 'net', 'io', 'cloud'))}"
        )

    def extension(self):
        choice = self.rng.choice
        return self.once(
            lambda: f"{choice(EXTENSION)}{choice(('', '-', 'my', 'get'))}{choice(EXTENSION)}.{choice(('com', 'app', 'io', 'xyz', 'site'))}"
        )

    def slip(self):
        """An attacker's name near a brand."""
        choice = self.rng.choice
        return self.once(
            lambda: f"{choice(BRAND_SLIPS)}{choice(('', '', '-cdn', 's'))}.{choice(('com', 'net', 'org', 'top', 'info'))}"
        )

    def web_word(self):
        """An attacker's name of generic words."""
        choice = self.rng.choice
        return self.once(
            lambda: f"{choice(WEB_WORDS)}-{choice(WEB_WORDS)}{choice(('', 'js', 's'))}.{choice(('com', 'net', 'site', 'pw', 'link'))}"
        )

    def plain(self):
        """An attacker's name that could be anybody's."""
        return self.once(lambda: f"{self.word()}{self.rng.choice(ENDS)}.{self.rng.choice(('com', 'net', 'org'))}")

    def attacker(self):
        return self.rng.choices((self.slip, self.web_word, self.plain), (1, 2, 1))[0]()

    def junk(self):
        letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        return self.once(
            lambda: "".join(self.rng.choices(letters, k=self.rng.randrange(7, 15)))
            + self.rng.choice((".com", ".net", ".xyz", ".info"))
        )
