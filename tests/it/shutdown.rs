//! SIGTERM: who was let in gets an answer and a row, nobody else comes in, and the end has a bound.

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use rustix::process::{Signal, kill_process};
use skimwatch::clock::SystemClock;

use crate::durability::{Sent, rows_are};
use crate::journey::shop;
use crate::support::clickhouse::ClickHouse;
use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::load::batch;
use crate::support::skimwatch::Skimwatch;

const LONG: Duration = Duration::from_secs(60);
/// Requests under way get 10 s, the last delivery 5 s; the rest is quick, on a slow machine too.
const MOST: Duration = Duration::from_secs(25);

/// The steps, as the log says them.
const STEPS: [&str; 7] = [
    "stopping: the door for browsers",
    "stopping: the log",
    "stopping: the way to ClickHouse",
    "stopping: detection",
    "stopping: the door for readers",
    "stopping: the database",
    "stopped",
];

fn started() -> Skimwatch {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    program
}

/// A request whose head was read, and half of its body sent; and the other half.
fn half_sent(program: &Skimwatch, first: u32) -> (Client, Vec<u8>) {
    let mut body = batch(first);
    let mut client = Client::connect(program.intake).expect("the door is open");
    let length = body.len();
    let head = format!(
        "POST /r/demo-shop HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    );
    client.write(head.as_bytes()).expect("it is sent");
    assert!(client.is_told_to_go_on().expect("an answer"));
    let rest = body.split_off(length / 2);
    client.write(&body).expect("it is sent");
    (client, rest)
}

fn tell(program: &Skimwatch, signal: Signal) {
    kill_process(program.pid(), signal).expect("it runs");
}

/// Nobody listens any more.
fn is_closed(program: &Skimwatch) {
    within(LONG, "a door that is closed", || {
        TcpStream::connect(program.intake).is_err().then_some(())
    });
}

fn nothing_waits(program: &Skimwatch) {
    let list = program.ok(&["segments", "list"]);
    assert!(list.starts_with("nothing waits"), "{list}");
}

#[test]
fn whoever_was_let_in_gets_an_answer_and_a_row() {
    let mut program = started();
    let mut resting = Client::connect(program.intake).expect("the door is open");
    let answer = resting.post("/r/demo-shop", "application/reports+json", &batch(1));
    assert_eq!(answer.expect("an answer").status, 204);
    let (mut half, rest) = half_sent(&program, 4);
    tell(&program, Signal::TERM);
    is_closed(&program);
    assert!(resting.is_closed_within(LONG), "it rested");
    half.write(&rest).expect("it is sent");
    assert_eq!(half.read(false).expect("an answer").status, 204);
    assert!(program.ends(), "with a status of 0");
    let said = program.said();
    let at = STEPS.map(|step| said.find(step).expect(step));
    assert!(at.is_sorted(), "{said}");
    nothing_waits(&program);
    rows_are(&program, &[1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_body_that_never_comes_holds_it_up_for_a_bounded_time() {
    let mut program = started();
    let mut sent = Sent::default();
    assert_eq!(sent.one(&program).status, 204);
    let (_half, _) = half_sent(&program, 100);
    let clock = SystemClock::shared();
    tell(&program, Signal::TERM);
    assert!(program.ends(), "with a status of 0");
    let took = clock.monotonic();
    assert!(took < MOST, "{took:?}");
    nothing_waits(&program);
    rows_are(&program, &sent.acknowledged);
}

#[test]
fn clickhouse_hangs() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut clickhouse = ClickHouse::prepare();
    let mut program = Skimwatch::prepare(&clickhouse.settings());
    let address = silent.local_addr().expect("bound");
    program.set("SKIMWATCH__CLICKHOUSE__URL", &format!("http://{address}"));
    program.import(&shop());
    program.restart();
    let mut sent = Sent::default();
    assert_eq!(sent.one(&program).status, 204);
    let clock = SystemClock::shared();
    tell(&program, Signal::TERM);
    assert!(program.ends(), "with a status of 0");
    let took = clock.monotonic();
    assert!(took < MOST, "{took:?}");
    assert!(
        program
            .said()
            .contains("wait in the log for the next start")
    );
    clickhouse.come();
    program.set("SKIMWATCH__CLICKHOUSE__URL", clickhouse.url());
    program.restart();
    rows_are(&program, &sent.acknowledged);
}

#[test]
fn told_twice() {
    for second in [Signal::TERM, Signal::INT] {
        let mut program = started();
        let mut sent = Sent::default();
        assert_eq!(sent.one(&program).status, 204);
        let (_half, _) = half_sent(&program, 100);
        tell(&program, Signal::TERM);
        is_closed(&program);
        let clock = SystemClock::shared();
        tell(&program, second);
        assert!(!program.ends(), "with another status than 0");
        let took = clock.monotonic();
        assert!(
            took < Duration::from_secs(8),
            "it waits for nobody: {took:?}"
        );
        let said = program.said();
        assert!(said.contains("told to stop twice"), "{said}");
        program.restart();
        rows_are(&program, &sent.acknowledged);
    }
}
