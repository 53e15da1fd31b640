//! `tokens`: made, shown once, listed, revoked; nobody gives more than they have.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::role::Role;

use super::doors::{Answer, Doors, TOKEN, token, with};

async fn make(doors: &Doors, by: &str, query: &str, role: &str) -> Answer {
    let path = format!("/api/v1/tokens{query}");
    let request = TestRequest::post().uri(&path);
    let request = request.insert_header(("Content-Type", "application/json"));
    let body = json!({"name": "for a test", "role": role, "days": 1}).to_string();
    doors.ask(with(by, request.set_payload(body))).await
}

async fn revoke(doors: &Doors, by: &str, path: &str) -> Answer {
    doors.ask(with(by, TestRequest::delete().uri(path))).await
}

#[tokio::test]
async fn a_token_lives_until_it_is_revoked() {
    let doors = Doors::to_nowhere();
    let administrator = token(&doors.api.registry, "shop", Role::Administrator);
    let made = make(&doors, &administrator, "", "analyst").await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    let (id, secret) = (
        made["id"].as_str().expect("a text"),
        made["token"].as_str().expect("a text"),
    );
    assert!(secret.starts_with("skimwatch_"));
    let listed = doors
        .ask(with(
            &administrator,
            TestRequest::get().uri("/api/v1/tokens"),
        ))
        .await;
    assert!(!listed.text.contains(secret), "it shows once");
    let listed = listed.good("a list");
    let found = listed["tokens"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|it| it["id"] == id);
    let found = found.expect("it is listed");
    assert_eq!(
        (&found["role"], &found["organization"], &found["revoked_at"]),
        (&json!("analyst"), &json!("shop"), &Value::Null)
    );
    let alerts = || with(secret, TestRequest::get().uri("/api/v1/alerts"));
    assert_eq!(doors.ask(alerts()).await.status, StatusCode::OK);
    let path = format!("/api/v1/tokens/{id}");
    assert_eq!(
        revoke(&doors, &administrator, &path).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(doors.ask(alerts()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        revoke(&doors, &administrator, &path).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    let doors = Doors::to_nowhere();
    for role in Role::ALL {
        let organization = if role == Role::Operator {
            "operator"
        } else {
            "shop"
        };
        let giver = token(&doors.api.registry, organization, role);
        for wanted in Role::ALL {
            let made = make(&doors, &giver, "", wanted.as_str()).await;
            let expected = match role.may_give(wanted) {
                true => StatusCode::CREATED,
                false => StatusCode::FORBIDDEN,
            };
            assert_eq!(
                made.status, expected,
                "{role:?} gives {wanted:?}: {}",
                made.text
            );
        }
    }
    // Not even the operator makes somebody else the operator of the installation.
    let made = make(&doors, TOKEN, "?organization=shop", "operator").await;
    assert_eq!(made.status, StatusCode::BAD_REQUEST, "{}", made.text);
    let strange = make(&doors, TOKEN, "?organization=nobody", "analyst").await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND, "{}", strange.text);
}

#[tokio::test]
async fn an_administrator_reaches_no_other_organization() {
    let doors = Doors::to_nowhere();
    crate::cases::organization_of(&doors.api.registry, "rival", &["b"]);
    let theirs = token(&doors.api.registry, "rival", Role::Analyst);
    let administrator = token(&doors.api.registry, "shop", Role::Administrator);
    let listed = doors.json("/api/v1/tokens?organization=rival").await;
    let id = listed["tokens"][0]["id"].as_str().expect("a text");
    for path in [
        format!("/api/v1/tokens/{id}"),
        format!("/api/v1/tokens/{id}?organization=rival"),
    ] {
        let answer = revoke(&doors, &administrator, &path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for organization in ["rival", "nobody"] {
        let query = format!("?organization={organization}");
        let made = make(&doors, &administrator, &query, "analyst").await;
        assert_eq!(made.status, StatusCode::NOT_FOUND, "{organization}");
    }
    let alerts = with(&theirs, TestRequest::get().uri("/api/v1/alerts"));
    assert_eq!(
        doors.ask(alerts).await.status,
        StatusCode::OK,
        "it still counts"
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let doors = Doors::to_nowhere();
    for (name, body, named) in [
        ("no name", json!({"name": " ", "role": "auditor"}), "name"),
        ("no role", json!({"name": "x", "role": "king"}), "role"),
        (
            "too long",
            json!({"name": "x", "role": "auditor", "days": 731}),
            "days",
        ),
        (
            "no time",
            json!({"name": "x", "role": "auditor", "days": 0}),
            "days",
        ),
        (
            "a stranger",
            json!({"name": "x", "role": "auditor", "colour": 1}),
            "colour",
        ),
        (
            "a long name",
            json!({"name": "x".repeat(3000), "role": "auditor"}),
            "name",
        ),
    ] {
        let request = TestRequest::post().uri("/api/v1/tokens?organization=shop");
        let request = request.insert_header(("Content-Type", "application/json"));
        let answer = doors
            .ask(with(TOKEN, request.set_payload(body.to_string())))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{name}: {}",
            answer.text
        );
        assert!(
            answer.json()["detail"].to_string().contains(named),
            "{name}: {}",
            answer.text
        );
    }
}
