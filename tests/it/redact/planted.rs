//! The promise, over secrets planted in every writing and every place.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use proptest::sample::select;
use skimwatch::normalize::{Label, normalize};
use skimwatch::parse::{RawBody, RawReport, RawViolation, Shape};
use skimwatch::redact::{Harmless, MAX_ADDRESS_BYTES, MAX_BODY_BYTES, Report};

use super::{columns, profile, redactor, unhashed, visitor};

/// A number of a brand with a right check digit.
fn card() -> impl Strategy<Value = String> {
    let brands = select(vec![
        ("4", 16),
        ("5234", 16),
        ("2300", 16),
        ("37", 15),
        ("3566", 16),
        ("36", 14),
        ("62", 19),
    ]);
    (brands, prop::collection::vec(0u8..10, 19)).prop_map(|((prefix, length), random)| {
        let mut digits: Vec<u8> = prefix.bytes().map(|b| b - b'0').collect();
        digits.extend(random.into_iter().take(length - 1 - digits.len()));
        let sum: u32 = (1u32..)
            .zip(digits.iter().rev())
            .map(|(at, &d)| {
                let d = u32::from(d) * if at % 2 == 1 { 2 } else { 1 };
                if d > 9 { d - 9 } else { d }
            })
            .sum();
        digits.push(u8::try_from((10 - sum % 10) % 10).expect("a digit"));
        digits.into_iter().map(|d| char::from(b'0' + d)).collect()
    })
}

fn grouped(card: &str, separator: &str) -> String {
    let groups: Vec<_> = card
        .as_bytes()
        .chunks(4)
        .map(|four| std::str::from_utf8(four).expect("digits"))
        .collect();
    groups.join(separator)
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|b| format!("{b:02x}")).collect()
}

/// Ways of writing a number that must be noticed.
const NOTICED: [&str; 15] = [
    "plain",
    "space",
    "dash",
    "dot",
    "plus",
    "percent-space",
    "percent",
    "percent-twice",
    "base64",
    "base64-url",
    "base64-in-json",
    "hex",
    "hex-grouped",
    "parameters",
    "with-expiry",
];

/// Ways that are only hidden.
const HIDDEN: [&str; 3] = ["base64-lower", "base64-twice", "reversed"];

fn write(card: &str, way: &str) -> String {
    match way {
        "plain" => card.to_owned(),
        "space" => grouped(card, " "),
        "dash" => grouped(card, "-"),
        "dot" => grouped(card, "."),
        "plus" => grouped(card, "+"),
        "percent-space" => grouped(card, "%20"),
        "percent" => percent(card),
        "percent-twice" => percent(card).replace('%', "%25"),
        "base64" => STANDARD.encode(format!("{card}|12/29|123|Jane Doe")),
        "base64-url" => URL_SAFE_NO_PAD.encode(format!("x{card}")),
        "base64-in-json" => STANDARD.encode(format!("{{\"n\": \"{card}\", \"c\": \"123\"}}")),
        "hex" => hex(card),
        "hex-grouped" => hex(&grouped(card, " ")),
        "parameters" => grouped(card, "&p="),
        "with-expiry" => format!("{card}1229123"),
        "base64-lower" => URL_SAFE_NO_PAD.encode(card).to_lowercase(),
        "base64-twice" => STANDARD.encode(STANDARD.encode(card)),
        "reversed" => card.chars().rev().collect(),
        other => unreachable!("{other}"),
    }
}

/// Places in the addresses and the sample of a CSP report.
pub(super) const PLACES: [&str; 16] = [
    "query",
    "query-alone",
    "query-name",
    "nested",
    "path",
    "path-end",
    "label",
    "userinfo",
    "fragment",
    "document",
    "document-path",
    "referrer",
    "source",
    "source-path",
    "sample",
    "sample-string",
];

/// All places for a secret in a CSP report.
fn places() -> Vec<&'static str> {
    let others = ["policy-path", "policy-nonce", "policy-report", "keyword"];
    [&PLACES[..], &others].concat()
}

pub(super) fn violation(secret: &str, place: &str) -> RawViolation<'static> {
    let mut raw = RawViolation {
        document_url: "https://shop.example.test/checkout/pay?order=1".into(),
        blocked_url: Some("https://evil.test/c".into()),
        effective_directive: "connect-src".into(),
        original_policy: "default-src 'self'".into(),
        ..RawViolation::default()
    };
    match place {
        "query" => raw.blocked_url = Some(format!("https://evil.test/c?v=1&d={secret}&x=y").into()),
        "query-alone" => raw.blocked_url = Some(format!("https://evil.test/c?{secret}").into()),
        "query-name" => {
            raw.blocked_url = Some(format!("https://evil.test/c?a=1&{secret}=1").into())
        }
        "nested" => {
            let inner = percent(&format!("https://evil.test/c?d={secret}"));
            raw.blocked_url = Some(format!("https://cdn.test/r?to={inner}").into());
        }
        "path" => raw.blocked_url = Some(format!("https://evil.test/a/{secret}/p.gif").into()),
        "path-end" => raw.blocked_url = Some(format!("wss://evil.test/{secret}").into()),
        "label" => raw.blocked_url = Some(format!("https://{secret}.evil.test/").into()),
        "userinfo" => {
            raw.blocked_url = Some(format!("https://{secret}:x@evil.test:443evil.test/c").into())
        }
        "fragment" => raw.blocked_url = Some(format!("https://evil.test/c#{secret}").into()),
        "document" => {
            raw.document_url = format!("https://shop.example.test/pay?cc={secret}").into()
        }
        "document-path" => {
            raw.document_url = format!("https://shop.example.test/pay/{secret}/x").into()
        }
        "referrer" => raw.referrer = format!("https://pay.psp.test/x?cc={secret}").into(),
        "source" => raw.source_file = format!("https://shop.example.test/a.js?cc={secret}").into(),
        "source-path" => raw.source_file = format!("https://cdn.test/{secret}/a.js").into(),
        "sample" => raw.sample = format!("steal({secret})").into(),
        "sample-string" => raw.sample = format!("var p='{secret}';f(").into(),
        "policy-path" => {
            raw.original_policy = format!("img-src https://a.test/{secret}/ 'self'").into()
        }
        "policy-nonce" => raw.original_policy = format!("script-src 'nonce-{secret}'").into(),
        "policy-report" => {
            raw.original_policy = format!("img-src *; report-uri https://c.test/{secret}").into()
        }
        "keyword" => raw.blocked_url = Some(secret.to_owned().into()),
        other => unreachable!("{other}"),
    }
    raw
}

pub(super) fn entry(body: RawBody<'_>) -> RawReport<'_> {
    RawReport {
        shape: Shape::ReportUri,
        age_ms: None,
        url: "https://shop.example.test/checkout/pay".into(),
        user_agent: "".into(),
        body,
        cut: false,
    }
}

fn redact(raw: RawReport<'_>) -> Report {
    redactor().redact(normalize(raw, visitor(""), &profile()), Harmless::none())
}

/// No part of a secret of eight characters stands in any column, in any case.
fn assert_gone(report: &Report, secret: &str) -> Result<(), TestCaseError> {
    let secret = secret.to_lowercase();
    let columns: Vec<_> = columns(report)
        .into_iter()
        .map(|(name, text)| (name, unhashed(&text).to_lowercase()))
        .collect();
    let ends: Vec<_> = secret
        .char_indices()
        .map(|(at, _)| at)
        .chain([secret.len()])
        .collect();
    for part in ends.windows(9).map(|nine| &secret[nine[0]..nine[8]]) {
        for (name, text) in &columns {
            prop_assert!(!text.contains(part), "{part} of {secret} in {name}: {text}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn card_numbers_are_gone(card in card(), way in select([&NOTICED[..], &HIDDEN[..]].concat()), place in select(places())) {
        let secret = write(&card, way);
        let report = redact(entry(RawBody::CspViolation(violation(&secret, place))));
        assert_gone(&report, &secret)?;
        assert_gone(&report, &card)?;
        // The digits do not stand there one by one either.
        for (name, text) in columns(&report) {
            let digits: String = unhashed(&text).chars().filter(char::is_ascii_digit).collect();
            prop_assert!(!digits.contains(&card), "{card} in {name}: {text}");
        }
    }

    #[test]
    fn card_numbers_are_noticed(card in card(), way in select(&NOTICED[..]), place in select(places())) {
        // A nested URL is encoded once more, and its `&` with it.
        prop_assume!(!(place == "nested" && way == "parameters"));
        let secret = write(&card, way);
        let report = redact(entry(RawBody::CspViolation(violation(&secret, place))));
        let found = report.card_number();
        prop_assert!(found.is_some(), "{secret} in {place}");
        prop_assert!(report.labels().contains(Label::CardNumber));
        let on_page = matches!(
            place,
            "document" | "document-path" | "referrer" | "source" | "source-path" | "policy-path" | "policy-nonce" | "policy-report"
        );
        prop_assert_eq!(report.labels().contains(Label::CardOnPage), on_page);
    }

    #[test]
    fn other_secrets_are_gone(
        secret in "[A-Z][a-z]{3,8}%20[A-Z][a-z]{3,8}|[a-z]{4,12}%40[a-z]{4,9}\\.invalid|[a-zA-Z0-9]{9,40}[0-9]{3}",
        place in select(vec!["query", "query-alone", "nested", "userinfo", "fragment", "document", "referrer", "source", "sample-string", "policy-nonce", "policy-report"]),
    ) {
        let report = redact(entry(RawBody::CspViolation(violation(&secret, place))));
        assert_gone(&report, &secret)?;
        assert_gone(&report, &secret.replace("%40", "@").replace("%20", " "))?;
    }

    #[test]
    fn other_types_are_no_exception(card in card(), way in select(&NOTICED[..]), text in "[^\"\\\\\\x00-\\x1f]{0,40}") {
        let secret = write(&card, way);
        let json = format!(
            r#"{{"blockedURL":"https://evil.test/c?pan={secret}","message":"it was {secret}","{secret}":[{card},{{"x":"{secret}{text}"}}]}}"#
        );
        let report = redact(entry(RawBody::Other { report_type: secret.clone().into(), json: &json }));
        assert_gone(&report, &secret)?;
        assert_gone(&report, &card)?;
        prop_assert!(report.card_number().is_some());
        serde_json::from_str::<serde_json::Value>(report.body()).expect("JSON");
    }

    #[test]
    fn any_text_is_taken(texts in prop::collection::vec(any_text(), 9), json in any_text()) {
        let mut texts = texts.into_iter();
        let mut next = || std::borrow::Cow::from(texts.next().unwrap_or_default());
        let raw = RawViolation {
            document_url: next(),
            referrer: next(),
            blocked_url: Some(next()),
            effective_directive: next(),
            violated_directive: next(),
            original_policy: next(),
            disposition: next(),
            source_file: next(),
            sample: next(),
            ..RawViolation::default()
        };
        let twice = [raw.clone(), raw].map(|raw| redact(entry(RawBody::CspViolation(raw))));
        prop_assert_eq!(columns(&twice[0]), columns(&twice[1]));
        prop_assert!(twice[0].blocked().len() <= MAX_ADDRESS_BYTES);
        let other = redact(entry(RawBody::Other { report_type: json.clone().into(), json: &json }));
        prop_assert!(other.body().len() <= MAX_BODY_BYTES);
        serde_json::from_str::<serde_json::Value>(other.body()).expect("JSON");
    }
}

/// Texts that look a little like URLs, code, policies and JSON, and some that look like nothing.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(vec![
            "https://",
            "//",
            "wss:",
            "data:",
            "@",
            ":443",
            "[",
            "]",
            "::1",
            "evil.test",
            ".",
            "..",
            "/",
            "\\",
            "?",
            "&",
            "=",
            "#",
            "%",
            "%4",
            "%41",
            "%E3%81",
            "%ff",
            "'",
            "\"",
            "`",
            "|",
            "4111",
            "1111",
            "MTEx",
            "NDEx",
            "31",
            "ü",
            "４",
            "😀",
            ";",
            " ",
            "report-uri",
            "'nonce-",
            "\u{0}",
            "{",
            "}",
            "[1,",
            "\"a\":",
            "true",
            "1e9",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}
