//! `Idempotency-Key`: a write is made once, whatever happens in between.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::json;
use skimwatch::clock::Clock as _;
use skimwatch::finding::Severity;

use super::doors::{Answer, Doors, TOKEN, with};
use crate::cases::{alert_of, finding};

fn doors() -> (Doors, String) {
    let doors = Doors::to_nowhere();
    let start = doors.clock.now().0;
    let found = finding("evil.example", Severity::High, (start, 0), &["a"]);
    doors.api.cases.record(&[found]).expect("taken down");
    let path = format!("/api/v1/alerts/{}", alert_of("evil.example"));
    (doors, path)
}

impl Doors {
    async fn write(
        &self,
        request: TestRequest,
        token: &str,
        key: &str,
        body: &serde_json::Value,
    ) -> Answer {
        let request = request
            .insert_header(("Idempotency-Key", key))
            .insert_header(("Content-Type", "application/json"))
            .set_payload(body.to_string());
        self.ask(with(token, request)).await
    }
}

#[tokio::test]
async fn the_same_request_is_made_once() {
    let (doors, path) = doors();
    let close = json!({"state": "closed", "cause": "test", "note": "x"});
    let patch = || TestRequest::patch().uri(&path);
    let first = doors.write(patch(), TOKEN, "one", &close).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    assert_eq!(first.header("idempotency-replayed"), "");
    let head = doors.api.registry.audit_verify().expect("whole");
    // Without the key it would be a conflict; quoted, as structured fields write it, it is the same key.
    for key in ["one", "\"one\"", " one "] {
        let again = doors.write(patch(), TOKEN, key, &close).await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text);
        assert_eq!(again.text, first.text);
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
    assert_eq!(doors.api.registry.audit_verify().expect("whole"), head);
    let other = doors.write(patch(), TOKEN, "two", &close).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    // A refused request holds no key: it may be made once it can be.
    let reopen = json!({"state": "open"});
    let opened = doors.write(patch(), TOKEN, "two", &reopen).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text);
    // Made before: it is told as it stands now, and is not closed again.
    let again = doors.write(patch(), TOKEN, "one", &close).await;
    assert_eq!(
        (again.status, &again.json()["state"]),
        (StatusCode::OK, &json!("open"))
    );
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_caller() {
    let (doors, path) = doors();
    let start = doors.clock.now().0;
    let second = finding("other.example", Severity::High, (start, 0), &["a"]);
    doors.api.cases.record(&[second]).expect("taken down");
    let patch = |path: &str| TestRequest::patch().uri(path);
    let contain = json!({"state": "contained"});
    let first = doors.write(patch(&path), TOKEN, "k", &contain).await;
    assert_eq!(first.status, StatusCode::OK);
    let other = format!("/api/v1/alerts/{}", alert_of("other.example"));
    let query = format!("{path}?lang=ja");
    for (name, path, body) in [
        ("another body", path.as_str(), json!({"state": "open"})),
        ("another path", &other, contain.clone()),
        ("another query", &query, contain.clone()),
    ] {
        let answer = doors.write(patch(path), TOKEN, "k", &body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {}",
            answer.text
        );
        assert_eq!(answer.json()["code"], "key_reused", "{name}");
    }
    // Another caller's key of the same name is another key.
    let id = crate::cases::alert_for("shop", "evil.example");
    let own = format!("/api/v1/alerts/{id}");
    let shop = doors.shop.clone();
    let answer = doors.write(patch(&own), &shop, "k", &contain).await;
    assert_eq!(
        (answer.status, answer.header("idempotency-replayed")),
        (StatusCode::OK, "")
    );
    // After a day it is forgotten.
    doors.clock.advance(Duration::from_secs(24 * 3600 + 1));
    let late = doors
        .write(patch(&path), TOKEN, "k", &json!({"state": "open"}))
        .await;
    assert_eq!(late.status, StatusCode::OK, "{}", late.text);
}

#[tokio::test]
async fn what_is_no_key_is_refused() {
    let (doors, path) = doors();
    let long = "x".repeat(129);
    for key in ["", "\"\"", "a b", "é", &long] {
        let patch = TestRequest::patch().uri(&path);
        let answer = doors
            .write(patch, TOKEN, key, &json!({"state": "contained"}))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{key}: {}",
            answer.text
        );
        assert!(answer.text.contains("Idempotency-Key"), "{}", answer.text);
    }
    let twice = TestRequest::patch()
        .uri(&path)
        .append_header(("Idempotency-Key", "b"));
    let twice = twice.append_header(("Idempotency-Key", "a"));
    let twice = twice.append_header(("Content-Type", "application/json"));
    let answer = doors
        .ask(with(TOKEN, twice.set_payload(r#"{"state": "contained"}"#)))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(doors.json(&path).await["state"], "open");
}

/// A token shows once: whoever asks again is told that it was made, not what it is.
#[tokio::test]
async fn a_secret_is_not_kept_for_a_second_time() {
    let (doors, _) = doors();
    let body = json!({"name": "siem", "role": "auditor", "days": 3});
    let post = || TestRequest::post().uri("/api/v1/tokens?organization=shop");
    let first = doors.write(post(), TOKEN, "t", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let (id, token) = (first.json()["id"].clone(), first.json()["token"].clone());
    let again = doors.write(post(), TOKEN, "t", &body).await;
    assert_eq!(
        (again.status, &again.json()["code"]),
        (StatusCode::CONFLICT, &json!("made_before"))
    );
    assert!(
        again.text.contains(id.as_str().expect("a text")),
        "{}",
        again.text
    );
    assert!(
        !again.text.contains(token.as_str().expect("a text")),
        "{}",
        again.text
    );
    let listed = doors.json("/api/v1/tokens?organization=shop").await;
    assert_eq!(
        listed["tokens"].as_array().map(Vec::len),
        Some(2),
        "the shop's own and this one"
    );
}

/// Many at once: one makes it, each of the others is told that it was made or is being made.
#[tokio::test]
async fn at_once_it_is_made_once() {
    let (doors, _) = doors();
    let body = json!({"name": "siem", "role": "auditor"});
    let send = || {
        let post = TestRequest::post().uri("/api/v1/tokens?organization=shop");
        doors.write(post, TOKEN, "t", &body)
    };
    let answers = futures_util::future::join_all((0..8).map(|_| send())).await;
    let made = answers
        .iter()
        .filter(|it| it.status == StatusCode::CREATED)
        .count();
    assert_eq!(made, 1);
    for answer in answers.iter().filter(|it| it.status != StatusCode::CREATED) {
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
        let code = answer.json()["code"].clone();
        assert!(code == "made_before" || code == "in_progress", "{code}");
    }
    let listed = doors.json("/api/v1/tokens?organization=shop").await;
    assert_eq!(listed["tokens"].as_array().map(Vec::len), Some(2));
}
