//! A caller who sees one site: what lies outside shows as a count and in no other way.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::clock::Timestamp;
use skimwatch::finding::Severity;
use skimwatch::store::Attempt;

use super::doors::{Doors, each, stored, with};
use crate::cases::{alert_for, alert_of, finding};
use crate::database::{Database, Segment, now};

/// Both sites are hit by one destination, `b` first; each is hit by one of its own.
fn record(doors: &Doors, start: i64) {
    let findings = [
        finding("both.example", Severity::High, (start, 0), &["b", "a"]),
        finding("both.example", Severity::High, (start, 1), &["b", "a", "c"]),
        finding("mine.example", Severity::High, (start, 2), &["a"]),
        finding("theirs.example", Severity::High, (start, 3), &["b"]),
    ];
    doors.api.cases.record(&findings).expect("taken down");
}

fn path(destination: &str) -> String {
    format!("/api/v1/alerts/{}", alert_of(destination))
}

/// The shop's own alert about it.
fn own_path(destination: &str) -> String {
    format!("/api/v1/alerts/{}", alert_for("shop", destination))
}

#[tokio::test]
async fn alerts_and_campaigns_are_cut() {
    let doors = Doors::to_nowhere();
    let start = now().0;
    record(&doors, start);
    for (list, name) in [("alerts", "an alert"), ("campaigns", "a campaign")] {
        let page = doors
            .get_as_shop(&format!("/api/v1/{list}"))
            .await
            .good(name);
        let items = page[list].as_array().expect("a list");
        assert_eq!(each(items, "destination"), ["mine.example", "both.example"]);
        assert_eq!(
            (&items[1]["sites"], &items[1]["others"]),
            (&json!(["a"]), &json!(2))
        );
        assert_eq!(
            (&items[0]["sites"], &items[0]["others"]),
            (&json!(["a"]), &json!(0))
        );
        // It was at b a second earlier.
        assert_eq!(
            items[1]["first_seen"],
            Timestamp(start - 59_000).to_string()
        );
        let cut = doors
            .get_as_shop(&format!("/api/v1/{list}?limit=1"))
            .await
            .good(name);
        let next = cut["next"].as_str().expect("a cursor");
        let rest = format!("/api/v1/{list}?limit=1&cursor={next}");
        let rest = doors.get_as_shop(&rest).await.good(name);
        assert_eq!(
            each(rest[list].as_array().expect("a list"), "destination"),
            ["both.example"]
        );
    }
    for (query, expected) in [
        ("site=a", 2),
        ("site=b", 0),
        ("destination=theirs.example", 0),
    ] {
        let page = doors.get_as_shop(&format!("/api/v1/alerts?{query}")).await;
        let page = page.good(query);
        assert_eq!(
            page["alerts"].as_array().map(Vec::len),
            Some(expected),
            "{query}"
        );
    }
}

#[tokio::test]
async fn one_alert_is_cut() {
    let doors = Doors::to_nowhere();
    record(&doors, now().0);
    let whole = doors.json(&path("both.example")).await;
    assert_eq!(
        each(whole["hits"].as_array().expect("a list"), "site"),
        ["b", "a", "c"]
    );
    assert_eq!(
        each(whole["events"].as_array().expect("a list"), "what"),
        ["raised", "site-joined"]
    );
    let answer = doors.get_as_shop(&own_path("both.example")).await;
    let cut = answer.good("cut");
    assert_eq!(each(cut["hits"].as_array().expect("a list"), "site"), ["a"]);
    assert_eq!(
        each(cut["events"].as_array().expect("a list"), "what"),
        ["raised"]
    );
    assert!(
        !answer.text.contains("\"b\"") && !answer.text.contains("\"c\""),
        "{}",
        answer.text
    );
    let unknown = doors.get_as_shop(&own_path("nowhere.example")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    // The operator's, about what the shop sees, and about what it does not.
    for theirs in ["both.example", "theirs.example"] {
        let unseen = doors.get_as_shop(&path(theirs)).await;
        assert_eq!(unseen.status, StatusCode::NOT_FOUND, "{theirs}");
        assert_eq!(unseen.text, unknown.text, "{theirs}");
    }
}

#[tokio::test]
async fn only_what_is_seen_can_be_changed() {
    let doors = Doors::to_nowhere();
    record(&doors, now().0);
    let contain = |path: String| {
        let request = TestRequest::patch().uri(&path);
        let request = request.insert_header(("Content-Type", "application/json"));
        with(
            &doors.shop,
            request.set_payload(r#"{"state": "contained"}"#),
        )
    };
    let unseen = doors.ask(contain(path("theirs.example"))).await;
    let unknown = doors.ask(contain(path("nowhere.example"))).await;
    assert_eq!(unseen.status, StatusCode::NOT_FOUND);
    assert_eq!(unseen.text, unknown.text);
    assert_eq!(doors.json(&path("theirs.example")).await["state"], "open");
    let seen = doors.ask(contain(own_path("both.example"))).await;
    let seen = seen.good("seen");
    assert_eq!(seen["sites"], json!(["a"]));
    let event = seen["events"].as_array().and_then(|events| events.last());
    let actor = event.and_then(|event| event["actor"].as_str());
    assert!(actor.is_some_and(|actor| actor.starts_with("token:")));
    // Everybody decides on their own.
    assert_eq!(doors.json(&path("both.example")).await["state"], "open");
}

#[tokio::test]
async fn destinations_and_merchants_are_cut() {
    let database = Database::new().await;
    let start = now();
    let mut segment = Segment::new(1);
    segment.reports = [
        stored("b", "both.example", Timestamp(start.0 - 60_000), 1),
        stored("a", "both.example", Timestamp(start.0 - 59_000), 2),
        stored("a", "mine.example", start, 3),
        stored("b", "theirs.example", start, 4),
    ]
    .to_vec();
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    record(&doors, start.0);
    let merchants = json!({"merchants": [{"key": "a"}, {"key": "b"}]}).to_string();
    doors.api.registry.import(&merchants, "test").expect("good");
    let page = doors
        .get_as_shop("/api/v1/destinations")
        .await
        .good("a page");
    let items = page["destinations"].as_array().expect("a list");
    assert_eq!(each(items, "destination"), ["mine.example", "both.example"]);
    let both = &items[1];
    assert_eq!((&both["sites"], &both["reports"]), (&json!(1), &json!(1)));
    assert_eq!(both["first_seen"], Timestamp(start.0 - 59_000).to_string());
    assert_eq!(both["alert"], alert_for("shop", "both.example").as_str());
    let other = doors
        .get_as_shop("/api/v1/destinations?site=b")
        .await
        .good("a page");
    assert_eq!(other["destinations"], json!([]));
    let history = doors.get_as_shop("/api/v1/destinations/both.example").await;
    let history = history.good("a history");
    assert_eq!(
        each(history["sites"].as_array().expect("a list"), "site"),
        ["a"]
    );
    let unseen = doors
        .get_as_shop("/api/v1/destinations/theirs.example")
        .await;
    let unknown = doors
        .get_as_shop("/api/v1/destinations/nowhere.example")
        .await;
    assert_eq!(unseen.status, StatusCode::NOT_FOUND);
    assert_eq!(unseen.text, unknown.text);
    let page = doors.get_as_shop("/api/v1/merchants").await.good("a page");
    let items = page["merchants"].as_array().expect("a list");
    assert_eq!(each(items, "merchant"), ["a"]);
    assert_eq!(items[0]["unresolved_alerts"], 2);
    assert_eq!(page["next"], Value::Null);
    let after = doors
        .get_as_shop("/api/v1/merchants?cursor=a")
        .await
        .good("a page");
    assert_eq!(after["merchants"], json!([]));
}
