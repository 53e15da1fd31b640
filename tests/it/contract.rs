//! What the door for browsers answers, case by case, and how it is counted.

use std::sync::Barrier;
use std::thread::ScopedJoinHandle;

use serde_json::json;

use crate::journey::{counted, shop};
use crate::support::http::{Answer, Client};
use crate::support::skimwatch::Skimwatch;

const REPORT: &str = r#"{"csp-report":{"document-uri":"https://shop.example.test/checkout","blocked-uri":"https://evil.skimmer.test/c","effective-directive":"connect-src","disposition":"enforce"}}"#;

/// A name, a request (method, path, one header, body), and what comes of it: status, code, entries.
const CASES: &str = "
a report                       | POST    | /r/demo-shop             | Content-Type: application/csp-report | {report}         | 204 |             | 1
under another content type     | POST    | /r/demo-shop             | Content-Type: image/png              | {report}         | 204 |             | 1
a key in percent-encoding      | POST    | /r/demo%2Dshop           | Content-Type: application/csp-report | {report}         | 204 |             | 1
odd entries in a batch         | POST    | /r/demo-shop             | Content-Type: text/plain             | {batch}          | 204 |             | 5
an empty object                | POST    | /r/demo-shop             | Content-Type: text/plain             | {}               | 204 |             | 1
an empty array                 | POST    | /r/demo-shop             | Content-Type: text/plain             | []               | 204 |             | 0
a preflight                    | OPTIONS | /r/demo-shop             | Origin: https://shop.example.test    |                  | 204 |             | 0
a preflight for any key        | OPTIONS | /r/nobody                | Origin: https://shop.example.test    |                  | 204 |             | 0
an unknown key                 | POST    | /r/nobody                | Content-Type: text/plain             | {report}         | 404 | unknown_key | 0
a path in a key                | POST    | /r/%2e%2e%2fdemo-shop    | Content-Type: text/plain             | {report}         | 404 | unknown_key | 0
a retired key                  | POST    | /r/{retired}             | Content-Type: text/plain             | {report}         | 410 | retired_key | 0
another method                 | GET     | /r/demo-shop             | Accept: */*                          |                  | 405 | method      | 0
another path                   | POST    | /csp                     | Content-Type: text/plain             | {report}         | 404 | not_found   | 0
broken JSON                    | POST    | /r/demo-shop             | Content-Type: text/plain             | {\"csp-report\": | 400 | not_json    | 0
a string                       | POST    | /r/demo-shop             | Content-Type: text/plain             | \"report\"       | 400 | not_json    | 0
no body                        | POST    | /r/demo-shop             | Content-Type: text/plain             |                  | 400 | not_json    | 0
a compressed body              | POST    | /r/demo-shop             | Content-Encoding: gzip               | {report}         | 415 | encoding    | 0
";

#[test]
fn answers() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let retired = program
        .ok(&["site", "add-key", "demo-shop"])
        .trim()
        .to_owned();
    program.ok(&["site", "retire-key", &retired]);
    let batch = format!("[{REPORT},7,null,{{}},{REPORT}]");
    let mut received = 0;
    for case in CASES.trim().lines() {
        let fields: Vec<&str> = case.split('|').map(str::trim).collect();
        let [name, method, path, header, body, status, code, entries] = fields[..] else {
            panic!("eight fields: {case}");
        };
        let path = path.replace("{retired}", &retired);
        let body = body.replace("{report}", REPORT).replace("{batch}", &batch);
        let header = header.split_once(": ").expect("a header");
        let mut client = Client::connect(program.intake).expect("the door is open");
        let answer = client
            .send(method, &path, &[header], body.as_bytes())
            .expect("an answer");
        is(name, &answer, status.parse().expect("a status"), code);
        received += entries.parse::<u64>().expect("a number");
    }
    let total = counted(&program, received)["total"].clone();
    assert_eq!(total["stored"], 5, "{total}");
    assert_eq!(total["discarded"], json!({"malformed": 4}), "{total}");
}

/// Entries beyond 2 MiB are counted and not kept; beyond 16 MiB nothing is read.
#[test]
fn large_bodies() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let entry = format!("{REPORT}{}", " ".repeat(100_000 - REPORT.len()));
    let entries = 30;
    let batch = format!("[{}]", vec![entry; entries].join(","));
    let mut client = Client::connect(program.intake).expect("the door is open");
    let answer = client.post("/r/demo-shop", "application/reports+json", batch.as_bytes());
    is("3 MB", &answer.expect("an answer"), 204, "");

    let total = counted(&program, 30)["total"].clone();
    assert_eq!(
        total["stored"], 21,
        "entries that end within 2 MiB: {total}"
    );
    assert_eq!(total["discarded"], json!({"truncated": 9}), "{total}");

    let head = "POST /r/demo-shop HTTP/1.1\r\nHost: x\r\nContent-Length: 16777217\r\n\r\n";
    client.write(head.as_bytes()).expect("it is sent");
    is(
        "more than 16 MiB",
        &client.read(false).expect("an answer"),
        413,
        "too_large",
    );
}

/// A body that does not come is not waited for.
#[test]
fn a_slow_body() {
    let program = Skimwatch::start(&[("SKIMWATCH__INTAKE__BODY_SECONDS", "1")]);
    program.import(&shop());
    let mut client = Client::connect(program.intake).expect("the door is open");
    let head = "POST /r/demo-shop HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    client.write(head.as_bytes()).expect("it is sent");
    is(
        "a slow body",
        &client.read(false).expect("an answer"),
        408,
        "timeout",
    );
}

fn is(name: &str, answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{name}: {}", answer.text());
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("*"),
        "{name}"
    );
    if status >= 400 {
        let body = answer.json();
        assert_eq!(body["error"]["code"], code, "{name}: {body}");
        assert!(
            body["error"]["message"]
                .as_str()
                .is_some_and(|text| text.len() > 10),
            "{name}"
        );
    }
}

/// Browsers that come at once with a key that was imported a moment ago: whoever of them has the snapshot read
/// again, none is told that the key is unknown.
#[test]
fn a_key_imported_a_moment_ago_is_known_to_all() {
    const BROWSERS: usize = 8;
    let program = Skimwatch::start(&[]);
    for round in 0..12 {
        let key = format!("shop-{round}");
        let start = Barrier::new(BROWSERS + 1);
        let statuses = std::thread::scope(|scope| {
            let browser = || {
                let mut client = Client::connect(program.intake).expect("the door is open");
                start.wait();
                let path = format!("/r/{key}");
                let answer = client.post(&path, "application/csp-report", b"{\"csp-report\":{}}");
                answer.expect("an answer").status
            };
            let browsers: Vec<_> = (0..BROWSERS).map(|_| scope.spawn(browser)).collect();
            program.import(&json!([{ "key": key, "name": key }]));
            start.wait();
            let status = |browser: ScopedJoinHandle<'_, u16>| browser.join().expect("no panic");
            browsers.into_iter().map(status).collect::<Vec<_>>()
        });
        assert_eq!(statuses, [204; BROWSERS], "round {round}");
    }
}
