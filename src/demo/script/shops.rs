//! The table of made-up shops, and of what they forgot in their policies.
//!
//! The rule: all names end in `.example`, which RFC 2606 keeps for such uses, except for those that the
//! collector knows by name.

use super::shop::{Platform, Shop, Vendor, Watch};

const CHAT: Vendor = Vendor {
    directive: "script-src-elem",
    blocked: "https://widget.chat-harbor.example/v2/loader.js",
    source: None,
};
const REVIEWS: Vendor = Vendor {
    directive: "img-src",
    blocked: "https://badges.review-lantern.example/stars/48.svg",
    source: None,
};
const FONTS: Vendor = Vendor {
    directive: "font-src",
    blocked: "https://fonts.typeset-cdn.example/s/zenmaru/v14/regular.woff2",
    source: None,
};
const ANALYTICS: Vendor = Vendor {
    directive: "connect-src",
    blocked: "https://in.visit-meter.example/v1/hit",
    source: Some("https://www.googletagmanager.com/gtm.js"),
};
const SEARCH: Vendor = Vendor {
    directive: "connect-src",
    blocked: "https://api.shelf-search.example/1/indexes/items/query",
    source: Some("https://static.shelf-search.example/lite.js"),
};
const RECOMMEND: Vendor = Vendor {
    directive: "img-src",
    blocked: "https://i.osusume-board.example/beacon.gif",
    source: Some("https://js.osusume-board.example/reco.js"),
};

const BRIDGE: &str = "pay-bridge.example";
const GATE: &str = "kessai-gate.example";

const fn row(
    key: &'static str,
    name: &'static str,
    country: &'static str,
    platform: Platform,
) -> Shop {
    Shop {
        key,
        name,
        country,
        platform,
        visits: 450,
        watch: Watch::All,
        enforced: false,
        batches: false,
        psp: BRIDGE,
        standing: &[],
    }
}

const fn with(shop: Shop, visits: u32, standing: &'static [&'static Vendor]) -> Shop {
    Shop {
        visits,
        standing,
        ..shop
    }
}

const fn by_gate(shop: Shop) -> Shop {
    Shop { psp: GATE, ..shop }
}

const fn enforced(shop: Shop) -> Shop {
    Shop {
        enforced: true,
        ..shop
    }
}

const fn batched(shop: Shop) -> Shop {
    Shop {
        batches: true,
        ..shop
    }
}

const fn watching(shop: Shop, watch: Watch) -> Shop {
    Shop { watch, ..shop }
}

use Platform::{CustomJa, Eccube, HostedCart, Magento, Woocommerce};

pub(super) static SHOPS: [Shop; 24] = [
    by_gate(with(
        row("hanamizuki-tea", "花みずき茶舗", "JP", Eccube),
        750,
        &[&CHAT],
    )),
    with(
        row("northwind-cycles", "Northwind Cycles", "GB", Magento),
        520,
        &[&REVIEWS],
    ),
    by_gate(with(
        row("sakaeya-knives", "栄屋刃物店", "JP", CustomJa),
        600,
        &[&ANALYTICS],
    )),
    with(
        row("juniper-and-oak", "Juniper & Oak", "US", Woocommerce),
        520,
        &[&FONTS, &CHAT],
    ),
    by_gate(with(
        row("minato-coffee", "みなと珈琲焙煎所", "JP", Eccube),
        820,
        &[&RECOMMEND],
    )),
    with(
        row("kyo-no-wagashi", "京の和菓子 あおい", "JP", Eccube),
        750,
        &[&FONTS],
    ),
    batched(with(
        row(
            "lakeside-outfitters",
            "Lakeside Outfitters",
            "JP",
            HostedCart,
        ),
        600,
        &[&SEARCH],
    )),
    by_gate(with(
        row("tsubame-stationery", "つばめ文具", "JP", Woocommerce),
        520,
        &[&REVIEWS],
    )),
    batched(with(
        row("brightwater-pets", "Brightwater Pets", "JP", Magento),
        600,
        &[&CHAT],
    )),
    by_gate(with(
        row("satoyama-rice", "里山の米屋", "JP", CustomJa),
        680,
        &[&ANALYTICS],
    )),
    by_gate(with(
        row("shirakaba-linen", "白樺リネン", "JP", Eccube),
        1300,
        &[&CHAT],
    )),
    with(
        row("copper-kettle", "The Copper Kettle", "JP", Magento),
        1200,
        &[&FONTS],
    ),
    batched(with(
        row("umikaze-surf", "海風サーフ", "JP", HostedCart),
        520,
        &[&RECOMMEND],
    )),
    enforced(with(
        row("alpenglow-boards", "Alpenglow Boards", "DE", Woocommerce),
        380,
        &[&SEARCH],
    )),
    by_gate(with(
        row("kodama-toys", "こだま木工玩具", "JP", Eccube),
        600,
        &[&REVIEWS, &FONTS],
    )),
    with(
        row(
            "paper-lantern-books",
            "Paper Lantern Books",
            "JP",
            HostedCart,
        ),
        600,
        &[&CHAT],
    ),
    enforced(row("fuji-optics", "富士見光学", "JP", CustomJa)),
    watching(
        row("willow-ceramics", "Willow Ceramics", "JP", Woocommerce),
        Watch::Checkout,
    ),
    watching(
        row("yuzu-kitchen", "ゆず台所道具", "JP", Eccube),
        Watch::Scripts,
    ),
    row("granite-camera", "Granite Camera", "JP", Magento),
    enforced(batched(row(
        "harbor-light-audio",
        "Harbor Light Audio",
        "US",
        HostedCart,
    ))),
    watching(
        by_gate(row("momiji-garden", "もみじ園芸", "JP", Eccube)),
        Watch::Checkout,
    ),
    watching(
        row("saddle-and-stitch", "Saddle & Stitch", "JP", Woocommerce),
        Watch::Scripts,
    ),
    enforced(row(
        "evergreen-vitamins",
        "Evergreen Vitamins",
        "JP",
        HostedCart,
    )),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn shops_differ_and_a_third_of_them_forgot_nothing() {
        let keys: BTreeSet<_> = SHOPS.iter().map(|shop| shop.key).collect();
        assert_eq!(keys.len(), SHOPS.len());
        let japanese = SHOPS.iter().filter(|shop| !shop.name.is_ascii()).count();
        assert_eq!(japanese, SHOPS.len() / 2);
        let clean = SHOPS.iter().filter(|shop| shop.standing.is_empty()).count();
        assert_eq!(clean, SHOPS.len() / 3);
    }
}
