//! What a name alone says.

use skimwatch::detect::Kinship;
use skimwatch::finding::Severity;
use skimwatch::normalize::Profile;

use super::extra::*;
use super::world::*;

#[test]
fn names_that_imitate() {
    for (name, destination, reason) in [
        (
            "a service",
            "google-anaiytics.com",
            Some("imitates-service"),
        ),
        ("a library", "jquery-cdn.com", Some("imitates-service")),
        ("the shop", "claires-assets.com", Some("imitates-shop")),
        ("thrown away", "qwhrtz.top", Some("cheap-name")),
        ("a service itself", "hotjar.com", Some("well-known")),
        ("a plain name", "matsu-coffee.jp", None),
    ] {
        let mut world = World::of(3);
        let own = Profile::new(&["www.claires.com".to_owned()], &[], &[]);
        let kinship = Kinship::of(std::iter::once((&world.sites[0], &own)));
        world.detector.set_kinship(kinship);
        let extra = Extra {
            destination,
            ..SENDS
        };
        world.hit(2, 6, &[extra]);
        for code in [
            "imitates-service",
            "imitates-shop",
            "cheap-name",
            "well-known",
        ] {
            let said = world.reason(destination, code).is_some();
            assert_eq!(said, reason == Some(code), "{name}: {code}");
        }
    }
}

/// The name of one shop is nothing to another.
#[test]
fn a_name_imitates_the_shop_where_it_is() {
    let own = Profile::new(&["www.claires.com".to_owned()], &[], &[]);
    for (name, shop, imitates) in [("there", 0, true), ("elsewhere", 1, false)] {
        let mut world = World::of(3);
        let kinship = Kinship::of(std::iter::once((&world.sites[0], &own)));
        world.detector.set_kinship(kinship);
        let extra = Extra {
            destination: "claires-assets.com",
            ..SENDS
        };
        world.skim(shop, 8, extra);
        let said = world.reason(extra.destination, "imitates-shop").is_some();
        assert_eq!(said, imitates, "{name}");
    }
}

#[test]
fn an_imitation_needs_less() {
    let plain = Extra {
        destination: "matsu-coffee.jp",
        ..SENDS
    };
    let imitation = Extra {
        destination: "google-anaiytics.com",
        ..SENDS
    };
    for (name, extra, is_high) in [("plain", plain, false), ("an imitation", imitation, true)] {
        let mut world = World::of(3);
        world.skim(0, 4, extra);
        world.now += 5 * DAY;
        world.skim(1, 4, extra);
        let told = world.explain(extra.destination);
        let severity = world.severity_of(extra.destination);
        assert!(severity >= Some(Severity::Medium), "{name}: {told}");
        assert_eq!(severity >= Some(Severity::High), is_high, "{name}: {told}");
    }
}
