//! Destinations that belong together are one campaign: which do, which do not, and that it stays so.

use skimwatch::cases::{Alert, AlertFilter, Cause, Recorded, State, What};
use skimwatch::erasure::{Erasure, Target};
use skimwatch::finding::{Finding, FindingKind, Severity};
use skimwatch::ids::{AlertId, CampaignId, SiteId};
use skimwatch::normalize::Directive;
use skimwatch::scope::Scope;

use super::{Bench, START, alert_of, close, finding};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A finding of a destination that begins so many hours after the start and is seen for an hour.
fn at(destination: &str, hours: i64, sites: &[&str]) -> Finding {
    finding(
        destination,
        Severity::High,
        (START + hours * HOUR, 3600),
        sites,
    )
}

fn alerts(bench: &Bench) -> Vec<Alert> {
    let all = bench
        .cases
        .alerts(&Scope::Operator, &AlertFilter::default(), None, 100);
    all.expect("readable").alerts
}

fn members(bench: &Bench, destination: &str) -> Vec<String> {
    let alert = bench.cases.alert(&Scope::Operator, &alert_of(destination));
    let alert = alert.expect("readable").expect("it is there");
    let members = alert.campaign.members.into_iter();
    members.map(|member| member.destination).collect()
}

/// Seen in frames, and not in scripts.
fn frames(mut found: Finding) -> Finding {
    found.kind = FindingKind::FakePaymentPage;
    for hit in &mut found.hits {
        hit.directives = vec![Directive::FrameSrc];
    }
    found
}

/// The second merchant begins that many hours later.
fn spread(mut found: Finding, hours: i64) -> Finding {
    found.hits[1].first_seen.0 += hours * HOUR;
    found.hits[1].last_seen.0 += hours * HOUR;
    found
}

/// Whether a finding joins what was found from the start at four merchants, and is reported until that hour.
fn joins(name: &str, until: i64, later: &Finding) -> bool {
    let bench = Bench::new();
    let mut lead = at("evil.example", 0, &["a", "b", "c", "d"]);
    for hit in &mut lead.hits {
        hit.last_seen.0 = START + until * HOUR;
    }
    bench.cases.record(&[lead]).expect("taken down");
    let told = bench.cases.record(std::slice::from_ref(later));
    let told = told.expect("taken down");
    let joined = told.members.len();
    let events = bench.count(&alert_of("evil.example"), What::MemberJoined);
    assert_eq!((told.raised.len(), events), (1 - joined, joined), "{name}");
    assert_eq!(alerts(&bench).len(), 2 - joined, "{name}");
    bench.registry.audit_verify().expect("whole");
    joined == 1
}

#[test]
fn merchants_in_common_bring_destinations_together() {
    let x = |hours, sites: &[&str]| at("x.example", hours, sites);
    for (name, later, expected) in [
        ("the same", x(5, &["a", "b", "c", "d"]), true),
        ("half of them", x(5, &["c", "d", "x", "y"]), true),
        (
            "half of the smaller",
            x(5, &["c", "d", "v", "x", "y"]),
            true,
        ),
        ("two of more", x(5, &["d", "a"]), true),
        ("one merchant", x(5, &["a"]), false),
        ("one in common", x(5, &["a", "x"]), false),
        ("none", x(5, &["x", "y"]), false),
        ("another use", frames(x(5, &["a", "b"])), true),
        ("six days later", x(144, &["a", "b"]), true),
        ("eight days later", x(192, &["a", "b"]), false),
        ("one of two later", spread(x(5, &["a", "b"]), 192), false),
        (
            "a well-known service",
            at("google-analytics.com", 5, &["a", "b"]),
            false,
        ),
    ] {
        assert_eq!(joins(name, 1, &later), expected, "{name}");
    }
}

#[test]
fn what_takes_the_place_of_another_belongs_to_it() {
    let later = at("x.example", 192, &["a", "b"]);
    for (name, until, later, expected) in [
        ("a day later", 170, later.clone(), true),
        ("two days later", 144, later.clone(), false),
        ("for another use", 170, frames(later.clone()), false),
        ("beside it", 200, later, true),
    ] {
        assert_eq!(joins(name, until, &later), expected, "{name}");
    }
}

/// Half counts where both are at more than four merchants.
#[test]
fn two_in_common_are_not_enough_of_many() {
    let bench = Bench::new();
    let many = ["a", "b", "c", "d", "e"];
    bench
        .cases
        .record(&[at("evil.example", 0, &many)])
        .expect("taken down");
    for (name, sites, raised) in [
        ("x.example", ["a", "b", "v", "w", "x"], 1),
        ("y.example", ["a", "b", "c", "y", "z"], 0),
    ] {
        // Not as a successor either.
        let found = at(name, 50, &sites);
        let told = bench.cases.record(&[found]).expect("taken down");
        assert_eq!(told.raised.len(), raised, "{name}");
    }
}

#[test]
fn a_new_domain_a_day_is_one_alert() {
    let bench = Bench::new();
    let mut all = Vec::new();
    for day in 0..12 {
        let name = format!("cdn-{day:02}.example");
        let mut found = at(&name, day * 24, &["a", "b", "c"]);
        for hit in &mut found.hits {
            hit.last_seen.0 = START + day * DAY + 20 * HOUR;
        }
        bench
            .cases
            .record(std::slice::from_ref(&found))
            .expect("taken down");
        all.push(found);
    }
    assert_eq!(alerts(&bench).len(), 1);
    let known = members(&bench, "cdn-00.example");
    let expected: Vec<&str> = all.iter().map(|found| found.destination.as_str()).collect();
    assert_eq!(known, expected);
    let events = bench
        .cases
        .events(&Scope::Operator, &alert_of("cdn-00.example"));
    let events = events.expect("readable");
    let joined = events
        .iter()
        .filter(|event| event.what == What::MemberJoined);
    let joined: Vec<&str> = joined.map(|event| event.subject.as_str()).collect();
    assert_eq!(joined, expected[1..]);
    let campaign = alerts(&bench).remove(0).campaign;
    assert_eq!(campaign.last_seen.0, START + 11 * DAY + 20 * HOUR);
    // A detector that starts over tells all of it again, oldest first or not.
    let before = bench.rows();
    assert_eq!(
        bench.cases.record(&all).expect("taken down"),
        Recorded::default()
    );
    all.reverse();
    assert_eq!(
        bench.cases.record(&all).expect("taken down"),
        Recorded::default()
    );
    assert_eq!(bench.rows(), before);
}

#[test]
fn a_member_raises_the_alert_and_brings_its_merchants() {
    let bench = Bench::new();
    let id = alert_of("evil.example");
    let mut lead = at("evil.example", 0, &["a", "b"]);
    lead.severity = Severity::Medium;
    let mut other = at("other.example", 5, &["a", "b", "c"]);
    (other.severity, other.score) = (Severity::Critical, 9.0);
    let told = bench
        .cases
        .record(&[lead.clone(), other.clone()])
        .expect("taken down");
    assert_eq!((told.raised.len(), told.worsened.len()), (1, 1));
    assert_eq!(
        told.joined,
        [(id.clone(), SiteId::new("c").expect("a plain id"))]
    );
    // What was found of the first goes on beside it, and does not lower the alert.
    (lead.severity, lead.score) = (Severity::High, 7.0);
    lead.at.0 += HOUR;
    bench.cases.record(&[lead]).expect("taken down");
    let campaign = alerts(&bench).remove(0).campaign;
    assert_eq!(campaign.destination, "evil.example");
    assert_eq!(
        (campaign.severity, campaign.score),
        (Severity::Critical, 9.0)
    );
    assert_eq!(
        campaign.judged().expect("it is there").destination,
        "other.example"
    );
    let each = campaign
        .members
        .iter()
        .map(|it| (it.severity, it.score, it.sites));
    let each: Vec<_> = each.collect();
    assert_eq!(
        each,
        [(Severity::High, 7.0, 2), (Severity::Critical, 9.0, 3)]
    );
    // Both names lead to the one alert.
    let names = ["evil.example", "other.example"];
    let found = bench
        .cases
        .by_destination(&Scope::Operator, &names)
        .expect("readable");
    assert!(names.iter().all(|name| found[*name] == [id.clone()]));
}

#[test]
fn what_was_closed_decides() {
    for cause in Cause::ALL {
        let bench = Bench::new();
        let id = alert_of("evil.example");
        bench
            .cases
            .record(&[at("evil.example", 0, &["a", "b"])])
            .expect("taken down");
        bench.triage(&id, &close(cause)).expect("closed");
        let told = bench.cases.record(&[at("other.example", 5, &["a", "b"])]);
        let told = told.expect("taken down");
        let (raised, state) = if cause.is_attack() {
            (0, State::Open)
        } else {
            (1, State::Closed)
        };
        assert_eq!(told.raised.len(), raised, "{cause:?}");
        assert_eq!(told.reopened.len(), 1 - raised, "{cause:?}");
        assert_eq!(bench.state(&id), state, "{cause:?}");
        // A third one finds those that are open.
        let told = bench.cases.record(&[at("third.example", 6, &["a", "b"])]);
        let of = if cause.is_attack() {
            id
        } else {
            alert_of("other.example")
        };
        let joined = vec![(of, "third.example".to_owned())];
        assert_eq!(told.expect("taken down").members, joined, "{cause:?}");
    }
}

#[test]
fn a_reader_sees_the_members_of_their_sites() {
    let bench = Bench::new();
    let all = [
        at("evil.example", 0, &["a", "b"]),
        at("other.example", 5, &["a", "b", "c"]),
    ];
    let scopes = ["a", "c"].map(|site| bench.sees(site, &[site]));
    bench.cases.record(&all).expect("taken down");
    let campaign = CampaignId::of("evil.example");
    for (scope, seen) in scopes
        .iter()
        .zip([&["evil.example", "other.example"][..], &["other.example"]])
    {
        let site = scope.organization();
        let id = AlertId::of(&campaign, site);
        let alert = bench
            .cases
            .alert(scope, &id)
            .expect("readable")
            .expect("seen");
        let members = alert.campaign.members.iter();
        let members: Vec<&str> = members.map(|it| it.destination.as_str()).collect();
        assert_eq!(
            (members.as_slice(), alert.campaign.destination.as_str()),
            (seen, seen[0])
        );
        let events = bench.cases.events(scope, &id).expect("readable");
        // To c it was raised when it joined.
        let joined = events.iter().any(|it| it.what == What::MemberJoined);
        assert_eq!(joined, site == "a", "{site}");
        let found = bench.cases.by_destination(scope, &["evil.example"]);
        let found = found.expect("readable");
        assert_eq!(found.len(), usize::from(site == "a"), "{site}");
    }
}

#[test]
fn what_was_at_an_erased_site_alone_is_forgotten() {
    let bench = Bench::new();
    let all = [
        at("evil.example", 0, &["a", "b"]),
        at("other.example", 5, &["a", "b", "c", "d"]),
    ];
    bench.cases.record(&all).expect("taken down");
    let id = alert_of("evil.example");
    for (site, left) in [
        ("a", &["evil.example", "other.example"][..]),
        ("b", &["other.example"]),
    ] {
        let target = Target::Site(SiteId::new(site).expect("a plain id"));
        let until = all[1].at;
        let erasure = Erasure { target, until };
        let nothing = serde_json::json!({});
        bench
            .cases
            .erase(&erasure, &nothing, "test")
            .expect("erased");
        assert_eq!(members(&bench, "evil.example"), left, "{site}");
    }
    let alert = bench.cases.alert(&Scope::Operator, &id).expect("readable");
    assert_eq!(alert.expect("there").campaign.destination, "other.example");
    assert!(!bench.rows().join("\n").contains("evil.example"));
    // It comes back where it was before.
    let again = at("evil.example", 400, &["x"]);
    let told = bench.cases.record(&[again]).expect("taken down");
    assert_eq!(told.members, [(id, "evil.example".to_owned())]);
}
