//! Alerts that wait too long: who is told and when, and what is said of how people deal with alerts.

use std::sync::Arc;

use skimwatch::cases::{Cases, Cause, Deadline, Deadlines, State, Triage, What};
use skimwatch::clock::Timestamp;
use skimwatch::finding::Severity;
use skimwatch::registry::Author;
use skimwatch::scope::Scope;

use super::{Bench, START, alert_for, alert_of, close, finding};

const HOUR: i64 = 3_600_000;

fn deadlines() -> Deadlines {
    let hours = |look_hours, close_hours| Deadline {
        look_hours,
        close_hours,
    };
    Deadlines {
        critical: hours(1, 10),
        high: hours(4, 40),
        medium: hours(24, 240),
    }
}

fn cases(bench: &Bench) -> Cases {
    Cases::within(Arc::clone(&bench.registry), deadlines())
}

/// What is late so many hours after the start, as words.
fn late(bench: &Bench, hours: i64) -> Vec<String> {
    let now = Timestamp(START + hours * HOUR);
    let late = cases(bench).escalate(now).expect("told");
    late.iter()
        .map(|(alert, late)| format!("{alert} {}", late.as_str()))
        .collect()
}

fn raise(bench: &Bench, destination: &str, severity: Severity, sites: &[&str]) {
    let finding = finding(destination, severity, (START, 0), sites);
    bench.cases.record(&[finding]).expect("taken down");
}

#[test]
fn each_deadline_is_told_once() {
    let bench = Bench::new();
    bench.sees("psp", &["a"]);
    raise(&bench, "evil.example", Severity::Critical, &["a"]);
    let (own, theirs) = (alert_of("evil.example"), alert_for("psp", "evil.example"));
    let both = |word: &str| {
        let mut both = vec![format!("{own} {word}"), format!("{theirs} {word}")];
        both.sort();
        both
    };
    let sorted = |hours| {
        let mut told = late(&bench, hours);
        told.sort();
        told
    };
    assert!(sorted(0).is_empty());
    assert_eq!(sorted(1), both("look"));
    assert!(sorted(1).is_empty(), "once");
    assert_eq!(sorted(2), both("look-twice"));
    bench.triage(&own, &Triage::Acknowledge).expect("looked at");
    assert!(sorted(9).is_empty());
    assert_eq!(sorted(10), both("close"));
    assert_eq!(sorted(20), both("close-twice"));
    assert!(sorted(1000).is_empty());
    assert_eq!(bench.count(&own, What::Overdue), 4);
    // The operator is told of an alert that is not theirs only when it waits twice as long.
    let connection = rusqlite::Connection::open(&bench.file).expect("a file");
    let told = |organization: &str| {
        let sql = "SELECT group_concat(json_extract(detail, '$.late'), ' ') FROM audit
                   WHERE action = 'alert.overdue' AND organization = ?1 AND subject = ?2";
        connection.query_row(sql, [organization, theirs.as_str()], |row| {
            row.get::<_, String>(0)
        })
    };
    assert_eq!(
        told("psp").expect("told"),
        "look look-twice close close-twice"
    );
    assert_eq!(told("operator").expect("told"), "look-twice close-twice");
    bench.registry.audit_verify().expect("whole");
}

#[test]
fn a_deadline_begins_anew_when_an_alert_is_opened_again() {
    let bench = Bench::new();
    raise(&bench, "evil.example", Severity::High, &["a"]);
    let id = alert_of("evil.example");
    assert_eq!(late(&bench, 4), [format!("{id} look")]);
    bench.triage(&id, &close(Cause::Skimmer)).expect("closed");
    assert!(
        late(&bench, 400).is_empty(),
        "what is closed waits for nobody"
    );
    let at = Timestamp(START + 500 * HOUR);
    let author = Author::of_installation("somebody");
    let by = (&author, at);
    let opened = bench
        .cases
        .triage(&Scope::Operator, &id, by, &Triage::Reopen);
    opened.expect("opened");
    let due = || {
        let alert = cases(&bench).alert(&Scope::Operator, &id);
        alert.expect("readable").expect("there").due_at
    };
    assert_eq!(due(), Some(Timestamp(at.0 + 4 * HOUR)));
    bench.triage(&id, &Triage::Acknowledge).expect("looked at");
    assert_eq!(due(), Some(Timestamp(at.0 + 40 * HOUR)));
    bench.triage(&id, &close(Cause::Skimmer)).expect("closed");
    assert_eq!(due(), None);
    let again = bench
        .cases
        .triage(&Scope::Operator, &id, by, &Triage::Reopen);
    again.expect("opened");
    assert!(late(&bench, 503).is_empty());
    assert_eq!(late(&bench, 504), [format!("{id} look")]);
}

#[test]
fn what_was_ended_begins_again_when_it_goes_on() {
    for (name, triage, hours, opens) in [
        ("contained, a straggler", Triage::Contain, 1, false),
        ("contained, later", Triage::Contain, 3, true),
        (
            "closed as an attack, a straggler",
            close(Cause::Skimmer),
            1,
            false,
        ),
        ("closed as an attack, later", close(Cause::Skimmer), 3, true),
        (
            "closed as meant, later",
            close(Cause::LegitimateChange),
            3,
            false,
        ),
    ] {
        let bench = Bench::new();
        bench.sees("other", &["b"]);
        raise(&bench, "evil.example", Severity::High, &["a"]);
        let id = alert_of("evil.example");
        bench.triage(&id, &triage).expect("ended");
        let again = finding(
            "evil.example",
            Severity::High,
            (START, hours * 3600),
            &["a"],
        );
        let recorded = bench
            .cases
            .record(std::slice::from_ref(&again))
            .expect("taken down");
        assert_eq!(!recorded.reopened.is_empty(), opens, "{name}");
        let state = bench.state(&id);
        assert_eq!(state == State::Open, opens, "{name}");
        let same = bench.cases.record(&[again]).expect("taken down");
        assert!(same.reopened.is_empty(), "{name}: the same again");
    }
}

#[test]
fn what_was_closed_as_meant_is_opened_when_it_gets_worse() {
    let bench = Bench::new();
    raise(&bench, "evil.example", Severity::Medium, &["a"]);
    let id = alert_of("evil.example");
    bench
        .triage(&id, &close(Cause::LegitimateChange))
        .expect("closed");
    raise(&bench, "evil.example", Severity::Critical, &["a"]);
    assert_eq!(bench.state(&id), State::Open);
}

#[test]
fn figures_tell_how_people_deal_with_alerts() {
    let bench = Bench::new();
    let scope = bench.sees("psp", &["a"]);
    for (destination, severity) in [
        ("one.example", Severity::Critical),
        ("two.example", Severity::Critical),
        ("three.example", Severity::High),
    ] {
        raise(&bench, destination, severity, &["a"]);
    }
    raise(&bench, "elsewhere.example", Severity::Critical, &["b"]);
    let author = Author::of_installation("somebody");
    let act = |destination: &str, hours: i64, triage: &Triage| {
        let by = (&author, Timestamp(START + hours * HOUR));
        let done = bench
            .cases
            .triage(&scope, &alert_for("psp", destination), by, triage);
        done.expect("done");
    };
    act("one.example", 1, &Triage::Acknowledge);
    act("one.example", 5, &close(Cause::Skimmer));
    act("three.example", 3, &close(Cause::VisitorSoftware));
    let since = Timestamp(START);
    let now = Timestamp(START + 6 * HOUR);
    let told = cases(&bench)
        .performance(&scope, (since, now))
        .expect("readable");
    let all = &told.all;
    assert_eq!(
        (all.raised, all.looked_at, all.closed, all.overdue),
        (3, 2, 2, 1)
    );
    assert_eq!(all.share_looked_at(), 66);
    assert_eq!(
        (all.first_look.half, all.first_look.nine_in_ten),
        (Some(HOUR), Some(3 * HOUR))
    );
    assert_eq!(
        (all.close.half, all.close.nine_in_ten),
        (Some(3 * HOUR), Some(5 * HOUR))
    );
    let critical = &told.by_severity[&Severity::Critical];
    assert_eq!(
        (critical.raised, critical.looked_at, critical.overdue),
        (2, 1, 1)
    );
    let causes: Vec<_> = told.causes.iter().map(|(cause, n)| (*cause, *n)).collect();
    assert_eq!(causes, [("skimmer", 1), ("visitor-software", 1)]);
    let later = cases(&bench)
        .performance(&scope, (now, now))
        .expect("readable");
    assert_eq!((later.all.raised, later.all.share_looked_at()), (0, 100));
}
