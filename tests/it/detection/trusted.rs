//! What people vouch for.

use skimwatch::finding::Severity;
use skimwatch::normalize::Directive;
use skimwatch::trust::{Verdict, Verdicts};

use super::extra::*;
use super::world::*;

#[test]
fn a_trusted_destination_is_silent_except_for_cards_and_forms() {
    let card = Extra {
        card: "base64",
        ..SENDS
    };
    let form = Extra {
        directive: Directive::FormAction,
        ..SENDS
    };
    let frame = Extra {
        directive: Directive::FrameSrc,
        ..SENDS
    };
    let cases: [(&str, Option<usize>, Extra<'_>, &[&str]); 8] = [
        ("by nobody", Some(5), SENDS, &["shop-0", "shop-1", "shop-2"]),
        ("everywhere", None, SENDS, &[]),
        ("everywhere, a script", None, LOADS, &[]),
        ("at one shop", Some(0), SENDS, &["shop-1", "shop-2"]),
        ("card numbers", None, card, &["shop-0", "shop-1", "shop-2"]),
        (
            "card numbers at one shop",
            Some(0),
            card,
            &["shop-0", "shop-1", "shop-2"],
        ),
        ("a form", None, form, &["shop-0", "shop-1", "shop-2"]),
        ("a frame", Some(0), frame, &["shop-0", "shop-1", "shop-2"]),
    ];
    for (name, at, extra, hit) in cases {
        let mut world = World::of(6);
        let site = at.map(|shop| world.sites[shop].clone());
        let verdict = (SKIMMER.to_owned(), site, Verdict::Approved);
        let verdicts: Verdicts = [verdict].into_iter().collect();
        world.detector.set_verdicts(verdicts);
        world.hit(3, 6, &[extra]);
        let raised = world.severity_of(SKIMMER) >= Some(Severity::Medium);
        assert_eq!(raised, !hit.is_empty(), "{name}");
        if raised {
            let hits = world.last_of(SKIMMER).hits.iter();
            assert!(
                hits.map(|it| it.site.as_str()).eq(hit.iter().copied()),
                "{name}"
            );
        } else {
            assert!(world.severity_of(SKIMMER).is_none(), "{name}");
        }
    }
}
