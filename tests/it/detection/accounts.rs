//! Accounts on services that anybody may use: each is a subject of its own.

use skimwatch::finding::Severity;
use skimwatch::ids::CampaignId;

use super::extra::*;
use super::world::*;

const BOT: Extra<'static> = Extra {
    destination: "telegram.org",
    blocked: "https://api.telegram.org/bot7:AAF/sendMessage",
    ..SENDS
};
const HONEST_BOT: Extra<'static> = Extra {
    blocked: "https://api.telegram.org/bot1:honest/sendMessage",
    ..BOT
};
const PROPERTY: Extra<'static> = Extra {
    destination: "google-analytics.com",
    blocked: "https://www.google-analytics.com/g/collect?v=2&tid=G-EVIL000001",
    ..SENDS
};
const OWN_PROPERTY: Extra<'static> = Extra {
    blocked: "https://www.google-analytics.com/g/collect?v=2&tid=G-HONEST0001",
    ..PROPERTY
};

#[test]
fn an_account_is_a_subject_of_its_own() {
    for (name, honest, evil, account) in [
        ("a bot of a messenger", HONEST_BOT, BOT, "bot7:AAF"),
        (
            "a property of analytics",
            OWN_PROPERTY,
            PROPERTY,
            "G-EVIL000001",
        ),
    ] {
        // All shops have had an account there for long.
        let mut world = World::unvisited(8).settled(&[honest]);
        world.hit(8, 8, &[honest, evil]);
        let severity = world.severity_of(account);
        assert!(severity >= Some(Severity::Medium), "{name}: {severity:?}");
        let finding = world.last_of(account);
        assert_eq!(finding.destination, evil.destination, "{name}");
        let key = format!("{} {account}", evil.destination);
        assert_eq!(finding.campaign, CampaignId::of(&key), "{name}");
        assert_eq!(finding.hits.len(), 8, "{name}");
        let reason = |code| world.reason(account, code).is_some();
        assert!(reason("account-of-service"), "{name}");
        assert!(!reason("well-known") && !reason("known-for-long"), "{name}");
        assert!(world.raised(Severity::Low).iter().eq([&account]), "{name}");
    }
}

/// The address of a service alone says nothing, unless cards leave for it.
#[test]
fn the_service_is_raised_for_cards_only() {
    for (name, card, is_found) in [("no cards", "", false), ("cards", "base64", true)] {
        let mut world = World::of(4);
        world.hit(4, 6, &[Extra { card, ..BOT }]);
        let found = world.severity_of("telegram.org").is_some();
        assert_eq!(found, is_found, "{name}");
    }
}

/// An account at one merchant is the merchant's own, mostly.
#[test]
fn an_account_at_one_merchant_weighs_less() {
    let points = |shops| {
        let mut world = World::of(4);
        world.hit(shops, 6, &[BOT]);
        world
            .reason("bot7:AAF", "account-of-service")
            .expect("said")
            .weight
    };
    let (alone, shared) = (points(1), points(2));
    assert!(alone < shared && shared < 0.0, "{alone} {shared}");
}
