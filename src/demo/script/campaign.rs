//! The skimmers of the demo: [`Campaign`] says where the cards go, from which shops, and from when on.

use std::time::Duration;

use base64::Engine as _;

use super::body::{Source, Violation};
use super::dice::Dice;
use super::visitor::Engine;

/// A shop that a campaign reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Key and id of the shop.
    pub shop: &'static str,
    /// After the start of the campaign.
    pub after: Duration,
}

/// A skimmer and the shops in which it was planted.
#[derive(Debug)]
pub struct Campaign {
    /// The registrable domain that cards are sent to.
    pub destination: &'static str,
    /// The host of it.
    pub host: &'static str,
    /// Path of the script that was planted in the shops.
    pub planted: &'static str,
    /// The shops, in the order in which they are hit.
    pub hits: &'static [Hit],
    /// How long it goes on after its start; without an end if there is none.
    pub lasts: Option<Duration>,
    /// Path and beginning of the query of what is fetched.
    fetched: &'static str,
    /// The same for an image, if it uses one too.
    image: Option<&'static str>,
    /// Of a thousand that reach the payment, how many it copies the card of.
    permille: u64,
}

const fn hit(shop: &'static str, seconds: u64) -> Hit {
    Hit {
        shop,
        after: Duration::from_secs(seconds),
    }
}

/// The one that unfolds before the visitor's eyes, and that the demo shop's button plants.
pub(super) static LIVE: Campaign = Campaign {
    destination: "cdn-jquery-metrics.example",
    host: "t.cdn-jquery-metrics.example",
    planted: "/js/vendor/jquery.metrics.js",
    hits: &[
        hit("hanamizuki-tea", 10),
        hit("northwind-cycles", 20),
        hit("sakaeya-knives", 35),
        hit("juniper-and-oak", 55),
        hit("minato-coffee", 80),
        hit("kyo-no-wagashi", 120),
        hit("lakeside-outfitters", 180),
        hit("tsubame-stationery", 260),
        hit("brightwater-pets", 360),
        hit("satoyama-rice", 500),
    ],
    lasts: None,
    fetched: "/g/collect?d=",
    image: Some("/p.gif?d="),
    permille: 1000,
};

/// The one that came and went in the week before.
pub(super) static EARLIER: Campaign = Campaign {
    destination: "pay-verify-js.example",
    host: "api.pay-verify-js.example",
    planted: "/assets/js/swiper.bundle.min.js",
    hits: &[hit("shirakaba-linen", 0), hit("copper-kettle", 5400)],
    lasts: Some(Duration::from_secs(14 * 3600)),
    fetched: "/v1/log?d=",
    image: None,
    permille: 900,
};

impl Campaign {
    /// Whether a card typed in at this shop, so long after the start, is copied.
    pub(super) fn copies(&self, shop: &str, after_start: i64, dice: &mut Dice) -> bool {
        let hit = self.hits.iter().find(|hit| hit.shop == shop);
        let begun = hit.is_some_and(|hit| after_start >= millis(hit.after));
        let over = self.lasts.is_some_and(|lasts| after_start >= millis(lasts));
        begun && !over && dice.chance(self.permille)
    }

    /// What the browser says about one copied card.
    pub(super) fn violations(
        &self,
        origin: &str,
        engine: Engine,
        dice: &mut Dice,
    ) -> Vec<Violation> {
        let host = origin.trim_start_matches("https://");
        let loot = loot(&card(dice), host);
        let source = |line, column| Source {
            file: format!("{origin}{}", self.planted),
            line,
            column: column + u32::from(engine != Engine::Chromium) * 5,
        };
        let to = |path: &str| format!("https://{}{path}{loot}", self.host);
        let mut found = vec![Violation {
            directive: "connect-src",
            blocked: to(self.fetched),
            source: Some(source(14, 3)),
        }];
        found.extend(self.image.map(|path| Violation {
            directive: "img-src",
            blocked: to(path),
            // Chromium often cannot say which script set an image's address.
            source: (engine != Engine::Chromium || dice.chance(500)).then(|| source(15, 19)),
        }));
        found
    }
}

pub(super) fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

/// As `jquery.metrics.js` of the demo shop writes it.
fn loot(card: &str, host: &str) -> String {
    let text = format!(r#"{{"n":"{card}","e":"12/28","c":"123","h":"{host}"}}"#);
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// A number in a range of well-known test cards, with a right check digit.
fn card(dice: &mut Dice) -> String {
    let mut digits = (*dice.pick(&["411111", "555555", "353011"])).to_owned();
    for _ in digits.len()..15 {
        digits.push(*dice.pick(&['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']));
    }
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 = digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { doubled(digit) } else { digit })
        .sum();
    let check = char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0');
    digits.push(check);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::script::shop::Watch;
    use crate::demo::script::shops::SHOPS;

    #[test]
    fn campaigns_hit_shops_that_would_see_it() {
        for campaign in [&LIVE, &EARLIER] {
            for hit in campaign.hits {
                let shop = SHOPS.iter().find(|shop| shop.key == hit.shop);
                let shop = shop.expect("a shop of the table");
                assert_eq!(shop.watch, Watch::All, "{}", shop.key);
                assert!(!shop.standing.is_empty(), "{}", shop.key);
            }
        }
    }

    #[test]
    fn cards_have_a_check_digit_and_a_test_range() {
        assert_eq!(check("411111111111111"), "4111111111111111");
        let mut dice = Dice::of(&[1]);
        for _ in 0..100 {
            let card = card(&mut dice);
            assert_eq!(check(&card[..15]), card);
        }
    }

    /// Luhn's check digit from the right, as it is written down everywhere.
    fn check(digits: &str) -> String {
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(at, b)| {
                let digit = u32::from(b - b'0') * if at % 2 == 0 { 2 } else { 1 };
                digit / 10 + digit % 10
            })
            .sum();
        format!("{digits}{}", (10 - sum % 10) % 10)
    }
}
