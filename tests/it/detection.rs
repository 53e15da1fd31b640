//! The detector's core, sighting by sighting: what is raised, what is not, and that it is told once.

use std::collections::BTreeSet;

use skimwatch::clock::Timestamp;
use skimwatch::detect::{Config, Detector, Kinship, MAX_PLACES, MAX_TOLD_OF_FLOOD};
use skimwatch::enrich::{Enricher, Family, PseudonymKey};
use skimwatch::finding::{Finding, FindingKind, Reason, Severity};
use skimwatch::ids::SiteId;
use skimwatch::intake::Examiner;
use skimwatch::language::Language;
use skimwatch::limit::BURST;
use skimwatch::normalize::{Directive, Label, Labels, PageKind, Profile};
use skimwatch::redact::{Harmless, Key, Redactor};
use skimwatch::sighting::{Sighting, Source};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
const START: i64 = 1_800_000_000_000;
const SKIMMER: &str = "cdn-metrics.example";

/// Shops, the visitors of their checkout, and a detector that sees their reports.
struct World {
    sites: Vec<SiteId>,
    detector: Detector,
    now: i64,
    findings: Vec<Finding>,
}

/// What a visitor's page reports besides the standing violation of the shop.
#[derive(Clone, Copy)]
struct Extra {
    destination: &'static str,
    directive: Directive,
    page_kind: PageKind,
    label: Option<Label>,
    card: &'static str,
    family: Option<Family>,
}

const SENDS: Extra = Extra {
    destination: SKIMMER,
    directive: Directive::ConnectSrc,
    page_kind: PageKind::Checkout,
    label: None,
    card: "",
    family: None,
};

impl World {
    /// This many shops with a week of ordinary visits behind them.
    fn of(shops: u32) -> Self {
        let sites: Vec<SiteId> = (0..shops).map(|n| site(&format!("shop-{n}"))).collect();
        let mut world = Self {
            sites,
            detector: Detector::new(Config::default(), Kinship::default()),
            now: START,
            findings: Vec::new(),
        };
        for day in 0..7 {
            for shop in 0..shops as usize {
                for visitor in 0..10 {
                    world.visit(shop, 1_000_000 + day * 1000 + visitor, &[]);
                }
            }
            world.now = START + (i64::try_from(day).expect("small") + 1) * DAY;
        }
        assert!(
            world.raised(Severity::Medium).is_empty(),
            "ordinary days are quiet"
        );
        world.findings.clear();
        world
    }

    /// A visit of a shop's checkout; every visitor reports the shop's standing violation.
    fn visit(&mut self, shop: usize, visitor: u64, extras: &[Extra]) {
        let standing = format!("chat-{shop}.example");
        let widget = Extra {
            directive: Directive::ScriptSrcElem,
            ..SENDS
        };
        self.see(shop, visitor, &standing, widget);
        for extra in extras {
            self.see(shop, visitor, extra.destination, *extra);
        }
        let findings = self.detector.advance(Timestamp(self.now));
        self.findings.extend(findings);
        self.now += 100;
    }

    fn see(&mut self, shop: usize, visitor: u64, destination: &str, extra: Extra) {
        let families = [Family::Chromium, Family::WebKit, Family::Firefox];
        let mut labels = Labels::default();
        if let Some(label) = extra.label {
            labels.insert(label);
        }
        self.detector.observe(&Sighting {
            at: Timestamp(self.now),
            site: &self.sites[shop],
            destination,
            is_host: true,
            directive: extra.directive,
            page_kind: extra.page_kind,
            labels,
            source: Source::None,
            client: visitor,
            network: visitor,
            family: extra
                .family
                .unwrap_or(families[usize::try_from(visitor % 3).expect("small")]),
            mobile: visitor.is_multiple_of(2),
            card_encoding: extra.card,
            policy: 0,
            policy_text: "",
        });
    }

    /// A skimmer at a shop for this many visitors, of whom nobody was anywhere else.
    fn skim(&mut self, shop: usize, visitors: u64, extra: Extra) {
        for n in 0..visitors {
            self.visit(shop, 10_000 * (shop as u64 + 1) + n, &[extra]);
        }
    }

    /// Destinations that reached this severity.
    fn raised(&self, severity: Severity) -> Vec<&str> {
        let mut names: Vec<_> = self
            .findings
            .iter()
            .filter(|finding| finding.severity >= severity)
            .map(|finding| finding.destination.as_str())
            .collect();
        names.dedup();
        names
    }

    fn last(&self) -> &Finding {
        self.findings.last().expect("something was found")
    }
}

fn site(name: &str) -> SiteId {
    SiteId::new(name).expect("a plain name")
}

#[test]
fn new_at_two_unrelated_merchants_is_a_campaign() {
    let mut world = World::of(3);
    world.skim(1, 6, SENDS);
    let first = world.now;
    world.skim(0, 6, SENDS);
    assert_eq!(world.raised(Severity::Medium), [SKIMMER]);
    let finding = world.last();
    let hit: Vec<&str> = finding.hits.iter().map(|hit| hit.site.as_str()).collect();
    assert_eq!(
        hit,
        ["shop-1", "shop-0"],
        "in the order in which they were hit"
    );
    assert_eq!(finding.kind, FindingKind::Exfiltration);
    assert_eq!(finding.hits[1].first_seen, Timestamp(first));
    assert_eq!((finding.hits[0].clients, finding.hits[0].networks), (6, 6));
    assert_eq!(finding.reasons[0].code(), "new-on-payment-pages");
    let sum: f64 = finding.reasons.iter().map(|reason| reason.weight).sum();
    assert!(
        (sum - finding.score).abs() < 1e-9,
        "the reasons are the score"
    );
}

#[test]
fn more_merchants_weigh_more() {
    let mut world = World::of(12);
    for shop in 0..12 {
        world.skim(shop, 8, SENDS);
    }
    let mut severities: Vec<Severity> = world.findings.iter().map(|it| it.severity).collect();
    severities.dedup();
    assert_eq!(
        severities,
        [
            Severity::Low,
            Severity::Medium,
            Severity::High,
            Severity::Critical
        ]
    );
}

/// Something that happens to a world of twenty shops.
type Play = fn(&mut World, Extra);

/// What must not be raised, with what would have to be there for it to be.
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
        family: Some(Family::Chromium),
        ..SENDS
    };
    let cases: [(&str, Play, Extra); 6] = [
        ("the shops' own domain", hit_all, labeled(Label::OwnDomain)),
        (
            "a copy of the page",
            hit_all,
            labeled(Label::ForeignDocument),
        ),
        ("no payment page", hit_all, elsewhere),
        ("one network", one_network, SENDS),
        ("one visitor in thirty, everywhere", one_in_thirty, desktop),
        ("there since the first day", since_the_first_day, SENDS),
    ];
    for (name, play, extra) in cases {
        let mut world = World::of(20);
        play(&mut world, extra);
        assert_eq!(world.raised(Severity::Medium), [""; 0], "{name}");
    }
}

fn one_network(world: &mut World, extra: Extra) {
    for shop in 0..4 {
        for _ in 0..20 {
            world.visit(shop, 7, &[extra]);
        }
    }
}

fn one_in_thirty(world: &mut World, extra: Extra) {
    for n in 0..600 {
        let shop = usize::try_from(n % 20).expect("small");
        let extras: &[Extra] = if n / 20 % 30 == 7 { &[extra] } else { &[] };
        world.visit(shop, 500_000 + n, extras);
    }
}

fn since_the_first_day(world: &mut World, extra: Extra) {
    let mut fresh = World::of(0);
    fresh.sites.clone_from(&world.sites);
    for day in 0..7 {
        for shop in 0..4 {
            for visitor in 0..10 {
                fresh.visit(shop, 2_000_000 + day * 1000 + visitor, &[extra]);
            }
        }
        fresh.now = START + (i64::try_from(day).expect("small") + 1) * DAY;
    }
    fresh.findings.clear();
    hit_all(&mut fresh, extra);
    *world = fresh;
}

fn hit_all(world: &mut World, extra: Extra) {
    for shop in 0..4 {
        world.skim(shop, 10, extra);
    }
}

#[test]
fn two_shops_of_one_house_are_one_witness() {
    let profile = |domain: &str| Profile::new(&[domain.to_owned()], &[], &[]);
    let (a, b) = (profile("a.house.example"), profile("b.house.example"));
    let mut world = World::of(2);
    let sites = world.sites.clone();
    let kinship = Kinship::of([(&sites[0], &a), (&sites[1], &b)].into_iter());
    world.detector.set_kinship(kinship);
    let plain = Extra {
        family: Some(Family::Chromium),
        ..SENDS
    };
    world.skim(0, 6, plain);
    world.skim(1, 6, plain);
    assert_eq!(world.raised(Severity::High), [""; 0]);
    let mut reasons = world.last().reasons.iter();
    let reach = reasons.find(|reason| reason.code() == "new-on-payment-pages");
    let text = reach.expect("a reason").text(Language::En);
    assert!(text.contains("one merchant"), "{text}");
}

/// Whoever forges reports has as many networks as he has, at however many shops he accuses somebody.
#[test]
fn the_same_networks_everywhere_are_no_independent_witnesses() {
    let mut world = World::of(20);
    for shop in 0..20 {
        for network in 0..6 {
            world.visit(shop, 900 + network, &[SENDS]);
        }
    }
    assert_eq!(world.raised(Severity::High), [""; 0]);
}

#[test]
fn card_numbers_at_one_merchant_are_enough() {
    let mut world = World::of(3);
    world.skim(
        0,
        6,
        Extra {
            card: "base64",
            ..SENDS
        },
    );
    assert_eq!(world.raised(Severity::High), [SKIMMER]);
    assert!(world.last().hits[0].card_number);
}

#[test]
fn a_form_that_goes_elsewhere_is_a_fake_payment_page() {
    let mut world = World::of(3);
    let form = Extra {
        directive: Directive::FormAction,
        ..SENDS
    };
    world.skim(0, 6, form);
    world.skim(1, 6, form);
    assert_eq!(world.last().kind, FindingKind::FakePaymentPage);
}

/// An old vendor's script host that begins to take data is new in that way.
#[test]
fn a_known_host_that_turns_is_new() {
    let mut world = World::of(3);
    for shop in 0..3 {
        for n in 0..10_u64 {
            let turned = Extra {
                destination: "chat.example",
                ..SENDS
            };
            let loads = Extra {
                directive: Directive::ScriptSrcElem,
                ..turned
            };
            world.now = START + DAY / 2;
            world.visit(shop, 3_000_000 + n, &[loads]);
        }
    }
    world.now = START + 8 * DAY;
    world.findings.clear();
    let turned = Extra {
        destination: "chat.example",
        ..SENDS
    };
    for shop in 0..3 {
        world.skim(shop, 8, turned);
    }
    assert_eq!(world.raised(Severity::Medium), ["chat.example"]);
}

#[test]
fn a_raised_campaign_is_joined_at_once() {
    let mut world = World::of(4);
    world.skim(0, 6, SENDS);
    world.skim(1, 6, SENDS);
    let before = world.findings.len();
    world.visit(3, 77_777, &[SENDS]);
    assert_eq!(
        world.findings.len(),
        before + 1,
        "one visitor is enough now"
    );
    let joined = world.last().hits.last().expect("a hit");
    assert_eq!((joined.site.as_str(), joined.clients), ("shop-3", 1));
}

/// After a restart everything is seen again: the same findings, and none that rises a second time.
#[test]
fn what_is_seen_again_changes_nothing() {
    let play = |world: &mut World| {
        world.skim(0, 6, SENDS);
        world.skim(1, 6, SENDS);
    };
    let (mut once, mut again) = (World::of(3), World::of(3));
    play(&mut once);
    play(&mut again);
    assert_eq!(
        once.findings, again.findings,
        "the same sightings give the same findings"
    );
    let now = again.now;
    again.now -= 24 * 100;
    play(&mut again);
    assert!(again.now <= now + 100);
    let rises = |world: &World| {
        world
            .findings
            .iter()
            .filter(|finding| finding.rises)
            .count()
    };
    assert_eq!(rises(&once), rises(&again));
}

/// Junk destinations from a few networks fill no memory and hide no campaign.
#[test]
fn a_flood_is_bounded_and_hides_nothing() {
    let mut world = World::of(3);
    let many = u32::try_from(MAX_PLACES).expect("small") + 10_000;
    for n in 0..many {
        let junk = format!("d{n}.example");
        world.see(2, 900, &junk, SENDS);
    }
    world
        .findings
        .extend(world.detector.advance(Timestamp(world.now)));
    world.now += 2 * 60 * MINUTE;
    world.skim(0, 6, SENDS);
    world.skim(1, 6, SENDS);
    assert_eq!(world.raised(Severity::Medium), [SKIMMER]);
}

/// Rows without client data: stretches of time stand in for browsers.
#[test]
fn without_client_data_time_stands_in_for_witnesses() {
    let unnamed = |world: &mut World, shop: usize, destination: &str| {
        world.detector.observe(&Sighting {
            at: Timestamp(world.now),
            site: &world.sites[shop],
            destination,
            is_host: true,
            directive: Directive::ConnectSrc,
            page_kind: PageKind::Checkout,
            labels: Labels::default(),
            source: Source::None,
            client: 0,
            network: 0,
            family: Family::Unknown,
            mobile: false,
            card_encoding: "",
            policy: 0,
            policy_text: "",
        });
        let findings = world.detector.advance(Timestamp(world.now));
        world.findings.extend(findings);
    };
    let quiet = |world: &mut World| {
        for _ in 0..7 * 24 {
            world.now += 60 * MINUTE;
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
                unnamed(&mut world, shop, SKIMMER);
            }
            world.now += apart;
        }
        let raised = world.raised(Severity::Medium).contains(&SKIMMER);
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
    fn skim_under_flood(&mut self, shop: usize, visitors: u64, junk: Junk, extra: Extra) {
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
                    &format!("junk-{maker}-{m}.example"),
                    Extra { label, ..SENDS },
                );
            }
            self.visit(shop, visitor, &[extra]);
        }
    }

    fn has_reason(&self, code: &str) -> bool {
        let mut reasons = self.findings.iter().flat_map(|finding| &finding.reasons);
        reasons.any(|reason| reason.code() == code)
    }
}

/// A page that pushes the report that matters out by junk draws attention to it.
#[test]
fn a_flood_of_the_pages_speaks_against_what_comes_with_it() {
    const HIDDEN: &str = "hidden-in-flood";
    let cases: [(&str, Option<Junk>, u64, Severity, bool); 5] = [
        ("no flood", None, 8, Severity::Medium, false),
        (
            "the page floods",
            Some(Junk::EachVisitor),
            8,
            Severity::High,
            true,
        ),
        (
            "two visitors are not the page",
            Some(Junk::EachVisitor),
            2,
            Severity::Low,
            false,
        ),
        (
            "one network floods",
            Some(Junk::OneNetwork),
            8,
            Severity::Medium,
            false,
        ),
        (
            "new to the shop for the first visitor only",
            Some(Junk::Page),
            8,
            Severity::Medium,
            false,
        ),
    ];
    for (name, junk, visitors, severity, hidden) in cases {
        let mut world = World::of(3);
        match junk {
            Some(junk) => world.skim_under_flood(0, visitors, junk, SENDS),
            None => world.skim(0, visitors, SENDS),
        }
        assert!(world.raised(severity).contains(&SKIMMER), "{name}");
        assert_eq!(world.has_reason(HIDDEN), hidden, "{name}");
        let above = Severity::ALL.into_iter().find(|it| *it > severity);
        let above = above.map(|it| world.raised(it)).unwrap_or_default();
        assert!(!above.contains(&SKIMMER), "{name}: {above:?}");
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
                    &format!("ad-{n}-{m}.example"),
                    Extra { label, ..SENDS },
                );
            }
        }
        world.visit(0, visitor, &[SENDS]);
    }
    assert!(world.raised(Severity::Medium).contains(&SKIMMER));
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
    let raised: BTreeSet<&str> = world.raised(Severity::Medium).into_iter().collect();
    let most = MAX_TOLD_OF_FLOOD as usize + 1;
    assert!(raised.contains(SKIMMER), "{raised:?}");
    assert!((2..=most).contains(&raised.len()), "{raised:?}");
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
                    &format!("junk-{shop}-{network}-{m}.example"),
                    Extra { label, ..SENDS },
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

/// What redaction leaves of a script's address is still told apart.
#[test]
fn sources_of_real_reports_are_told_apart() {
    let examiner = Examiner::new(Enricher::none(), Redactor::new(Key::new([7; 32])));
    let address = "192.0.2.1".parse().expect("an address");
    let visitor = examiner.visitor(address, "", &PseudonymKey::new([9; 32]));
    for (source, want) in [
        (
            "https://www.googletagmanager.com/gtm.js?id=GTM-ABC123",
            Source::TagManager,
        ),
        (
            "https://shop.test/js/vendor/jquery.js?v=7",
            Source::OwnFile("/js/vendor/jquery.js"),
        ),
        ("https://cdn.test/js/a.js", Source::Other),
        ("https://shop.test/checkout", Source::Other),
        ("chrome-extension", Source::Extension),
        ("", Source::None),
    ] {
        let body = serde_json::json!({ "csp-report": {
            "document-uri": "https://shop.test/checkout", "effective-directive": "connect-src",
            "blocked-uri": "https://evil.test/", "source-file": source,
        }});
        let mut seen = Vec::new();
        let entry = |entry| seen.push(entry);
        examiner
            .examine(
                (body.to_string().as_bytes(), None),
                visitor,
                (&Profile::default(), Harmless::none()),
                entry,
            )
            .expect("a report");
        let report = seen.pop().expect("one entry").expect("a report");
        let site = site("shop");
        let sighting = Sighting::of(&report, &site, Timestamp(START)).expect("a violation");
        assert_eq!(sighting.source, want, "{source}");
    }
}
