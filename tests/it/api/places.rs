//! `destinations` and `merchants` over a real ClickHouse.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use skimwatch::clock::Timestamp;
use skimwatch::finding::Severity;
use skimwatch::store::Attempt;

use super::doors::{Doors, each, stored};
use crate::cases::{alert_of, finding};
use crate::database::{Database, Segment, now, report};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Doors over these reports.
async fn doors(reports: Vec<Vec<u8>>) -> (Doors, Database) {
    let database = Database::new().await;
    let mut segment = Segment::new(1);
    segment.reports = reports;
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    (Doors::new(database.store.clone()), database)
}

#[tokio::test]
async fn new_destinations_come_newest_first() {
    let start = now();
    let ago = |ms: i64| Timestamp(start.0 - ms);
    let (doors, _database) = doors(vec![
        stored("a", "evil.example", ago(2 * DAY), 1),
        stored("b", "evil.example", ago(DAY), 2),
        stored("a", "fresh.example", ago(HOUR), 1),
        stored("a", "old.example", ago(40 * DAY), 1),
        stored("a", "old.example", ago(HOUR), 1),
        report(
            ago(HOUR),
            &[("site", "a".into()), ("destination", "inline".into())],
        ),
    ])
    .await;
    let found = finding("evil.example", Severity::High, (start.0, 0), &["a", "b"]);
    doors.api.cases.record(&[found]).expect("taken down");
    let all = doors.json("/api/v1/destinations").await;
    let evil = json!({
        "destination": "evil.example", "first_seen": ago(2 * DAY).to_string(),
        "last_seen": ago(DAY).to_string(), "reports": 2, "sites": 2, "clients": 2, "networks": 2,
        "page_kinds": ["checkout"], "alert": alert_of("evil.example").as_str(),
    });
    assert_eq!(all["destinations"][1], evil);
    assert_eq!(all["destinations"][0]["alert"], Value::Null);
    let (long_ago, lately) = (ago(50 * DAY), ago(2 * HOUR));
    for (query, expected) in [
        (String::new(), &["fresh.example", "evil.example"][..]),
        ("?limit=1".to_owned(), &["fresh.example"]),
        ("?site=b".to_owned(), &["evil.example"]),
        ("?site=nobody".to_owned(), &[]),
        (format!("?since={lately}"), &["fresh.example"]),
        (
            format!("?since={long_ago}"),
            &["fresh.example", "evil.example", "old.example"],
        ),
        ("?since=9999-12-31T23:59:59Z".to_owned(), &[]),
        (
            "?since=1970-01-01T00:00:00Z&limit=1".to_owned(),
            &["fresh.example"],
        ),
        (
            "?since=0000-01-01T00:00:00Z&limit=1".to_owned(),
            &["fresh.example"],
        ),
    ] {
        let page = doors.json(&format!("/api/v1/destinations{query}")).await;
        let items = page["destinations"].as_array().expect("a list");
        assert_eq!(each(items, "destination"), expected, "{query}");
    }
    // Weeks on, the first of them is old.
    doors
        .clock
        .advance(std::time::Duration::from_secs(29 * 24 * 3600));
    let page = doors.json("/api/v1/destinations").await;
    let items = page["destinations"].as_array().expect("a list");
    assert_eq!(each(items, "destination"), ["fresh.example"]);
}

#[tokio::test]
async fn a_destination_has_a_history() {
    let start = now();
    let ago = |ms: i64| Timestamp(start.0 - ms);
    let (doors, _database) = doors(vec![
        stored("a", "evil.example", ago(100 * DAY), 1),
        stored("b", "evil.example", ago(DAY), 2),
        stored("b", "evil.example", ago(HOUR), 3),
        stored("c", "日本.example", ago(HOUR), 3),
        report(
            ago(HOUR),
            &[("site", "a".into()), ("destination", "inline".into())],
        ),
    ])
    .await;
    let found = finding("evil.example", Severity::High, (start.0, 0), &["a", "b"]);
    doors.api.cases.record(&[found]).expect("taken down");
    let history = doors.json("/api/v1/destinations/evil.example").await;
    let expected = json!({
        "destination": "evil.example",
        "sites": [
            {"site": "a", "first_seen": ago(100 * DAY).to_string(), "last_seen": ago(100 * DAY).to_string(),
             "reports": 1, "clients": 1, "networks": 1},
            {"site": "b", "first_seen": ago(DAY).to_string(), "last_seen": ago(HOUR).to_string(),
             "reports": 2, "clients": 2, "networks": 2},
        ],
        "alerts": [alert_of("evil.example").as_str()],
    });
    assert_eq!(history, expected);
    for name in ["inline", "%E6%97%A5%E6%9C%AC.example"] {
        let history = doors.json(&format!("/api/v1/destinations/{name}")).await;
        assert_eq!(history["alerts"], json!([]), "{name}");
    }
    let longest = "x".repeat(253);
    for name in [
        "never.example",
        "EVIL.example",
        "evil.example%00",
        "evil.example%0A",
        "%09%5C%5Cn%27%22%60%7Bdestination:String%7D",
        "%5CN",
        "%FF%FE",
        "..%2F..%2Fstats",
        "%2F",
        "%25",
        "'%20OR%201=1--",
        "evil.example/",
        "",
        &longest,
    ] {
        let answer = doors.get(&format!("/api/v1/destinations/{name}")).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{name}: {}",
            answer.text
        );
    }
    let answer = doors.get(&format!("/api/v1/destinations/{longest}x")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn merchants_say_who_is_covered() {
    let start = now();
    let ago = |ms: i64| Timestamp(start.0 - ms);
    let (doors, _database) = doors(vec![
        stored("a", "evil.example", ago(30 * DAY), 1),
        stored("a", "evil.example", ago(23 * HOUR), 1),
        stored("b", "evil.example", ago(25 * HOUR), 1),
    ])
    .await;
    let merchants = json!({"merchants": [
        {"key": "a", "name": "A", "country": "JP", "platform": "eccube",
         "payment": {"integration": "link", "psp": "komoju.com"}},
        {"key": "b"},
        {"key": "c", "payment": {"integration": 4, "psp": null}},
    ]});
    let imported = doors.api.registry.import(&merchants.to_string(), "test");
    imported.expect("good");
    let findings = [
        finding("evil.example", Severity::High, (start.0, 0), &["a", "b"]),
        finding("other.example", Severity::High, (start.0, 0), &["a"]),
    ];
    doors.api.cases.record(&findings).expect("taken down");
    let other = format!("/api/v1/alerts/{}", alert_of("other.example"));
    let all = doors.json("/api/v1/merchants").await;
    let first = json!({
        "merchant": "a", "name": "A", "sites": ["a"], "country": "JP", "platform": "eccube",
        "integration": "link", "psp": "komoju.com", "reports": 2,
        "first_report": ago(30 * DAY).to_string(), "last_report": ago(23 * HOUR).to_string(),
        "status": "sending", "unresolved_alerts": 2,
    });
    assert_eq!(all["merchants"][0], first);
    let last = json!({
        "merchant": "c", "name": "c", "sites": ["c"], "country": "", "platform": "",
        "integration": "", "psp": "", "reports": 0, "first_report": null, "last_report": null,
        "status": "never", "unresolved_alerts": 0,
    });
    assert_eq!(all["merchants"][2], last);
    let items = doors.walk("/api/v1/merchants", "merchants", 1).await;
    assert_eq!(each(&items, "status"), ["sending", "unclear", "never"]);
    let closed = r#"{"state": "closed", "cause": "legitimate-change", "note": "they told us"}"#;
    doors.patch(&other, closed).await.good("closed");
    doors
        .clock
        .advance(std::time::Duration::from_secs(2 * 3600));
    let items = doors.walk("/api/v1/merchants", "merchants", 2).await;
    assert_eq!(each(&items, "status"), ["unclear", "unclear", "never"]);
    let unresolved: Vec<&Value> = items.iter().map(|it| &it["unresolved_alerts"]).collect();
    assert_eq!(unresolved, [1, 1, 0]);
}
