//! `alerts` and `campaigns`: what answers say, in which order, in which language, page by page.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::clock::Timestamp;
use skimwatch::finding::Severity;

use super::doors::{Doors, TOKEN, each, with};
use crate::cases::{alert_of, finding};

const START: i64 = 1_767_193_243_936;

fn moment(second: i64) -> String {
    Timestamp(START + second * 1000).to_string()
}

/// An alert that is worse five seconds later.
fn worsened(doors: &Doors) -> String {
    let found = |severity, second, sites: &[&str]| {
        finding("evil.example", severity, (START, second), sites)
    };
    let first = found(Severity::Medium, 0, &["a", "b"]);
    let worse = found(Severity::Critical, 5, &["a", "b", "c"]);
    doors.api.cases.record(&[first, worse]).expect("taken down");
    alert_of("evil.example").to_string()
}

#[tokio::test]
async fn an_alert_says_what_where_and_why() {
    let doors = Doors::to_nowhere();
    let id = worsened(&doors);
    let page = doors.json("/api/v1/alerts").await;
    let alert = &page["alerts"][0];
    let campaign = alert["campaign"].as_str().expect("a text").to_owned();
    let common = json!({
        "destination": "evil.example", "account": null, "destinations": ["evil.example"], "severity": "critical",
        "score": 6.5, "kind": "exfiltration", "judged_at": moment(5), "raised_at": moment(0), "first_seen": moment(-60),
        "last_seen": moment(5), "sites": ["a", "b", "c"], "others": 0,
        "reasons": [
            {"code": "new-on-payment-pages", "value": 2.5, "weight": 5.0, "text": alert["reasons"][0]["text"]},
            {"code": "sends-only", "value": 1.0, "weight": 1.5, "text": "It only receives data: requests carry data there, and no code, style or frame is loaded from it."},
        ],
    });
    let mut expected = common.clone();
    for (name, value) in [
        ("id", json!(id)),
        ("campaign", json!(campaign)),
        ("state", json!("open")),
        ("changed_at", json!(moment(0))),
        ("due_at", json!(moment(3600))),
        ("looked_at", Value::Null),
        ("closed_at", Value::Null),
        ("cause", Value::Null),
        ("note", json!("")),
        ("assignee", Value::Null),
    ] {
        expected[name] = value;
    }
    assert_eq!(page, json!({"alerts": [expected], "next": null}));
    let mut of_campaign = common;
    of_campaign["id"] = json!(campaign);
    let campaigns = doors.json("/api/v1/campaigns").await;
    assert_eq!(campaigns, json!({"campaigns": [of_campaign], "next": null}));
}

#[tokio::test]
async fn one_alert_says_more() {
    let doors = Doors::to_nowhere();
    let id = worsened(&doors);
    let mut expected = doors.json("/api/v1/alerts").await["alerts"][0].take();
    let mut whole = doors.json(&format!("/api/v1/alerts/{id}")).await;
    let (hits, events) = (whole["hits"].take(), whole["events"].take());
    let members = whole["members"].take();
    expected["members"] = Value::Null;
    expected["hits"] = Value::Null;
    expected["events"] = Value::Null;
    assert_eq!(whole, expected);
    let member = json!([{
        "destination": "evil.example", "account": null, "kind": "exfiltration", "severity": "critical", "score": 6.5,
        "joined_at": moment(0), "first_seen": moment(-60), "last_seen": moment(5), "sites": 3,
        "reasons": expected["reasons"],
    }]);
    assert_eq!(members, member);
    let third = json!({
        "site": "c", "first_seen": moment(-58), "last_seen": moment(5), "joined_at": moment(5),
        "clients": 3, "networks": 2, "page_networks": 3, "directives": ["connect-src"], "card_number": false,
    });
    assert_eq!((hits.as_array().map(Vec::len), &hits[2]), (Some(3), &third));
    let event = |at, what, subject| json!({"at": moment(at), "actor": "detector", "what": what, "subject": subject});
    let expected = json!([
        event(0, "raised", "medium"),
        event(5, "worsened", "critical"),
        event(5, "site-joined", "c"),
    ]);
    assert_eq!(events, expected);
}

#[tokio::test]
async fn sentences_come_in_the_readers_language() {
    let doors = Doors::to_nowhere();
    let found = finding("evil.example", Severity::High, (START, 0), &["a"]);
    doors.api.cases.record(&[found]).expect("taken down");
    let one = format!("/api/v1/alerts/{}", alert_of("evil.example"));
    for path in ["/api/v1/alerts", "/api/v1/campaigns", &one] {
        for (query, accepts, japanese) in [
            ("", None, false),
            ("", Some("ja-JP,en;q=0.5"), true),
            ("", Some("fr"), false),
            ("", Some("\u{fffd}"), false),
            ("?lang=ja", Some("en"), true),
            ("?lang=en", Some("ja"), false),
        ] {
            let mut request = TestRequest::get().uri(&format!("{path}{query}"));
            if let Some(accepts) = accepts {
                request = request.insert_header(("Accept-Language", accepts.as_bytes()));
            }
            let text = doors.ask(with(TOKEN, request)).await.text;
            assert_eq!(
                text.contains("データを送るだけ"),
                japanese,
                "{path}{query} {accepts:?}"
            );
        }
        for query in ["?lang=de", "?lang=", "?lang=ja-JP"] {
            let answer = doors.get(&format!("{path}{query}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}{query}");
        }
    }
}

/// Twenty-three alerts; many were raised at once.
fn many(doors: &Doors) -> BTreeSet<String> {
    let names: Vec<String> = (0..23).map(|i| format!("evil{i}.example")).collect();
    let findings = names.iter().zip(0..).map(|(name, i)| {
        let site = ["a", "b"][usize::try_from(i % 2).expect("small")];
        finding(name, Severity::High, (START, i / 7), &[site])
    });
    let findings: Vec<_> = findings.collect();
    doors.api.cases.record(&findings).expect("taken down");
    names
        .iter()
        .map(|name| alert_of(name).to_string())
        .collect()
}

#[tokio::test]
async fn pages_walk_everything_once_newest_first() {
    let doors = Doors::to_nowhere();
    let all = many(&doors);
    for list in ["alerts", "campaigns"] {
        let path = format!("/api/v1/{list}");
        for limit in [1, 5, 22, 23, 24, 500] {
            let items = doors.walk(&path, list, limit).await;
            let ids: BTreeSet<&str> = each(&items, "id").into_iter().collect();
            assert_eq!((items.len(), ids.len()), (23, 23), "{list} by {limit}");
            let raised = each(&items, "raised_at");
            assert!(raised.is_sorted_by(|a, b| a >= b), "{list} by {limit}");
        }
    }
    let items = doors.walk("/api/v1/alerts", "alerts", 7).await;
    let ids: BTreeSet<String> = each(&items, "id").into_iter().map(str::to_owned).collect();
    assert_eq!(ids, all);
}

#[tokio::test]
async fn alerts_are_filtered() {
    let doors = Doors::to_nowhere();
    many(&doors);
    let one = format!("/api/v1/alerts/{}", alert_of("evil3.example"));
    let answer = doors.patch(&one, r#"{"state": "acknowledged"}"#).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    for (query, expected) in [
        ("", 23),
        ("?site=a", 12),
        ("?site=nobody", 0),
        ("?destination=evil4.example", 1),
        ("?destination=evil4.example&site=b", 0),
        ("?destination='%20OR%201", 0),
        ("?state=open", 22),
        ("?state=acknowledged", 1),
        ("?state=acknowledged,open,open", 23),
        ("?state=contained,closed", 0),
        ("?state=acknowledged&site=b", 1),
    ] {
        let page = doors.json(&format!("/api/v1/alerts{query}")).await;
        let found = page["alerts"].as_array().map(Vec::len);
        assert_eq!(found, Some(expected), "{query}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let doors = Doors::to_nowhere();
    many(&doors);
    let long = format!("state=open{}", ",open".repeat(200));
    for (list, query, named) in [
        ("alerts", "limit=0", "limit"),
        ("alerts", "limit=501", "limit"),
        ("alerts", "state=", "state"),
        ("alerts", "state=open,", "state"),
        ("alerts", "state=Open", "state"),
        ("alerts", &long, "state"),
        ("alerts", "site=a/b", "site"),
        ("alerts", "destination=", "destination"),
        ("alerts", "cursor=", "cursor"),
        ("alerts", "cursor=xyz", "cursor"),
        ("alerts", "cursor=1-", "cursor"),
        (
            "alerts",
            "cursor=99999999999999999999-0123456789abcdef",
            "cursor",
        ),
        ("alerts", "cursor=1-0123456789ABCDEF", "cursor"),
        ("alerts", "cursor=%00-%00", "cursor"),
        ("alerts", "colour=red", "colour"),
        ("campaigns", "limit=501", "limit"),
        ("campaigns", "cursor=1-'", "cursor"),
        ("campaigns", "state=open", "state"),
        ("destinations", "limit=201", "limit"),
        ("destinations", "since=yesterday", "since"),
        ("destinations", "site=%2F", "site"),
        ("destinations", "cursor=x", "cursor"),
        ("destinations/evil.example", "since=1", "since"),
        ("merchants", "limit=1001", "limit"),
        ("merchants", "cursor=a%20b", "cursor"),
    ] {
        let answer = doors.get(&format!("/api/v1/{list}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{list} {query}");
        let message = answer.json()["detail"].to_string();
        assert!(message.contains(named), "{list} {query}: {message}");
        assert!(message.len() < 400, "{list} {query}: {message}");
    }
    // A cursor is a place, whether or not an alert is there.
    for cursor in ["0-0000000000000000", "9223372036854775807-ffffffffffffffff"] {
        let page = doors.json(&format!("/api/v1/alerts?cursor={cursor}")).await;
        assert!(page["alerts"].is_array(), "{cursor}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let doors = Doors::to_nowhere();
    many(&doors);
    let long = "x".repeat(4000);
    let real = alert_of("evil1.example").to_string();
    for id in [
        "0123456789abcdef",
        "0123456789abcde",
        &real.to_uppercase(),
        &format!("{real}/"),
        &format!("{real}%00"),
        &format!("%20{real}"),
        "%FF%FE",
        "..",
        "'%20OR%201=1--",
        "",
        &long,
    ] {
        let path = format!("/api/v1/alerts/{id}");
        let answer = doors.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json()["code"], "not_found", "{path}");
        let answer = doors.patch(&path, r#"{"state": "contained"}"#).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}
