//! `/api/v1/…` and the doors for operators: who is let in, what is refused, and whether the description fits.

mod alerts;
mod description;
mod doors;
mod places;
mod reports;
mod scope;
mod triage;

use std::sync::atomic::Ordering;

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use serde_json::json;

use doors::{Doors, TOKEN, with};

/// Every route, with the methods that it answers.
const ROUTES: [(&str, &str); 11] = [
    ("/api/v1/alerts", "GET"),
    ("/api/v1/alerts/0123456789abcdef", "GET, PATCH"),
    ("/api/v1/campaigns", "GET"),
    ("/api/v1/destinations", "GET"),
    ("/api/v1/destinations/evil.example", "GET"),
    ("/api/v1/merchants", "GET"),
    ("/api/v1/openapi.json", "GET"),
    ("/api/v1/reports", "GET"),
    ("/api/v1/sites", "GET"),
    ("/api/v1/stats", "GET"),
    ("/api/v1/nothing/here", ""),
];

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// Every method on every route.
fn requests() -> impl Iterator<Item = (Method, &'static str)> {
    let all = |(path, _)| METHODS.map(|method| (method, path));
    ROUTES.into_iter().flat_map(all)
}

#[tokio::test]
async fn nobody_learns_anything_without_a_token() {
    let doors = Doors::to_nowhere();
    let tokens = [
        ("none", None),
        ("wrong", Some("Bearer wrong".to_owned())),
        ("cut", Some(format!("Bearer {}", &TOKEN[1..]))),
        ("basic", Some(format!("Basic {TOKEN}"))),
        ("bare", Some(TOKEN.to_owned())),
        ("endless", Some(format!("Bearer {}", "x".repeat(5000)))),
    ];
    for (name, token) in tokens {
        for (method, path) in requests() {
            // What cannot be used is not even looked at.
            let path = format!("{path}?limit=nonsense");
            let mut request = TestRequest::with_uri(&path).method(method).set_payload("{");
            if let Some(token) = &token {
                request = request.insert_header(("Authorization", token.as_str()));
            }
            let answer = doors.ask(request).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} {path}");
            assert!(
                answer.header("www-authenticate").starts_with("Bearer"),
                "{path}"
            );
            assert_eq!(answer.json()["error"]["code"], "unauthorized", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
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
        "/api/v1/reports",
        "/api/v1/sites",
        "/api/v1/stats",
    ] {
        let answer = doors.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "5", "{path}");
        assert_eq!(answer.json()["error"]["code"], "unavailable", "{path}");
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
        ("limit=1&limit=2", "limit"),
        (&format!("type={long}"), "type"),
    ];
    for (query, named) in cases {
        let answer = doors.get(&format!("/api/v1/reports?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        let message = answer.json()["error"]["message"].to_string();
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
    for token in [TOKEN, doors.shop.as_str()] {
        for (path, allowed) in ROUTES
            .into_iter()
            .filter(|(_, allowed)| !allowed.is_empty())
        {
            for method in METHODS {
                if allowed.split(", ").any(|it| it == method.as_str()) {
                    continue;
                }
                let name = format!("{method} {path}");
                let request = TestRequest::with_uri(path).method(method);
                let answer = doors.ask(with(token, request)).await;
                assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{name}");
                assert_eq!(answer.header("allow"), allowed, "{name}");
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
