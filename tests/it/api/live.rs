//! `alerts/live`: events as they happen, without a gap, to whoever may still listen.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::Value;
use skimwatch::finding::Severity;
use skimwatch::ids::OrganizationId;
use skimwatch::registry::Author;
use skimwatch::role::Role;

use super::doors::{Doors, TOKEN, token, with};
use crate::cases::{finding, organization_of};
use crate::database::now;

/// Somebody who listens.
struct Stream(std::pin::Pin<Box<BoxBody>>);

impl Stream {
    async fn open(doors: &Doors, token: &str, query: &str) -> Self {
        let path = format!("/api/v1/alerts/live{query}");
        let response = doors.open(with(token, TestRequest::get().uri(&path))).await;
        assert_eq!(response.status(), StatusCode::OK);
        let headers = response.headers();
        assert_eq!(
            headers.get("content-type").expect("a type"),
            "text/event-stream"
        );
        assert_eq!(headers.get("x-accel-buffering").expect("for proxies"), "no");
        let mut stream = Self(Box::pin(response.into_body()));
        let greeting = stream.piece().await.expect("a greeting");
        assert!(greeting.starts_with("retry: 3000\nid: "), "{greeting}");
        stream
    }

    /// The next piece; none at the end.
    async fn piece(&mut self) -> Option<String> {
        let body = &mut self.0;
        let piece = std::future::poll_fn(|cx| body.as_mut().poll_next(cx)).await?;
        Some(String::from_utf8(piece.expect("no error").to_vec()).expect("text"))
    }

    /// The next event: its number and what it says.
    async fn event(&mut self) -> (u64, Value) {
        let piece = self.piece().await.expect("it goes on");
        let mut lines = piece.lines();
        assert_eq!(lines.next(), Some("event: alert"), "{piece}");
        let number = lines
            .next()
            .and_then(|line| line.strip_prefix("id: "))
            .expect("a number");
        let data = lines
            .next()
            .and_then(|line| line.strip_prefix("data: "))
            .expect("data");
        (
            number.parse().expect("a number"),
            serde_json::from_str(data).expect("JSON"),
        )
    }
}

fn raise(doors: &Doors, name: &str, second: i64, sites: &[&str]) {
    let found = finding(name, Severity::High, (now().0, second), sites);
    doors.api.cases.record(&[found]).expect("taken down");
}

#[tokio::test]
async fn events_come_as_they_happen_and_none_is_missed() {
    let doors = Doors::to_nowhere();
    raise(&doors, "before.example", 0, &["a"]);
    let mut stream = Stream::open(&doors, TOKEN, "").await;
    raise(&doors, "evil.example", 0, &["a"]);
    let (first, event) = stream.event().await;
    assert_eq!(
        (&event["what"], &event["destination"]),
        (&"raised".into(), &"evil.example".into())
    );
    assert_eq!(
        (&event["severity"], &event["state"]),
        (&"high".into(), &"open".into())
    );
    raise(&doors, "evil.example", 5, &["a", "b"]);
    let (second, event) = stream.event().await;
    assert_eq!(
        (&event["what"], &event["subject"]),
        (&"site-joined".into(), &"b".into())
    );
    let path = format!("/api/v1/alerts/{}", event["alert"].as_str().expect("an id"));
    doors
        .patch(
            &path,
            r#"{"state": "closed", "cause": "test", "note": "x"}"#,
        )
        .await
        .good("closed");
    let (third, event) = stream.event().await;
    assert_eq!(
        (&event["what"], &event["state"]),
        (&"closed".into(), &"closed".into())
    );
    assert!(first < second && second < third);
    // Whoever comes back goes on where they were.
    let request = TestRequest::get().uri("/api/v1/alerts/live");
    let request = request.insert_header(("Last-Event-ID", first.to_string()));
    let response = doors.open(with(TOKEN, request)).await;
    let mut again = Stream(Box::pin(response.into_body()));
    again.piece().await.expect("a greeting");
    assert_eq!(
        (again.event().await.0, again.event().await.0),
        (second, third)
    );
    // From the very first on.
    let mut all = Stream::open(&doors, TOKEN, "?after=0").await;
    assert_eq!(all.event().await.1["destination"], "before.example");
}

#[tokio::test]
async fn nobody_hears_of_others() {
    let doors = Doors::to_nowhere();
    organization_of(&doors.api.registry, "rival", &["b", "both"]);
    let author = Author::of_installation("test");
    let shop = OrganizationId::new("shop").expect("a plain id");
    let both = skimwatch::ids::SiteId::new("both").expect("a plain id");
    doors
        .api
        .registry
        .share_site(&shop, (&both, ""), &author)
        .expect("shared");
    let mut stream = Stream::open(&doors, &doors.shop, "").await;
    raise(&doors, "theirs.example", 0, &["b"]);
    raise(&doors, "both.example", 0, &["both"]);
    raise(&doors, "both.example", 5, &["both", "b", "a"]);
    raise(&doors, "last.example", 6, &["a"]);
    let mut heard = Vec::new();
    while heard
        .last()
        .is_none_or(|(destination, _, _)| destination != "last.example")
    {
        let (_, event) = stream.event().await;
        let text = |name: &str| event[name].as_str().expect("a text").to_owned();
        heard.push((text("destination"), text("what"), text("subject")));
    }
    let heard: Vec<String> = heard
        .iter()
        .map(|(d, w, s)| format!("{d} {w} {s}"))
        .collect();
    assert_eq!(
        heard,
        [
            "both.example raised high",
            "both.example site-joined a",
            "last.example raised high"
        ]
    );
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let doors = Doors::to_nowhere();
    let shop = OrganizationId::new("shop").expect("a plain id");
    let analyst = token(&doors.api.registry, "shop", Role::Analyst);
    let mut stream = Stream::open(&doors, &analyst, "").await;
    let id = doors
        .api
        .registry
        .tokens(&shop)
        .expect("listed")
        .into_iter()
        .find(|it| it.role == Role::Analyst);
    let author = Author::of_installation("test");
    doors
        .api
        .registry
        .revoke_token(&shop, &id.expect("it is there").id, &author)
        .expect("revoked");
    raise(&doors, "evil.example", 0, &["a"]);
    assert_eq!(stream.piece().await, None, "revoked");
    let short = token(&doors.api.registry, "shop", Role::Auditor);
    let mut stream = Stream::open(&doors, &short, "").await;
    doors.clock.advance(Duration::from_secs(24 * 3600));
    assert_eq!(stream.piece().await, None, "expired");
}

#[tokio::test]
async fn listeners_have_a_bound() {
    let doors = Doors::to_nowhere();
    let mut streams = Vec::new();
    for _ in 0..8 {
        streams.push(Stream::open(&doors, TOKEN, "").await);
    }
    let request = || with(TOKEN, TestRequest::get().uri("/api/v1/alerts/live"));
    assert_eq!(
        doors.ask(request()).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    let mut other = Stream::open(&doors, &doors.shop, "").await;
    raise(&doors, "evil.example", 0, &["a"]);
    assert_eq!(other.event().await.1["what"], "raised");
    streams.pop();
    assert_eq!(doors.ask(request()).await.status, StatusCode::OK);
    for (name, id) in [
        ("word", "x"),
        ("negative", "-1"),
        ("too big", "99999999999999999999"),
    ] {
        let request = request().insert_header(("Last-Event-ID", id));
        assert_eq!(
            doors.ask(request).await.status,
            StatusCode::BAD_REQUEST,
            "{name}"
        );
    }
}

/// A connection that nobody says anything on looks dead to proxies.
#[tokio::test]
async fn a_stream_is_never_silent_for_long() {
    let doors = Doors::to_nowhere();
    let mut stream = Stream::open(&doors, TOKEN, "").await;
    raise(&doors, "theirs.example", 0, &["b"]);
    let mut mine = Stream::open(&doors, &doors.shop, "?after=0").await;
    let began = tokio::time::Instant::now();
    let piece = mine.piece().await.expect("it goes on");
    assert_eq!(piece, "id: 1\n: nothing new\n\n", "where to go on, too");
    let waited = began.elapsed();
    assert!((15..40).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(stream.event().await.1["destination"], "theirs.example");
}
