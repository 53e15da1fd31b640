//! Caps and cuts.

use super::*;

#[test]
fn entries_beyond_the_cap_are_truncated() {
    let body = vec![r#"{"blocked-uri":"b"}"#; MAX_ENTRIES + 7].join(",");
    let body = format!("[{body}]");
    let (entries, truncated) = parse_cut(body.as_bytes(), None).expect("it is JSON");
    assert_eq!((entries.len(), truncated), (MAX_ENTRIES, 7));
    let half = &body.as_bytes()[..body.len() - 30];
    let (entries, truncated) = parse_cut(half, Some(600)).expect("it was cut");
    assert_eq!((entries.len(), truncated), (MAX_ENTRIES, 100));
}

#[test]
fn entries_before_the_cut_are_kept() {
    let entry = r#"{"type":"crash","body":{"a":"é"}}"#;
    let body = format!("[{entry}, {entry},{entry}]");
    for (end, kept) in [
        (1, 0),
        (34, 0),
        (35, 1),
        (36, 1),
        (70, 1),
        (71, 2),
        (body.len() - 1, 3),
    ] {
        let (entries, truncated) = parse_cut(&body.as_bytes()[..end], Some(9)).expect("it was cut");
        assert_eq!(
            (entries.len(), truncated),
            (kept, 9 - u32::try_from(kept).expect("few")),
            "{end}"
        );
        assert!(entries.iter().all(Result::is_ok), "{end}");
    }
    assert_eq!(
        parse_cut(br#"{"csp-report":{"blocked-uri":"b"#, Some(1)),
        Ok((vec![], 1))
    );
    assert_eq!(
        parse_cut(b"[{},x", Some(2)),
        Err(ParseError::Broken { line: 1, column: 5 })
    );
}

#[test]
fn a_body_that_nobody_could_read_is_null() {
    for (number, kept) in [("1e308", true), ("340e3333333333333333333333", false)] {
        let body =
            format!(r#"[{{"type":"crash","body":{{"n":{number}}}}},{{"type":"crash","body":1}}]"#);
        let entries = parse(&body).expect("it is JSON");
        let texts: Vec<_> = entries
            .iter()
            .flatten()
            .map(|report| match &report.body {
                RawBody::Other { json, .. } => (*json, report.cut),
                RawBody::CspViolation(_) => unreachable!("it is a crash"),
            })
            .collect();
        let whole = format!(r#"{{"n":{number}}}"#);
        let first = if kept {
            (whole.as_str(), false)
        } else {
            ("null", true)
        };
        assert_eq!(texts, [first, ("1", false)]);
    }
}
