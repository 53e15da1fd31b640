//! Accounts in addresses as they are sent, and as the redactor leaves them.

use super::*;
use crate::enrich::Visitor;
use crate::normalize::{Profile, UrlParts, normalize, registrable_domain};
use crate::parse::{RawBody, RawReport, RawViolation, Shape};
use crate::redact::{Harmless, Key, Redactor};

fn of(url: &str) -> Option<&str> {
    let parts = UrlParts::of(url).expect("an address");
    account(parts.host, parts.path, parts.query)
}

#[test]
fn accounts() {
    for (url, want) in [
        (
            "https://www.google-analytics.com/g/collect?v=2&tid=G-ABCDE12345",
            Some("G-ABCDE12345"),
        ),
        ("https://region1.google-analytics.com/g/collect?v=2", None),
        (
            "https://www.googletagmanager.com/gtm.js?id=GTM-ABC123",
            Some("GTM-ABC123"),
        ),
        ("https://www.facebook.com/tr/?id=42&ev=PageView", Some("42")),
        ("https://www.facebook.com/shop?id=42", None),
        (
            "https://api.telegram.org/bot7:AAF/sendMessage",
            Some("bot7:AAF"),
        ),
        ("https://discord.com/api/webhooks/12/token", Some("12")),
        ("https://discord.com/api/v10/webhooks/12/token", Some("12")),
        ("https://hooks.slack.com/services/T1/B2/x", Some("T1")),
        ("https://script.google.com/macros/s/AKf/exec", Some("AKf")),
        (
            "https://docs.google.com/forms/d/e/1FA/formResponse",
            Some("1FA"),
        ),
        (
            "https://shop-assets.s3.amazonaws.com/a.png",
            Some("shop-assets"),
        ),
        (
            "https://shop-assets.s3.eu-west-1.amazonaws.com/a.png",
            Some("shop-assets"),
        ),
        (
            "https://s3.eu-west-1.amazonaws.com/shop-assets/a.png",
            Some("shop-assets"),
        ),
        (
            "https://s3-eu-west-1.amazonaws.com/shop-assets/a.png",
            Some("shop-assets"),
        ),
        ("https://kinesis.ap-northeast-1.amazonaws.com/", None),
        ("https://drop.someone.workers.dev/x", Some("someone")),
        (
            "https://o45.ingest.us.sentry.io/api/9/envelope/",
            Some("o45"),
        ),
        (
            "https://b97.yahoo.co.jp/pagead/conversion/1000/",
            Some("1000"),
        ),
        ("https://workers.dev/", None),
        ("https://stripe.com/v1/tokens", None),
        ("https://[2001:db8::1]/bot7", None),
        ("https://localhost/", None),
    ] {
        assert_eq!(of(url), want, "{url}");
    }
}

#[test]
fn every_template_names_an_account_once() {
    for line in crate::services::lines(include_str!("../accounts.tsv")) {
        assert_eq!(line.matches(ACCOUNT).count(), 1, "{line}");
        let url = format!(
            "https://{}",
            line.replace('*', "x").replace(ACCOUNT, "mine")
        );
        assert!(of(&url).is_some(), "{line}");
    }
}

/// As it is stored.
fn stored(url: &str, redactor: &Redactor) -> String {
    let raw = RawReport {
        shape: Shape::ReportUri,
        age_ms: None,
        url: "".into(),
        user_agent: "".into(),
        body: RawBody::CspViolation(RawViolation {
            document_url: "https://shop.test/checkout".into(),
            blocked_url: Some(url.into()),
            effective_directive: "connect-src".into(),
            ..RawViolation::default()
        }),
        cut: false,
    };
    let profile = Profile::new(&["shop.test".to_owned()], &[], &[]);
    let violation = normalize(raw, Visitor::NOBODY, &profile);
    redactor
        .redact(violation, Harmless::none())
        .blocked()
        .to_owned()
}

/// Service, an address, another of the same account, one of another account.
const SAME_AND_OTHER: [(&str, &str, &str, &str); 10] = [
    (
        "Google Analytics",
        "https://www.google-analytics.com/g/collect?v=2&tid=G-ABC123&cid=1.2",
        "https://region1.google-analytics.com/g/collect?v=2&tid=G-ABC123&cid=3.4",
        "https://www.google-analytics.com/g/collect?v=2&tid=G-ABC124&cid=1.2",
    ),
    (
        "its present ids",
        "https://www.google-analytics.com/g/collect?tid=G-ABCDE12345",
        "https://www.google-analytics.com/g/collect?tid=G-ABCDE12345&ecid=77",
        "https://www.google-analytics.com/g/collect?tid=G-ABCDE12346",
    ),
    (
        "Telegram",
        "https://api.telegram.org/bot7711902:AAF/sendMessage",
        "https://api.telegram.org/bot7711902:AAF/sendPhoto?chat_id=1",
        "https://api.telegram.org/bot7711902:AAG/sendMessage",
    ),
    (
        "Discord",
        "https://discord.com/api/webhooks/1155123412341234123/aBcDeF",
        "https://discord.com/api/v10/webhooks/1155123412341234123/aBcDeF",
        "https://discord.com/api/webhooks/1155123412341234125/aBcDeF",
    ),
    (
        "Slack",
        "https://hooks.slack.com/services/T012AB3CD/B012AB3CD/x",
        "https://hooks.slack.com/services/T012AB3CD/B999AB3CD/y",
        "https://hooks.slack.com/services/T012AB3CE/B012AB3CD/x",
    ),
    (
        "Apps Script",
        "https://script.google.com/macros/s/AKfycbwXyZ01aBcDeFgHiJ/exec",
        "https://script.google.com/macros/s/AKfycbwXyZ01aBcDeFgHiJ/exec?d=1",
        "https://script.google.com/macros/s/AKfycbwXyZ01aBcDeFgHiK/exec",
    ),
    (
        "a bucket",
        "https://shop-assets-77x.s3.eu-west-1.amazonaws.com/a.png",
        "https://shop-assets-77x.s3.eu-west-1.amazonaws.com/b/c.png",
        "https://shop-assets-78x.s3.eu-west-1.amazonaws.com/a.png",
    ),
    (
        "a worker",
        "https://x1.drop-9f8e7d6c.workers.dev/",
        "https://x2.drop-9f8e7d6c.workers.dev/",
        "https://x1.drop-9f8e7d6d.workers.dev/",
    ),
    (
        "Sentry",
        "https://o4501234567890.ingest.sentry.io/api/1/envelope/",
        "https://o4501234567890.ingest.sentry.io/api/2/envelope/",
        "https://o4501234567899.ingest.sentry.io/api/1/envelope/",
    ),
    (
        "Meta",
        "https://www.facebook.com/tr/?id=123456789012345&ev=PageView",
        "https://www.facebook.com/tr/?id=123456789012345&ev=Purchase",
        "https://www.facebook.com/tr/?id=123456789012346&ev=PageView",
    ),
];

#[test]
fn redaction_leaves_accounts_apart() {
    let redactor = Redactor::new(Key::new([7; 32]));
    for (service, one, again, other) in SAME_AND_OTHER {
        let [one, again, other] = [one, again, other].map(|url| stored(url, &redactor));
        assert!(of(&one).is_some(), "{service}: {one}");
        assert_eq!(of(&one), of(&again), "{service}: {one} {again}");
        assert_ne!(of(&one), of(&other), "{service}: {one} {other}");
    }
}

#[test]
fn redaction_leaves_no_account_where_the_text_is_short_or_a_card_number() {
    let redactor = Redactor::new(Key::new([7; 32]));
    for (name, url) in [
        ("short", "https://api.telegram.org/bot7:A/sendMessage"),
        (
            "short parameter",
            "https://bat.bing.com/action/0?ti=5551234",
        ),
        (
            "digits that are a card's",
            "https://www.facebook.com/tr/?id=4111111111111111",
        ),
        (
            "a card beside it",
            "https://api.telegram.org/bot7711902:AAF/sendMessage?text=4111111111111111",
        ),
    ] {
        let stored = stored(url, &redactor);
        assert_eq!(of(&stored), None, "{name}: {stored}");
    }
}

#[test]
fn accounts_of_private_suffixes_are_their_destinations() {
    for host in [
        "x.a.workers.dev",
        "a.s3.amazonaws.com",
        "a.herokuapp.com",
        "x.a.github.io",
    ] {
        let domain = registrable_domain(host);
        let label = domain.split('.').next();
        assert_eq!(account(host, "/", ""), label, "{host}");
    }
}
