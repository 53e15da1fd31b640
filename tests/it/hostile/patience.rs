//! Clients that take their time, that never read, and that come in great numbers.

use std::time::Duration;

use super::{good, others_are_served};
use crate::journey::shop;
use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// What the framework's buffers and the allocator may differ by.
const SLACK_KIB: u64 = 8 * 1024;

fn impatient() -> Skimwatch {
    let program = Skimwatch::start(&[
        ("SKIMWATCH__INTAKE__HEADER_SECONDS", "1"),
        ("SKIMWATCH__INTAKE__BODY_SECONDS", "1"),
        ("SKIMWATCH__INTAKE__IDLE_SECONDS", "2"),
    ]);
    program.import(&shop());
    program
}

/// The first head has a deadline, and so has every later one, wherever it stops.
#[test]
fn a_request_that_does_not_go_on() {
    let program = impatient();
    let half = &good()[..40];
    let head = &good()[..good().find("\r\n\r\n").expect("a head") + 6];
    let cases = [
        ("nothing", String::new(), 408),
        ("half a head", half.to_owned(), 408),
        ("half a body", head.to_owned(), 408),
        ("half a second head", good() + half, 204),
        ("half a second body", good() + head, 204),
    ];
    let mut later = Client::connect(program.intake).expect("the door is open");
    later.write(good().as_bytes()).expect("it is sent");
    assert_eq!(later.read(false).expect("an answer").status, 204);
    later.write(half.as_bytes()).expect("it is sent");
    let mut clients = Vec::new();
    for (name, raw, status) in cases {
        let mut client = Client::connect(program.intake).expect("the door is open");
        client.write(raw.as_bytes()).expect("it is sent");
        clients.push((name, client, Some(status)));
    }
    clients.push(("half a head later", later, None));
    for (name, mut client, status) in clients {
        if let Some(status) = status {
            assert_eq!(client.read(false).expect(name).status, status, "{name}");
        }
        assert!(client.is_closed_within(Duration::from_secs(30)), "{name}");
        others_are_served(name, &program);
    }
    let cut = program.metric(r#"skimwatch_connections_cut_total{kind="slow"}"#);
    assert!(cut >= 1.0, "{cut}");
}

/// Answers that nobody reads do not pile up, and such a client is given up.
#[test]
fn a_client_that_never_reads() {
    let program = impatient();
    let before = program.memory("VmRSS:");
    let mut client = Client::connect(program.intake).expect("the door is open");
    client
        .patience(Duration::from_secs(2))
        .expect("a deadline can be set");
    let preflights = "OPTIONS /r/demo-shop HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000);
    // 200 MB are more than both sides' sockets hold.
    let sent = (0..5000).take_while(|_| client.write(preflights.as_bytes()).is_ok());
    assert!(sent.count() < 5000, "it is read no further");
    let grown = program.memory("VmHWM:").saturating_sub(before);
    assert!(grown < SLACK_KIB, "{grown} KiB");
    within(Duration::from_secs(20), "the client is given up", || {
        let cut = program.metric(r#"skimwatch_connections_cut_total{kind="unread"}"#);
        (cut >= 1.0).then_some(())
    });
    others_are_served("a client that never reads", &program);
}

/// Keys that nobody has cost no memory: no limiter, no metric, no row knows them.
#[test]
fn a_flood_of_unknown_keys() {
    let program = impatient();
    others_are_served("the start", &program);
    let metrics = || {
        let answer =
            Client::connect(program.web).and_then(|mut client| client.get("/metrics", &[]));
        answer.expect("metrics").text().lines().count()
    };
    let flood = |from: u32, n: u32| {
        let mut client = Client::connect(program.intake).expect("the door is open");
        for key in from..from + n {
            let path = format!("/r/{key:016x}");
            let answer = client.send("POST", &path, &[], b"{}").expect("an answer");
            assert_eq!(answer.status, 404);
            if answer.header("connection") == Some("close") {
                client = Client::connect(program.intake).expect("the door is open");
            }
        }
    };
    flood(0, 100);
    let lines = metrics();
    let before = program.memory("VmRSS:");
    flood(1000, 10_000);
    // The report of the start is delivered meanwhile, which some metrics begin with.
    let more = metrics().saturating_sub(lines);
    assert!(more < 50, "no metric of a key: {more} more lines");
    let grown = program.memory("VmRSS:").saturating_sub(before);
    assert!(grown < SLACK_KIB, "{grown} KiB");
    let tracked = program.metric("skimwatch_limit_tracked_keys");
    assert!(tracked < 20.0, "{tracked} keys of one good report");
    others_are_served("unknown keys", &program);
}

/// One network gets half of the places, and who comes from elsewhere finds one.
#[test]
fn a_crowd_of_one_network() {
    let program = Skimwatch::start(&[
        ("SKIMWATCH__INTAKE__WORKERS", "1"),
        ("SKIMWATCH__INTAKE__MAX_CONNECTIONS", "100"),
    ]);
    program.import(&shop());
    let mut crowd = Vec::new();
    for _ in 0..80 {
        let mut client = Client::connect(program.intake).expect("the door is open");
        // A refused connection may end before or while it is written to.
        let answer = client
            .write(good().as_bytes())
            .and_then(|()| client.read(false));
        if answer.is_ok_and(|answer| answer.status == 204) {
            crowd.push(client);
        }
    }
    assert_eq!(crowd.len(), 50, "half of 100");
    let elsewhere = std::net::SocketAddr::from(([127, 0, 9, 1], 0));
    let mut other = Client::connect_from(elsewhere, program.intake).expect("another network");
    other.write(good().as_bytes()).expect("it is sent");
    assert_eq!(other.read(false).expect("an answer").status, 204);
    let limit = program.metric(r#"skimwatch_connections_limit{kind="intake"}"#);
    let open = program.metric(r#"skimwatch_connections{kind="intake"}"#);
    assert!(open <= limit && limit == 100.0, "{open} of {limit}");
}
