//! Bodies that are deep, doubled, or written for whoever reads them later.

use serde_json::json;

use super::others_are_served;
use crate::journey::{counted, shop};
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// Levels of nesting, from what a program may write to what none does.
const LEVELS: [usize; 4] = [100, 1_000, 20_000, 120_000];

#[test]
fn deep_nesting() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let mut client = Client::connect(program.intake).expect("the door is open");
    let mut received = 0;
    for levels in LEVELS {
        let arrays = ["[".repeat(levels), "]".repeat(levels)].concat();
        let field = format!(
            r#"{{"csp-report":{{"document-uri":"https://shop.example.test/","x":{arrays}}}}}"#
        );
        let known = format!(
            r#"{{"csp-report":{{"document-uri":{arrays},"blocked-uri":"https://a.example/"}}}}"#
        );
        let other = format!(r#"[{{"type":"unknown","body":{arrays}}}]"#);
        let objects = [
            r#"{"a":"#.repeat(levels),
            "1".to_owned(),
            "}".repeat(levels),
        ]
        .concat();
        let open = r#"{"a":"#.repeat(levels);
        for (name, body, status) in [
            ("arrays", &arrays, 204),
            ("an unknown field", &field, 204),
            ("a known field", &known, 204),
            ("a report of another type", &other, 204),
            ("objects", &objects, 204),
            ("never closed", &open, 400),
        ] {
            let answer = client.post("/r/demo-shop", "text/plain", body.as_bytes());
            let answer = answer.expect("an answer");
            assert_eq!(answer.status, status, "{name}, {levels}: {}", answer.text());
            received += u64::from(status == 204);
        }
    }
    others_are_served("deep nesting", &program);
    let stats = counted(&program, received + 1);
    assert_eq!(stats["total"]["received"], received + 1, "{stats}");
}

/// What is written for the log, a page, a spreadsheet or the database is a text like any other.
#[test]
fn texts_for_those_who_read_them_later() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let texts = [
        "https://a.example/\nWARN forged: a line of the log",
        "https://a.example/\u{1b}[2J\u{1b}]0;title\u{7}",
        "https://a.example/\"><script>alert(1)</script>",
        "=HYPERLINK(\"http://a.example\",\"x\")",
        "https://a.example/'; DROP TABLE skimwatch.reports; --",
        "https://a.example/\\'); INSERT INTO reports VALUES (1)",
        "https://a.example/{{7*7}}${jndi:ldap://a.example/x}",
        "https://a.example/\u{0}\u{202e}\u{feff}",
    ];
    let mut client = Client::connect(program.intake).expect("the door is open");
    for text in texts {
        let report = json!({"csp-report": {
            "document-uri": text, "blocked-uri": text, "effective-directive": text, "disposition": text,
            "source-file": text, "script-sample": text, "original-policy": text, "referrer": text,
            text: text,
        }});
        let header = text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ');
        let header = header.collect::<String>();
        let answer = client.send(
            "POST",
            "/r/demo-shop",
            &[("User-Agent", &header), ("Content-Type", &header)],
            report.to_string().as_bytes(),
        );
        assert_eq!(answer.expect("an answer").status, 204, "{text}");
    }
    counted(&program, 8);
    let rows =
        program.sql("SELECT count(), countIf(document_path LIKE '%WARN%') FROM skimwatch.reports");
    assert!(rows.starts_with("8\t"), "{rows}");
    for line in program.said().lines() {
        assert!(
            !line.starts_with("WARN") && !line.contains('\u{1b}'),
            "{line}"
        );
    }
}

/// A key that comes twice costs neither the report nor what stands beside it.
#[test]
fn doubled_keys() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let mut client = Client::connect(program.intake).expect("the door is open");
    let many = (0..10_000).map(|n| format!(r#""k{n}":{n}"#));
    let many = many.collect::<Vec<_>>().join(",");
    for (name, body) in [
        (
            "a field",
            r#"{"csp-report":{"document-uri":"https://a.example/","document-uri":"https://b.example/"}}"#.to_owned(),
        ),
        (
            "the report",
            r#"{"csp-report":{"document-uri":"https://a.example/"},"csp-report":{}}"#.to_owned(),
        ),
        ("10,000 fields", format!(r#"{{"csp-report":{{{many}}}}}"#)),
    ] {
        let answer = client.post("/r/demo-shop", "text/plain", body.as_bytes());
        assert_eq!(answer.expect("an answer").status, 204, "{name}");
    }
    let stats = counted(&program, 3);
    assert_eq!(stats["total"]["received"], 3, "one entry each: {stats}");
}
