//! Who sends: servers, kinds of browsers, the same few everywhere.

use skimwatch::enrich::Family;
use skimwatch::finding::{Finding, Severity};
use skimwatch::normalize::Directive;

use super::extra::*;
use super::world::*;

/// What somebody reports from this kind of network, on the first day and all along.
fn with_forger(from_hosting: bool, forged: Extra<'static>, forgers: u64) -> Vec<Finding> {
    let forged = Extra {
        from_hosting,
        ..forged
    };
    let mut world = World::unvisited(4);
    let forge = |world: &mut World| {
        for shop in 0..4 {
            for n in 0..forgers {
                world.see(shop, 66_000 + n, forged);
            }
        }
        world.advance();
    };
    for _ in 0..7 {
        forge(&mut world);
        world.day(&[]);
    }
    for n in 0..6 {
        forge(&mut world);
        for shop in 0..3 {
            world.visit(shop, 10_000 * (shop as u64 + 1) + n, &[SENDS]);
        }
    }
    world.findings
}

/// No shopper sits in a data center: what comes from there makes nothing old, raises nothing, and is no denominator.
#[test]
fn servers_count_nowhere() {
    let image = Extra {
        directive: Directive::ImgSrc,
        ..SENDS
    };
    let innocent = Extra {
        destination: "innocent.example",
        ..SENDS
    };
    let other = Extra {
        destination: "chat-0.example",
        ..LOADS
    };
    let without = with_forger(true, SENDS, 0);
    assert!(without.iter().any(|it| it.severity >= Severity::Medium));
    for (name, forged, forgers) in [
        ("aged by harmless images", image, 6),
        ("accusing another", innocent, 20),
        ("diluted by what all report", other, 60),
    ] {
        assert_eq!(with_forger(true, forged, forgers), without, "{name}");
        let believed = with_forger(false, forged, forgers);
        assert_ne!(
            believed, without,
            "{name}: from homes it would change something"
        );
    }
}

#[test]
fn what_is_in_the_page_is_in_every_kind_of_browser() {
    const ONE: &str = "one-browser-family";
    const MANY: &str = "many-browser-families";
    let of = |family, mobile| Extra {
        kind: Some((family, mobile)),
        ..SENDS
    };
    let cases = [
        ("Chromium on desktops", of(Family::Chromium, false), ONE),
        ("Firefox on desktops", of(Family::Firefox, false), ONE),
        ("Safari on desktops", of(Family::WebKit, false), ONE),
        ("all kinds", SENDS, MANY),
    ];
    let mut scores = Vec::new();
    for (name, extra, code) in cases {
        let mut world = World::of(6);
        world.hit(6, 6, &[extra]);
        let reason = world.reason(SKIMMER, code).expect(name);
        assert_eq!(reason.weight < 0.0, code == ONE, "{name}: {reason:?}");
        scores.push(world.last_of(SKIMMER).score);
    }
    let all = scores.pop().expect("of all kinds");
    for (score, (name, ..)) in scores.iter().zip(cases) {
        assert!(score + 1.0 < all, "{name}: {score}, all: {all}");
    }
}

/// A page can forge an extension's name, but then it is in more than one kind of browser.
#[test]
fn the_name_of_an_extension_counts_in_one_kind_of_browser() {
    let named = Extra {
        source: skimwatch::sighting::Source::Extension,
        ..SENDS
    };
    for (name, kind, counts) in [
        ("one kind", Some((Family::Chromium, false)), true),
        ("all kinds", None, false),
    ] {
        let mut world = World::of(4);
        world.hit(4, 6, &[Extra { kind, ..named }]);
        let said = world.reason(SKIMMER, "by-extension").is_some();
        assert_eq!(said, counts, "{name}: {}", world.explain(SKIMMER));
    }
}

/// Whoever forges reports has as many networks as he has, at however many shops he accuses somebody.
#[test]
fn the_same_networks_everywhere_are_no_independent_witnesses() {
    for (name, own, is_high) in [("the same", 0, false), ("others at each", 10, true)] {
        let mut world = World::of(20);
        for shop in 0..20 {
            for network in 0..6 {
                world.visit(shop, 90_000 + own * shop as u64 + network, &[SENDS]);
            }
        }
        let severity = world.severity_of(SKIMMER);
        assert_eq!(severity >= Some(Severity::High), is_high, "{name}");
    }
}
