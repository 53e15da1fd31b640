//! What findings leave behind.

use skimwatch::cases::{Recorded, What};
use skimwatch::clock::Timestamp;
use skimwatch::finding::{Finding, FindingKind, Hit, Severity};
use skimwatch::ids::SiteId;
use skimwatch::normalize::Directive;
use skimwatch::scope::Scope;

use super::{Bench, START, alert_of, evil, finding};

#[test]
fn a_finding_twice_changes_nothing() {
    let bench = Bench::new();
    let findings = [
        evil(Severity::High, 1, &["a", "b"]),
        finding("other.example", Severity::Medium, (START, 1), &["c"]),
    ];
    let recorded = bench.cases.record(&findings).expect("taken down");
    assert_eq!(recorded.raised.len(), 2);
    let before = bench.rows();
    let again = bench.cases.record(&findings).expect("taken down");
    assert_eq!(again, Recorded::default());
    assert_eq!(bench.rows(), before);
    assert_eq!(bench.cases.record(&[]).expect("nothing"), again);
}

#[test]
fn low_findings_are_not_recorded() {
    let bench = Bench::new();
    let before = bench.rows();
    let low = evil(Severity::Low, 1, &["a"]);
    let recorded = bench.cases.record(std::slice::from_ref(&low));
    assert!(recorded.expect("passed over").raised.is_empty());
    assert_eq!(bench.rows(), before);
    // It stays so when it comes again after the campaign was raised elsewhere.
    let high = evil(Severity::High, 2, &["b"]);
    bench.cases.record(&[high]).expect("taken down");
    let before = bench.rows();
    bench.cases.record(&[low]).expect("passed over");
    assert_eq!(bench.rows(), before);
    // What comes later about a campaign that is known counts, whatever its severity.
    let joined = evil(Severity::Low, 3, &["b", "c"]);
    let recorded = bench.cases.record(&[joined]).expect("taken down");
    assert_eq!(recorded.joined.len(), 1);
}

#[test]
fn severity_rises_once_and_never_falls() {
    let bench = Bench::new();
    let id = alert_of("evil.example");
    let (medium, high, critical) = (Severity::Medium, Severity::High, Severity::Critical);
    // What stands afterwards, and the second that it is of.
    for (second, (name, severity, score, stands, worsened)) in (1..).zip([
        ("raised", medium, 4.0, (medium, 4.0, 1), 0),
        ("rises", critical, 9.0, (critical, 9.0, 2), 1),
        ("again", critical, 9.0, (critical, 9.0, 2), 1),
        ("falls", high, 7.0, (critical, 9.0, 2), 1),
        ("lower, higher score", high, 99.0, (critical, 9.0, 2), 1),
        ("higher score", critical, 10.0, (critical, 10.0, 6), 1),
    ]) {
        let mut finding = evil(severity, second, &["a"]);
        finding.score = score;
        if name == "again" {
            // Of equals the first stands.
            finding.kind = FindingKind::ForeignScript;
        }
        bench.cases.record(&[finding]).expect("taken down");
        let alert = bench.cases.alert(&Scope::Operator, &id).expect("readable");
        let campaign = alert.expect("it is there").campaign;
        let judged = (campaign.judged_at.0 - START) / 1000;
        assert_eq!(
            (campaign.severity, campaign.score, judged),
            stands,
            "{name}"
        );
        assert_eq!(campaign.raised_at, Timestamp(START + 1000), "{name}");
        assert_eq!(campaign.kind, FindingKind::Exfiltration, "{name}");
        assert_eq!(bench.count(&id, What::Worsened), worsened, "{name}");
    }
}

#[test]
fn a_site_that_joins_adds_one_event() {
    let bench = Bench::new();
    let id = alert_of("evil.example");
    for (second, sites, joined) in [
        (1, &["a"][..], &[][..]),
        (2, &["a", "b"], &["b"]),
        (3, &["a", "b"], &["b"]),
        (4, &["c", "d"], &["b", "c", "d"]),
        (5, &["a", "b", "c", "d"], &["b", "c", "d"]),
    ] {
        let finding = evil(Severity::High, second, sites);
        bench.cases.record(&[finding]).expect("taken down");
        let events = bench.cases.events(&Scope::Operator, &id).expect("readable");
        let found: Vec<&str> = events
            .iter()
            .filter(|event| event.what == What::SiteJoined)
            .map(|event| event.subject.as_str())
            .collect();
        assert_eq!(found, joined, "{second}");
    }
}

#[test]
fn figures_only_grow_and_first_seen_only_falls() {
    let bench = Bench::new();
    let hit = |first, last, (clients, networks), directive, card_number| Hit {
        site: SiteId::new("a").expect("a plain id"),
        first_seen: Timestamp(START + first),
        last_seen: Timestamp(START + last),
        clients,
        networks,
        page_networks: networks + 1,
        directives: vec![directive],
        card_number,
    };
    let of = |first, hit| Finding {
        first_seen: Timestamp(START + first),
        hits: vec![hit],
        ..evil(Severity::High, 20, &["a"])
    };
    let findings = [
        of(10, hit(10, 20_000, (5, 2), Directive::ImgSrc, true)),
        of(5, hit(5, 19_000, (3, 4), Directive::ConnectSrc, false)),
        of(15, hit(15, 21_000, (4, 1), Directive::ImgSrc, false)),
    ];
    bench.cases.record(&findings).expect("taken down");
    let id = alert_of("evil.example");
    let alert = bench.cases.alert(&Scope::Operator, &id).expect("readable");
    let campaign = alert.expect("it is there").campaign;
    assert_eq!(campaign.first_seen, Timestamp(START + 5));
    assert_eq!(campaign.last_seen, Timestamp(START + 21_000));
    let hit = &campaign.sites[0];
    assert_eq!(hit.first_seen, Timestamp(START + 5));
    assert_eq!(hit.last_seen, Timestamp(START + 21_000));
    assert_eq!((hit.clients, hit.networks, hit.card_number), (5, 4, true));
    assert_eq!(hit.page_networks, 5);
    assert_eq!(hit.directives, ["connect-src", "img-src"]);
}
