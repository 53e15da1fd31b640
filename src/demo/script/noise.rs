//! What a page reports although nobody attacks it: forgotten vendors, a new tag, what sits in the browser.

use super::body::{Source, Violation};
use super::shop::Site;
use super::visit::{HOUR, Kind, MINUTE, View, WEEK};
use super::visitor::AddOn;

/// Shops whose agency put a new tag on all pages, five days before the live part.
const TAGGED: [&str; 5] = [
    "umikaze-surf",
    "paper-lantern-books",
    "kodama-toys",
    "granite-camera",
    "evergreen-vitamins",
];
const TAGGED_AT: i64 = WEEK - 5 * 24 * HOUR;
/// From one shop to the next the agency needs so long.
const TAGGED_EVERY: i64 = 25 * MINUTE;
const TAG_MANAGER: &str = "https://www.googletagmanager.com/gtm.js";

/// What the page reports besides a skimmer, as far as the policy watches it.
pub(super) fn violations(site: &Site, view: &mut View) -> Vec<Violation> {
    let mut found = Vec::new();
    for vendor in site.shop.standing {
        if view.dice.chance(970) {
            found.push(violation(vendor.directive, vendor.blocked, vendor.source));
        }
    }
    if is_tagged(site.shop.key, view.at) {
        found.extend(tag(&site.origin));
    }
    if let Some(add_on) = view.visitor.add_on {
        found.extend(of_add_on(add_on, site, view));
    }
    if view.kind == Kind::Product && view.dice.chance(4) {
        found.push(violation("style-src-attr", "inline", None));
    }
    found.retain(|violation| view.is_watched(site.shop.watch, violation.directive));
    found
}

fn is_tagged(shop: &str, at: i64) -> bool {
    let place = TAGGED.iter().position(|tagged| *tagged == shop);
    let place = place.and_then(|place| i64::try_from(place).ok());
    place.is_some_and(|place| at >= TAGGED_AT + place * TAGGED_EVERY)
}

/// A tag loads its script, sets a pixel, tells its server.
fn tag(origin: &str) -> [Violation; 3] {
    let shop = origin.trim_start_matches("https://www.");
    let script = "https://tag.adflow-insight.example/t.js";
    [
        violation("script-src-elem", script, Some(TAG_MANAGER)),
        violation(
            "img-src",
            &format!("https://px.adflow-insight.example/i.gif?a={shop}"),
            Some(TAG_MANAGER),
        ),
        violation(
            "connect-src",
            &format!("https://rt.adflow-insight.example/e?a={shop}"),
            Some(TAG_MANAGER),
        ),
    ]
}

fn of_add_on(add_on: AddOn, site: &Site, view: &mut View) -> Option<Violation> {
    let shop = site.shop.key;
    Some(match add_on {
        AddOn::Coupons => {
            let source = view.dice.chance(600).then_some("chrome-extension");
            let blocked =
                format!("https://api.coupon-squirrel.example/v3/offers?shop={shop}.example");
            violation("connect-src", &blocked, source)
        }
        AddOn::Prices => {
            let script = "https://cdn.price-lookout.example/inject.js";
            violation("script-src-elem", script, Some("chrome-extension"))
        }
        AddOn::Antivirus => {
            let script = "https://gc.kis.v2.scr.kaspersky-labs.com/FD126C42-EBFA-4E12-B309-BB3FDD723AC1/main.js";
            violation("script-src-elem", script, None)
        }
    })
}

fn violation(directive: &'static str, blocked: &str, source: Option<&str>) -> Violation {
    Violation {
        directive,
        blocked: blocked.to_owned(),
        source: source.map(|file| Source {
            file: file.to_owned(),
            line: 1,
            column: 1,
        }),
    }
}
