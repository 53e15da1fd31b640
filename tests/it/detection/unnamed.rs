//! Rows without client data.

use skimwatch::clock::Timestamp;
use skimwatch::enrich::Family;
use skimwatch::finding::Severity;
use skimwatch::normalize::{Directive, Labels, PageKind};
use skimwatch::sighting::{Sighting, Source};

use super::extra::*;
use super::world::*;

/// Rows without client data: stretches of time stand in for browsers.
#[test]
fn without_client_data_time_stands_in_for_witnesses() {
    let unnamed = |world: &mut World, shop: usize, destination: &str| {
        world.detector.observe(&Sighting {
            at: Timestamp(world.now),
            site: &world.sites[shop],
            destination,
            host: destination,
            blocked: "",
            directive: Directive::ConnectSrc,
            page_kind: PageKind::Checkout,
            after_payment: false,
            labels: Labels::default(),
            source: Source::None,
            client: 0,
            network: 0,
            from_hosting: false,
            family: Family::Unknown,
            mobile: false,
            card_encoding: "",
            policy: 0,
            policy_text: "",
        });
        world.advance();
    };
    let quiet = |world: &mut World| {
        for _ in 0..7 * 24 {
            world.now += HOUR;
            for shop in 0..3 {
                unnamed(world, shop, "chat.example");
            }
        }
        world.findings.clear();
    };
    for (name, apart, want) in [
        ("minutes apart", 5 * MINUTE, true),
        ("at one moment", 0, false),
    ] {
        let mut world = World::of(3);
        quiet(&mut world);
        world.now = (world.now / DAY + 1) * DAY;
        for _ in 0..12 {
            for shop in 0..3 {
                unnamed(&mut world, shop, "chat.example");
                unnamed(&mut world, shop, SKIMMER);
            }
            world.now += apart;
        }
        let raised = world.raised(Severity::Medium).contains(SKIMMER);
        assert_eq!(raised, want, "{name}");
        for finding in world.findings.iter().filter(|it| it.destination == SKIMMER) {
            let told = finding.hits.iter().map(|hit| (hit.clients, hit.networks));
            assert!(
                told.clone().all(|told| told == (0, 0)),
                "{name}: nobody counted"
            );
        }
    }
}
