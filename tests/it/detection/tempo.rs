//! When: how fast it spreads, on which step of the order, and how long a tag is given.

use skimwatch::detect::Config;
use skimwatch::finding::Severity;

use super::extra::*;
use super::world::*;

/// Attackers work through a list; what merchants choose comes to one of them now and then.
#[test]
fn a_burst_weighs_more_than_a_slow_spread() {
    let mut scores = Vec::new();
    for (name, pause, code) in [
        ("within minutes", MINUTE, "spreads-fast"),
        ("within a day", 6 * HOUR, "spreads-fast"),
        ("nine days apart", 9 * DAY, "spreads-slowly"),
    ] {
        let mut world = World::of(4);
        let begin = world.now;
        for shop in 0..2 {
            world.now = begin + i64::try_from(shop).expect("small") * pause;
            world.skim(shop, 8, SENDS);
        }
        let reason = world.reason(SKIMMER, code);
        let reason = reason.unwrap_or_else(|| panic!("{name}: {}", world.explain(SKIMMER)));
        assert_eq!(reason.weight > 0.0, code == "spreads-fast", "{name}");
        scores.push(world.last_of(SKIMMER).score);
    }
    assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
}

/// Nobody types a card when the order is made.
#[test]
fn pages_after_the_payment_speak_against_it() {
    for (name, after, said) in [
        ("none", 0, false),
        ("one in ten", 1, false),
        ("three in ten", 3, true),
        ("all", 10, true),
    ] {
        let mut world = World::of(4);
        for shop in 0..4 {
            for n in 0..10 {
                let extra = Extra {
                    after_payment: n < after,
                    ..SENDS
                };
                world.visit(shop, 10_000 * (shop as u64 + 1) + n, &[extra]);
            }
        }
        let reason = world.reason(SKIMMER, "after-payment");
        assert_eq!(reason.is_some(), said, "{name}");
        assert!(
            reason.is_none_or(|it| it.weight < -1.0),
            "{name}: {reason:?}"
        );
    }
}

/// What looks like a merchant's own choice has time to show up in a policy.
#[test]
fn a_tag_is_given_time() {
    let patience = Config::default().patience;
    let patience = i64::try_from(patience.as_millis()).expect("hours");
    let card = Extra {
        card: "base64",
        ..SENDS
    };
    let style = Extra {
        directive: skimwatch::normalize::Directive::StyleSrcElem,
        ..SENDS
    };
    let managed = Extra {
        source: skimwatch::sighting::Source::TagManager,
        ..SENDS
    };
    let cases: [(&str, &[Extra<'_>], Severity); 5] = [
        ("data", &[SENDS], Severity::Critical),
        ("a tag", &[LOADS, SENDS], Severity::Medium),
        ("a widget", &[LOADS, style], Severity::Medium),
        ("by a tag manager", &[managed], Severity::Medium),
        ("a tag that sends cards", &[LOADS, card], Severity::Critical),
    ];
    for (name, extras, at_once) in cases {
        let mut world = World::of(24);
        let begin = world.now;
        world.hit(24, 8, extras);
        assert_eq!(world.severity_of(SKIMMER), Some(at_once), "{name}");
        world.now = begin + patience - HOUR;
        more(&mut world, 600_000, extras);
        assert_eq!(world.severity_of(SKIMMER), Some(at_once), "{name}, not yet");
        world.now = begin + patience + HOUR;
        more(&mut world, 700_000, extras);
        assert!(
            world.severity_of(SKIMMER) >= Some(Severity::High),
            "{name}, then"
        );
    }
}

/// So many that it is judged again.
fn more(world: &mut World, first: u64, extras: &[Extra<'_>]) {
    for n in 0..20 {
        world.visit(0, first + n, extras);
    }
}
