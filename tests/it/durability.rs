//! Killed for real, at random moments under load: what was acknowledged is there, once, and counted once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::journey::shop;
use crate::support::deadline::within;
use crate::support::load::{BATCH, LIMITS, Ledger, Load};
use crate::support::short_or_long;
use crate::support::skimwatch::Skimwatch;

/// The most submissions that are acknowledged between two kills.
const MOST: usize = 120;
const LONG: Duration = Duration::from_secs(60);

#[test]
fn serve_killed_again_and_again() {
    killed(Victims {
        serve: true,
        engine: false,
    });
}

#[test]
fn engine_killed_again_and_again() {
    killed(Victims {
        serve: false,
        engine: true,
    });
}

#[test]
fn both_killed_again_and_again() {
    killed(Victims {
        serve: true,
        engine: true,
    });
}

#[derive(Clone, Copy)]
struct Victims {
    serve: bool,
    engine: bool,
}

fn killed(victims: Victims) {
    let mut program = Skimwatch::start(&LIMITS);
    program.import(&shop());
    let load = Load::start(program.intake, &Arc::new(AtomicU32::new(1)));
    let rounds = short_or_long(10, 100);
    let mut before = None;
    for round in 0..rounds {
        let n = moment(round);
        // Shown when the test fails.
        eprintln!("round {round}: killed after {n} more acknowledgements");
        load.more(n);
        if victims.engine {
            let pid = within(LONG, "another engine", || {
                engine_pid(&program).filter(|pid| Some(*pid) != before)
            });
            kill_process(pid, Signal::KILL).expect("the engine runs");
            before = Some(pid);
        }
        if victims.serve {
            program.kill9();
            program.restart();
        }
    }
    load.more(MOST);
    let ledger = load.stop();
    assert!(
        ledger.acknowledged.len() > rounds * BATCH as usize,
        "the load was a load"
    );
    every_acknowledged_entry_has_one_row(&program, &ledger);
}

/// A number of acknowledgements that only the round decides, spread like a random one.
fn moment(round: usize) -> usize {
    let hash = blake3::hash(&round.to_le_bytes());
    1 + usize::from(hash.as_bytes()[0]) * MOST / 256
}

fn engine_pid(program: &Skimwatch) -> Option<Pid> {
    let face = std::fs::read(program.data().join("engine/face.json")).ok()?;
    let face: serde_json::Value = serde_json::from_slice(&face).ok()?;
    let pid = Pid::from_raw(i32::try_from(face["pid"].as_i64()?).ok()?)?;
    // The file of an engine that was killed stays until the next one writes its own.
    rustix::process::test_kill_process(pid).ok().map(|()| pid)
}

fn every_acknowledged_entry_has_one_row(program: &Skimwatch, ledger: &Ledger) {
    // A row whose answer was cut off may be there; the product has counted it as received, a moment later.
    let (rows, total) = within(
        LONG,
        "every acknowledged entry, and the count of all rows",
        || {
            let rows = rows_by_line(program)?;
            // Right after a kill there is no engine to ask.
            let answer = program.ask("/api/v1/stats");
            let total = (answer.status == 200).then(|| answer.json()["total"].clone())?;
            let acknowledged = &ledger.acknowledged;
            let whole = acknowledged.iter().all(|line| rows.contains_key(line));
            (whole && total["stored"] == rows.len()).then_some((rows, total))
        },
    );
    let twice: Vec<_> = rows.iter().filter(|(_, count)| **count != 1).collect();
    assert!(
        twice.is_empty(),
        "rows that are there more than once: {twice:?}"
    );
    assert_eq!(total["received"], rows.len(), "{total}");
    // What is beyond the acknowledged is at most what the client is unsure of.
    let beyond = rows.len() - ledger.acknowledged.len();
    let unsure = ledger.unsure.iter().filter(|line| rows.contains_key(line));
    assert_eq!(beyond, unsure.count(), "rows that nobody sent");
    eprintln!(
        "{} acknowledged, {} rows, {} unsure",
        ledger.acknowledged.len(),
        rows.len(),
        ledger.unsure.len()
    );
}

fn rows_by_line(program: &Skimwatch) -> Option<BTreeMap<u32, u64>> {
    let query = "SELECT line, count() FROM skimwatch.reports GROUP BY line";
    let output = program.run(&["sql", query]);
    // Right after a kill the engine may not answer yet.
    output.status.success().then(|| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let pair = |line: &str| {
            let (line, count) = line.split_once('\t').expect("two columns");
            (
                line.parse().expect("a number"),
                count.parse().expect("a number"),
            )
        };
        text.lines().map(pair).collect()
    })
}
