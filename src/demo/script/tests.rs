//! What the script promises: cutting, dialects, the order of events, what an import says of the shops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;

use super::*;
use crate::clock::ManualClock;
use crate::enrich::{Enricher, PseudonymKey};
use crate::normalize::{Destination, Label, PageKind, Profile, Subject, Violation, normalize};
use crate::parse;
use crate::redact::{Harmless, Key, Redactor};
use crate::registry::Registry;

const LIVE_FROM: i64 = 1_795_000_123_456;
const DAY: i64 = 24 * HOUR;

fn script() -> Script {
    Script::new(
        Timestamp(LIVE_FROM),
        "http://127.0.0.1:8080",
        "127.0.0.1:8090",
    )
}

/// What is posted from one moment to another, in milliseconds from the start of the live part.
fn between(script: &Script, from: i64, to: i64) -> Vec<Posted> {
    script.between(Timestamp(LIVE_FROM + from), Timestamp(LIVE_FROM + to))
}

/// All of the week.
fn week() -> &'static [Posted] {
    static WEEK_POSTS: OnceLock<Vec<Posted>> = OnceLock::new();
    WEEK_POSTS.get_or_init(|| {
        let script = script();
        let days = (0..7).map(|day| between(&script, day * DAY - WEEK, (day + 1) * DAY - WEEK));
        days.flatten().collect()
    })
}

/// Every entry of a request, as the collector understands it.
fn entries(posted: &Posted, profile: &Profile, mut each: impl FnMut(Violation<'_>)) {
    let pseudonyms = PseudonymKey::new([1; 32]);
    let visitor = Enricher::none().visitor(posted.address, posted.user_agent, &pseudonyms);
    parse::read(posted.body.as_bytes(), None, |batch| {
        for raw in batch.entries {
            let raw = raw.unwrap_or_else(|_| panic!("an entry is refused: {}", posted.body));
            each(normalize(raw, visitor, profile));
        }
    })
    .expect("a body that is JSON");
}

fn profiles(script: &Script) -> BTreeMap<String, Profile> {
    let merchants = script.merchants();
    let list =
        |value: &Value| serde_json::from_value::<Vec<String>>(value.clone()).expect("a list");
    let merchants = merchants["merchants"].as_array().expect("a list");
    let profile = |m: &Value| Profile::new(&list(&m["domains"]), &list(&m["checkout_paths"]), &[]);
    merchants
        .iter()
        .map(|m| (m["key"].as_str().expect("a key").to_owned(), profile(m)))
        .collect()
}

/// Each entry to this host: when, at which shop, on which kind of page, by whom.
fn sent_to(posts: &[Posted], host: &str) -> Vec<(i64, String, PageKind, IpAddr)> {
    let profiles = profiles(&script());
    let mut found = Vec::new();
    for posted in posts.iter().filter(|posted| posted.body.contains(host)) {
        entries(posted, &profiles[posted.key.as_str()], |entry| {
            if matches!(&entry.destination, Destination::Host { host: to, .. } if *to == *host) {
                let at = posted.at.0 - LIVE_FROM;
                found.push((at, posted.key.to_string(), entry.page_kind, posted.address));
            }
        });
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn time_may_be_cut_anywhere(from in -WEEK..HOUR, length in 0..40 * MINUTE, cut in 0.0..1.0) {
        let script = script();
        #[expect(clippy::cast_possible_truncation, reason = "a part of 40 minutes")]
        let middle = from + (length as f64 * cut) as i64;
        let whole = between(&script, from, from + length);
        let mut pieces = between(&script, from, middle);
        pieces.extend(between(&script, middle, from + length));
        prop_assert_eq!(whole, pieces);
    }
}

#[test]
fn every_body_is_one_of_its_browser() {
    let script = script();
    let profiles = profiles(&script);
    let live = between(&script, 0, 15 * MINUTE);
    let mut shapes = BTreeSet::new();
    for posted in week().iter().step_by(11).chain(&live) {
        let mut count = 0;
        entries(posted, &profiles[posted.key.as_str()], |entry| {
            count += 1;
            shapes.insert(entry.shape.as_str());
            let is_csp = matches!(entry.subject, Subject::CspViolation { .. });
            assert!(is_csp, "{}", posted.body);
            for wrong in [
                Label::ShapeConflict,
                Label::ForeignDocument,
                Label::MalformedUrl,
            ] {
                assert!(!entry.labels.contains(wrong), "{wrong:?}: {}", posted.body);
            }
        });
        assert!(count > 0, "{}", posted.body);
    }
    assert_eq!(shapes.len(), 5, "{shapes:?}");
}

#[test]
fn a_week_is_some_ten_thousand_requests_with_busy_evenings() {
    let posts = week();
    assert!((20_000..40_000).contains(&posts.len()), "{}", posts.len());
    assert!(posts.is_sorted_by_key(|posted| posted.at));
    let at_hour = |hour: i64| {
        let japan = |posted: &&Posted| (posted.at.0 / HOUR + 9) % 24 == hour;
        posts.iter().filter(japan).count()
    };
    assert!(at_hour(21) > 6 * at_hour(4));
    assert!(script().between(Timestamp(0), script().begins()).is_empty());
}

#[test]
fn the_live_campaign_hits_shop_after_shop() {
    let script = script();
    let campaign = script.campaign();
    assert!(
        sent_to(week(), campaign.host).is_empty(),
        "not before it is live"
    );
    let posts = between(&script, 0, 11 * MINUTE);
    let sent = sent_to(&posts, campaign.host);
    for hit in campaign.hits {
        let here: Vec<_> = sent
            .iter()
            .filter(|(_, shop, ..)| shop == hit.shop)
            .collect();
        let after = campaign::millis(hit.after);
        let first = here.first().map_or(0, |(at, ..)| *at);
        // A batch may wait for Chromium's next tick.
        let late = if ["lakeside-outfitters", "brightwater-pets"].contains(&hit.shop) {
            60_000
        } else {
            1000
        };
        assert!(
            (after..after + late).contains(&first),
            "{}: {first}",
            hit.shop
        );
        assert!(here.len() > 50, "{}: {}", hit.shop, here.len());
        assert!(
            here.iter()
                .all(|(_, _, page, _)| *page == PageKind::Checkout)
        );
        let networks: BTreeSet<_> = here.iter().map(|(.., address)| network(*address)).collect();
        assert!(
            networks.len() * 3 > here.len(),
            "{}: {}",
            hit.shop,
            networks.len()
        );
    }
    let shops: BTreeSet<_> = sent.iter().map(|(_, shop, ..)| shop.as_str()).collect();
    assert_eq!(shops.len(), campaign.hits.len());
}

fn network(address: IpAddr) -> String {
    let address = address.to_string();
    let (network, _) = address.rsplit_once('.').expect("an IPv4 address");
    assert!(network.starts_with("198.18.") || network.starts_with("198.19."));
    network.to_owned()
}

#[test]
fn a_copied_card_is_seen() {
    let script = script();
    let profiles = profiles(&script);
    let redactor = Redactor::new(Key::new([2; 32]));
    let (earlier, started) = script.earlier();
    let live = between(&script, 0, 5 * MINUTE);
    let earlier_posts = script.between(started, Timestamp(started.0 + 14 * HOUR));
    for (campaign, posts) in [(script.campaign(), live), (earlier, earlier_posts)] {
        for posted in posts
            .iter()
            .filter(|posted| posted.body.contains(campaign.host))
        {
            entries(posted, &profiles[posted.key.as_str()], |entry| {
                let Destination::Host { domain, .. } = &entry.destination else {
                    return;
                };
                if **domain == *campaign.destination {
                    let report = redactor.redact(entry, Harmless::none());
                    let card = report.card_number().expect("a card number");
                    assert_eq!(
                        (card.encoding, card.length),
                        ("base64", 16),
                        "{}",
                        posted.body
                    );
                }
            });
        }
    }
}

#[test]
fn the_earlier_campaign_came_and_went() {
    let (campaign, started) = script().earlier();
    let sent = sent_to(week(), campaign.host);
    let (first, last) = (sent.first().expect("some"), sent.last().expect("some"));
    let start = started.0 - LIVE_FROM;
    assert!(
        first.0 >= start && last.0 <= start + 14 * HOUR + MINUTE,
        "{first:?} {last:?}"
    );
    for hit in campaign.hits {
        let here = sent.iter().filter(|(_, shop, ..)| shop == hit.shop).count();
        assert!(here >= 15, "{}: {here}", hit.shop);
    }
    assert!(
        sent.iter()
            .all(|(_, _, page, _)| *page == PageKind::Checkout)
    );
}

#[test]
fn the_live_part_keeps_its_pace() {
    let posts = between(&script(), -30 * MINUTE, 60 * MINUTE);
    let ordinary = posts
        .iter()
        .filter(|p| p.at.0 >= LIVE_FROM + 45 * MINUTE)
        .count();
    let per_second = ordinary as f64 / (15.0 * 60.0);
    assert!((3.0..6.5).contains(&per_second), "{per_second}");
}

#[test]
fn merchants_can_be_imported() {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = ManualClock::at(Timestamp(LIVE_FROM));
    let registry = Registry::open(&dir.path().join("control.sqlite"), clock as Arc<_>);
    let registry = registry.expect("a registry");
    for storefront in ["127.0.0.1:8090", "shop.demo.test:80", "[::1]:8090"] {
        let script = Script::new(Timestamp(LIVE_FROM), "http://127.0.0.1:8080", storefront);
        let done = registry.import(&script.merchants().to_string(), "demo");
        let done = done.expect("an import");
        for merchant in script.merchants()["merchants"].as_array().expect("a list") {
            let policy = merchant["policy"].as_str().expect("a text");
            let own = format!(
                "report-uri http://127.0.0.1:8080/r/{}",
                merchant["key"].as_str().expect("a key")
            );
            assert!(policy.contains(&own), "{policy}");
        }
        assert_eq!(done.added + done.changed + done.unchanged, SHOPS.len() + 1);
    }
}
