//! Killed for real, under load, ten times each: what was acknowledged is there, once.
//!
//! Every entry carries a number of its own in `line-number`, which stays readable in the table.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::journey::shop;
use crate::support::deadline::within;
use crate::support::http::{Answer, Client};
use crate::support::skimwatch::Skimwatch;

const KILLS: usize = 10;
/// Submissions acknowledged between two kills, and entries in each.
const BETWEEN: usize = 60;
const BATCH: u32 = 3;
const SENDERS: usize = 4;
const LONG: Duration = Duration::from_secs(60);

#[test]
fn serve_killed_ten_times() {
    let mut program = Skimwatch::start(LIMITS);
    program.import(&shop());
    let load = Load::start(program.intake);
    for _ in 0..KILLS {
        load.more(BETWEEN);
        program.kill9();
        program.restart();
    }
    load.more(BETWEEN);
    every_acknowledged_entry_has_one_row(&program, load);
}

#[test]
fn engine_killed_ten_times() {
    let program = Skimwatch::start(LIMITS);
    program.import(&shop());
    let load = Load::start(program.intake);
    let mut before = None;
    for _ in 0..KILLS {
        load.more(BETWEEN);
        let pid = within(LONG, "another engine", || {
            engine_pid(&program).filter(|pid| Some(*pid) != before)
        });
        kill_process(pid, Signal::KILL).expect("the engine runs");
        before = Some(pid);
    }
    load.more(BETWEEN);
    every_acknowledged_entry_has_one_row(&program, load);
}

/// ClickHouse goes away for longer than the log can hold on, and the collector is killed meanwhile.
#[test]
fn clickhouse_gone_until_the_log_is_full() {
    let engine = Skimwatch::prepare(&[("SKIMWATCH__ENGINE__SECRET", "a-secret-of-this-test")]);
    let url = format!("http://{}", engine.web);
    let path = engine.folder().join("engine").display().to_string();
    let listen = engine.web.to_string();
    let clickhouse = || engine.run_in_background(&["engine", "--path", &path, "--listen", &listen]);
    let mut program = Skimwatch::prepare(&[
        ("SKIMWATCH__CLICKHOUSE__URL", &url),
        ("SKIMWATCH__CLICKHOUSE__USER", "skimwatch"),
        ("SKIMWATCH__CLICKHOUSE__PASSWORD", "a-secret-of-this-test"),
        ("SKIMWATCH__SPOOL__SEGMENT_BYTES", "16384"),
        ("SKIMWATCH__SPOOL__MAX_BYTES", &BUDGET.to_string()),
        LIMITS[0],
        LIMITS[1],
    ]);
    program.import(&shop());
    let running = clickhouse();
    program.restart();
    let mut sent = Sent::default();
    for _ in 0..10 {
        assert_eq!(sent.one(&program).status, 204);
    }
    rows_are(&program, &sent.acknowledged);
    drop(running);

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

    let _running = clickhouse();
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
struct Sent {
    next: u32,
    acknowledged: Vec<u32>,
}

impl Sent {
    fn one(&mut self, program: &Skimwatch) -> Answer {
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

    fn until_refused(&mut self, program: &Skimwatch) -> Answer {
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
fn rows_are(program: &Skimwatch, lines: &[u32]) {
    let expected: BTreeMap<u32, u64> = lines.iter().map(|line| (*line, 1)).collect();
    within(LONG, "the rows of what was acknowledged", || {
        let rows = rows_by_line(program)?;
        assert!(rows.len() <= expected.len(), "more than was acknowledged");
        (rows == expected).then_some(())
    });
}

/// Nothing may be folded here.
const LIMITS: &[(&str, &str)] = &[
    ("SKIMWATCH__LIMIT__SITE_RATE", "1000000"),
    ("SKIMWATCH__LIMIT__NETWORK_RATE", "1000000"),
];

fn engine_pid(program: &Skimwatch) -> Option<Pid> {
    let face = std::fs::read(program.data().join("engine/face.json")).ok()?;
    let face: serde_json::Value = serde_json::from_slice(&face).ok()?;
    let pid = Pid::from_raw(i32::try_from(face["pid"].as_i64()?).ok()?)?;
    // The file of an engine that was killed stays until the next one writes its own.
    rustix::process::test_kill_process(pid).ok().map(|()| pid)
}

fn every_acknowledged_entry_has_one_row(program: &Skimwatch, load: Load) {
    let acknowledged = load.stop();
    assert!(acknowledged.len() > KILLS * BETWEEN, "the load was a load");
    // A row whose answer was cut off may be there; the product has counted it as received, a moment later.
    let (rows, total) = within(
        LONG,
        "every acknowledged entry, and the count of all rows",
        || {
            let rows = rows_by_line(program)?;
            // Right after a kill there is no engine to ask.
            let answer = program.ask("/api/v1/stats");
            let total = (answer.status == 200).then(|| answer.json()["total"].clone())?;
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

/// Clients that post without pause, each on a connection that it opens again when it is cut.
struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    lines: Arc<Mutex<Vec<u32>>>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(to: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let lines = Arc::new(Mutex::new(Vec::new()));
        let next = Arc::new(AtomicU32::new(1));
        let sender = |_| {
            let (stop, acknowledged) = (Arc::clone(&stop), Arc::clone(&acknowledged));
            let (lines, next) = (Arc::clone(&lines), Arc::clone(&next));
            std::thread::spawn(move || {
                let mut client = None;
                while !stop.load(Ordering::Relaxed) {
                    let first = next.fetch_add(BATCH, Ordering::Relaxed);
                    if post(&mut client, to, first) {
                        lines.lock().expect("no panic").extend(first..first + BATCH);
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        };
        let senders = (0..SENDERS).map(sender).collect();
        Self {
            stop,
            acknowledged,
            lines,
            senders,
        }
    }

    /// Waits until this many more submissions are acknowledged.
    fn more(&self, n: usize) {
        let goal = self.acknowledged.load(Ordering::Relaxed) + n;
        within(LONG, "acknowledgements", || {
            (self.acknowledged.load(Ordering::Relaxed) >= goal).then_some(())
        });
    }

    fn stop(self) -> Vec<u32> {
        self.stop.store(true, Ordering::Relaxed);
        for sender in self.senders {
            sender.join().expect("a sender does not panic");
        }
        let lines = self.lines.lock().expect("no panic");
        lines.clone()
    }
}

/// Whether it was acknowledged. An entry whose answer was cut off is never sent again.
fn post(client: &mut Option<Client>, to: SocketAddr, first: u32) -> bool {
    if client.is_none() {
        *client = Client::connect(to).ok();
    }
    let Some(connection) = client else {
        // Nobody listens: give way to the program that is starting.
        std::thread::yield_now();
        return false;
    };
    let answer = connection.post("/r/demo-shop", "application/reports+json", &batch(first));
    match answer {
        Ok(answer) => answer.status == 204,
        Err(_) => {
            *client = None;
            false
        }
    }
}

fn batch(first: u32) -> Vec<u8> {
    let entry = |line| {
        serde_json::json!({
            "age": 1, "type": "csp-violation", "url": "https://shop.example.test/checkout", "user_agent": "x",
            "body": {
                "documentURL": "https://shop.example.test/checkout", "referrer": "",
                "blockedURL": "https://evil.skimmer.test/c", "effectiveDirective": "connect-src",
                "originalPolicy": "connect-src 'self'", "sample": "", "disposition": "enforce",
                "statusCode": 200, "sourceFile": "https://shop.example.test/pay.js",
                "lineNumber": line, "columnNumber": 1,
            },
        })
    };
    let entries: Vec<_> = (first..first + BATCH).map(entry).collect();
    serde_json::to_vec(&entries).expect("JSON")
}
