//! Who visits which shop when, and which pages. [`View`] is one page that one visitor was shown.
//!
//! The rule: the visits of a minute come from the minute alone, so that time may be cut anywhere.

use super::campaign::{LIVE, millis};
use super::dice::Dice;
use super::shop::{Site, Watch};
use super::visitor::{NETWORKS, Visitor};

pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const WEEK: i64 = 7 * 24 * HOUR;

/// Visits in an hour of the live part, over a shop's visits in a week: it runs about 75 times as fast.
const LIVE_PACE: f64 = 0.45;

/// Between two card holders at a shop that was hit.
const RUSH_EVERY: i64 = 2500;
const RUSH_JITTER: u32 = 2400;
/// How long they come so thick and fast. Later the ordinary visits go on.
const RUSH_LASTS: i64 = 30 * MINUTE;

/// Share of a day's visits by the hour in which they begin, in thousandths: evenings most.
const RHYTHM: [u32; 24] = [
    31, 16, 9, 6, 5, 6, 13, 27, 36, 40, 44, 46, 58, 48, 44, 43, 43, 46, 52, 61, 78, 93, 92, 63,
];

/// Which page of a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Product,
    Cart,
    Payment,
}

/// One page that one visitor was shown.
#[derive(Debug)]
pub(super) struct View {
    /// Milliseconds after the start of the week.
    pub(super) at: i64,
    pub(super) kind: Kind,
    pub(super) visitor: Visitor,
    pub(super) url: String,
    pub(super) referrer: String,
    /// What is left to chance on this page.
    pub(super) dice: Dice,
}

/// What begins in this minute at this site, the `number`th of the table.
pub(super) fn views(site: &Site, number: u64, minute: i64, begins: i64) -> Vec<View> {
    let mut dice = Dice::of(&[number, minute.cast_unsigned()]);
    let mut views = Vec::new();
    for visit in 0..num_visits(site, minute, begins, &mut dice) {
        let dice = Dice::of(&[number, minute.cast_unsigned(), visit]);
        visit_shop(site, minute * MINUTE, dice, &mut views);
    }
    rush(site, number, minute, &mut views);
    views
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few visits, never less than none"
)]
fn num_visits(site: &Site, minute: i64, begins: i64, dice: &mut Dice) -> u64 {
    let visits = f64::from(site.shop.visits);
    let expected = if minute * MINUTE < WEEK {
        let there = begins + minute * MINUTE + site.shop.hours_ahead() * HOUR;
        let hour = usize::try_from(there.div_euclid(HOUR).rem_euclid(24)).unwrap_or(0);
        visits / 7.0 * f64::from(RHYTHM[hour]) / 1000.0 / 60.0
    } else {
        visits * LIVE_PACE / 60.0
    };
    let more = dice.below(1 << 20) as f64 / f64::from(1 << 20) < expected.fract();
    expected as u64 + u64::from(more)
}

/// A product, often the cart, now and then the payment.
fn visit_shop(site: &Site, start: i64, mut dice: Dice, views: &mut Vec<View>) {
    let visitor = Visitor::any(&mut dice);
    let mut at = start + dice.ms_below(60_000);
    let pages = match dice.below(100) {
        0..45 => 1,
        45..72 => 2,
        _ => 3,
    };
    let product = format!("{}{}", site.shop.platform.product(), 100 + dice.below(80));
    let paths = [
        (Kind::Product, product.as_str()),
        (Kind::Cart, site.shop.platform.cart()),
        (Kind::Payment, site.shop.platform.payment()),
    ];
    let mut referrer = String::new();
    for (kind, path) in paths.into_iter().take(pages) {
        let url = format!("{}{path}", site.origin);
        views.push(View {
            at,
            kind,
            visitor,
            url: url.clone(),
            referrer: std::mem::replace(&mut referrer, url),
            dice: Dice::of(&[dice.below(u64::MAX)]),
        });
        at += 15_000 + dice.ms_below(30_000);
    }
}

/// Card holders at a shop that the live campaign has hit, each in another network than those before.
fn rush(site: &Site, number: u64, minute: i64, views: &mut Vec<View>) {
    let Some(hit) = LIVE.hits.iter().find(|hit| hit.shop == site.shop.key) else {
        return;
    };
    let first = WEEK + millis(hit.after);
    let (from, to) = (minute * MINUTE, (minute + 1) * MINUTE);
    let to = to.min(first + RUSH_LASTS);
    let mut holder = ((from - first).max(0) + RUSH_EVERY - 1) / RUSH_EVERY;
    while first + holder * RUSH_EVERY < to {
        let n = holder.cast_unsigned();
        let mut dice = Dice::of(&[number, n, 0x7275_7368]);
        // 205 and 512 have no factor in common: no network comes again before all came.
        let visitor = Visitor::in_network((number * 37 + n * 205) % NETWORKS, &mut dice);
        // The first comes at the very moment; the others of all shops would keep step with one another.
        let late = if holder == 0 {
            0
        } else {
            dice.ms_below(RUSH_JITTER)
        };
        views.push(View {
            at: first + holder * RUSH_EVERY + late,
            kind: Kind::Payment,
            visitor,
            url: format!("{}{}", site.origin, site.shop.platform.payment()),
            referrer: format!("{}{}", site.origin, site.shop.platform.cart()),
            dice,
        });
        holder += 1;
    }
}

impl View {
    /// Whether the site's policy stands on this page and watches this directive.
    pub(super) fn is_watched(&self, watch: Watch, directive: &str) -> bool {
        match watch {
            Watch::All => true,
            Watch::Checkout => self.kind != Kind::Product,
            Watch::Scripts => directive.starts_with("script-src"),
        }
    }
}
