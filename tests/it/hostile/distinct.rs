//! One site's browsers, or whoever has read its key, send nothing twice: as many distinct things of every kind as
//! the profile says, 20,000 or a million. No memory, no table grows with them beyond its bound, every entry is
//! counted, and another site notices nothing.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use skimwatch::clock::SystemClock;
use skimwatch::spool::{MAX_FOLDED_OF_SITE, MAX_NEW_POLICIES_OF_SITE};

use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::short_or_long;
use crate::support::skimwatch::Skimwatch;

/// Entries of one submission: what Chrome puts into one at most.
const BATCH: u32 = 100;
const SENDERS: u32 = 4;
/// Memory that the flood may cost the intake beyond what it had at work before.
const MORE_KIB: u64 = 16 * 1024;
/// Until the last of it is in ClickHouse.
const SETTLE: Duration = Duration::from_secs(600);

/// Makes the entry of a number.
type Kind = fn(u32) -> Value;

/// Kinds of entries; each holds its number in everything that a sender may choose.
const KINDS: [Kind; 2] = [violation, other];

fn violation(n: u32) -> Value {
    let words = ["img", "script", "connect", "frame", "style"];
    let directive = words[n as usize % words.len()];
    json!({
        "age": n % 60_000, "type": "csp-violation", "user_agent": format!("Browser/{n}.0"),
        "url": format!("https://shop{n}.example.test/page/{n}"),
        "body": {
            "documentURL": format!("https://shop{n}.example.test/{}/{n}?q={n}", letters(n)),
            "referrer": format!("https://from{n}.example/{n}"),
            "blockedURL": format!("https://cdn.skimmer{n}.example/{n}/{n}.js?v={n}"),
            "effectiveDirective": format!("{directive}-src"),
            "originalPolicy": format!("default-src 'self'; img-src https://images{n}.example"),
            "sample": format!("{}(value)", letters(n)), "disposition": "enforce", "statusCode": n % 600,
            "sourceFile": format!("https://shop{n}.example.test/script{n}.js"),
            "lineNumber": n, "columnNumber": n, format!("unknown{n}"): n,
        },
    })
}

fn other(n: u32) -> Value {
    json!({
        "age": n % 60_000, "type": format!("type-{}", letters(n)), "user_agent": format!("Browser/{n}.0"),
        "url": format!("https://shop{n}.example.test/page/{n}"),
        "body": { format!("key{}", letters(n)): letters(n), "id": format!("deprecated{}", letters(n)) },
    })
}

/// A number as a word, which redaction takes for one.
fn letters(n: u32) -> String {
    let digits = n.to_string().into_bytes();
    let letters = digits.iter().map(|digit| char::from(digit - b'0' + b'a'));
    letters.collect()
}

fn shops() -> Value {
    let shop = |key: &str| {
        json!({
            "key": key, "name": key, "domains": [format!("{key}.example.test")],
            "country": "JP", "checkout_paths": ["/checkout"],
        })
    };
    json!([shop("flooded"), shop("quiet")])
}

/// Posts entries of these numbers, of every kind. Every answer must be a 204.
fn flood(to: SocketAddr, numbers: std::ops::Range<u32>) -> u64 {
    let next = AtomicU32::new(numbers.start);
    let send = || {
        let mut client = Client::connect(to).expect("the door is open");
        let mut entries = 0;
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            let last = (first + BATCH).min(numbers.end);
            if first >= last {
                return entries;
            }
            for kind in KINDS {
                let batch: Vec<_> = (first..last).map(kind).collect();
                let agent = format!("Mozilla/5.0 (X11) Made{first}/{first}.1");
                let headers = [("User-Agent", agent.as_str())];
                let body = serde_json::to_vec(&batch).expect("JSON");
                let answer = client.send("POST", "/r/flooded", &headers, &body);
                let answer = answer.expect("an answer");
                assert_eq!(answer.status, 204, "{}", answer.text());
                entries += u64::from(last - first);
            }
        }
    };
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(send)).collect();
        let sent = senders.into_iter().map(|sender| sender.join());
        sent.map(|sent| sent.expect("every answer was a 204")).sum()
    })
}

/// What a browser of the other shop sends.
fn quiet(program: &Skimwatch, from: u8) {
    let network = SocketAddr::from(([127, 0, from, 1], 0));
    let mut client = Client::connect_from(network, program.intake).expect("another network");
    let body = violation(1).to_string();
    let answer = client.post("/r/quiet", "application/reports+json", body.as_bytes());
    assert_eq!(answer.expect("an answer").status, 204);
}

/// The flood alone: the detector, whose memory has a bound of its own, stays away.
fn started(limits: &[(&str, &str)]) -> Skimwatch {
    let mut settings = vec![("SKIMWATCH__ROLES", "intake,web")];
    settings.extend(limits);
    let program = Skimwatch::start(&settings);
    program.import(&shops());
    program
}

struct Flooded {
    sent: u64,
    counts: Value,
    left_out: f64,
    unnamed: f64,
}

/// Floods a program, and holds what holds whatever the limits are.
fn flooded(name: &str, limits: &[(&str, &str)]) -> Flooded {
    let program = started(limits);
    let (some, all) = short_or_long((5_000, 25_000), (50_000, 1_050_000));
    quiet(&program, 1);
    // What a program at work takes anyway: threads, buffers, pages of the allocator.
    let mut sent = flood(program.intake, 0..some);
    let before = program.memory("VmRSS:");
    let clock = SystemClock::shared();
    sent += flood(program.intake, some..all);
    let took = clock.monotonic();
    let after = program.memory("VmRSS:");
    quiet(&program, 2);
    let counts = within(SETTLE, "the count of all entries", || {
        let answer = program.ask("/api/v1/stats");
        let stats = (answer.status == 200).then(|| answer.json())?;
        (stats["total"]["received"] == sent + 2).then_some(stats)
    });
    let settled = clock.monotonic();
    let of = |site: &str| {
        let sites = counts["sites"].as_array().expect("sites");
        let found = sites.iter().find(|counts| counts["site"] == site);
        found.expect(site).clone()
    };
    let other = of("quiet");
    assert_eq!(
        (&other["stored"], &other["folded"]),
        (&json!(2), &json!(0)),
        "{name}"
    );
    let counts = of("flooded");
    let size = "SELECT table, sum(rows), sum(bytes_on_disk), max(rows) FROM system.parts \
        WHERE database = 'skimwatch' AND active GROUP BY table ORDER BY table";
    eprintln!(
        "{name}: {sent} entries in {took:?}, in ClickHouse after {settled:?}; {before} KiB before, {after} after\n\
         {counts}\n{}",
        program.sql(size)
    );
    for metric in [
        "store_insert_failures_total",
        "store_segments_set_aside_total",
        "spool_damaged_total",
    ] {
        let times = program.metric(&format!("skimwatch_{metric}"));
        assert_eq!(times, 0.0, "{name}: {metric}");
    }
    has_bounds(name, &program);
    assert!(
        after.saturating_sub(before) < MORE_KIB,
        "{name}: {before} to {after} KiB"
    );
    Flooded {
        sent,
        counts,
        left_out: program.metric("skimwatch_spool_policies_left_out_total"),
        unnamed: program.metric("skimwatch_spool_folded_unnamed_total"),
    }
}

/// Of the tables that nothing is ever deleted from.
fn has_bounds(name: &str, program: &Skimwatch) {
    let policies = number(program, "SELECT count() FROM skimwatch.policies");
    // And the one of the other shop.
    let most = 1 + u64::from(MAX_NEW_POLICIES_OF_SITE);
    assert!(policies <= most, "{name}: {policies} policies");
    // Besides the named ones: stored, unnamed, and the other shop; and an hour may end meanwhile.
    let most = 2 * (MAX_FOLDED_OF_SITE as u64 + 4);
    let rows =
        "SELECT max(c) FROM (SELECT count() AS c FROM skimwatch.report_outcomes GROUP BY segment)";
    let rows = number(program, rows);
    assert!(rows <= most, "{name}: {rows} counts of one segment");
}

fn number(program: &Skimwatch, query: &str) -> u64 {
    program.sql(query).parse().expect("a number")
}

#[test]
fn all_of_it_is_stored() {
    let flooded = flooded(
        "stored",
        &[
            ("SKIMWATCH__LIMIT__SITE_RATE", "1000000"),
            ("SKIMWATCH__LIMIT__NETWORK_RATE", "1000000"),
        ],
    );
    assert_eq!(flooded.counts["stored"], flooded.sent, "{}", flooded.counts);
    assert!(flooded.left_out > 0.0, "policies beyond the bound");
}

/// Every body is read, and nearly every entry is over the site's rate.
#[test]
fn most_of_it_is_folded() {
    let flooded = flooded(
        "folded",
        &[
            ("SKIMWATCH__LIMIT__SITE_RATE", "1"),
            ("SKIMWATCH__LIMIT__NETWORK_RATE", "1000000"),
            ("SKIMWATCH__LIMIT__PARSE_RATE", "1000000"),
        ],
    );
    let folded = flooded.counts["folded"].as_u64().expect("a number");
    assert!(folded > flooded.sent / 2, "{}", flooded.counts);
    assert!(flooded.unnamed > 0.0, "destinations beyond the bound");
}
