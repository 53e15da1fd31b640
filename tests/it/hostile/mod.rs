//! What the door for browsers does with clients that mean harm. [`heads`] and [`bodies`] are tables of what may
//! be sent, [`patience`] is about time and memory, [`distinct`] about
//! things that are never the same, [`tls`] about certificates and HTTP/2, [`log`] about what is
//! said of it all.

mod bodies;
mod distinct;
mod heads;
mod log;
mod patience;
mod tls;

use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

const REPORT: &str = r#"{"csp-report":{"document-uri":"https://shop.example.test/checkout","blocked-uri":"https://evil.skimmer.test/c","effective-directive":"connect-src","disposition":"enforce"}}"#;

/// A head and a report, as they come one after the other.
fn request(headers: &str) -> String {
    format!("POST /r/demo-shop HTTP/1.1\r\nHost: x\r\n{headers}\r\n")
}

/// A report as a good client sends it.
fn good() -> String {
    let head = request(&format!("Content-Length: {}\r\n", REPORT.len()));
    format!("{head}{REPORT}")
}

/// Another client is served as ever.
fn others_are_served(name: &str, program: &Skimwatch) {
    let mut client = Client::connect(program.intake).expect("the door is open");
    client.write(good().as_bytes()).expect("it is sent");
    let answer = client.read(false).expect("an answer");
    assert_eq!(answer.status, 204, "after {name}");
}
