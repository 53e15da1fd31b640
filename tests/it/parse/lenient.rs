//! What is taken although it breaks the rules, and what is not.

use super::*;

#[test]
fn any_value_is_taken_in_any_field() {
    for (value, text, number) in [
        (r#""7""#, "7", Some(7)),
        (r#"" 7.9 ""#, " 7.9 ", Some(7)),
        ("7", "7", Some(7)),
        ("-7", "-7", None),
        ("7.9", "7.9", Some(7)),
        ("-0.5", "-0.5", None),
        ("1e300", "", Some(u32::MAX)),
        ("1e999", "", None),
        ("123456789012345678901234567890", "", Some(u32::MAX)),
        ("null", "", None),
        ("true", "true", None),
        (r#"{"a":["b"]}"#, "", None),
        (r#"["a",{}]"#, "", None),
        (r#""x\ny""#, "x\ny", None),
        (r#""NaN""#, "NaN", None),
    ] {
        let v = violation(format!(
            r#"{{"csp-report":{{"blocked-uri":{value},"script-sample":{value},"line-number":{value},"status-code":{value},"document-uri":"d"}}}}"#
        ));
        assert_eq!((v.line_number, v.status_code), (number, number), "{value}");
        assert_eq!(&*v.document_url, "d", "{value}");
        if !value.contains("e300") && value.len() < 30 {
            assert_eq!(
                (&*v.sample, v.blocked_url.as_deref()),
                (text, Some(text)),
                "{value}"
            );
        }
    }
    let entry = r#"[{"age":"12","type":"csp-violation","url":5,"user_agent":null,"body":{"blockedURL":null}}]"#;
    let report = parse(entry)
        .expect("it is JSON")
        .remove(0)
        .expect("it is a report");
    assert_eq!(
        (report.age_ms, &*report.url, &*report.user_agent),
        (Some(12), "5", "")
    );
}

#[test]
fn a_policy_may_be_anything_as_well_and_costs_no_other_entry() {
    for (name, value, want) in [
        ("text", r#""a b""#, "a b"),
        ("escapes", r#""a\n\u00e9\ud83d\ude00""#, "a\né😀"),
        ("null", "null", ""),
        ("a number", "7", "7"),
        ("a boolean", "true", "true"),
        ("an object", r#"{"a":["b"]}"#, ""),
        ("an array", r#"["a"]"#, ""),
        ("half a surrogate pair", r#""a\ud83d""#, "a\u{fffd}"),
        ("a tab as it is", "\"a\tb\"", "a\tb"),
        ("a control character as it is", "\"a\u{1}b\"", "a\u{fffd}b"),
        ("no escape", r#""a\qb""#, "a\\qb"),
    ] {
        let body = format!(
            r#"[{{"type":"csp-violation","body":{{"originalPolicy":{value},"blockedURL":"x"}}}},{{"type":"coep","body":{{"a":1}}}}]"#
        );
        let entries = parse(&body).expect(name);
        let bodies: Vec<_> = entries.into_iter().map(|it| it.expect(name).body).collect();
        let [
            RawBody::CspViolation(violation),
            RawBody::Other { json, .. },
        ] = &bodies[..]
        else {
            panic!("{name}: {bodies:?}");
        };
        assert_eq!(violation.original_policy, want, "{name}");
        assert_eq!(violation.blocked_url.as_deref(), Some("x"), "{name}");
        assert_eq!(*json, r#"{"a":1}"#, "{name}");
    }
}

#[test]
fn a_key_that_comes_twice_counts_as_it_came_last() {
    let v = violation(
        r#"{"csp-report":{"document-uri":"a"},"csp-report":{"blocked-uri":"a","x":1,"x":2,"blocked-uri":"b"}}"#,
    );
    assert_eq!(
        (v.blocked_url.as_deref(), &*v.document_url),
        (Some("b"), "")
    );
}

#[test]
fn broken_text_is_mended() {
    for (name, body, sample) in [
        (
            "a byte order mark",
            b"\xef\xbb\xbf {\"csp-report\":{\"script-sample\":\"a\",\"blocked-uri\":\"\"}}"
                .to_vec(),
            "a",
        ),
        (
            "not UTF-8",
            b"{\"csp-report\":{\"script-sample\":\"a\xff\",\"blocked-uri\":\"\"}}".to_vec(),
            "a\u{fffd}",
        ),
        (
            "a lone surrogate",
            br#"{"csp-report":{"script-sample":"a\uD83D","blocked-uri":""}}"#.to_vec(),
            "a\u{fffd}",
        ),
        (
            "a raw newline",
            b"{\"csp-report\":{\"script-sample\":\"a\nb\",\"blocked-uri\":\"\"}}".to_vec(),
            "a\nb",
        ),
        (
            "a raw NUL",
            b"{\"csp-report\":{\"script-sample\":\"a\0b\",\"blocked-uri\":\"\"}}".to_vec(),
            "a\u{fffd}b",
        ),
        (
            "DEL",
            b"{\"csp-report\":{\"script-sample\":\"a\x7fb\",\"blocked-uri\":\"\"}}".to_vec(),
            "a\x7fb",
        ),
        (
            "no escape",
            br#"{"csp-report":{"script-sample":"\d","blocked-uri":""}}"#.to_vec(),
            "\\d",
        ),
        (
            "rubbish behind it",
            br#"{"csp-report":{"script-sample":"a","blocked-uri":""}}} x"#.to_vec(),
            "a",
        ),
        (
            "a number out of range",
            br#"{"n":-1e999,"csp-report":{"script-sample":"a","blocked-uri":""}}"#.to_vec(),
            "a",
        ),
    ] {
        assert_eq!(violation(body).sample, sample, "{name}");
    }
}

#[test]
fn depth_in_ignored_fields_is_no_matter() {
    let (open, close) = ("[".repeat(120_000), "]".repeat(120_000));
    let (maps, ends) = ("{\"a\":".repeat(120_000), "}".repeat(120_000));
    for deep in [format!("{open}{close}"), format!("{maps}1{ends}")] {
        let v = violation(format!(
            r#"{{"x":{deep},"csp-report":{{"y":{deep},"blocked-uri":"b","script-sample":{deep},"line-number":{deep}}}}}"#
        ));
        assert_eq!(v.blocked_url.as_deref(), Some("b"));
        assert_eq!(
            parse(format!("[{deep},{deep}]")),
            Ok(vec![Err(DiscardReason::Malformed); 2])
        );
    }
    assert!(parse(&open).is_err());
}

#[test]
fn long_fields_are_cut_at_a_character() {
    let url = "é".repeat(MAX_URL_BYTES);
    for url in [url.clone(), format!("x{url}"), format!("\\n{url}")] {
        let body = format!(r#"{{"csp-report":{{"blocked-uri":"{url}","document-uri":"d"}}}}"#);
        let report = parse(body)
            .expect("it is JSON")
            .remove(0)
            .expect("a report");
        assert!(report.cut);
        let RawBody::CspViolation(v) = report.body else {
            panic!("a violation")
        };
        let blocked = v.blocked_url.expect("it is there");
        assert!((MAX_URL_BYTES - 1..=MAX_URL_BYTES).contains(&blocked.len()));
        assert_eq!(v.document_url, "d");
    }
}

#[test]
fn what_is_no_object_or_array_is_refused() {
    for (name, body, empty) in [
        ("nothing", "", true),
        ("white space", " \r\n\t", true),
        ("a byte order mark", "\u{feff}", true),
        ("text", r#""x""#, false),
        ("a number", "1", false),
        ("null", "null", false),
        ("no JSON", "csp-report=1", false),
    ] {
        let expected = if empty {
            ParseError::Empty
        } else {
            ParseError::NeitherObjectNorArray
        };
        assert_eq!(parse(body), Err(expected), "{name}");
        assert_eq!(parse_cut(body.as_bytes(), Some(0)), Err(expected), "{name}");
    }
    for body in [
        "{",
        "[[[[",
        r#"{"a""#,
        "{]",
        r#"[{"a":1},x]"#,
        r#"[{"a":1}"#,
        "{1:2}",
        "[1 2]",
        "[1,]",
    ] {
        assert!(
            matches!(parse(body), Err(ParseError::Broken { .. })),
            "{body}"
        );
    }
}
