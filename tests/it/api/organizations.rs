//! `organizations`: added, changed, and what they see; for the operator alone.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::json;
use skimwatch::role::Role;

use super::doors::{Answer, Doors, TOKEN, each, token, with};

async fn put(doors: &Doors, path: &str, body: &serde_json::Value) -> Answer {
    let path = format!("/api/v1/organizations/{path}");
    let request = TestRequest::put().uri(&path).set_payload(body.to_string());
    let request = request.insert_header(("Content-Type", "application/json"));
    doors.ask(with(TOKEN, request)).await
}

#[tokio::test]
async fn organizations_come_and_see() {
    let doors = Doors::to_nowhere();
    let facts =
        json!({"name": "Acme", "kind": "acquirer", "language": "ja", "tells_others": false});
    let added = put(&doors, "acme", &facts).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    assert_eq!(
        (&added.json()["kind"], &added.json()["sites"]),
        (&json!("acquirer"), &json!(0))
    );
    assert_eq!(
        put(&doors, "acme", &facts).await.status,
        StatusCode::OK,
        "again changes nothing"
    );
    let shared = put(&doors, "acme/sites/a", &json!({"reference": "M-1"})).await;
    assert_eq!(shared.status, StatusCode::NO_CONTENT, "{}", shared.text);
    assert_eq!(doors.json("/api/v1/organizations/acme").await["sites"], 1);
    let theirs = token(&doors.api.registry, "acme", Role::Auditor);
    let log = doors
        .ask(with(&theirs, TestRequest::get().uri("/api/v1/audit")))
        .await
        .good("a log");
    let actions = each(log["entries"].as_array().expect("a list"), "action");
    assert_eq!(
        actions,
        [
            "token.added",
            "site.shared",
            "organization.added",
            "site.added"
        ]
    );
    let remove = || {
        with(
            TOKEN,
            TestRequest::delete().uri("/api/v1/organizations/acme/sites/a"),
        )
    };
    assert_eq!(doors.ask(remove()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(doors.ask(remove()).await.status, StatusCode::NOT_FOUND);
    let all = doors
        .walk("/api/v1/organizations", "organizations", 1)
        .await;
    assert_eq!(each(&all, "organization"), ["acme", "operator", "shop"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let doors = Doors::to_nowhere();
    let facts = |field: &str, value: serde_json::Value| {
        let mut facts = json!({"name": "Acme", "kind": "psp", "language": "en"});
        facts[field] = value;
        facts
    };
    for (name, id, body, status) in [
        (
            "kind",
            "x",
            facts("kind", json!("king")),
            StatusCode::BAD_REQUEST,
        ),
        (
            "a second operator",
            "x",
            facts("kind", json!("operator")),
            StatusCode::BAD_REQUEST,
        ),
        (
            "the operator",
            "operator",
            facts("kind", json!("psp")),
            StatusCode::BAD_REQUEST,
        ),
        (
            "language",
            "x",
            facts("language", json!("de")),
            StatusCode::BAD_REQUEST,
        ),
        (
            "name",
            "x",
            facts("name", json!("")),
            StatusCode::BAD_REQUEST,
        ),
        (
            "a stranger",
            "x",
            facts("colour", json!(1)),
            StatusCode::BAD_REQUEST,
        ),
        (
            "no id",
            "a%20b",
            facts("name", json!("x")),
            StatusCode::NOT_FOUND,
        ),
        (
            "no organization",
            "nobody/sites/a",
            json!({}),
            StatusCode::NOT_FOUND,
        ),
        (
            "no site",
            "shop/sites/nothing",
            json!({}),
            StatusCode::NOT_FOUND,
        ),
    ] {
        let answer = put(&doors, id, &body).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text);
    }
    let unknown = doors.get("/api/v1/organizations/x").await;
    assert_eq!(
        unknown.status,
        StatusCode::NOT_FOUND,
        "none of them was added"
    );
}
