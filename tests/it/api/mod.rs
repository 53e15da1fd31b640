//! `/api/v1/…` and the doors for operators: who is let in, what is refused, and whether the description fits.

mod alerts;
mod audit;
mod described;
mod description;
mod doors;
mod evidence;
mod export;
mod live;
mod manage;
mod once;
mod organizations;
mod performance;
mod places;
mod reports;
mod schemathesis;
mod scope;
mod tokens;
mod triage;
mod walk;

use std::sync::atomic::Ordering;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::json;

use described::routes;
use doors::{Doors, TOKEN, with};

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

#[tokio::test]
async fn nobody_learns_anything_without_a_token() {
    let doors = Doors::to_nowhere();
    let description = doors.json("/api/v1/openapi.json").await;
    let mut paths: Vec<String> = routes(&description).into_keys().collect();
    paths.push("/api/v1/nothing/here".to_owned());
    let tokens = [
        ("none", None),
        ("wrong", Some("Bearer wrong".to_owned())),
        ("cut", Some(format!("Bearer {}", &TOKEN[1..]))),
        ("basic", Some(format!("Basic {TOKEN}"))),
        ("bare", Some(TOKEN.to_owned())),
        ("endless", Some(format!("Bearer {}", "x".repeat(5000)))),
    ];
    for (name, token) in tokens {
        for path in &paths {
            // What cannot be used is not even looked at.
            let path = format!("{path}?limit=nonsense");
            for method in METHODS {
                let mut request = TestRequest::with_uri(&path).method(method).set_payload("{");
                if let Some(token) = &token {
                    request = request.insert_header(("Authorization", token.as_str()));
                }
                let answer = doors.ask(request).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} {path}");
                let challenge = answer.header("www-authenticate");
                assert!(challenge.starts_with("Bearer"), "{path}");
                assert_eq!(answer.json()["code"], "unauthorized", "{path}");
                assert_eq!(answer.header("cache-control"), "no-store", "{path}");
                let kind = answer.header("content-type");
                assert_eq!(kind, "application/problem+json", "{path}");
            }
        }
    }
}

#[tokio::test]
async fn without_clickhouse_it_says_so() {
    let doors = Doors::to_nowhere();
    for path in [
        "/api/v1/destinations",
        "/api/v1/destinations/evil.example",
        "/api/v1/merchants",
        "/api/v1/policies",
        "/api/v1/reports",
        "/api/v1/reports/export?format=csv",
        "/api/v1/scripts",
        "/api/v1/sites",
        "/api/v1/stats",
    ] {
        let answer = doors.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "5", "{path}");
        assert_eq!(answer.json()["code"], "unavailable", "{path}");
    }
    for path in ["/api/v1/alerts", "/api/v1/campaigns"] {
        assert_eq!(doors.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_named() {
    let doors = Doors::to_nowhere();
    let long = "x".repeat(600);
    let cases = [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("limit=-1", "limit"),
        ("site=a/b", "site"),
        ("directive=javascript", "directive"),
        ("page_kind=basket", "page_kind"),
        ("since=yesterday", "since"),
        ("until=2026-02-30T00:00:00Z", "until"),
        ("cursor=xyz", "cursor"),
        ("destination=", "destination"),
        ("colour=red", "colour"),
        ("format=csv", "format"),
        ("limit=1&limit=2", "limit"),
        (&format!("type={long}"), "type"),
    ];
    for (query, named) in cases {
        let answer = doors.get(&format!("/api/v1/reports?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        let message = answer.json()["detail"].to_string();
        assert!(message.contains(named), "{query}: {message}");
        assert!(message.len() < 400, "{query}: {message}");
    }
    let answer = doors.get("/api/v1/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn other_methods_are_told_which_are_answered() {
    let doors = Doors::to_nowhere();
    let description = doors.json("/api/v1/openapi.json").await;
    for token in [TOKEN, doors.shop.as_str()] {
        for (path, answered) in routes(&description) {
            for method in METHODS.iter().filter(|it| !answered.contains(it)) {
                let name = format!("{method} {path}");
                let request = TestRequest::with_uri(&path).method(method.clone());
                let answer = doors.ask(with(token, request)).await;
                assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{name}");
                assert_eq!(answer.json()["code"], "method_not_allowed", "{name}");
                // Both ways: what is described is answered, and nothing else is.
                let allowed = answer.header("allow").split(", ");
                let mut allowed: Vec<&str> = allowed.collect();
                let mut answered: Vec<&str> = answered.iter().map(Method::as_str).collect();
                allowed.sort_unstable();
                answered.sort_unstable();
                assert_eq!(allowed, answered, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn operators_need_no_token() {
    let doors = Doors::to_nowhere();
    let get = |path: &'static str| doors.ask(TestRequest::get().uri(path));
    assert_eq!(get("/healthz").await.status, StatusCode::OK);
    let ready = get("/readyz").await;
    assert_eq!(
        ready.status,
        StatusCode::OK,
        "ClickHouse is down, and that is no reason"
    );
    assert_eq!(
        ready.json()["checks"],
        json!({"spool": "ok", "sites": "ok"})
    );
    doors.well.store(false, Ordering::Relaxed);
    let unready = get("/readyz").await;
    assert_eq!(unready.status, StatusCode::SERVICE_UNAVAILABLE);
    let expected = json!({"spool": "the disk is full", "sites": "ok"});
    assert_eq!(unready.json(), json!({"ready": false, "checks": expected}));
    let metrics = get("/metrics").await;
    assert!(metrics.header("content-type").contains("openmetrics"));
    assert!(metrics.text.contains("skimwatch_reports_received_total"));
    assert!(metrics.text.ends_with("# EOF\n"));
}
