//! The whole way of a body to reports, with a card number planted in it: a line that the number is made from,
//! then a body in which each of the bytes 1 to 8 stands for the number in one writing.

#![no_main]

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;
use skimwatch::enrich::{Enricher, PseudonymKey};
use skimwatch::normalize::{Label, Profile, normalize};
use skimwatch::parse::read;
use skimwatch::redact::{
    Harmless, Key, MAX_ADDRESS_BYTES, MAX_BODY_BYTES, MAX_POLICY_BYTES, MAX_SAMPLE_CHARS, MAX_TYPE_BYTES,
    Redactor, Report,
};

/// First digits and length of each kind of number.
const KINDS: [(&str, usize); 9] = [
    ("4", 16),
    ("4", 13),
    ("4", 19),
    ("53", 16),
    ("37", 15),
    ("3566", 16),
    ("36", 14),
    ("62", 17),
    ("6011", 16),
];

/// What a site may list, so that the values of these names come as near to the surface as any.
static HARMLESS: LazyLock<Harmless> =
    LazyLock::new(|| Harmless::of(&["a", "b", "q", "utm_source"].map(str::to_owned)));

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(Key::new([7; 32])));

/// A number with a right check digit, made from any bytes.
fn number(seed: &[u8]) -> String {
    let hash = seed.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &b| {
        (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
    });
    let (prefix, length) = KINDS[(hash % 9) as usize];
    let mut number = format!("{prefix}{:020}", hash / 9);
    number.truncate(length - 1);
    let sum: u32 = (1u32..)
        .zip(number.bytes().rev())
        .map(|(at, b)| u32::from(b - b'0') * if at % 2 == 1 { 2 } else { 1 })
        .map(|d| if d > 9 { d - 9 } else { d })
        .sum();
    let check = (10 - sum % 10) % 10;
    let _ = write!(number, "{check}");
    number
}

fn written(number: &str, way: u8) -> String {
    let grouped = |mark: &str| {
        let groups: Vec<_> = number
            .as_bytes()
            .chunks(4)
            .map(String::from_utf8_lossy)
            .collect();
        groups.join(mark)
    };
    let bytes = |mark: &str| number.bytes().map(|b| format!("{mark}{b:02x}")).collect();
    match way {
        1 => number.to_owned(),
        2 => grouped(" "),
        3 => grouped("-"),
        4 => grouped("%20"),
        5 => bytes("%"),
        6 => STANDARD.encode(number),
        7 => URL_SAFE_NO_PAD.encode(format!("{{\"n\":\"{number}\"}}")),
        _ => bytes(""),
    }
}

fn columns(report: &Report) -> [(&str, &str); 11] {
    [
        ("type", report.report_type()),
        ("destination", report.destination()),
        ("host", report.host()),
        ("document_host", report.document_host()),
        ("document_path", report.document_path()),
        ("blocked", report.blocked()),
        ("source", report.source()),
        ("sample", report.sample()),
        ("referrer_host", report.referrer_host()),
        ("policy", report.policy().map_or("", |policy| &policy.text)),
        ("body", report.body()),
    ]
}

/// Without the hashes `~1a2b3c4d`, whose digits may be any, and in lower case.
fn unhashed(text: &str) -> String {
    let mut parts = text.split('~');
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |out, part| {
        out + "~" + part.get(8..).unwrap_or_default()
    });
    text.to_lowercase()
}

/// Holds a report to what was planted. `written` is what the fuzzer wrote by itself, in lower case: from what it sees
/// compared it learns the number, and may write a part of it into a domain, which nobody can register for each card.
fn check(report: &Report, secrets: &[String], written: &str) {
    for (column, text) in columns(report) {
        let most = match column {
            "policy" => MAX_POLICY_BYTES,
            "body" => MAX_BODY_BYTES,
            "type" => MAX_TYPE_BYTES,
            "sample" => MAX_SAMPLE_CHARS * 4,
            _ => MAX_ADDRESS_BYTES,
        };
        assert!(text.len() <= most, "{column} has {} bytes", text.len());
    }
    let shown: Vec<_> = columns(report).map(|(_, text)| unhashed(text)).into();
    let shown = shown.join("\n");
    for secret in secrets {
        for part in secret.as_bytes().windows(secret.len() * 3 / 4) {
            let part = memchr::memmem::Finder::new(part);
            let is_left = part.find(shown.as_bytes()).is_some();
            let is_planted = is_left && part.find(written.as_bytes()).is_none();
            assert!(!is_planted, "{secret} is left: {shown}");
        }
    }
    if !report.body().is_empty() {
        serde_json::from_str::<serde_json::Value>(report.body()).expect("a body stays JSON");
    }
    let labelled = report.labels().contains(Label::CardNumber);
    assert_eq!(report.card_number().is_some(), labelled);
}

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |&b| b == b'\n');
    let number = number(lines.next().unwrap_or_default());
    let (mut body, mut secrets) = (Vec::new(), Vec::new());
    for &byte in lines.next().unwrap_or_default() {
        if (1..=8).contains(&byte) {
            let secret = written(&number, byte);
            body.extend_from_slice(secret.as_bytes());
            secrets.push(secret.to_lowercase());
        } else {
            body.push(byte);
        }
    }
    let by_itself = String::from_utf8_lossy(data).to_lowercase();
    secrets.sort();
    secrets.dedup();
    let profile = Profile::new(&["shop.example.test".to_owned()], &[], &[]);
    let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    let visitor = Enricher::none().visitor(address, "", &PseudonymKey::new([9; 32]));
    // An error is the parser's affair.
    let _ = read(&body, None, |batch| {
        for raw in batch.entries.into_iter().flatten() {
            check(
                &REDACTOR.redact(normalize(raw, visitor, &profile), &HARMLESS),
                &secrets,
                &by_itself,
            );
        }
    });
});
