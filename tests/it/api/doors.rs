//! The doors, without a socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::App;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use bytes::Bytes;
use serde_json::Value;
use skimwatch::api::{self, Api, Load};
use skimwatch::cases::Cases;
use skimwatch::clock::{ManualClock, Timestamp};
use skimwatch::ids::OrganizationId;
use skimwatch::ops::{self, Check};
use skimwatch::registry::{Authenticator, Author, Registry, TokenRequest};
use skimwatch::role::Role;
use skimwatch::store::{Config, Store};

use crate::cases::organization_of;
use crate::database::{now, report};

/// The operator's token.
pub(super) const TOKEN: &str = "a-token-of-the-operator";

/// The doors, without a socket.
pub(super) struct Doors {
    pub(super) api: Arc<Api>,
    /// The token of somebody who sees the site `a` only.
    pub(super) shop: String,
    checks: Arc<Vec<Check>>,
    pub(super) well: Arc<AtomicBool>,
    pub(super) clock: Arc<ManualClock>,
    _dir: tempfile::TempDir,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    /// The JSON of an answer that must be one.
    pub(super) fn good(&self, what: &str) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{what}: {}", self.text);
        self.json()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|v| v.to_str().ok());
        value.unwrap_or_default()
    }
}

impl Doors {
    pub(super) fn new(store: Store) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("control.sqlite");
        let clock = ManualClock::at(now());
        let registry = Registry::open(&file, Arc::<ManualClock>::clone(&clock));
        let registry = Arc::new(registry.expect("a registry"));
        organization_of(&registry, "shop", &["a"]);
        let shop = token(&registry, "shop", Role::Merchant);
        let api = Api {
            store,
            cases: Cases::new(Arc::clone(&registry)),
            authenticator: Authenticator::new(Some(TOKEN), Arc::clone(&registry)),
            registry,
            clock: Arc::<ManualClock>::clone(&clock),
            load: Load::default(),
        };
        let well = Arc::new(AtomicBool::new(true));
        let asked = Arc::clone(&well);
        let spool = Check::new("spool", move || match asked.load(Ordering::Relaxed) {
            true => Ok(()),
            false => Err("the disk is full".to_owned()),
        });
        Self {
            api: Arc::new(api),
            shop,
            checks: Arc::new(vec![spool, Check::new("sites", || Ok(()))]),
            well,
            clock,
            _dir: dir,
        }
    }

    /// Doors with nothing behind them: whoever asks ClickHouse here gets no answer.
    pub(super) fn to_nowhere() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let config = Config {
            url: format!("http://{}", free.expect("a free port")),
            ..Config::default()
        };
        Self::new(Store::connect(config).expect("a plain name"))
    }

    pub(super) async fn ask(&self, request: TestRequest) -> Answer {
        let app = App::new()
            .configure(api::configure(Arc::clone(&self.api)))
            .configure(ops::configure(Arc::clone(&self.checks)));
        let app = init_service(app).await;
        let response = call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let kind = headers.get("content-type").map(|it| it.as_bytes().to_vec());
        let body = match kind.as_deref() {
            // It never ends.
            Some(b"text/event-stream") => first_piece(response.into_body()).await,
            _ => read_body(response).await,
        };
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer {
            status,
            headers,
            text,
        }
    }

    /// An answer whose body nobody has read yet.
    pub(super) async fn open(&self, request: TestRequest) -> ServiceResponse<BoxBody> {
        let app = App::new().configure(api::configure(Arc::clone(&self.api)));
        let app = init_service(app).await;
        let response = call_service(&app, request.to_request()).await;
        response.map_into_boxed_body()
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.ask(with(TOKEN, TestRequest::get().uri(path))).await
    }

    /// As the shop `a`, which sees itself and nothing else.
    pub(super) async fn get_as_shop(&self, path: &str) -> Answer {
        self.ask(with(&self.shop, TestRequest::get().uri(path)))
            .await
    }

    pub(super) async fn patch(&self, path: &str, body: impl Into<Bytes>) -> Answer {
        let request = TestRequest::patch().uri(path).set_payload(body);
        let request = request.insert_header(("Content-Type", "application/json"));
        self.ask(with(TOKEN, request)).await
    }

    pub(super) async fn json(&self, path: &str) -> Value {
        self.get(path).await.good(path)
    }

    /// Pages of a list, one after the other, each with at most this many.
    pub(super) async fn walk(&self, path: &str, list: &str, limit: usize) -> Vec<Value> {
        let mut found = Vec::new();
        let mut next = format!("{path}?limit={limit}");
        loop {
            let page = self.json(&next).await;
            let items = page[list].as_array().expect("a list");
            assert!(items.len() <= limit, "{next}");
            found.extend(items.iter().cloned());
            match page["next"].as_str() {
                Some(cursor) => next = format!("{path}?limit={limit}&cursor={cursor}"),
                None => break found,
            }
        }
    }
}

/// What comes first of an answer.
async fn first_piece(body: impl MessageBody) -> Bytes {
    let mut body = std::pin::pin!(body);
    let piece = std::future::poll_fn(|cx| body.as_mut().poll_next(cx)).await;
    piece.and_then(Result::ok).unwrap_or_default()
}

/// A request with a token.
pub(super) fn with(token: &str, request: TestRequest) -> TestRequest {
    request.insert_header(("Authorization", format!("Bearer {token}")))
}

/// A token of an organization.
pub(super) fn token(registry: &Registry, organization: &str, role: Role) -> String {
    let organization = OrganizationId::new(organization).expect("a plain id");
    let request = TokenRequest {
        name: format!("a test's {}", role.as_str()),
        role,
        days: 1,
    };
    let author = Author::of_installation("test");
    let made = registry.add_token(&organization, &request, &author);
    made.expect("a token").1
}

/// The texts of a field, item by item.
pub(super) fn each<'a>(items: &'a [Value], field: &str) -> Vec<&'a str> {
    let text = |item: &'a Value| item[field].as_str().expect("a text");
    items.iter().map(text).collect()
}

/// A row of a report that a browser sent from a checkout page.
pub(super) fn stored(site: &str, destination: &str, at: Timestamp, browser: i64) -> Vec<u8> {
    let given = [
        ("site", site.into()),
        ("type", "csp-violation".into()),
        ("destination", destination.into()),
        ("host", destination.into()),
        ("directive", "connect-src".into()),
        ("page_kind", "checkout".into()),
        ("client", browser.into()),
        ("network", browser.into()),
    ];
    report(at, &given)
}
