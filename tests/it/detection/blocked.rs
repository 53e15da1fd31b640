//! What people know to be bad.

use skimwatch::finding::{Evidence, Severity};
use skimwatch::normalize::PageKind;
use skimwatch::sighting::Source;
use skimwatch::trust::{Verdict, Verdicts};

use super::extra::*;
use super::world::*;

/// The skimmer is decided about so, at these shops; none: at every one.
fn decide(world: &mut World, decisions: &[(Option<usize>, Verdict)]) {
    let site = |shop: usize| world.sites[shop].clone();
    let decisions = decisions.iter().map(|(shop, verdict)| {
        let site = shop.map(site);
        (SKIMMER.to_owned(), site, *verdict)
    });
    let verdicts: Verdicts = decisions.collect();
    world.detector.set_verdicts(verdicts);
}

const BLOCKED: &[(Option<usize>, Verdict)] = &[(None, Verdict::Blocked)];

#[test]
fn one_report_of_what_is_blocked_is_an_alert() {
    let elsewhere = Extra {
        page_kind: PageKind::Other,
        ..SENDS
    };
    let admin = Extra {
        page_kind: PageKind::Admin,
        ..LOADS
    };
    let extension = Extra {
        source: Source::Extension,
        ..SENDS
    };
    let rented = Extra {
        from_hosting: true,
        ..SENDS
    };
    let at_first = (Some(0), Verdict::Blocked);
    let at_other = (Some(1), Verdict::Blocked);
    let approved = (None, Verdict::Approved);
    for (name, decisions, extra, is_told) in [
        ("nothing decided", &[][..], SENDS, false),
        ("sends", BLOCKED, SENDS, true),
        ("a script", BLOCKED, LOADS, true),
        ("on another page", BLOCKED, elsewhere, true),
        ("on an admin page", BLOCKED, admin, true),
        ("by an extension's own word", BLOCKED, extension, false),
        ("from a rented server", BLOCKED, rented, false),
        ("for this shop", &[at_first][..], SENDS, true),
        ("for another shop", &[at_other][..], SENDS, false),
        (
            "approved for all, blocked here",
            &[approved, at_first][..],
            SENDS,
            true,
        ),
    ] {
        let mut world = World::of(3);
        decide(&mut world, decisions);
        world.report(0, 77, &[extra]);
        let severity = world.severity_of(SKIMMER);
        assert_eq!(
            severity >= Some(Severity::High),
            is_told,
            "{name}: {severity:?}"
        );
        if is_told {
            let finding = world.last_of(SKIMMER);
            let hits: Vec<&str> = finding.hits.iter().map(|it| it.site.as_str()).collect();
            assert_eq!(hits, ["shop-0"], "{name}");
            let says = |it: &Evidence| *it == Evidence::Blocked { merchants: 1 };
            assert!(
                finding.reasons.iter().any(|it| says(&it.evidence)),
                "{name}"
            );
        }
    }
}

/// It does not matter how old it is, nor whether it was seen before the decision.
#[test]
fn what_was_there_before_is_told_of_too() {
    let mut world = World::of(3);
    world.report(1, 77, &[SENDS]);
    let before = world.severity_of(SKIMMER);
    assert!(before < Some(Severity::High), "one visitor: {before:?}");
    decide(&mut world, BLOCKED);
    world.advance();
    assert_eq!(world.last_of(SKIMMER).hits.len(), 1);
    assert!(world.severity_of(SKIMMER) >= Some(Severity::High));
    // The next merchant joins with its first report.
    world.report(2, 78, &[SENDS]);
    assert_eq!(world.last_of(SKIMMER).hits.len(), 2);

    let chat = "chat-0.example";
    let mut world = World::of(1);
    let verdicts: Verdicts = [(chat.to_owned(), None, Verdict::Blocked)]
        .into_iter()
        .collect();
    world.detector.set_verdicts(verdicts);
    world.visit(0, 99, &[]);
    let severity = world.severity_of(chat);
    assert!(severity >= Some(Severity::High), "a week old: {severity:?}");
}
