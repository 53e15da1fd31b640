//! Floods: what they hide, whom they accuse, and that they fill no memory.

use skimwatch::detect::MAX_TOLD_OF_FLOOD;
use skimwatch::finding::{Finding, Reason, Severity};
use skimwatch::limit::BURST;
use skimwatch::normalize::Label;

use super::extra::*;
use super::world::*;

/// Who makes up what else a page reports, and for whom.
#[derive(Clone, Copy)]
enum Junk {
    /// Other names for each visitor.
    EachVisitor,
    /// The same names for all visitors.
    Page,
    /// The first visitor of the shop alone has it: a scanner, or adware.
    OneNetwork,
}

impl World {
    /// A skimmer at a shop that has its visitors send junk, as the limiter labels it.
    fn skim_under_flood(&mut self, shop: usize, visitors: u64, junk: Junk, extra: Extra<'_>) {
        for n in 0..visitors {
            let visitor = 10_000 * (shop as u64 + 1) + n;
            let is_new = n == 0 || matches!(junk, Junk::EachVisitor);
            let maker = if matches!(junk, Junk::EachVisitor) {
                visitor
            } else {
                0
            };
            let floods = n == 0 || !matches!(junk, Junk::OneNetwork);
            for m in 0..if floods { 100 } else { 0 } {
                let label = (is_new && m >= BURST).then_some(Label::Burst);
                self.see(
                    shop,
                    visitor,
                    Extra {
                        destination: &format!("junk-{maker}-{m}.example"),
                        label,
                        ..SENDS
                    },
                );
            }
            self.visit(shop, visitor, &[extra]);
        }
    }
}

/// A page that pushes the report that matters out by junk draws attention to it.
#[test]
fn a_flood_of_the_pages_speaks_against_what_comes_with_it() {
    let cases: [(&str, Option<Junk>, u64, bool); 5] = [
        ("no flood", None, 8, false),
        ("the page floods", Some(Junk::EachVisitor), 8, true),
        (
            "two visitors are not the page",
            Some(Junk::EachVisitor),
            2,
            false,
        ),
        ("one network floods", Some(Junk::OneNetwork), 8, false),
        (
            "new to the shop for the first visitor only",
            Some(Junk::Page),
            8,
            false,
        ),
    ];
    for (name, junk, visitors, hidden) in cases {
        let mut world = World::of(3);
        for shop in 0..2 {
            match junk {
                Some(junk) => world.skim_under_flood(shop, visitors, junk, SENDS),
                None => world.skim(shop, visitors, SENDS),
            }
            // Hours apart, so that the pace says little.
            world.now += 20 * HOUR;
        }
        let told = world.explain(SKIMMER);
        assert_eq!(
            world.has_reason("hidden-in-flood"),
            hidden,
            "{name}: {told}"
        );
        let severity = world.severity_of(SKIMMER);
        assert_eq!(severity >= Some(Severity::High), hidden, "{name}: {told}");
    }
}

/// An adware that floods at one visitor in ten follows the visitor; what is honestly new then bears no blame.
#[test]
fn floods_of_few_visitors_are_not_the_pages() {
    let mut world = World::of(3);
    for n in 0..200 {
        let visitor = 20_000 + n;
        if n % 10 == 0 {
            for m in 0..100 {
                let label = (m >= BURST).then_some(Label::Burst);
                world.see(
                    0,
                    visitor,
                    Extra {
                        destination: &format!("ad-{n}-{m}.example"),
                        label,
                        ..SENDS
                    },
                );
            }
        }
        world.visit(0, visitor, &[SENDS]);
    }
    assert!(world.raised(Severity::Medium).contains(SKIMMER));
    assert!(!world.has_reason("hidden-in-flood"));
}

/// Junk that is the same for all looks like what it hides: few of it are told of, and what stands out is.
#[test]
fn a_flood_of_the_same_everywhere_raises_few() {
    let mut world = World::of(4);
    let card = Extra {
        card: "base64",
        ..SENDS
    };
    for shop in 0..3 {
        world.skim_under_flood(shop, 8, Junk::Page, card);
    }
    let raised = world.raised(Severity::Medium);
    let most = MAX_TOLD_OF_FLOOD as usize + 1;
    assert!(raised.contains(SKIMMER), "{raised:?}");
    assert!(raised.len() <= most, "{raised:?}");
    assert!(world.has_reason("one-of-many") && !world.has_reason("hidden-in-flood"));
}

/// Forgers with a handful of networks flood many shops and accuse somebody.
#[test]
fn a_flood_from_the_same_networks_everywhere_is_forged() {
    let mut world = World::of(20);
    for shop in 0..20 {
        for network in 900..906 {
            for m in 0..100 {
                let label = (m >= BURST).then_some(Label::Burst);
                world.see(
                    shop,
                    network,
                    Extra {
                        destination: &format!("junk-{shop}-{network}-{m}.example"),
                        label,
                        ..SENDS
                    },
                );
            }
            world.visit(shop, network, &[SENDS]);
        }
    }
    let hidden = |reason: &&Reason| reason.code() == "hidden-in-flood";
    let weight = |finding: &Finding| finding.reasons.iter().find(hidden).map(|it| it.weight);
    let weights: Vec<f64> = world.findings.iter().filter_map(weight).collect();
    assert!(weights.len() > 2, "{weights:?}");
    assert!(*weights.last().expect("one") < 0.1, "{weights:?}");
}
