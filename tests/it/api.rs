//! `/api/v1/…` and the doors for operators, over a real ClickHouse.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use serde_json::{Value, json};
use skimwatch::api::{self, Api};
use skimwatch::clock::{SystemClock, Timestamp};
use skimwatch::ids::SiteId;
use skimwatch::ops::{self, Check};
use skimwatch::registry::{Authenticator, Registry};
use skimwatch::scope::Scope;
use skimwatch::store::{Attempt, Config, MAX_REPORTS, ReportFilter, Store};

use crate::database::{Database, Segment, now, report};

const TOKEN: &str = "a-token-of-the-operator";

/// The doors, without a socket.
struct Doors {
    api: Arc<Api>,
    checks: Arc<Vec<Check>>,
    well: Arc<AtomicBool>,
    _dir: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|v| v.to_str().ok());
        value.unwrap_or_default()
    }
}

impl Doors {
    fn new(store: Store) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("control.sqlite");
        let registry = Registry::open(&file, SystemClock::shared()).expect("a registry");
        let api = Api {
            store,
            registry: Arc::new(registry),
            authenticator: Authenticator::new(Some(TOKEN)),
        };
        let well = Arc::new(AtomicBool::new(true));
        let asked = Arc::clone(&well);
        let spool = Check::new("spool", move || match asked.load(Ordering::Relaxed) {
            true => Ok(()),
            false => Err("the disk is full".to_owned()),
        });
        Self {
            api: Arc::new(api),
            checks: Arc::new(vec![spool, Check::new("sites", || Ok(()))]),
            well,
            _dir: dir,
        }
    }

    /// Doors with nothing behind them: whoever asks ClickHouse here gets no answer.
    fn to_nowhere() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let config = Config {
            url: format!("http://{}", free.expect("a free port")),
            ..Config::default()
        };
        Self::new(Store::connect(config).expect("a plain name"))
    }

    async fn ask(&self, request: TestRequest) -> Answer {
        let app = App::new()
            .configure(api::configure(Arc::clone(&self.api)))
            .configure(ops::configure(Arc::clone(&self.checks)));
        let app = init_service(app).await;
        let response = call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let text = String::from_utf8(read_body(response).await.to_vec()).expect("text");
        Answer {
            status,
            headers,
            text,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        let bearer = format!("Bearer {TOKEN}");
        let request = TestRequest::get().uri(path);
        self.ask(request.insert_header(("Authorization", bearer)))
            .await
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }
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
    let paths = [
        "/api/v1/stats",
        "/api/v1/reports?limit=nonsense",
        "/api/v1/sites",
        "/api/v1/openapi.json",
        "/api/v1/nothing/here",
    ];
    for (name, token) in tokens {
        for path in paths {
            let mut request = TestRequest::get().uri(path);
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
    for path in ["/api/v1/stats", "/api/v1/reports", "/api/v1/sites"] {
        let answer = doors.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "5", "{path}");
        assert_eq!(answer.json()["error"]["code"], "unavailable", "{path}");
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
    let post = TestRequest::post().uri("/api/v1/stats");
    let bearer = ("Authorization", format!("bearer {TOKEN}"));
    let answer = doors.ask(post.insert_header(bearer)).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET");
    let answer = doors.get("/api/v1/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn stats_keep_the_equation() {
    let database = Database::new().await;
    let first = Segment::new(1)
        .count("a", "stored", "", 5)
        .count("a", "folded", "", 2)
        .count("b", "stored", "", 1)
        .count("", "refused", "unknown_key", 4);
    let second = Segment::new(2)
        .count("a", "discarded", "malformed", 3)
        .count("a", "refused", "not_json", 1)
        .count("a", "stored", "", 1);
    for segment in [&first, &second] {
        let delivery = segment.delivery(Attempt::First);
        database.store.deliver(&delivery).await.expect("in");
    }
    let doors = Doors::new(database.store.clone());
    let stats = doors.json("/api/v1/stats").await;
    let expected = json!({
        "total": {"received": 12, "stored": 7, "folded": 2, "discarded": {"malformed": 3},
                  "refused": {"not_json": 1, "unknown_key": 4}},
        "sites": [
            {"site": "a", "received": 11, "stored": 6, "folded": 2, "discarded": {"malformed": 3},
             "refused": {"not_json": 1}},
            {"site": "b", "received": 1, "stored": 1, "folded": 0, "discarded": {}, "refused": {}},
        ],
    });
    assert_eq!(stats, expected);
    let own = database
        .store
        .stats(&scope(&["b"]))
        .await
        .expect("answered");
    assert_eq!((own.total.received, own.sites.len()), (1, 1));
    let none = database.store.stats(&scope(&[])).await.expect("answered");
    assert_eq!((none.total.received, none.sites.len()), (0, 0));
}

fn scope(sites: &[&str]) -> Scope {
    let id = |site: &&str| SiteId::new(site).expect("a plain id");
    Scope::Sites(sites.iter().map(id).collect::<BTreeSet<_>>())
}

/// Thirty reports of three sites; many share a moment, and they span a day's end.
fn thirty(start: Timestamp) -> Segment {
    let mut segment = Segment::new(4);
    for i in 0..30_i64 {
        let at = Timestamp(start.0 - (i / 7) * 43_200_000);
        let site = ["a", "b", "c"][usize::try_from(i % 3).expect("small")];
        let given = [
            ("site", site.into()),
            ("type", "csp-violation".into()),
            (
                "destination",
                if i % 2 == 0 {
                    "even.example"
                } else {
                    "odd.example"
                }
                .into(),
            ),
            (
                "directive",
                if i % 5 == 0 {
                    "form-action"
                } else {
                    "connect-src"
                }
                .into(),
            ),
            (
                "page_kind",
                if i % 10 == 0 { "admin" } else { "checkout" }.into(),
            ),
            ("line", i.into()),
            ("policy", i64::MAX.into()),
            (
                "labels",
                crate::database::Value::Texts(vec!["repeat", "bot"]),
            ),
        ];
        segment.reports.push(report(at, &given));
    }
    segment
}

#[tokio::test]
async fn reports_come_page_by_page() {
    let database = Database::new().await;
    let segment = thirty(now());
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut path = "/api/v1/reports?limit=7".to_owned();
    loop {
        let page = doors.json(&path).await;
        for row in page["reports"].as_array().expect("a list") {
            let text = |name: &str| row[name].as_str().expect(name).to_owned();
            seen.push((text("received_at"), text("id")));
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/reports?limit=7&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 30);
    let ids: BTreeSet<&String> = seen.iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), 30, "none twice");
    assert!(
        seen.iter().map(|(at, _)| at).is_sorted_by(|a, b| a >= b),
        "newest first"
    );
    let page = doors.json("/api/v1/reports?limit=1").await;
    let report = &page["reports"][0];
    assert_eq!(report["labels"], json!(["repeat", "bot"]));
    assert_eq!(report["policy"], "7fffffffffffffff");
    let id = report["id"].as_str().expect("an id");
    assert!(id.starts_with(&segment.id.to_string()), "{id}");
}

#[tokio::test]
async fn reports_are_filtered_and_scoped() {
    let database = Database::new().await;
    let start = now();
    let segment = thirty(start);
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let since = Timestamp(start.0 - 43_200_000);
    let cases = [
        (String::new(), 30),
        ("?site=b".to_owned(), 10),
        ("?site=nobody".to_owned(), 0),
        ("?destination=odd.example".to_owned(), 15),
        ("?destination=odd.example'%20OR%201".to_owned(), 0),
        ("?directive=form-action".to_owned(), 6),
        ("?page_kind=admin&destination=even.example".to_owned(), 3),
        (
            "?type=csp-violation&site=a&directive=connect-src".to_owned(),
            8,
        ),
        (format!("?since={since}"), 14),
        (format!("?until={since}"), 16),
        (format!("?since={since}&until={start}"), 7),
    ];
    for (query, expected) in cases {
        let page = doors.json(&format!("/api/v1/reports{query}")).await;
        let found = page["reports"].as_array().expect("a list").len();
        assert_eq!(found, expected, "{query}");
    }
    let filter = ReportFilter {
        site: Some(SiteId::new("a").expect("a plain id")),
        ..ReportFilter::default()
    };
    for (scope, filter, expected) in [
        (scope(&["a"]), ReportFilter::default(), 10),
        (scope(&["a", "c"]), ReportFilter::default(), 20),
        (scope(&[]), ReportFilter::default(), 0),
        (scope(&["b"]), filter.clone(), 0),
        (scope(&["a", "b"]), filter, 10),
    ] {
        let page = database
            .store
            .reports(&scope, &filter, None, MAX_REPORTS)
            .await;
        let found = page.expect("answered").reports.len();
        assert_eq!(found, expected, "{scope:?} {filter:?}");
    }
}

#[tokio::test]
async fn sites_say_when_they_reported() {
    let database = Database::new().await;
    let start = now();
    let segment = thirty(start);
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let merchants = json!({"merchants": [
        {"key": "a", "name": "A", "domains": ["a.example"]}, {"key": "quiet"}, {"key": "b"},
    ]});
    let imported = doors.api.registry.import(&merchants.to_string(), "test");
    imported.expect("good");
    let all = doors.json("/api/v1/sites").await;
    assert_eq!(all["next"], Value::Null);
    let sites = all["sites"].as_array().expect("a list");
    let names: Vec<&str> = sites.iter().filter_map(|s| s["site"].as_str()).collect();
    assert_eq!(names, ["a", "b", "quiet"]);
    assert_eq!(sites[0]["reports"], 10);
    assert_eq!(sites[0]["last_report"], start.to_string());
    assert_eq!(sites[0]["keys"], json!([{"key": "a", "state": "active"}]));
    assert_eq!(sites[0]["domains"], json!(["a.example"]));
    assert_eq!(sites[2]["reports"], 0);
    assert_eq!(sites[2]["last_report"], Value::Null);
    let first = doors.json("/api/v1/sites?limit=2").await;
    assert_eq!(first["next"], "b");
    let rest = doors.json("/api/v1/sites?limit=2&cursor=b").await;
    assert_eq!(rest["sites"][0]["site"], "quiet");
    assert_eq!(rest["sites"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_description_fits_the_answers() {
    let database = Database::new().await;
    let segment = thirty(now());
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let one = json!({"merchants": [{"key": "a"}]});
    doors
        .api
        .registry
        .import(&one.to_string(), "test")
        .expect("good");
    let description = doors.json("/api/v1/openapi.json").await;
    for (path, schema, list) in [
        ("/api/v1/stats", "Stats", None),
        ("/api/v1/reports", "Reports", Some(("reports", "Report"))),
        ("/api/v1/sites", "Sites", Some(("sites", "Site"))),
    ] {
        assert!(description["paths"][path]["get"].is_object(), "{path}");
        let answer = doors.json(path).await;
        assert_eq!(names(&answer), described(&description, schema), "{path}");
        if let Some((list, item)) = list {
            assert_eq!(
                names(&answer[list][0]),
                described(&description, item),
                "{path}"
            );
        }
    }
}

fn names(object: &Value) -> BTreeSet<&str> {
    let object = object.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

fn described<'a>(description: &'a Value, schema: &str) -> BTreeSet<&'a str> {
    names(&description["components"]["schemas"][schema]["properties"])
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
