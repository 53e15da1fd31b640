//! `PATCH /api/v1/alerts/{id}`: where an alert may go, what must be said, and what is refused.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::clock::Clock as _;
use skimwatch::finding::Severity;

use super::doors::{Doors, TOKEN, with};
use crate::cases::{alert_of, finding};

/// Doors with one alert behind them, and the way to it.
fn doors() -> (Doors, String) {
    let doors = Doors::to_nowhere();
    let start = doors.clock.now().0;
    let found = finding("evil.example", Severity::High, (start, 0), &["a"]);
    doors.api.cases.record(&[found]).expect("taken down");
    let path = format!("/api/v1/alerts/{}", alert_of("evil.example"));
    (doors, path)
}

/// What somebody sends to have an alert in this state.
fn to(state: &str) -> String {
    match state {
        "closed" => json!({"state": state, "cause": "skimmer", "note": " gone "}).to_string(),
        _ => json!({"state": state}).to_string(),
    }
}

#[tokio::test]
async fn every_step_is_allowed_or_refused() {
    for (from, allowed) in [
        ("open", &["acknowledged", "contained", "closed"][..]),
        ("acknowledged", &["contained", "closed"]),
        ("contained", &["closed", "open"]),
        ("closed", &["open"]),
    ] {
        for state in ["open", "acknowledged", "contained", "closed"] {
            let (doors, path) = doors();
            if from != "open" {
                doors.patch(&path, to(from)).await.good(from);
            }
            let before = doors.json(&path).await;
            assert_eq!(before["state"], from);
            let answer = doors.patch(&path, to(state)).await;
            let name = format!("{from} to {state}: {}", answer.text);
            if allowed.contains(&state) {
                assert_eq!(answer.status, StatusCode::OK, "{name}");
                assert_eq!(answer.json()["state"], state, "{name}");
                assert_eq!(answer.json(), doors.json(&path).await, "{name}");
            } else {
                assert_eq!(answer.status, StatusCode::CONFLICT, "{name}");
                assert_eq!(answer.json()["code"], "conflict", "{name}");
                assert_eq!(doors.json(&path).await, before, "{name}");
            }
            doors.api.registry.audit_verify().expect("whole");
        }
    }
}

#[tokio::test]
async fn who_did_what_when_and_why_is_written_down() {
    let (doors, path) = doors();
    doors.clock.advance(Duration::from_secs(90));
    let at = doors.clock.now().to_string();
    let closed = doors.patch(&path, to("closed")).await.good("closed");
    assert_eq!(closed["cause"], "skimmer");
    assert_eq!(closed["note"], "gone");
    assert_eq!(closed["changed_at"], at);
    let event = json!({"at": at, "actor": "operator", "what": "closed", "subject": "skimmer"});
    assert_eq!(closed["events"][1], event);
    let opened = doors.patch(&path, to("open")).await.good("opened");
    assert_eq!(
        (&opened["cause"], &opened["note"]),
        (&Value::Null, &json!(""))
    );
    assert_eq!(opened["events"][2]["what"], "reopened");
}

#[tokio::test]
async fn what_cannot_be_used_changes_nothing() {
    let (doors, path) = doors();
    let before = doors.json(&path).await;
    let closed =
        |note: String| json!({"state": "closed", "cause": "test", "note": note}).to_string();
    let long = format!("{{\"state\": \"open\", \"{}\": 1}}", "x".repeat(5000));
    let deep = "[".repeat(10_000);
    for (name, body) in [
        ("empty", ""),
        ("no JSON", "state=closed"),
        ("half", r#"{"state": "#),
        ("a list", r#"["closed"]"#),
        ("null", "null"),
        ("nothing", "{}"),
        ("no text", r#"{"state": 4}"#),
        ("unknown state", r#"{"state": "done"}"#),
        ("other case", r#"{"state": "Closed", "cause": "test"}"#),
        ("no cause", r#"{"state": "closed"}"#),
        ("null cause", r#"{"state": "closed", "cause": null}"#),
        (
            "unknown cause",
            r#"{"state": "closed", "cause": "bad luck"}"#,
        ),
        ("long note", &closed("x".repeat(2001))),
        (
            "unknown field",
            r#"{"state": "acknowledged", "actor": "somebody else"}"#,
        ),
        ("long field", &long),
        ("twice", r#"{"state": "open", "state": "contained"}"#),
        (
            "cause too early",
            r#"{"state": "contained", "cause": "test"}"#,
        ),
        (
            "note too early",
            r#"{"state": "acknowledged", "note": "looking"}"#,
        ),
        ("more after it", r#"{"state": "acknowledged"} {}"#),
        ("deep", &deep),
    ] {
        let answer = doors.patch(&path, body.to_owned()).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{name}: {}",
            answer.text
        );
        let error = &answer.json();
        assert_eq!(error["code"], "bad_request", "{name}");
        assert!(error["detail"].to_string().len() < 400, "{name}: {error}");
    }
    let bytes = doors.patch(&path, &b"{\"state\": \"\xff\"}"[..]).await;
    assert_eq!(bytes.status, StatusCode::BAD_REQUEST);
    let query = doors
        .patch(&format!("{path}?colour=red"), to("contained"))
        .await;
    assert_eq!(query.status, StatusCode::BAD_REQUEST);
    assert_eq!(doors.json(&path).await, before);
    // As long as it may be, in an alphabet that takes more than a byte a letter.
    let answer = doors.patch(&path, closed("あ".repeat(2000))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn only_json_of_an_honest_length_is_read() {
    let (doors, path) = doors();
    let fill = |most: usize| {
        let body = to("acknowledged");
        let fill = " ".repeat(most - body.len());
        body + &fill
    };
    for (name, body, status, code) in [
        (
            "too long",
            fill(16 * 1024 + 1),
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
        ),
        (
            "endless",
            fill(1024 * 1024),
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
        ),
    ] {
        let answer = doors.patch(&path, body).await;
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(answer.json()["code"], code, "{name}");
    }
    for kind in [
        "",
        "text/plain",
        "application/jsonx",
        "application/x-www-form-urlencoded",
        "\u{e9}",
    ] {
        let request = TestRequest::patch()
            .uri(&path)
            .set_payload(to("acknowledged"));
        let request = request.insert_header(("Content-Type", kind.as_bytes()));
        let answer = doors.ask(with(TOKEN, request)).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        assert_eq!(answer.json()["code"], "unsupported_media_type", "{kind}");
    }
    let bare = TestRequest::patch()
        .uri(&path)
        .set_payload(to("acknowledged"));
    let answer = doors.ask(with(TOKEN, bare)).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(doors.json(&path).await["state"], "open");
    let request = TestRequest::patch().uri(&path).set_payload(fill(16 * 1024));
    let request = request.insert_header(("Content-Type", "Application/JSON; charset=utf-8"));
    let answer = doors.ask(with(TOKEN, request)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}
