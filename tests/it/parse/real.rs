//! Bodies of real browsers.

use std::fmt::Write as _;

use serde_json::Value;

use super::*;
use crate::corpus;

/// What serde's own `Value` says of the bodies it can read, field by field.
#[test]
fn every_field_is_as_the_browser_sent_it() {
    let mut compared = 0;
    for request in corpus::posts() {
        let body = request.body();
        let entries = parse(&body).unwrap_or_else(|e| panic!("{}: {e}", request.id));
        assert_eq!(count(&body) as usize, entries.len(), "{}", request.id);
        let Ok(value) = serde_json::from_str::<Value>(&String::from_utf8_lossy(&body)) else {
            assert!(request.case.contains("surrogate"), "{}", request.id);
            continue;
        };
        let values = match value {
            Value::Array(values) => values,
            object => vec![object],
        };
        assert_eq!(values.len(), entries.len(), "{}", request.id);
        for (entry, value) in entries.iter().zip(&values) {
            let report = entry
                .as_ref()
                .unwrap_or_else(|e| panic!("{}: {e:?}", request.id));
            assert_same(report, value, &request.id);
            compared += 1;
        }
    }
    assert!(compared > 150, "{compared}");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn assert_same(report: &RawReport<'_>, value: &Value, id: &str) {
    assert_eq!(report.url, text(&value["url"]), "{id}");
    assert_eq!(report.user_agent, text(&value["user_agent"]), "{id}");
    assert_eq!(report.age_ms, value["age"].as_u64(), "{id}");
    match &report.body {
        RawBody::Other { report_type, json } => {
            assert_eq!(report_type, text(&value["type"]), "{id}");
            let parsed: Value = serde_json::from_str(json).expect("a body is JSON");
            assert_eq!(parsed, value["body"], "{id}");
        }
        RawBody::CspViolation(violation) => {
            let cut = assert_same_violation(violation, value, id);
            assert_eq!(report.cut, cut, "{id}");
        }
    }
}

/// The texts of a violation, with their names in both transports.
fn texts<'v>(v: &'v RawViolation<'_>) -> [(&'v str, &'static str, &'static str); 9] {
    let blocked = v.blocked_url.as_deref().unwrap_or_default();
    [
        (&v.document_url, "document-uri", "documentURL"),
        (&v.referrer, "referrer", "referrer"),
        (blocked, "blocked-uri", "blockedURL"),
        (
            &v.effective_directive,
            "effective-directive",
            "effectiveDirective",
        ),
        (
            &v.violated_directive,
            "violated-directive",
            "violatedDirective",
        ),
        (&v.original_policy, "original-policy", "originalPolicy"),
        (&v.disposition, "disposition", "disposition"),
        (&v.source_file, "source-file", "sourceFile"),
        (&v.sample, "script-sample", "sample"),
    ]
}

/// Compares the fields and tells whether one of them had to be cut.
fn assert_same_violation(violation: &RawViolation<'_>, value: &Value, id: &str) -> bool {
    let legacy = value.get("csp-report");
    let inner = legacy.unwrap_or(&value["body"]);
    let field = |old, new| &inner[if legacy.is_some() { old } else { new }];
    let blocked = field("blocked-uri", "blockedURL");
    assert_eq!(violation.blocked_url.is_some(), blocked.is_string(), "{id}");
    let mut cut = false;
    for (kept, old, new) in texts(violation) {
        let sent = text(field(old, new));
        let start = &sent[..sent.floor_char_boundary(MAX_URL_BYTES)];
        cut |= start.len() < sent.len();
        assert_eq!(kept, start, "{id} {old}");
    }
    for (kept, old, new) in [
        (violation.line_number, "line-number", "lineNumber"),
        (violation.column_number, "column-number", "columnNumber"),
        (violation.status_code, "status-code", "statusCode"),
    ] {
        assert_eq!(kept.map(u64::from), field(old, new).as_u64(), "{id} {old}");
    }
    cut
}

/// Shape, type and the telling fields of every fixture's first entries, in a form that can be read.
#[test]
fn summary() {
    let mut out = String::new();
    for request in corpus::posts() {
        let entries = parse(request.body()).expect("real bodies are JSON");
        let (id, case, variant) = (&request.id, &request.case, &request.variant);
        writeln!(
            out,
            "{id} {case} {variant} {}: {}",
            request.transport,
            entries.len()
        )
        .expect("a string takes all");
        for line in entries.iter().take(4).map(line) {
            writeln!(out, "  {line}").expect("a string takes all");
        }
    }
    insta::assert_snapshot!(out);
}

fn line(entry: &Entry) -> String {
    let report = entry.as_ref().expect("browsers send reports");
    let shape = report.shape.as_str();
    match &report.body {
        RawBody::Other { report_type, json } => format!("{shape} {report_type} {json:.90}"),
        RawBody::CspViolation(v) => format!(
            "{shape} {} {:?} {:.90} source={:.40?} at={:?}:{:?} sample={:?}",
            v.effective_directive,
            v.disposition,
            v.blocked_url.as_deref().unwrap_or("absent"),
            v.source_file,
            v.line_number.unwrap_or(0),
            v.column_number.unwrap_or(0),
            v.sample
        ),
    }
}

/// A surrogate pair that the browser cut in half costs that character and nothing else.
#[test]
fn half_a_surrogate_pair_costs_one_character() {
    let mut seen = 0;
    for request in corpus::posts()
        .iter()
        .filter(|r| r.case.contains("surrogate"))
    {
        let body = request.body();
        let raw = String::from_utf8(body.clone()).is_err();
        if !raw && serde_json::from_slice::<Value>(&body).is_ok() {
            continue;
        }
        seen += 1;
        let violation = violation(&body);
        let place = [&violation.sample, &violation.original_policy];
        assert!(
            place.iter().any(|text| text.contains('\u{fffd}')),
            "{}",
            request.id
        );
        assert!(
            violation.document_url.starts_with("https://shop"),
            "{}",
            request.id
        );
    }
    assert_eq!(seen, 21, "all that the corpus has");
}
