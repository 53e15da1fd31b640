//! Clients that post without pause, and a ledger of what they were told.
//!
//! Every entry carries a number of its own in `line-number`, which stays readable in the table.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::deadline::within;
use super::http::Client;

/// Entries in a submission.
pub(crate) const BATCH: u32 = 3;
const SENDERS: usize = 4;
const LONG: Duration = Duration::from_secs(60);

/// Nothing may be folded where a load is posted.
pub(crate) const LIMITS: [(&str, &str); 2] = [
    ("SKIMWATCH__LIMIT__SITE_RATE", "1000000"),
    ("SKIMWATCH__LIMIT__NETWORK_RATE", "1000000"),
];

/// What the clients were told.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Numbers of the entries that were acknowledged.
    pub(crate) acknowledged: Vec<u32>,
    /// Numbers of those whose answer was cut off: they may have been taken.
    pub(crate) unsure: Vec<u32>,
    /// Submissions answered 503.
    pub(crate) refused: u64,
    /// The longest wait for an acknowledgement.
    pub(crate) slowest: Duration,
}

impl Ledger {
    /// Adds what another one holds.
    pub(crate) fn add(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.unsure.extend(other.unsure);
        self.refused += other.refused;
        self.slowest = self.slowest.max(other.slowest);
    }
}

/// Each sender has a connection of its own, which it opens again when it is cut.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    ledger: Arc<Mutex<Ledger>>,
    senders: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins, with entries numbered from `next` on.
    pub(crate) fn start(to: SocketAddr, next: &Arc<AtomicU32>) -> Self {
        Self::at((to, "demo-shop"), next)
    }

    /// The same, at another key.
    pub(crate) fn at((to, key): (SocketAddr, &str), next: &Arc<AtomicU32>) -> Self {
        let mut load = Self {
            stop: Arc::default(),
            acknowledged: Arc::default(),
            refused: Arc::default(),
            ledger: Arc::default(),
            senders: Vec::new(),
        };
        let senders =
            (0..SENDERS).map(|_| load.sender((to, format!("/r/{key}")), Arc::clone(next)));
        load.senders = senders.collect();
        load
    }

    fn sender(&self, (to, path): (SocketAddr, String), next: Arc<AtomicU32>) -> JoinHandle<()> {
        let (stop, ledger) = (Arc::clone(&self.stop), Arc::clone(&self.ledger));
        let acknowledged = Arc::clone(&self.acknowledged);
        let refused = Arc::clone(&self.refused);
        std::thread::spawn(move || {
            let mut client = None;
            while !stop.load(Ordering::Relaxed) {
                let first = next.fetch_add(BATCH, Ordering::Relaxed);
                let (told, took) = post(&mut client, (to, &path), first);
                let mut ledger = ledger.lock().expect("no panic");
                let lines = first..first + BATCH;
                match told {
                    Told::Acknowledged => {
                        ledger.acknowledged.extend(lines);
                        ledger.slowest = ledger.slowest.max(took);
                        acknowledged.fetch_add(1, Ordering::Relaxed);
                    }
                    Told::Refused => {
                        ledger.refused += 1;
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                    Told::Cut => ledger.unsure.extend(lines),
                    Told::Unheard => {}
                }
            }
        })
    }

    /// Waits until this many more submissions are acknowledged.
    pub(crate) fn more(&self, n: usize) {
        reaches(&self.acknowledged, n, "acknowledgements");
    }

    /// Waits until this many more submissions are answered 503.
    pub(crate) fn more_refused(&self, n: usize) {
        reaches(&self.refused, n, "refusals");
    }

    /// Ends, and hands out the ledger.
    pub(crate) fn stop(self) -> Ledger {
        self.stop.store(true, Ordering::Relaxed);
        for sender in self.senders {
            sender.join().expect("a sender does not panic");
        }
        std::mem::take(&mut *self.ledger.lock().expect("no panic"))
    }
}

fn reaches(count: &AtomicUsize, more: usize, what: &str) {
    let goal = count.load(Ordering::Relaxed) + more;
    within(LONG, what, || {
        (count.load(Ordering::Relaxed) >= goal).then_some(())
    });
}

enum Told {
    Acknowledged,
    Refused,
    Cut,
    /// Nobody listened.
    Unheard,
}

/// Posts once. An entry whose answer was cut off is never sent again.
#[expect(
    clippy::disallowed_methods,
    reason = "a client lives on the system's clock"
)]
fn post(
    client: &mut Option<Client>,
    (to, path): (SocketAddr, &str),
    first: u32,
) -> (Told, Duration) {
    if client.is_none() {
        *client = Client::connect(to).ok();
    }
    let Some(connection) = client else {
        // Give way to the program that is starting.
        std::thread::yield_now();
        return (Told::Unheard, Duration::ZERO);
    };
    let sent = Instant::now();
    let answer = connection.post(path, "application/reports+json", &batch(first));
    let told = match answer {
        Ok(answer) if answer.status == 204 => Told::Acknowledged,
        Ok(answer) => {
            assert_eq!(answer.status, 503, "{}", answer.text());
            Told::Refused
        }
        Err(_) => {
            *client = None;
            Told::Cut
        }
    };
    (told, sent.elapsed())
}

pub(crate) fn batch(first: u32) -> Vec<u8> {
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
