//! What was sent never stands in the log: no body, no address of a page, no key, no address of a client.

use super::{good, request};
use crate::journey::shop;
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// Stands in everything that is sent.
const MARK: &str = "Mark4711";
/// Of the clients, as a proxy tells it.
const CLIENT: &str = "198.51.100.77";

#[test]
fn nothing_that_was_sent_stands_in_the_log() {
    let program = Skimwatch::start(&[
        ("SKIMWATCH__LOG__FILTER", "trace"),
        ("SKIMWATCH__INTAKE__TRUSTED_PROXIES", "127.0.0.0/8"),
        ("SKIMWATCH__INTAKE__BODY_SECONDS", "1"),
    ]);
    program.import(&shop());
    let report = format!(
        r#"{{"csp-report":{{"document-uri":"https://shop.example.test/{MARK}?q={MARK}","blocked-uri":"https://{MARK}.example/{MARK}","effective-directive":"{MARK}","script-sample":"{MARK}","original-policy":"img-src {MARK}.example"}}}}"#
    );
    let marks = format!(
        "User-Agent: {MARK}\r\nReferer: https://shop.example.test/{MARK}\r\nOrigin: https://{MARK}.example\r\nX-Forwarded-For: {CLIENT}\r\n"
    );
    let length = format!("Content-Length: {}\r\n", report.len());
    let whole = |headers: &str| format!("{}{report}", request(&(marks.clone() + headers)));
    let hostile = [
        whole(&length),
        whole(&length).replace("demo-shop", MARK),
        whole(&length).replace("POST", "PUT"),
        whole(&length).replace("/r/demo-shop", &format!("/{MARK}")),
        whole(&format!("{length}Content-Length: {MARK}\r\n")),
        whole(&format!("Content-Length: {MARK}\r\n")),
        whole(&format!("Transfer-Encoding: {MARK}\r\n")),
        whole(&format!("{length}Content-Encoding: {MARK}\r\n")),
        whole(&format!("{length}{MARK}\r\n")),
        whole(&format!("{length}X: {MARK}\0\r\n")),
        whole(&format!("Content-Length: {}\r\n", report.len() + 10)),
        whole(&length).replace(r#"{"csp-report""#, r#"{{csp-report""#),
        format!("{MARK} {MARK} {MARK}\r\n\r\n"),
    ];
    for raw in &hostile {
        let mut client = Client::connect(program.intake).expect("the door is open");
        client.write(raw.as_bytes()).expect("it is sent");
        drop(client.read(false));
    }
    let reader = || Client::connect(program.web).expect("the web port answers");
    for path in ["/login", "/alerts", "/api/v1/alerts"] {
        let path = format!("{path}?{MARK}={MARK}");
        let body = format!("token={MARK}");
        let headers = [
            ("Authorization", MARK),
            ("Cookie", MARK),
            ("X-Forwarded-For", CLIENT),
        ];
        reader().get(&path, &headers).expect("an answer");
        let form = "application/x-www-form-urlencoded";
        // A page that wants a session does not wait for the form.
        drop(reader().post(&path, form, body.as_bytes()));
    }
    let mut last = Client::connect(program.intake).expect("the door is open");
    last.write(good().as_bytes()).expect("it is sent");
    assert_eq!(last.read(false).expect("an answer").status, 204);
    let said = program.said();
    assert!(
        said.contains("DEBUG") || said.contains("TRACE"),
        "it tells all it can"
    );
    for mark in [MARK, &MARK.to_lowercase(), CLIENT] {
        let line = said.lines().find(|line| line.contains(mark));
        assert_eq!(line, None, "{mark}");
    }
}
