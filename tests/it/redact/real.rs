//! The promise, over what real browsers sent.

use skimwatch::normalize::Label;

use super::{columns, redacted, redactor, unhashed};
use crate::corpus::{posts, posts_in};

/// What the fixtures hold that no column may, in lower case.
const SECRETS: [&str; 15] = [
    "4111",
    "mtexmtex",
    "31313131",
    "jane",
    "s3cret",
    "secret",
    "smfu",
    "ndex",
    "12/29",
    "12%2f29",
    "cvv123",
    "jürgen",
    "j%c3%bcrgen",
    "ab12",
    "cb_123",
];

fn leak_of(text: &str) -> Option<&'static str> {
    let text = unhashed(text).to_lowercase();
    // The one id that is known to be harmless.
    let text = text.replace("gtm-abc123", "");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if digits.contains("4111111111111111") {
        return Some("a card number with separators");
    }
    SECRETS.into_iter().find(|secret| text.contains(secret))
}

#[test]
fn no_secret_of_the_fixtures_is_kept() {
    let redactor = redactor();
    let mut entries = 0;
    for request in posts().iter().chain(&posts_in("secrets.ndjson")) {
        for (sent, report) in redacted(request, &redactor) {
            entries += 1;
            for (column, text) in columns(&report) {
                // The fixtures' own digests and page names are no secrets.
                let leak =
                    leak_of(&text).filter(|_| column != "policy" || !text.contains("sha256-"));
                assert_eq!(
                    leak, None,
                    "{} {}: {column} is {text}\nof {sent}",
                    request.browser, request.id
                );
            }
        }
    }
    assert!(entries > 180, "{entries} entries");
}

#[test]
fn a_card_number_is_noticed_wherever_it_stands() {
    let redactor = redactor();
    let mut noticed = 0;
    for request in posts().iter().chain(&posts_in("secrets.ndjson")) {
        for (sent, report) in redacted(request, &redactor) {
            let card = sent.contains("4111111111111111") || sent.contains("NDExMTExMTExMTExMTExM");
            // Userinfo is not looked at for anything but this.
            assert_eq!(
                report.labels().contains(Label::CardNumber),
                card,
                "{} {sent}",
                request.id
            );
            assert_eq!(report.card_number().is_some(), card, "{}", request.id);
            noticed += usize::from(card);
        }
    }
    assert!(noticed > 40, "{noticed} noticed");
}

#[test]
fn redaction_is_deterministic() {
    let (one, two) = (redactor(), redactor());
    for request in posts() {
        for ((_, a), (_, b)) in redacted(&request, &one)
            .into_iter()
            .zip(redacted(&request, &two))
        {
            assert_eq!(columns(&a), columns(&b));
            assert_ne!(a.fingerprint(), b.fingerprint(), "of this redactor alone");
        }
        // Sent again, it is known again.
        let again = redacted(&request, &one);
        for ((_, a), (_, b)) in redacted(&request, &one).into_iter().zip(again) {
            assert_eq!(columns(&a), columns(&b));
            assert_eq!(a.fingerprint(), b.fingerprint());
        }
    }
}

#[test]
fn other_types_stay_json() {
    let redactor = redactor();
    let mut seen = 0;
    for request in posts().iter().chain(&posts_in("secrets.ndjson")) {
        for (_, report) in redacted(request, &redactor) {
            if report.report_type() != "csp-violation" {
                serde_json::from_str::<serde_json::Value>(report.body()).expect("JSON");
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen} bodies");
}
