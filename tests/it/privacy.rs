//! What rows tell of a client: the same from every collector that shares the keys, nothing if nothing is to be kept.

use serde_json::{Value, json};

use crate::journey::{counted, shop};
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// A visitor's browser, as it names itself.
const PHONE: &str = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) \
                     Chrome/142.0.0.0 Mobile Safari/537.36";

const CLIENT: &str = "SELECT DISTINCT client, network FROM skimwatch.reports";

fn report(blocked: &str) -> Value {
    json!({ "csp-report": {
        "document-uri": "https://shop.example.test/checkout", "effective-directive": "connect-src",
        "blocked-uri": blocked, "original-policy": "default-src 'self'",
    }})
}

/// Sends reports of one visitor and waits until they are counted.
fn post(program: &Skimwatch, user_agent: &str, reports: &[Value]) {
    let mut client = Client::connect(program.intake).expect("the door is open");
    let headers = [
        ("content-type", "application/csp-report"),
        ("user-agent", user_agent),
    ];
    for report in reports {
        let body = report.to_string();
        let answer = client.send("POST", "/r/demo-shop", &headers, body.as_bytes());
        assert_eq!(answer.expect("an answer").status, 204, "{body}");
    }
    counted(program, u64::try_from(reports.len()).expect("small"));
}

#[test]
fn collectors_that_share_their_keys_call_a_visitor_the_same() {
    let keys = tempfile::tempdir().expect("a folder");
    let shared = keys.path().display().to_string();
    let settings = [("SKIMWATCH__KEYS__DIR", shared.as_str())];
    let rows = |program: &Skimwatch| {
        program.import(&shop());
        post(program, PHONE, &[report("https://evil.test/c?d=abcdefgh")]);
        let values = "SELECT blocked FROM skimwatch.reports";
        (program.sql(CLIENT), program.sql(values))
    };
    let one = Skimwatch::start(&settings);
    let other = Skimwatch::start(&settings);
    let (of_one, of_other) = (rows(&one), rows(&other));
    assert_eq!(of_one, of_other);
    assert!(of_one.1.contains("d=a{8}~"), "a keyed hash: {}", of_one.1);
    assert!(!of_one.0.split('\t').any(|pseudonym| pseudonym == "0"));
    for program in [&one, &other] {
        assert!(!program.data().join("keys").exists(), "no keys of its own");
    }
}

#[test]
fn without_client_data_no_row_tells_a_client() {
    let program = Skimwatch::start(&[("SKIMWATCH__ENRICH__KEEP_CLIENT", "false")]);
    program.import(&shop());
    let reports: Vec<Value> = (0..5)
        .map(|n| report(&format!("https://evil{n}.test/c")))
        .collect();
    post(&program, PHONE, &reports);
    let mut client = Client::connect(program.intake).expect("the door is open");
    let bot = [
        ("content-type", "application/csp-report"),
        ("user-agent", "curl/8.5.0"),
    ];
    let body = report("https://evil.test/").to_string();
    let answer = client.send("POST", "/r/demo-shop", &bot, body.as_bytes());
    assert_eq!(answer.expect("an answer").status, 204);
    counted(&program, 6);
    let empty = "SELECT count(), countIf(client = 0 AND network = 0 AND country = '' AND asn = 0 AND browser = '' \
                 AND browser_major = 0 AND NOT mobile AND NOT has(labels, 'bot')) FROM skimwatch.reports";
    assert_eq!(program.sql(empty), "6\t6");
}
