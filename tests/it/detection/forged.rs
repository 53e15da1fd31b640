//! Forgers with home networks: they report one thing and nothing else that visitors of the page report.

use skimwatch::finding::Severity;

use super::extra::*;
use super::world::*;

const FORGED: &str = "looks-forged";

/// The reports of this many, each from a network of their own at each shop.
fn accuse(world: &mut World, shops: std::ops::Range<usize>, forgers: u64, with_page: bool) {
    for shop in shops {
        for n in 0..forgers {
            let network = 10_000 * (shop as u64 + 1) + n;
            if with_page {
                world.visit(shop, network, &[SENDS]);
            } else {
                world.report(shop, network, &[SENDS]);
            }
        }
    }
}

/// Honest visitors in between, whose pages have nothing of it.
fn visits(world: &mut World) {
    for shop in 0..world.sites.len() {
        for n in 0..8 {
            world.visit(shop, 900_000 + 100 * shop as u64 + n, &[]);
        }
    }
}

#[test]
fn who_reports_nothing_else_is_not_believed() {
    for (name, standing_below, with_page, is_raised) in [
        ("with the page's standing violation", usize::MAX, true, true),
        ("without it", usize::MAX, false, false),
        ("where none is known, by most", 3, false, false),
    ] {
        let mut world = World::unvisited(6);
        world.standing_below = standing_below;
        let mut world = world.settled(&[]);
        accuse(&mut world, 0..6, 10, with_page);
        visits(&mut world);
        accuse(&mut world, 0..6, 12, with_page);
        let severity = world.severity_of(SKIMMER);
        let told = world.explain(SKIMMER);
        if is_raised {
            assert!(severity >= Some(Severity::High), "{name}: {told}");
            assert!(!world.has_reason(FORGED), "{name}: {told}");
        } else {
            assert!(severity < Some(Severity::Medium), "{name}: {told}");
        }
    }
}

/// A forger who joins a real campaign at other shops does not clear it.
#[test]
fn sites_that_can_vouch_keep_a_campaign_raised() {
    let mut world = World::of(8);
    accuse(&mut world, 0..4, 10, true);
    let before = world.severity_of(SKIMMER);
    assert!(before >= Some(Severity::High), "{before:?}");
    visits(&mut world);
    accuse(&mut world, 4..8, 10, false);
    let after = world.last_of(SKIMMER).severity;
    assert!(after >= Severity::High, "{after:?}");
    assert!(world.reason(SKIMMER, FORGED).is_none());
}
