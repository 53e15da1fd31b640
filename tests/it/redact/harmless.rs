//! Addresses of well-known tags and files stay readable: twenty thousand of their shapes.

use std::collections::BTreeMap;

use skimwatch::normalize::normalize;
use skimwatch::parse::RawBody;
use skimwatch::redact::Harmless;

use super::numbers::Dice;
use super::{planted, profile, redactor, visitor};

const URLS: u32 = 20_000;
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const DIGITS: &str = "0123456789";

const LIBRARIES: [&str; 12] = [
    "jquery",
    "bootstrap",
    "swiper",
    "lodash",
    "react",
    "vue",
    "angular",
    "moment",
    "slick",
    "popper",
    "axios",
    "modernizr",
];
const PLUGINS: [&str; 10] = [
    "woocommerce",
    "contact-form-7",
    "elementor",
    "wordpress-seo",
    "jetpack",
    "akismet",
    "wp-rocket",
    "revslider",
    "js_composer",
    "yith-woocommerce-wishlist",
];
const WORDS: [&str; 16] = [
    "checkout",
    "assets",
    "dist",
    "build",
    "static",
    "vendor",
    "main",
    "theme",
    "frontend",
    "payment",
    "cart",
    "widget",
    "collect",
    "tracking",
    "analytics",
    "modules",
];
const EVENTS: [&str; 6] = [
    "PageView",
    "ViewContent",
    "AddToCart",
    "InitiateCheckout",
    "AddPaymentInfo",
    "Purchase",
];
const SHAPES: [&str; 12] = [
    "gtag",
    "gtm",
    "analytics",
    "ads",
    "pixel",
    "library",
    "plugin",
    "versioned",
    "locale",
    "campaign",
    "asset",
    "host",
];

/// An id of a service, which has a letter in it: one of digits alone may be anything.
fn id(dice: &mut Dice, length: usize) -> String {
    loop {
        let id = dice.text(CAPITALS, length);
        if id.bytes().any(|b| b.is_ascii_uppercase()) {
            return id;
        }
    }
}

fn version(dice: &mut Dice) -> String {
    format!("{}.{}.{}", dice.below(10), dice.below(30), dice.below(10))
}

fn word(dice: &mut Dice) -> String {
    (*dice.one(&WORDS)).to_owned()
}

/// An address, all of which must be readable.
fn all(url: String) -> (String, Vec<String>) {
    (url.clone(), vec![url])
}

/// An address, and the parts of it that must be readable.
fn url(shape: &str, dice: &mut Dice) -> (String, Vec<String>) {
    match shape {
        "gtag" | "gtm" | "analytics" | "ads" | "pixel" | "campaign" => tag(shape, dice),
        _ => file(shape, dice),
    }
}

/// An address of a tag, with the shop's own id.
fn tag(shape: &str, dice: &mut Dice) -> (String, Vec<String>) {
    match shape {
        "gtag" => all(format!(
            "https://www.googletagmanager.com/gtag/js?id=G-{}",
            id(dice, 10)
        )),
        "gtm" => {
            let length = 4 + dice.below(5);
            all(format!(
                "https://www.googletagmanager.com/gtm.js?id=GTM-{}",
                id(dice, length)
            ))
        }
        "analytics" => {
            let account = dice.text(DIGITS, 6);
            all(format!(
                "https://www.google-analytics.com/collect?v=1&tid=UA-{account}-{}",
                1 + dice.below(20)
            ))
        }
        "ads" => {
            let account = dice.text(DIGITS, 9);
            all(format!(
                "https://www.googletagmanager.com/gtag/js?id=AW-{account}"
            ))
        }
        "pixel" => {
            let (event, id) = (*dice.one(&EVENTS), dice.text(DIGITS, 15));
            // The pixel's own number is as long as a card's: it stays a shape and a hash.
            let url = format!("https://www.facebook.com/tr/?id={id}&ev={event}&dl=x");
            (url, vec!["https://www.facebook.com/tr/?id=".to_owned()])
        }
        _ => {
            let url = format!(
                "https://cdn.test/{}?utm_source=newsletter&utm_medium=email&utm_campaign={}",
                word(dice),
                word(dice)
            );
            let names = ["utm_source=", "utm_medium=", "utm_campaign="];
            (url, names.map(str::to_owned).into())
        }
    }
}

/// An address of a file.
fn file(shape: &str, dice: &mut Dice) -> (String, Vec<String>) {
    match shape {
        "library" => {
            let (name, version) = (*dice.one(&LIBRARIES), version(dice));
            all(format!(
                "https://cdnjs.cloudflare.com/ajax/libs/{name}/{version}/{name}.min.js"
            ))
        }
        "plugin" => {
            let (name, file) = (*dice.one(&PLUGINS), word(dice));
            let version = format!("{}.{}", dice.below(10), dice.below(30));
            all(format!(
                "https://shop.example.test/wp-content/plugins/{name}/assets/js/{file}.js?ver={version}"
            ))
        }
        "versioned" => all(format!(
            "https://api.psp.test/v{}/{}/{}",
            1 + dice.below(9),
            word(dice),
            word(dice)
        )),
        "locale" => {
            let locale = *dice.one(&["en_US", "ja_JP", "de-DE", "fr_FR", "zh-TW", "pt_BR"]);
            all(format!("https://connect.facebook.net/{locale}/sdk.js"))
        }
        "asset" => all(format!(
            "https://{}.shop.example.test/{}/{}/{}-{}.css",
            dice.one(&["static", "cdn2", "assets", "img1"]),
            word(dice),
            word(dice),
            word(dice),
            word(dice)
        )),
        _ => all(format!(
            "https://{}.{}.evil-{}.test/{}.gif",
            word(dice),
            word(dice),
            word(dice),
            word(dice)
        )),
    }
}

#[test]
fn of_a_thousand_harmless_addresses_at_most_one_is_hidden() {
    let (redactor, mut dice) = (redactor(), Dice::new(2));
    let mut hidden: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut misses = 0;
    for _ in 0..URLS {
        let shape = *dice.one(&SHAPES);
        let (url, kept) = url(shape, &mut dice);
        let mut violation = planted::violation("", "query");
        violation.blocked_url = Some(url.clone().into());
        let entry = planted::entry(RawBody::CspViolation(violation));
        let report = redactor.redact(normalize(entry, visitor(""), &profile()), Harmless::none());
        let shown = report.blocked();
        if report.card_number().is_some() || !kept.iter().all(|part| shown.contains(part)) {
            misses += 1;
            hidden
                .entry(shape)
                .or_default()
                .push(format!("{url} is {shown}"));
        }
    }
    let figures: Vec<_> = hidden
        .iter()
        .map(|(shape, all)| format!("{shape}: {}, as {}", all.len(), all[0]))
        .collect();
    println!("{misses} of {URLS} hidden {figures:#?}");
    assert!(
        misses * 1000 <= URLS,
        "{misses} of {URLS} hidden {figures:#?}"
    );
}
