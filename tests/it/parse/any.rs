//! Properties of any bytes and any JSON.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const KNOWN: &[&str] = &[
    "csp-report",
    "body",
    "type",
    "url",
    "age",
    "user_agent",
    "attempts",
    "blocked-uri",
    "blockedURL",
    "document_uri",
    "line-number",
    "statusCode",
    "script-sample",
    "original-policy",
];

/// JSON values that may stand in a report.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        r#"[\\"\[\]{},: ué]{0,9}"#.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((any_key(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

fn any_key() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(KNOWN).prop_map(str::to_owned),
        any::<String>()
    ]
}

fn any_report() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(&["csp-violation", "crash", "coep", ""][..]);
    prop_oneof![
        any_json(),
        (kind, any_json()).prop_map(|(kind, body)| json!({"age": 1, "body": body, "type": kind})),
        any_json().prop_map(|body| json!({"csp-report": {"blocked-uri": body}})),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in prop::option::of(0..9_u32)) {
        let _read = parse_cut(&bytes, cut);
        let _count = count(&bytes);
    }

    #[test]
    fn nothing_that_looks_like_json_makes_it_panic(text in r#"[\[{]([\[\]{}:,"\\ue1 é\u{0}-]|"body"|"type"|"\\ud83d|1e999){0,60}"#, cut in prop::option::of(0..9_u32)) {
        let _read = parse_cut(text.as_bytes(), cut);
        let _count = count(text.as_bytes());
    }

    #[test]
    fn every_element_of_an_array_is_an_entry(reports in prop::collection::vec(any_report(), 0..8), pretty in any::<bool>()) {
        let body = if pretty { serde_json::to_string_pretty(&reports) } else { serde_json::to_string(&reports) };
        let body = body.expect("values are JSON");
        prop_assert_eq!(parse(&body).map(|entries| entries.len()), Ok(reports.len()));
        prop_assert_eq!(count(body.as_bytes()) as usize, reports.len());
    }

    #[test]
    fn a_cut_keeps_a_prefix_and_counts_the_rest(reports in prop::collection::vec(any_report(), 0..5)) {
        let body = serde_json::to_vec(&reports).expect("values are JSON");
        let all = count(&body);
        let whole = parse(&body).expect("it is JSON");
        for end in 1..body.len() {
            let (entries, truncated) = parse_cut(&body[..end], Some(all)).expect("a cut is no error");
            prop_assert_eq!(entries.len() + truncated as usize, whole.len());
            prop_assert_eq!(&entries[..], &whole[..entries.len()]);
            prop_assert!(count(&body[..end]) <= all);
        }
    }
}
