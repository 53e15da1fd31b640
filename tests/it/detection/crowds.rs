//! Too many destinations: they fill no memory, and they drown nothing.

use skimwatch::detect::{MAX_PLACES, MAX_TOLD_OF_FLOOD};
use skimwatch::finding::Severity;

use super::extra::*;
use super::world::*;

/// Junk destinations from a few networks fill no memory and hide no campaign.
#[test]
fn a_flood_is_bounded_and_hides_nothing() {
    let mut world = World::of(3);
    let many = u32::try_from(MAX_PLACES).expect("small") + 10_000;
    for n in 0..many {
        let destination = &format!("d{n}.example");
        world.see(
            2,
            900,
            Extra {
                destination,
                ..SENDS
            },
        );
    }
    world.advance();
    world.now += 2 * 60 * MINUTE;
    world.skim(0, 6, SENDS);
    world.skim(1, 6, SENDS);
    assert!(world.raised(Severity::Medium).iter().eq([&SKIMMER]));
    assert_eq!(world.suspect(), [&world.sites[2]], "and is told of once");
}

/// Hundreds of made-up destinations, too slow for a limit: a few of them are worth a look, none a call, and what
/// stands out is raised.
#[test]
fn a_crowd_is_told_from_what_it_drowns() {
    for (name, shops, drowned) in [
        ("at one shop", 1, &[][..]),
        ("at two shops", 2, &[]),
        ("with a skimmer", 2, &[SENDS]),
    ] {
        let mut world = World::of(4);
        for n in 0..24 {
            for shop in 0..shops {
                let visitor = 10_000 * (shop as u64 + 1) + n;
                for m in 0..30 {
                    let destination = &format!("d{}.example", 7 * n + m);
                    world.see(
                        shop,
                        visitor,
                        Extra {
                            destination,
                            ..SENDS
                        },
                    );
                }
                world.visit(shop, visitor, drowned);
            }
            world.now += 10 * MINUTE;
        }
        let loud = world.raised(Severity::High);
        let want = drowned.iter().map(|it| it.destination);
        assert!(loud.iter().copied().eq(want), "{name}: {loud:?}");
        let junk = world.raised(Severity::Medium).len() - loud.len();
        let most = shops * MAX_TOLD_OF_FLOOD as usize;
        assert!(junk <= most, "{name}: {junk}");
        let suspect = world.suspect();
        assert!(
            suspect.iter().copied().eq(&world.sites[..shops]),
            "{name}: {suspect:?}"
        );
    }
}
