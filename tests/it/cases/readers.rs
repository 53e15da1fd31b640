//! What readers see of cases, and what they do not.

use skimwatch::cases::AlertFilter;
use skimwatch::finding::Severity;
use skimwatch::ids::{OrganizationId, SiteId};
use skimwatch::language::Language;
use skimwatch::registry::{Author, OrganizationFacts, OrganizationKind};
use skimwatch::scope::Scope;

use super::{Bench, START, evil, finding};

#[test]
fn a_reader_learns_nothing_of_other_sites() {
    let bench = Bench::new();
    let seen = bench.sees("a-only", &["a"]);
    let nobody = bench.sees("nobody", &[]);
    let both = evil(Severity::High, 1, &["b", "a"]);
    let one = finding("other.example", Severity::High, (START, 1), &["b"]);
    bench.cases.record(&[both, one]).expect("taken down");
    let by_site = |site: &str| {
        let filter = AlertFilter {
            site: Some(SiteId::new(site).expect("a plain id")),
            ..AlertFilter::default()
        };
        let page = bench.cases.alerts(&seen, &filter, None, 10);
        page.expect("readable").alerts.len()
    };
    // That it was at b too is what the reader may not find out by asking for b.
    assert_eq!((by_site("a"), by_site("b")), (1, 0));
    let (campaigns, _) = bench.cases.campaigns(&seen, None, 10).expect("readable");
    assert_eq!(campaigns.len(), 1);
    assert_eq!((campaigns[0].sites.len(), campaigns[0].others), (1, 1));
    assert_eq!(campaigns[0].first_seen, campaigns[0].sites[0].first_seen);
    // Unless the operator does not want it told.
    let facts = OrganizationFacts {
        name: "Discreet".to_owned(),
        kind: OrganizationKind::Psp,
        language: Language::En,
        tells_others: false,
    };
    let id = OrganizationId::new("a-only").expect("a plain id");
    let put = bench
        .registry
        .put_organization(&id, facts, &Author::of_installation("test"));
    put.expect("changed");
    let (discreet, _) = bench.cases.campaigns(&seen, None, 10).expect("readable");
    assert_eq!(discreet[0].others, 0);
    assert_eq!(discreet[0].first_seen, campaigns[0].first_seen);
    let destinations = ["evil.example", "other.example"];
    let found = bench.cases.by_destination(&seen, &destinations);
    let found = found.expect("readable");
    assert_eq!(found.keys().collect::<Vec<_>>(), ["evil.example"]);
    let all = bench.cases.by_destination(&Scope::Operator, &destinations);
    assert_eq!(all.expect("readable").len(), 2);
    assert!(bench.cases.counts(&nobody).expect("readable").is_empty());
    assert!(
        bench
            .cases
            .unresolved_by_site(&nobody)
            .expect("readable")
            .is_empty()
    );
}
