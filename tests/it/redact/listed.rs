//! What a site lists as harmless stays readable, and nothing else does because of it.

use skimwatch::normalize::normalize;
use skimwatch::parse::read;
use skimwatch::redact::{Harmless, Report};

use super::{profile, redactor, visitor};

/// Name, query as sent, what is left where the site lists it, and where it does not.
const QUERIES: [(&str, &str, &str, &str); 17] = [
    (
        "listed",
        "lang=ja-JP&x=ja-JP",
        "lang=ja-JP&x=a{2}-A{2}",
        "lang=a{2}-A{2}&x=a{2}-A{2}",
    ),
    ("nothing in it", "lang=", "lang=", "lang="),
    (
        "an encoded name",
        "item%5Fref=sku.7_b",
        "item_ref=sku.7_b",
        "item_ref=a{3}.9_a",
    ),
    (
        "another case",
        "LANG=ja&Lang=ja",
        "LANG=a{2}&Lang=a{2}",
        "LANG=a{2}&Lang=a{2}",
    ),
    (
        "too long",
        "lang=ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.ab.",
        "lang=x{66}~",
        "lang=x{66}~",
    ),
    ("an encoded value", "lang=a%40b", "lang=a@a", "lang=a@a"),
    (
        "an address",
        "lang=jane@example.test",
        "lang=a{4}@a{7}.a{4}~",
        "lang=a{4}@a{7}.a{4}~",
    ),
    ("a name that is refused", "cvv=123", "cvv=9{3}", "cvv=9{3}"),
    (
        "a token",
        "lang=0a1b2c3d4e5f60718293a4b5c6",
        "lang=x{26}~",
        "lang=x{26}~",
    ),
    (
        "ten digits",
        "lang=20261&item_ref=12345",
        "lang=20261&item_ref=12345",
        "lang=9{5}&item_ref=9{5}",
    ),
    (
        "eleven digits",
        "lang=20261&item_ref=123456",
        "lang=9{5}&item_ref=9{6}",
        "lang=9{5}&item_ref=9{6}",
    ),
    ("a value without a name", "lang", "a{4}", "a{4}"),
    (
        "a card number",
        "lang=4111111111111111&item_ref=a",
        "lang=*&item_ref=*",
        "lang=*&item_ref=*",
    ),
    (
        "one beside it",
        "lang=ja&n=4111-1111-1111-1111",
        "lang=*&n=*",
        "lang=*&n=*",
    ),
    (
        "one in two parts",
        "lang=41111111&item_ref=11111111",
        "lang=*&item_ref=*",
        "lang=*&item_ref=*",
    ),
    (
        "one as base64",
        "lang=NDExMTExMTExMTExMTExMQ",
        "lang=*",
        "lang=*",
    ),
    (
        "digits as base64",
        "lang=MTExMTExMTEx",
        "lang=A{3}aA{3}aA{3}a~",
        "lang=A{3}aA{3}aA{3}a~",
    ),
];

/// The report of a blocked address, at a site that lists `lang` and `item_ref`.
fn blocked(url: &str, lists: bool) -> Report {
    let names = ["lang", "item_ref", "cvv"].map(str::to_owned);
    let listed = Harmless::of(&names);
    let harmless = if lists { &listed } else { Harmless::none() };
    let body = serde_json::json!({ "csp-report": {
        "document-uri": "https://shop.example.test/checkout", "effective-directive": "connect-src",
        "blocked-uri": url,
    }});
    read(body.to_string().as_bytes(), None, |batch| {
        let entry = batch.entries.into_iter().next().expect("one entry");
        let raw = entry.expect("a report");
        redactor().redact(normalize(raw, visitor(""), &profile()), harmless)
    })
    .expect("JSON")
}

/// The query that is left, without hashes.
fn query(report: &Report) -> String {
    let (_, query) = report.blocked().split_once('?').expect("a query");
    let mut parts = query.split('~');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        out + "~" + part.get(8..).unwrap_or_default()
    })
}

#[test]
fn what_is_listed_stays_readable_if_it_is_plain() {
    for (name, sent, with, without) in QUERIES {
        let url = format!("https://evil.test/c?{sent}");
        assert_eq!(query(&blocked(&url, true)), with, "{name}, listed");
        assert_eq!(query(&blocked(&url, false)), without, "{name}, not listed");
    }
}

/// Parts that no chain of digits leads through: none is readable.
#[test]
fn a_card_number_in_parts_that_nobody_recognizes_is_not_readable() {
    for sent in [
        "item_ref=411111111111&lang=1111",
        "lang=4111&x=y&item_ref=1111&lang=1111&item_ref=1111",
    ] {
        let report = blocked(&format!("https://evil.test/c?{sent}"), true);
        assert!(
            !query(&report).contains("1111"),
            "{sent}: {}",
            query(&report)
        );
    }
}
