//! That it is told once, and the same whatever comes again or in which order shops are known.

use std::collections::BTreeMap;

use skimwatch::detect::Config;
use skimwatch::finding::{Finding, Severity};

use super::extra::*;
use super::world::*;

fn play(world: &mut World) {
    world.hit(2, 6, &[SENDS]);
}

fn rises(world: &World) -> usize {
    let rising = world.findings.iter().filter(|finding| finding.rises);
    rising.count()
}

/// After a restart everything is seen again: the same findings, and none that rises a second time.
#[test]
fn what_is_seen_again_changes_nothing() {
    let (mut once, mut again) = (World::of(3), World::of(3));
    play(&mut once);
    play(&mut again);
    assert_eq!(
        once.findings, again.findings,
        "the same sightings give the same findings"
    );
    let begin = again.now - 12 * 100;
    for late in [0, HOUR] {
        again.now = begin + late;
        let (risen, told) = (rises(&again), again.findings.len());
        play(&mut again);
        assert_eq!(rises(&again), risen, "{late} ms later");
        assert_eq!(again.findings.len(), told, "nobody new reports it");
    }
}

/// What is said of a destination at the end, whatever was told on the way.
fn thought(world: &World) -> Finding {
    world.last_of(SKIMMER).clone()
}

/// Reports reach us late and in any order of shops.
#[test]
fn shops_are_known_in_any_order() {
    let told = |order: [usize; 6]| {
        let mut world = World::unvisited(6);
        world.standing_below = 3;
        for shop in order {
            world.see(
                shop,
                1,
                Extra {
                    destination: "chat.example",
                    ..LOADS
                },
            );
        }
        let mut world = world.settled(&[]);
        // With forgers at some, so that every figure is in use.
        for n in 0..8 {
            for shop in 0..6 {
                let visitor = 10_000 * (shop as u64 + 1) + n;
                if shop == 1 || shop == 4 {
                    world.report(shop, visitor, &[SENDS]);
                } else {
                    world.visit(shop, visitor, &[SENDS]);
                }
            }
        }
        assert!(!world.raised(Severity::Medium).is_empty());
        world.findings
    };
    let forward = told([0, 1, 2, 3, 4, 5]);
    for order in [[5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2]] {
        assert_eq!(told(order), forward, "{order:?}");
    }
}

/// Which shop's report of one moment comes first decides nothing.
#[test]
fn reports_of_one_moment_come_in_any_order() {
    let told = |order: [usize; 4]| {
        let mut world = World::of(4);
        for n in 0..8 {
            for shop in order {
                let visitor = 10_000 * (shop as u64 + 1) + n;
                let destination = &format!("chat-{shop}.example");
                world.see(
                    shop,
                    visitor,
                    Extra {
                        destination,
                        ..LOADS
                    },
                );
                world.see(shop, visitor, SENDS);
            }
            world.advance();
            world.now += 100;
        }
        thought(&world)
    };
    let (forward, backward) = (told([0, 1, 2, 3]), told([3, 2, 1, 0]));
    assert_eq!(forward.severity, backward.severity);
    assert_eq!(forward.hits, backward.hits);
    assert!(
        (forward.score - backward.score).abs() < 0.05,
        "{forward:?} {backward:?}"
    );
}

/// Detectors that share the destinations among them find together what one finds.
#[test]
fn parts_find_together_what_one_finds() {
    let names: Vec<String> = (0..20).map(|n| format!("skimmer-{n}.example")).collect();
    let told = |part, parts| {
        let config = Config {
            part,
            parts,
            ..Config::default()
        };
        let mut world = World::configured(4, config).settled(&[]);
        for destination in &names {
            // Days apart: many that come up on one day are a crowd.
            world.day(&[]);
            world.hit(
                3,
                5,
                &[Extra {
                    destination,
                    ..SENDS
                }],
            );
        }
        let last = names
            .iter()
            .filter(|name| world.severity_of(name).is_some());
        let last = last.map(|name| (name.clone(), world.last_of(name).clone()));
        last.collect::<BTreeMap<String, Finding>>()
    };
    let whole = told(1, 1);
    assert_eq!(whole.len(), names.len());
    for parts in [2, 3] {
        let shares: Vec<_> = (1..=parts).map(|part| told(part, parts)).collect();
        assert!(shares.iter().all(|share| share.len() < whole.len()));
        let number: usize = shares.iter().map(BTreeMap::len).sum();
        assert_eq!(number, whole.len(), "each is one detector's");
        let union: BTreeMap<_, _> = shares.into_iter().flatten().collect();
        assert_eq!(union, whole, "{parts}");
    }
}
