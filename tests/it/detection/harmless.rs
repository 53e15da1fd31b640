//! What is not raised.

use skimwatch::detect::Kinship;
use skimwatch::enrich::Family;
use skimwatch::finding::Severity;
use skimwatch::language::Language;
use skimwatch::normalize::{Label, PageKind, Profile};

use super::extra::*;
use super::world::*;

/// Something that happens to a world of twenty shops.
type Play = fn(&mut World, Extra<'_>);

/// What must not be raised. Each case differs from a campaign, which is the last, by one thing.
#[test]
fn what_is_no_campaign() {
    let labeled = |label| Extra {
        label: Some(label),
        ..SENDS
    };
    let elsewhere = Extra {
        page_kind: PageKind::Other,
        ..SENDS
    };
    let desktop = Extra {
        kind: Some((Family::Chromium, false)),
        ..SENDS
    };
    let word = Extra {
        blocked: "data",
        ..SENDS
    };
    let cases: [(&str, Play, Extra<'_>, bool); 8] = [
        (
            "the shops' own domain",
            hit_four,
            labeled(Label::OwnDomain),
            false,
        ),
        (
            "a private host",
            hit_four,
            labeled(Label::PrivateHost),
            false,
        ),
        (
            "a copy of the page",
            hit_four,
            labeled(Label::ForeignDocument),
            false,
        ),
        ("no payment page", hit_four, elsewhere, false),
        ("no host", hit_four, word, false),
        ("one network", one_network, SENDS, false),
        (
            "one visitor in thirty, everywhere",
            one_in_thirty,
            desktop,
            false,
        ),
        ("none of this", hit_four, SENDS, true),
    ];
    for (name, play, extra, is_raised) in cases {
        let mut world = World::of(20);
        play(&mut world, extra);
        assert_eq!(
            !world.raised(Severity::Medium).is_empty(),
            is_raised,
            "{name}: {}",
            world.explain(SKIMMER)
        );
    }
}

fn hit_four(world: &mut World, extra: Extra<'_>) {
    world.hit(4, 10, &[extra]);
}

fn one_network(world: &mut World, extra: Extra<'_>) {
    for shop in 0..4 {
        for _ in 0..20 {
            world.visit(shop, 7, &[extra]);
        }
    }
}

fn one_in_thirty(world: &mut World, extra: Extra<'_>) {
    for n in 0..3000 {
        let shop = usize::try_from(n % 20).expect("small");
        // The whole world's visitors take turns, so each shop has one in thirty.
        let has = (n / 20 + 7 * (n % 20)) % 30 == 7;
        let extras: &[Extra<'_>] = if has { &[extra] } else { &[] };
        world.visit(shop, 500_000 + n, extras);
        // Three days, so that the others are seen too.
        world.now += 90_000;
    }
}

/// Where visitors are of all kinds, silence tells: who came since and reports nothing of it.
#[test]
fn one_visitor_in_thirty_follows_visitors_in_the_end() {
    let mut world = World::of(20);
    one_in_thirty(&mut world, SENDS);
    assert!(world.raised(Severity::High).is_empty());
    let told = world.explain(SKIMMER);
    assert_eq!(world.last_of(SKIMMER).severity, Severity::Low, "{told}");
    assert!(
        world.reason(SKIMMER, "follows-visitors").is_some(),
        "{told}"
    );
}

#[test]
fn two_shops_of_one_house_are_one_witness() {
    let profile = |domain: &str| Profile::new(&[domain.to_owned()], &[], &[]);
    for (name, other, merchants, raised) in [
        ("one house", "b.house.example", "one merchant", false),
        (
            "two houses",
            "b.home.example",
            "2 unrelated merchants",
            true,
        ),
    ] {
        let (a, b) = (profile("a.house.example"), profile(other));
        let mut world = World::of(2);
        let kinship = Kinship::of(world.sites.iter().zip([&a, &b]));
        world.detector.set_kinship(kinship);
        world.hit(2, 8, &[SENDS]);
        let reach = world.reason(SKIMMER, "new-on-payment-pages");
        let text = reach.expect("a reason").text(Language::En);
        assert!(text.contains(merchants), "{name}: {text}");
        assert_eq!(
            world.severity_of(SKIMMER) >= Some(Severity::High),
            raised,
            "{name}"
        );
    }
}
