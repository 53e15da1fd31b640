//! The copy of the audit log in ClickHouse shows what was cut off the end of the log.

use std::time::Duration;

use serde_json::Value;

use crate::journey::shop;
use crate::support::deadline::within;
use crate::support::skimwatch::Skimwatch;

const LONG: Duration = Duration::from_secs(30);

fn verify(program: &Skimwatch) -> Value {
    serde_json::from_str(&program.ok(&["audit", "verify", "--json"])).expect("JSON")
}

/// Waits until the copy ends with this entry.
fn copied(program: &Skimwatch, entries: u64) {
    within(LONG, "the copy", || {
        let found = program.sql("SELECT count(), max(seq) FROM skimwatch.audit FINAL");
        (found == format!("{entries}\t{entries}")).then_some(())
    });
}

#[test]
fn what_is_cut_off_the_end_shows() {
    let mut program = Skimwatch::start(&[]);
    program.import(&shop());
    let put = |n: u32| {
        let id = format!("psp-{n}");
        program.ok(&["organization", "put", &id, "--name", "Example Payments"]);
    };
    (0..4).for_each(put);
    copied(&program, 5);
    assert_eq!(verify(&program)["copied"], 5);
    let row = program.sql("SELECT organization, actor, action FROM skimwatch.audit WHERE seq = 5");
    assert_eq!(row, "psp-3\tshell\torganization.added");
    let exported = program.ok(&["audit", "export", "--organization", "psp-3"]);
    assert_eq!(exported.lines().count(), 1, "{exported}");
    assert_eq!(program.ok(&["audit", "export"]).lines().count(), 5);
    program.stop();

    let file = program.data().join("control.sqlite");
    let connection = rusqlite::Connection::open(&file).expect("it opens");
    connection
        .execute_batch(
            "DROP TRIGGER audit_is_not_updated; DROP TRIGGER audit_is_not_deleted;
             DELETE FROM audit WHERE seq > 3;",
        )
        .expect("cut");
    assert!(
        program
            .ok(&["audit", "verify", "--alone"])
            .contains("3 entries, none changed")
    );
    let refused = |what: &str| {
        let output = program.run(&["audit", "verify"]);
        let told = String::from_utf8(output.stderr).expect("text");
        assert!(!output.status.success() && told.contains(what), "{told}");
    };
    refused("the end was cut off");
    // Whoever writes as many again has written others.
    for n in 7..9 {
        program.ok(&[
            "organization",
            "put",
            &format!("psp-{n}"),
            "--name",
            "Another",
        ]);
    }
    assert!(
        program
            .ok(&["audit", "verify", "--alone"])
            .contains("5 entries, none changed")
    );
    refused("entry 5 of the audit log is not the one that was copied");
}
