//! Which object is what.

use super::*;

const FIELDS: &str =
    r#""document-uri":"https://a.test/","blocked-uri":"inline","effective-directive":"script-src""#;
const CAMEL: &str =
    r#""documentURL":"https://a.test/","blockedURL":"inline","effectiveDirective":"script-src""#;

#[test]
fn are_told_by_keys() {
    for (name, body, shape) in [
        ("chromium and firefox", format!(r#"{{"csp-report":{{{FIELDS},"disposition":"report"}}}}"#), Shape::ReportUri),
        ("old webkit", format!(r#"{{"csp-report":{{{FIELDS}}}}}"#), Shape::ReportUriWebKit),
        ("webkit", format!(r#"{{"type":"csp-violation","url":"u","csp-report":{{{FIELDS}}}}}"#), Shape::ReportUriWebKit),
        ("in an array", format!(r#"[{{"csp-report":{{{FIELDS},"disposition":"enforce"}}}}]"#), Shape::ReportUri),
        ("chromium", format!(r#"[{{"age":1,"body":{{{CAMEL}}},"type":"csp-violation"}}]"#), Shape::ReportToChromium),
        ("firefox", format!(r#"[{{"age":1,"type":"csp-violation","body":{{{CAMEL}}}}}]"#), Shape::ReportToFirefox),
        ("firefox by its nulls", format!(r#"[{{"body":{{{CAMEL},"sample":null}},"type":"csp-violation"}}]"#), Shape::ReportToFirefox),
        ("webkit alone", format!(r#"{{"type":"csp-violation","url":"u","body":{{{CAMEL}}}}}"#), Shape::ReportToWebKit),
        ("webkit in an array", format!(r#"[{{"body":{{{CAMEL}}},"type":"csp-violation","attempts":0}}]"#), Shape::ReportToWebKit),
        ("no type", format!(r#"[{{"body":{{{CAMEL}}}}}]"#), Shape::ReportToChromium),
        ("flat with dashes", format!("{{{FIELDS}}}"), Shape::Flat),
        ("flat in an array", format!("[{{{CAMEL}}}]"), Shape::Flat),
        ("camel case in the wrapper", format!(r#"{{"csp-report":{{{CAMEL}}}}}"#), Shape::Flat),
        ("the event's names", r#"{"documentURI":"https://a.test/","blockedURI":"inline","effectiveDirective":"script-src"}"#.into(), Shape::Flat),
        ("underscores", r#"{"csp_report":{"document_uri":"https://a.test/","blocked_uri":"inline","effective_directive":"script-src"}}"#.into(), Shape::Flat),
    ] {
        let entries = parse(&body).expect("it is JSON");
        assert_eq!(entries.len(), 1, "{name}");
        let report = entries[0].as_ref().unwrap_or_else(|e| panic!("{name}: {e:?}"));
        assert_eq!(report.shape, shape, "{name}");
        let violation = violation(&body);
        assert_eq!(violation.document_url, "https://a.test/", "{name}");
        assert_eq!(violation.blocked_url.as_deref(), Some("inline"), "{name}");
        assert_eq!(violation.effective_directive, "script-src", "{name}");
    }
}

#[test]
fn other_types_keep_their_body() {
    let deep = "[".repeat(120_000) + &"]".repeat(120_000);
    let long = format!(r#""{}""#, "x".repeat(MAX_OTHER_BYTES));
    for (name, kind, body, expected, cut) in [
        (
            "an object",
            "crash",
            r#"{ "reason": "oom" }"#,
            r#"{ "reason": "oom" }"#,
            false,
        ),
        ("null", "deprecation", "null", "null", false),
        ("text", "made-up", r#""]x""#, r#""]x""#, false),
        (
            "a lone surrogate",
            "coep",
            r#"{"a":"\ud83d"}"#,
            "{\"a\":\"\u{fffd}\"}",
            false,
        ),
        ("too deep", "coop", &deep, "null", true),
        ("too long", "coop", &long, "null", true),
    ] {
        for body in [
            format!(r#"[1,{{"body":{body},"type":"{kind}","url":"https://a.test/"}}]"#),
            format!(r#"["[",{{"type":"{kind}","url":"https://a.test/","body":{body}}}]"#),
        ] {
            let entries = parse(&body).expect("it is JSON");
            assert_eq!(entries[0], Err(DiscardReason::Malformed), "{name}");
            let report = entries[1]
                .as_ref()
                .unwrap_or_else(|e| panic!("{name}: {e:?}"));
            assert_eq!(
                report.body,
                RawBody::Other {
                    report_type: kind.into(),
                    json: expected
                },
                "{name}"
            );
            assert_eq!(
                (report.cut, &*report.url),
                (cut, "https://a.test/"),
                "{name}"
            );
        }
    }
}

#[test]
fn an_odd_entry_costs_only_itself() {
    let good = format!(r#"{{"csp-report":{{{FIELDS}}}}}"#);
    for odd in [
        "1",
        "-0.5e-3",
        "null",
        "true",
        r#""text""#,
        "{}",
        "[]",
        "[[{}]]",
        r#"{"csp-report":{}}"#,
        r#"{"csp-report":"x"}"#,
        r#"{"csp-report":[1]}"#,
        r#"{"csp-report":null}"#,
        r#"{"csp-report":{"referrer":"r","disposition":"enforce"}}"#,
        r#"{"type":"csp-violation"}"#,
        r#"{"type":"csp-violation","body":{"a":1}}"#,
        r#"{"type":"crash"}"#,
        r#"{"body":{"reason":"oom"}}"#,
        r#"{"hello":{"blocked-uri":"x"}}"#,
    ] {
        let entries = parse(format!("[{good},{odd},{good}]")).expect("it is JSON");
        let kept: Vec<_> = entries.iter().map(Result::is_ok).collect();
        assert_eq!(kept, [true, false, true], "{odd}");
        assert_eq!(entries[1], Err(DiscardReason::Malformed), "{odd}");
        if odd.starts_with('{') {
            assert_eq!(parse(odd), Ok(vec![Err(DiscardReason::Malformed)]), "{odd}");
        }
    }
    assert_eq!(parse("[]"), Ok(vec![]));
}
