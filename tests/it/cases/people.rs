//! What people do about alerts, and what happens to it when findings go on.

use skimwatch::cases::{CasesError, Cause, State, Triage, What};
use skimwatch::finding::Severity;
use skimwatch::scope::Scope;

use super::{Bench, alert_of, close, evil};

#[test]
fn another_victim_opens_what_was_closed_as_an_attack() {
    for cause in Cause::ALL {
        let bench = Bench::new();
        let id = alert_of("evil.example");
        let record = |finding| bench.cases.record(&[finding]).expect("taken down");
        record(evil(Severity::High, 1, &["a"]));
        bench.triage(&id, &close(cause)).expect("closed");
        let same = record(evil(Severity::High, 2, &["a"]));
        assert!(same.reopened.is_empty(), "{cause:?}: no new victim");
        assert_eq!(bench.state(&id), State::Closed, "{cause:?}");
        let more = record(evil(Severity::High, 3, &["a", "b", "c"]));
        assert_eq!(more.joined.len(), 2, "{cause:?}");
        let (state, opened) = if cause.is_attack() {
            (State::Open, 1)
        } else {
            (State::Closed, 0)
        };
        assert_eq!(bench.state(&id), state, "{cause:?}");
        assert_eq!(more.reopened.len(), opened, "{cause:?}");
        assert_eq!(bench.count(&id, What::Reopened), opened, "{cause:?}");
        bench.registry.audit_verify().expect("whole");
    }
}

#[test]
fn what_is_closed_says_why_and_the_log_keeps_it() {
    let bench = Bench::new();
    let id = alert_of("evil.example");
    let first = evil(Severity::High, 1, &["a"]);
    bench.cases.record(&[first]).expect("taken down");
    let long = Triage::Close {
        cause: Cause::Skimmer,
        note: "é".repeat(skimwatch::cases::MAX_NOTE_CHARS + 1),
    };
    let refused = bench.triage(&id, &long);
    assert!(matches!(refused, Err(CasesError::LongNote)), "{refused:?}");
    let unknown = bench.triage(&alert_of("nowhere.example"), &Triage::Contain);
    assert!(
        matches!(unknown, Err(CasesError::NoAlert(_))),
        "{unknown:?}"
    );
    bench.triage(&id, &close(Cause::Skimmer)).expect("closed");
    bench.triage(&id, &Triage::Reopen).expect("opened");
    let alert = bench.cases.alert(&Scope::Operator, &id).expect("readable");
    let alert = alert.expect("it is there");
    assert_eq!((alert.cause, alert.note.as_str()), (None, ""));
    let connection = rusqlite::Connection::open(&bench.file).expect("a file");
    let kept: i64 = connection
        .query_row(
            "SELECT count(*) FROM audit WHERE actor = 'somebody' AND detail LIKE '%the plugin is gone%'",
            [],
            |row| row.get(0),
        )
        .expect("counted");
    assert_eq!(kept, 1);
    assert_eq!(bench.registry.audit_verify().expect("whole").entries, 3);
}
