//! Shapes that make two readers of one stream disagree on where a request ends, and heads that are too much.

use std::time::Duration;

use super::{REPORT, good, others_are_served, request};
use crate::journey::{counted, shop};
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// A server that means to close does so in about a second.
const CLOSED: Duration = Duration::from_secs(10);

/// A name, headers, what follows them (`{R}` a report, `{N}` its length, `{X}` that in hex), the status, and
/// whether the connection is kept.
#[rustfmt::skip]
const CASES: &[(&str, &str, &str, u16, bool)] = &[
    ("a length", "Content-Length: {N}\r\n", "{R}", 204, true),
    ("chunks", "Transfer-Encoding: chunked\r\n", "{X}\r\n{R}\r\n0\r\n\r\n", 204, true),
    ("an extension of a chunk", "Transfer-Encoding: chunked\r\n", "{X};a=b\r\n{R}\r\n0\r\n\r\n", 204, true),
    ("trailers", "Transfer-Encoding: chunked\r\n", "{X}\r\n{R}\r\n0\r\nX-A: b\r\n\r\n", 204, true),
    ("no body", "", "", 400, true),
    ("a wait for 100", "Expect: 100-continue\r\nContent-Length: {N}\r\n", "{R}", 204, true),
    ("bytes of no encoding", "X-A: \u{ff}\u{fe}\r\nContent-Length: {N}\r\n", "{R}", 204, true),
    ("HTTP/2 without TLS", "Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: {N}\r\n", "{R}", 204, true),
    ("a coding", "Content-Encoding: gzip\r\nContent-Length: {N}\r\n", "{R}", 415, true),
    ("a coding behind another", "Content-Encoding: identity\r\nContent-Encoding: br\r\nContent-Length: {N}\r\n", "{R}", 415, true),
    ("the same length twice", "Content-Length: {N}\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("two lengths", "Content-Length: {N}\r\nContent-Length: 5\r\n", "{R}", 400, false),
    ("a list of lengths", "Content-Length: {N}, {N}\r\n", "{R}", 400, false),
    ("a length with a sign", "Content-Length: +{N}\r\n", "{R}", 400, false),
    ("a negative length", "Content-Length: -5\r\n", "{R}", 400, false),
    ("a length in hex", "Content-Length: 0x10\r\n", "{R}", 400, false),
    ("a length beyond 64 bits", "Content-Length: 99999999999999999999999\r\n", "{R}", 400, false),
    ("a length that is too short", "Content-Length: 5\r\n", "{R}", 400, false),
    ("a space before the colon", "Content-Length : {N}\r\n", "{R}", 400, false),
    ("a length and chunks", "Content-Length: {N}\r\nTransfer-Encoding: chunked\r\n", "{X}\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("chunks and a length", "Transfer-Encoding: chunked\r\nContent-Length: {N}\r\n", "{X}\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("chunks twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "{X}\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("chunks by another name", "Transfer-Encoding: xchunked\r\n", "{X}\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("chunks, but not last", "Transfer-Encoding: chunked, identity\r\n", "{X}\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("chunks of a coding", "Transfer-Encoding: gzip, chunked\r\n", "{X}\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("no chunks", "Transfer-Encoding: identity\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("a size that is none", "Transfer-Encoding: chunked\r\n", "zz\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("a size with 0x", "Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n", 400, false),
    ("a negative size", "Transfer-Encoding: chunked\r\n", "-5\r\nhello\r\n0\r\n\r\n", 400, false),
    ("a size beyond 64 bits", "Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nhello\r\n0\r\n\r\n", 400, false),
    ("a chunk longer than its size", "Transfer-Encoding: chunked\r\n", "3\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("chunks with bare line feeds", "Transfer-Encoding: chunked\r\n", "{X}\n{R}\n0\n\n", 400, false),
    ("a line feed in an extension", "Transfer-Encoding: chunked\r\n", "{X};a\nb\r\n{R}\r\n0\r\n\r\n", 400, false),
    ("a folded line", "X-A: b\r\n c\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("a folded length", "Content-Length:\r\n {N}\r\n", "{R}", 400, false),
    ("a bare return", "X-A: b\rc\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("NUL in a value", "X-A: b\0c\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("NUL in a name", "X\0A: b\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("no colon", "garbage\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("no name", ": b\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("two hosts", "Host: y\r\nContent-Length: {N}\r\n", "{R}", 400, false),
    ("another protocol", "Connection: Upgrade\r\nUpgrade: WebSocket\r\nContent-Length: {N}\r\n", "{R}", 400, false),
];

#[test]
fn a_request_ends_where_everybody_sees_its_end() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let mut accepted = 0;
    for (name, headers, rest, status, kept) in CASES {
        let fill = |text: &str| {
            text.replace("{R}", REPORT)
                .replace("{N}", &REPORT.len().to_string())
                .replace("{X}", &format!("{:x}", REPORT.len()))
        };
        let raw = format!("{}{}", request(&fill(headers)), fill(rest));
        let mut client = Client::connect(program.intake).expect("the door is open");
        // What follows is a good request for whoever finds its beginning.
        client
            .write((raw + &good()).as_bytes())
            .expect("it is sent");
        let answer = client.read(false).expect(name);
        assert_eq!(answer.status, *status, "{name}: {}", answer.text());
        if *kept {
            assert_eq!(client.read(false).expect(name).status, 204, "{name}: next");
        } else {
            // What is left of a body may be taken for a request, and is none.
            while let Ok(answer) = client.read(false) {
                assert_eq!(answer.status, 400, "{name}: no second answer");
            }
            assert!(client.is_closed_within(CLOSED), "{name}: closed");
        }
        others_are_served(name, &program);
        accepted += u64::from(*status == 204) + u64::from(*kept) + 1;
    }
    let stats = counted(&program, accepted);
    assert_eq!(stats["total"]["received"], accepted, "each once: {stats}");
}

#[test]
fn a_head_has_a_size() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let fields = |n: usize| (0..n).map(|i| format!("X-{i}: a\r\n")).collect::<String>();
    let field = |n: usize| format!("X-A: {}\r\n", "a".repeat(n));
    for (name, headers, status) in [
        ("90 headers", fields(90), 204),
        ("30 KB of cookies", field(30_000), 204),
        ("100 headers", fields(100), 431),
        ("40 KB", field(40_000), 413),
        ("200 KB", field(200_000), 431),
    ] {
        let mut client = Client::connect(program.intake).expect("the door is open");
        let length = format!("Content-Length: {}\r\n", REPORT.len());
        let raw = request(&(headers + &length)) + REPORT;
        // It may be refused before all of it was sent, and the connection closed under what is left.
        let sent = client.write(raw.as_bytes());
        let answer = client.read(false);
        assert!(sent.is_ok() || status == 431, "{name}");
        match answer {
            Ok(answer) => assert_eq!(answer.status, status, "{name}"),
            Err(_) => assert_eq!(status, 431, "{name}: reset"),
        }
        if status != 204 {
            assert!(client.is_closed_within(CLOSED), "{name}: closed");
        }
        others_are_served(name, &program);
    }
}

/// Requests without a head that could be understood.
#[test]
fn no_request_at_all() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let hello = [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        &[0; 200],
    ]
    .concat();
    for (name, raw) in [
        ("HTTP/0.9", &b"POST /r/demo-shop\r\n"[..]),
        ("HTTP/2 from the start", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("TLS", &hello),
        ("bytes", b"\0\xff\xfe junk\r\n\r\n"),
        (
            "no host",
            b"POST /r/demo-shop HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        ),
        (
            "a method that is none",
            b"PO\"ST /r/demo-shop HTTP/1.1\r\nHost: x\r\n\r\n",
        ),
    ] {
        let mut client = Client::connect(program.intake).expect("the door is open");
        client.write(raw).expect("it is sent");
        assert_eq!(client.read(false).expect(name).status, 400, "{name}");
        assert!(client.is_closed_within(CLOSED), "{name}: closed");
        others_are_served(name, &program);
    }
}

/// Requests behind one another are answered in their order, each once.
#[test]
fn a_pipeline() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let mut client = Client::connect(program.intake).expect("the door is open");
    let unknown = good().replace("demo-shop", "nobody");
    let wrong = "GET /r/demo-shop HTTP/1.1\r\nHost: x\r\n\r\n";
    let preflight = "OPTIONS /r/demo-shop HTTP/1.1\r\nHost: x\r\n\r\n";
    let turn = [good().as_str(), preflight, wrong, &unknown].concat();
    let turns: u64 = 100;
    for n in 0..turns {
        client.write(turn.as_bytes()).expect("it is sent");
        for expected in [204, 204, 405, 404] {
            let status = client.read(false).expect("an answer").status;
            assert_eq!(status, expected, "{n}");
        }
    }
    let stats = counted(&program, turns);
    assert_eq!(stats["total"]["stored"], turns, "{stats}");
    assert_eq!(stats["total"]["refused"]["method"], turns, "{stats}");
}
