//! What is raised.

use skimwatch::clock::Timestamp;
use skimwatch::finding::{FindingKind, Severity};
use skimwatch::normalize::{Directive, PageKind};
use skimwatch::sighting::Source;

use super::extra::*;
use super::world::*;

#[test]
fn new_at_two_unrelated_merchants_is_a_campaign() {
    let mut world = World::of(3);
    world.skim(1, 6, SENDS);
    let first = world.now;
    world.skim(0, 6, SENDS);
    assert!(world.raised(Severity::Medium).into_iter().eq([SKIMMER]));
    let finding = world.last_of(SKIMMER);
    let hit: Vec<&str> = finding.hits.iter().map(|hit| hit.site.as_str()).collect();
    assert_eq!(
        hit,
        ["shop-1", "shop-0"],
        "in the order in which they were hit"
    );
    assert_eq!(finding.kind, FindingKind::Exfiltration);
    assert_eq!(finding.hits[1].first_seen, Timestamp(first));
    let hit = &finding.hits[0];
    assert_eq!((hit.clients, hit.networks), (6, 6));
    assert_eq!(hit.page_networks, 6, "nobody else came since");
    assert_eq!(finding.reasons[0].code(), "new-on-payment-pages");
}

#[test]
fn more_merchants_weigh_more() {
    let mut world = World::of(12);
    let mut severities = Vec::new();
    for shop in 0..12 {
        world.skim(shop, 8, SENDS);
        severities.push(world.last_of(SKIMMER).severity);
    }
    assert!(severities.is_sorted(), "{severities:?}");
    severities.dedup();
    assert_eq!(
        severities,
        [Severity::Medium, Severity::High, Severity::Critical]
    );
}

/// A campaign's extras, the one reason of the list that they are to bring about, and what it is.
type Case = (
    &'static str,
    &'static [Extra<'static>],
    &'static str,
    FindingKind,
);

const CASES: [Case; 8] = [
    (
        "a form",
        &[via(Directive::FormAction)],
        "forms-go-there",
        FindingKind::FakePaymentPage,
    ),
    (
        "a planted file",
        &[by(Source::OwnFile("/js/vendor/jquery.js"))],
        "shared-script",
        FindingKind::Exfiltration,
    ),
    (
        "a tag manager",
        &[by(Source::TagManager)],
        "by-tag-manager",
        FindingKind::Exfiltration,
    ),
    (
        "its own script",
        &[by(Source::Destination)],
        "by-itself",
        FindingKind::Exfiltration,
    ),
    (
        "also elsewhere",
        &[SENDS, ELSEWHERE],
        "other-pages-too",
        FindingKind::Exfiltration,
    ),
    (
        "only here",
        &[SENDS, CHAT_ELSEWHERE],
        "payment-pages-only",
        FindingKind::Exfiltration,
    ),
    (
        "a widget",
        &[LOADS, via(Directive::StyleSrcElem)],
        "looks-like-widget",
        FindingKind::ForeignScript,
    ),
    (
        "a tag",
        &[LOADS, SENDS],
        "looks-like-tag",
        FindingKind::Exfiltration,
    ),
];

const ELSEWHERE: Extra<'static> = Extra {
    page_kind: PageKind::Other,
    ..SENDS
};

const CHAT_ELSEWHERE: Extra<'static> = Extra {
    destination: "chat.example",
    ..ELSEWHERE
};

const fn via(directive: Directive) -> Extra<'static> {
    Extra { directive, ..SENDS }
}

const fn by(source: Source<'static>) -> Extra<'static> {
    Extra { source, ..SENDS }
}

#[test]
fn what_speaks_for_an_attack_and_against_it() {
    for (name, extras, code, kind) in CASES {
        let mut world = World::of(4);
        world.hit(4, 6, extras);
        assert_eq!(world.last_of(SKIMMER).kind, kind, "{name}");
        for (_, _, other, _) in CASES {
            let said = world.reason(SKIMMER, other).is_some();
            assert_eq!(said, other == code, "{name}: {}", world.explain(SKIMMER));
        }
        let sends = extras
            .iter()
            .all(|it| it.directive == Directive::ConnectSrc);
        let said = world.reason(SKIMMER, "sends-only").is_some();
        assert_eq!(said, sends, "{name}");
    }
}

#[test]
fn a_raised_campaign_is_joined_at_once() {
    let mut world = World::of(4);
    world.hit(2, 6, &[SENDS]);
    let before = world.findings.len();
    world.visit(3, 77_777, &[SENDS]);
    assert_eq!(
        world.findings.len(),
        before + 1,
        "one visitor is enough now"
    );
    let joined = world.last_of(SKIMMER).hits.last().expect("a hit");
    assert_eq!((joined.site.as_str(), joined.clients), ("shop-3", 1));
}
