//! What is new: at a site, in a way, to a site that is new itself.

use skimwatch::finding::Severity;
use skimwatch::normalize::Directive;

use super::extra::*;
use super::world::*;

const VENDOR: &str = "chat-vendor.example";
const SCRIPT: Extra<'static> = Extra {
    destination: VENDOR,
    ..LOADS
};
const DATA: Extra<'static> = Extra {
    destination: VENDOR,
    ..SENDS
};

/// An old vendor's script host that begins to take data is new in that way, and in that way only.
#[test]
fn each_way_is_new_by_itself() {
    let image = Extra {
        directive: Directive::ImgSrc,
        ..DATA
    };
    let style = Extra {
        directive: Directive::StyleSrcElem,
        ..SCRIPT
    };
    for (name, before, after, is_raised) in [
        ("a script, then data", SCRIPT, DATA, true),
        ("images, then a script", image, SCRIPT, true),
        ("data all along", DATA, DATA, false),
        ("images, then data", image, DATA, false),
        ("a script, then a style", SCRIPT, style, false),
    ] {
        let mut world = World::unvisited(6);
        for _ in 0..11 {
            world.day(&[before]);
        }
        world.findings.clear();
        world.hit(6, 8, &[before, after]);
        let raised = world.severity_of(VENDOR) >= Some(Severity::Medium);
        assert_eq!(raised, is_raised, "{name}");
        if raised {
            assert!(world.reason(VENDOR, "known-for-long").is_none(), "{name}");
        }
    }
}

/// Shops that have had it for long speak for it, in the way in which they have it.
#[test]
fn known_elsewhere_speaks_for_it_in_that_way() {
    for (name, known_as, known) in [("the same way", DATA, true), ("another way", SCRIPT, false)] {
        let mut world = World::unvisited(8);
        for _ in 0..12 {
            world.day(&[]);
            for shop in 4..8 {
                let visitor = 5_000_000 + u64::try_from(world.now / MINUTE).expect("late") * 8;
                world.visit(shop, visitor + shop as u64, &[known_as]);
            }
        }
        world.findings.clear();
        world.hit(3, 8, &[DATA]);
        let said = world.reason(VENDOR, "known-for-long").is_some();
        assert_eq!(said, known, "{name}");
    }
}

/// Policies that allow the script do not excuse the sending.
#[test]
fn policies_excuse_what_they_allow() {
    for (name, policy, excuses) in [
        ("none", "", false),
        (
            "the script",
            "script-src 'self' https://js.chat-vendor.example",
            false,
        ),
        (
            "the sending",
            "connect-src https://in.chat-vendor.example/x",
            true,
        ),
        ("everything", "default-src *.chat-vendor.example", true),
        ("another", "connect-src https://chat-vendors.example", false),
    ] {
        let mut world = World::of(8);
        for shop in 5..8 {
            let standing = Extra {
                destination: "standing.example",
                policy,
                ..LOADS
            };
            world.skim(shop, 3, standing);
        }
        world.findings.clear();
        world.hit(3, 8, &[DATA]);
        let reason = world.reason(VENDOR, "allowed-by-policies");
        assert_eq!(reason.is_some(), excuses, "{name}");
        if let Some(reason) = reason {
            assert!((reason.value - 3.0).abs() < 1e-9, "{name}: {reason:?}");
        }
    }
}

/// One network's word is no policy.
#[test]
fn a_policy_that_one_network_sends_excuses_nothing() {
    for (networks, excuses) in [(1, false), (2, true)] {
        let mut world = World::of(4);
        let standing = Extra {
            destination: "standing.example",
            policy: "connect-src https://chat-vendor.example",
            ..LOADS
        };
        for _ in 0..3 {
            world.skim(3, networks, standing);
        }
        world.hit(2, 8, &[DATA]);
        let said = world.reason(VENDOR, "allowed-by-policies").is_some();
        assert_eq!(said, excuses, "{networks}");
    }
}

/// All is new to a new shop: that alone is nothing.
#[test]
fn newcomers_are_not_raised_for_being_new() {
    let imitation = Extra {
        destination: "google-anaiytics.com",
        ..SENDS
    };
    let card = Extra {
        card: "base64",
        ..SENDS
    };
    for (name, extra, severity) in [
        ("something", SENDS, Severity::Medium),
        ("an imitation", imitation, Severity::Critical),
        ("card numbers", card, Severity::Critical),
    ] {
        let mut world = World::unvisited(8);
        world.hit(8, 8, &[extra]);
        let found = world.severity_of(extra.destination);
        assert_eq!(
            found,
            Some(severity),
            "{name}: {}",
            world.explain(extra.destination)
        );
    }
}
