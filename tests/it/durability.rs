//! Killed for real, at random moments under load: what was acknowledged is there, once, and counted once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::journey::shop;
use crate::support::clickhouse::ClickHouse;
use crate::support::deadline::within;
use crate::support::http::{Answer, Client};
use crate::support::load::{BATCH, LIMITS, Ledger, Load, batch};
use crate::support::short_or_long;
use crate::support::skimwatch::Skimwatch;

/// The most submissions that are acknowledged between two kills.
const MOST: usize = 120;
/// An engine lives so many times longer: it begins, opens its tables and takes what waits meanwhile.
const OF_ENGINE: usize = 20;
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
        let mut n = moment(round);
        let mut engine = None;
        if victims.engine {
            engine = Some(within(LONG, "another engine", || {
                engine_pid(&program).filter(|pid| Some(*pid) != before)
            }));
            n *= OF_ENGINE;
        }
        // Shown when the test fails.
        eprintln!("round {round}: killed after {n} more acknowledgements");
        load.more(n);
        if let Some(pid) = engine {
            kill_process(pid, Signal::KILL).expect("the engine runs");
            before = engine;
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
/// ClickHouse goes away for longer than the log can hold on, and the collector is killed meanwhile.
#[test]
fn clickhouse_gone_until_the_log_is_full() {
    let mut clickhouse = ClickHouse::prepare();
    let budget = BUDGET.to_string();
    let mut settings = vec![
        ("SKIMWATCH__SPOOL__SEGMENT_BYTES", "16384"),
        ("SKIMWATCH__SPOOL__MAX_BYTES", &budget),
    ];
    settings.extend(LIMITS);
    settings.extend(clickhouse.settings());
    let mut program = Skimwatch::prepare(&settings);
    program.import(&shop());
    clickhouse.come();
    program.restart();
    let mut sent = Sent::default();
    for _ in 0..10 {
        assert_eq!(sent.one(&program).status, 204);
    }
    rows_are(&program, &sent.acknowledged);
    clickhouse.go();

    let refused = sent.until_refused(&program);
    assert_eq!(refused.status, 503);
    assert_eq!(refused.header("retry-after"), Some("5"));
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"));
    says_that_it_is_full(&program);
    program.kill9();
    program.spawn();
    within(LONG, "a start with a full log", || {
        Client::connect(program.web).ok().map(drop)
    });
    says_that_it_is_full(&program);
    assert_eq!(sent.one(&program).status, 503);

    clickhouse.come();
    within(LONG, "/readyz", || {
        (program.ask("/readyz").status == 200).then_some(())
    });
    assert_eq!(sent.one(&program).status, 204);
    rows_are(&program, &sent.acknowledged);
}

/// Bytes that the log may take where it is to run full.
const BUDGET: u64 = 65_536;

/// What one client sent, a batch at a time.
#[derive(Default)]
pub(crate) struct Sent {
    next: u32,
    pub(crate) acknowledged: Vec<u32>,
}

impl Sent {
    pub(crate) fn one(&mut self, program: &Skimwatch) -> Answer {
        let first = self.next;
        self.next += BATCH;
        let mut client = Client::connect(program.intake).expect("the door is open");
        let answer = client.post("/r/demo-shop", "application/reports+json", &batch(first));
        let answer = answer.expect("an answer");
        if answer.status == 204 {
            self.acknowledged.extend(first..first + BATCH);
        }
        answer
    }

    pub(crate) fn until_refused(&mut self, program: &Skimwatch) -> Answer {
        within(LONG, "a refusal", || {
            let answer = self.one(program);
            (answer.status != 204).then_some(answer)
        })
    }
}

fn says_that_it_is_full(program: &Skimwatch) {
    let ready = program.ask("/readyz");
    assert_eq!(ready.status, 503, "{}", ready.text());
    assert!(ready.text().contains("disk budget"), "{}", ready.text());
    let metrics = program.ask("/metrics").text();
    for name in ["spool_disk_bytes", "spool_disk_bytes_limit"] {
        let line = format!("skimwatch_{name} {BUDGET}");
        assert!(
            metrics.lines().any(|found| found == line),
            "{line}: {metrics}"
        );
    }
}

/// These rows and no others, each once.
pub(crate) fn rows_are(program: &Skimwatch, lines: &[u32]) {
    let expected: BTreeMap<u32, u64> = lines.iter().map(|line| (*line, 1)).collect();
    within(LONG, "the rows of what was acknowledged", || {
        let rows = rows_by_line(program)?;
        assert!(rows.len() <= expected.len(), "more than was acknowledged");
        (rows == expected).then_some(())
    });
}

fn engine_pid(program: &Skimwatch) -> Option<Pid> {
    let face = std::fs::read(program.data().join("engine/face.json")).ok()?;
    let face: serde_json::Value = serde_json::from_slice(&face).ok()?;
    let pid = Pid::from_raw(i32::try_from(face["pid"].as_i64()?).ok()?)?;
    // The file of an engine that was killed stays until the next one writes its own.
    rustix::process::test_kill_process(pid).ok().map(|()| pid)
}

fn every_acknowledged_entry_has_one_row(program: &Skimwatch, ledger: &Ledger) {
    everything_comes_in(program, ledger.acknowledged.len());
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

/// However much waits in the log: as long as rows come in, more are waited for.
fn everything_comes_in(program: &Skimwatch, entries: usize) {
    let mut rows = 0;
    while rows < entries {
        rows = within(LONG, "more rows", || {
            let output = program.run(&["sql", "SELECT count() FROM skimwatch.reports"]);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.trim().parse().ok().filter(|found| *found > rows)
        });
    }
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
