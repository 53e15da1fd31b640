//! A site's key is exchanged while its shoppers report: nobody is turned away, nothing is lost, and the old key ends.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use crate::journey::shop;
use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::load::{LIMITS, Load};
use crate::support::skimwatch::Skimwatch;

/// Until a change of keys has reached the collector.
const REACHES: Duration = Duration::from_secs(5);
// The second that a key still counts is far below it.
const LONG: Duration = Duration::from_secs(60);

fn answers(program: &Skimwatch, key: &str, status: u16) {
    within(REACHES, &format!("{status} at {key}"), || {
        let mut client = Client::connect(program.intake).ok()?;
        // An empty batch leaves no entry behind.
        let answer = client.post(&format!("/r/{key}"), "application/reports+json", b"[]");
        (answer.ok()?.status == status).then_some(())
    });
}

#[test]
fn a_key_is_rotated_under_load_without_a_lost_report() {
    let program = Skimwatch::start(&LIMITS);
    program.import(&shop());
    let next = Arc::new(AtomicU32::new(1));
    // Each sender fails the test if it is answered anything but 204 or 503.
    let old = Load::start(program.intake, &next);
    old.more(20);
    let rotate = ["site", "rotate-key", "demo-shop", "--overlap", "1d"];
    let key = program.ok(&rotate).trim().to_owned();
    old.more(20);
    answers(&program, &key, 204);
    let new = Load::at((program.intake, &key), &next);
    new.more(20);
    old.more(20);
    // The shop has changed its header.
    let mut ledger = old.stop();
    program.ok(&["site", "retire-key", "demo-shop"]);
    answers(&program, "demo-shop", 410);
    new.more(20);
    ledger.add(new.stop());
    // Once more: this time the key before ends by itself.
    let rotate = ["site", "rotate-key", "demo-shop", "--overlap", "1s"];
    let last = program.ok(&rotate).trim().to_owned();
    answers(&program, &last, 204);
    answers(&program, &key, 410);

    assert_eq!(
        (ledger.refused, ledger.unsure.len()),
        (0, 0),
        "nobody was turned away"
    );
    let expected: BTreeSet<u32> = ledger.acknowledged.iter().copied().collect();
    let stored = within(LONG, "every acknowledged entry", || {
        let lines = program.sql("SELECT line FROM skimwatch.reports ORDER BY line");
        let lines: Vec<u32> = lines
            .lines()
            .map(|it| it.parse().expect("a number"))
            .collect();
        (lines.len() >= expected.len()).then_some(lines)
    });
    assert_eq!(stored.len(), expected.len(), "each once");
    assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), expected);
    assert!(program.ok(&["audit", "verify"]).contains("none changed"));
}
