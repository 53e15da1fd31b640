//! The pages, without a socket: who gets in, what is escaped, what forms do, what stays when ClickHouse
//! is away.

mod explorer;
mod portfolio;
mod response;

use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use serde_json::json;
use skimwatch::cases::{Cases, Cause, State, Triage};
use skimwatch::clock::{Clock, ManualClock, SharedClock, Timestamp};
use skimwatch::finding::{Evidence, Finding, FindingKind, Hit, Reason, Severity};
use skimwatch::ids::{AlertId, CampaignId, SiteId};
use skimwatch::normalize::Directive;
use skimwatch::registry::{Authenticator, Author, Registry, VAULT_KEY_BYTES, Vault};
use skimwatch::scope::Scope;
use skimwatch::store::{Attempt, Config, Store};
use skimwatch::web::{self, Attempts, Desk, Gate, Pages};

use crate::database::{Database, Segment, now, report};

const TOKEN: &str = "a-token-of-the-operator";
const HOSTILE: &str = "<script>alert(\"1\")</script>'\u{202e}gro.live";
/// No browser's report can hold it, but a page is not where that is decided.
const DESTINATION: &str = "evil.example\"><img src=x>";

/// The pages, without a socket.
struct Site {
    pages: Arc<Pages>,
    clock: Arc<ManualClock>,
    cookie: String,
    _dir: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|v| v.to_str().ok());
        value.unwrap_or_default()
    }

    /// What stands in the first hidden field of the forms.
    fn csrf(&self) -> &str {
        let field = r#"name="csrf" value=""#;
        let (_, rest) = self.text.split_once(field).expect("a form");
        rest.split_once('"').expect("a value").0
    }
}

impl Site {
    fn new(store: Store, start: Timestamp) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = ManualClock::at(start);
        let shared: SharedClock = Arc::<ManualClock>::clone(&clock);
        let file = dir.path().join("control.sqlite");
        let registry = Registry::open(&file, SharedClock::clone(&shared)).expect("a registry");
        let registry = Arc::new(registry);
        let merchants = json!({"merchants": [
            {"key": "shop-a", "name": HOSTILE, "domains": ["a.example"], "policy": "img-src *"},
            {"key": "shop-b", "name": "Shop B"},
            {"key": "quiet", "name": "静かな店"},
        ]});
        registry
            .import(&merchants.to_string(), "test")
            .expect("good");
        let authenticator = Authenticator::new(Some(TOKEN), Arc::clone(&registry));
        let session = authenticator
            .open_session(TOKEN, start)
            .expect("read")
            .expect("the right token");
        Self {
            pages: Arc::new(Pages {
                store,
                cases: Cases::new(Arc::clone(&registry)),
                registry,
                detect: skimwatch::detect::Config::default(),
                authenticator,
                clock: shared,
                intake: "https://csp.example".to_owned(),
                trusted_proxies: vec!["192.0.2.0/24".parse().expect("a network")],
                attempts: Attempts::default(),
                gate: Gate::new(Vault::new([7; VAULT_KEY_BYTES])),
                desk: Desk::default(),
            }),
            clock,
            cookie: format!("skimwatch_session={session}"),
            _dir: dir,
        }
    }

    /// Pages with no ClickHouse behind them.
    fn to_nowhere() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let config = Config {
            url: format!("http://{}", free.expect("a free port")),
            ..Config::default()
        };
        Self::new(Store::connect(config).expect("a plain name"), now())
    }

    async fn ask(&self, request: TestRequest) -> Answer {
        let app = App::new().configure(web::configure(Arc::clone(&self.pages)));
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
        let request = TestRequest::get().uri(path);
        self.ask(request.insert_header(("Cookie", self.cookie.as_str())))
            .await
    }

    async fn get_in(&self, path: &str, language: &str) -> Answer {
        let request = TestRequest::get().uri(path);
        let cookie = format!("skimwatch_lang={language}; {}", self.cookie);
        self.ask(request.insert_header(("Cookie", cookie))).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = TestRequest::post().uri(path).set_form(form);
        self.ask(request.insert_header(("Cookie", self.cookie.as_str())))
            .await
    }

    /// An alert about a destination, at two merchants.
    fn raise(&self, destination: &str, kind: FindingKind) -> AlertId {
        let at = self.clock.now();
        let hit = |site: &str, minutes: u64| Hit {
            site: SiteId::new(site).expect("a plain id"),
            first_seen: at.minus(Duration::from_secs(minutes * 60)),
            last_seen: at,
            clients: 3,
            networks: 2,
            page_networks: 3,
            directives: vec![Directive::ConnectSrc],
            card_number: site == "shop-a",
        };
        let finding = Finding {
            rises: true,
            campaign: CampaignId::of(destination),
            destination: destination.to_owned(),
            account: None,
            kind,
            severity: Severity::Critical,
            score: 4.5,
            at,
            first_seen: at.minus(Duration::from_secs(3600)),
            reasons: vec![
                Reason {
                    evidence: Evidence::SendsOnly,
                    value: 2.5,
                    weight: 5.5,
                },
                Reason {
                    evidence: Evidence::ByTagManager,
                    value: 1.0,
                    weight: -1.0,
                },
            ],
            hits: vec![hit("shop-a", 60), hit("shop-b", 35)],
        };
        let recorded = self.pages.cases.record(&[finding]).expect("taken down");
        recorded.raised.into_iter().next().expect("a new one")
    }

    fn state(&self, id: &AlertId) -> State {
        let alert = self.pages.cases.alert(&Scope::Operator, id).expect("read");
        alert.expect("there").state
    }
}

#[tokio::test]
async fn nobody_learns_anything_without_a_session() {
    let site = Site::to_nowhere();
    let id = site.raise("evil.example", FindingKind::Exfiltration);
    let cookies = [
        String::new(),
        "skimwatch_session=".to_owned(),
        "skimwatch_session=1.2".to_owned(),
        format!("{}0", site.cookie),
        site.cookie.replacen("=1", "=2", 1),
        site.cookie.replace("skimwatch_session", "other"),
    ];
    let alert = format!("/alerts/{id}");
    for cookie in &cookies {
        for path in [
            "/",
            "/alerts",
            &alert,
            "/sites",
            "/sites/shop-a",
            "/destinations",
            "/destinations/evil.example",
            "/reports",
            "/reports/export?format=csv",
            "/reports/x",
            "/status",
            "/nothing/here",
            "/logout",
        ] {
            let request = TestRequest::get().uri(path);
            let answer = site
                .ask(request.insert_header(("Cookie", cookie.as_str())))
                .await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {cookie}");
            assert!(answer.header("location").starts_with("/login"), "{path}");
            assert_eq!(answer.text, "", "{path}");
        }
        let request = TestRequest::post()
            .uri(&alert)
            .set_form([("action", "contain")]);
        let answer = site
            .ask(request.insert_header(("Cookie", cookie.as_str())))
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{cookie}");
    }
    assert_eq!(site.state(&id), State::Open);
    for (shown, status) in [(TOKEN, StatusCode::OK), ("wrong", StatusCode::SEE_OTHER)] {
        let request = TestRequest::get().uri("/sites");
        let bearer = ("Authorization", format!("Bearer {shown}"));
        assert_eq!(site.ask(request.insert_header(bearer)).await.status, status);
    }
}

#[tokio::test]
async fn a_token_becomes_a_session_that_ends() {
    let site = Site::to_nowhere();
    let login = site.ask(TestRequest::get().uri("/login?next=/sites")).await;
    assert_eq!(login.status, StatusCode::OK);
    assert!(login.text.contains(r#"type="password""#) && login.text.contains(r#"value="/sites""#));
    let enter = |token: &'static str| {
        TestRequest::post()
            .uri("/login")
            .set_form([("token", token), ("next", "/sites")])
    };
    let wrong = site.ask(enter("wrong")).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert_eq!(wrong.header("set-cookie"), "");
    assert!(
        !wrong.text.contains("wrong\""),
        "a token is never shown again"
    );
    let right = site.ask(enter(TOKEN)).await;
    assert_eq!(
        (right.status, right.header("location")),
        (StatusCode::SEE_OTHER, "/sites")
    );
    let cookie = right.header("set-cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/")
    );
    assert!(
        !cookie.contains("Secure"),
        "it came by plain HTTP: {cookie}"
    );
    for (peer, is_trusted) in [("192.0.2.1:4711", true), ("198.51.100.1:4711", false)] {
        let forwarded = enter(TOKEN)
            .insert_header(("X-Forwarded-Proto", "https"))
            .peer_addr(peer.parse().expect("an address"));
        let answer = site.ask(forwarded).await;
        let secure = answer.header("set-cookie").ends_with("; Secure");
        assert_eq!(secure, is_trusted, "{peer}");
    }
    let page = site.get("/sites").await;
    assert_eq!(page.status, StatusCode::OK);
    let kept = site.post("/logout", &[("csrf", "no")]).await;
    assert_eq!(
        (kept.status, kept.header("set-cookie")),
        (StatusCode::FORBIDDEN, "")
    );
    let left = site.post("/logout", &[("csrf", page.csrf())]).await;
    assert_eq!(left.header("location"), "/login");
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    site.clock.advance(Duration::from_secs(12 * 3600));
    assert_eq!(site.get("/sites").await.status, StatusCode::SEE_OTHER);
}

/// Guessing is hopeless; what is bounded is the load of it. Who guesses nothing gets in all the while.
#[tokio::test]
async fn wrong_tokens_are_not_heard_for_ever() {
    let site = Site::to_nowhere();
    let enter = |token: &'static str, peer: &str| {
        TestRequest::post()
            .uri("/login")
            .set_form([("token", token)])
            .peer_addr(peer.parse().expect("an address"))
    };
    let guesser = "198.51.100.1:4711";
    for _ in 0..web::MAX_WRONG_OF_NETWORK {
        let answer = site.ask(enter("wrong", guesser)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let answer = site.ask(enter(TOKEN, guesser)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    // Its address is the proxy's word, if the proxy is trusted.
    let elsewhere =
        enter(TOKEN, "192.0.2.1:4711").insert_header(("X-Forwarded-For", "203.0.113.5"));
    assert_eq!(site.ask(elsewhere).await.status, StatusCode::SEE_OTHER);
    site.clock.advance(Duration::from_secs(60));
    let answer = site.ask(enter(TOKEN, guesser)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

/// Which host is ours is told by the browser, or by a proxy that the operator named.
#[tokio::test]
async fn an_origin_is_ours_by_the_word_of_a_trusted_proxy_only() {
    let site = Site::to_nowhere();
    for (peer, status) in [
        ("192.0.2.1:4711", StatusCode::SEE_OTHER),
        ("198.51.100.1:4711", StatusCode::FORBIDDEN),
    ] {
        let request = TestRequest::post()
            .uri("/login")
            .set_form([("token", TOKEN)])
            .insert_header(("Host", "inside.example"))
            .insert_header(("Origin", "https://pages.example"))
            .insert_header(("X-Forwarded-Host", "forged.example, pages.example"))
            .peer_addr(peer.parse().expect("an address"));
        assert_eq!(site.ask(request).await.status, status, "{peer}");
    }
}

#[tokio::test]
async fn nobody_is_led_away() {
    let site = Site::to_nowhere();
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:1",
        "",
    ] {
        let form = [("token", TOKEN), ("next", next)];
        let answer = site
            .ask(TestRequest::post().uri("/login").set_form(form))
            .await;
        assert_eq!(answer.header("location"), "/", "{next}");
    }
    for (path, to) in [
        ("/sites?lang=ja&after=a", "/sites?after=a"),
        ("/?lang=en", "/"),
        ("//evil.example?lang=ja", "/"),
        ("/login?lang=ja&next=%2Fsites", "/login?next=%2Fsites"),
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.header("location"), to, "{path}");
    }
    let answer = site.ask(TestRequest::get().uri("//evil.example/x")).await;
    assert_eq!(answer.header("location"), "/login");
}

#[tokio::test]
async fn forms_come_from_our_own_pages() {
    let site = Site::to_nowhere();
    let id = site.raise("evil.example", FindingKind::Exfiltration);
    let path = format!("/alerts/{id}");
    let csrf = site.get(&path).await.csrf().to_owned();
    for (name, given, origin) in [
        ("no field", "", None),
        ("of nobody", "0123", None),
        ("foreign", csrf.as_str(), Some("https://evil.example")),
        ("nowhere", csrf.as_str(), Some("null")),
        (
            "longer",
            csrf.as_str(),
            Some("http://localhost:8080.evil.example"),
        ),
    ] {
        let request = TestRequest::post()
            .uri(&path)
            .set_form([("action", "contain"), ("csrf", given)]);
        let mut request = request.insert_header(("Cookie", site.cookie.as_str()));
        if let Some(origin) = origin {
            request = request.insert_header(("Origin", origin));
        }
        assert_eq!(
            site.ask(request).await.status,
            StatusCode::FORBIDDEN,
            "{name}"
        );
    }
    assert_eq!(site.state(&id), State::Open);
    let own = TestRequest::post()
        .uri(&path)
        .set_form([("action", "acknowledge"), ("csrf", &csrf)]);
    let own = own.insert_header(("Cookie", site.cookie.as_str()));
    let own = own
        .insert_header(("Host", "skimwatch.example"))
        .insert_header(("Origin", "https://skimwatch.example"));
    assert_eq!(site.ask(own).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.state(&id), State::Acknowledged);
    let long = "x".repeat(web::MAX_FORM_BYTES);
    let answer = site
        .post(
            &path,
            &[("action", "contain"), ("csrf", &csrf), ("note", &long)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_alert_is_dealt_with_by_form() {
    let site = Site::to_nowhere();
    let id = site.raise("evil.example", FindingKind::Exfiltration);
    let path = format!("/alerts/{id}");
    let csrf = site.get(&path).await.csrf().to_owned();
    let long = "x".repeat(2001);
    let note = "<b>Removed</b>\r\nthe plugin";
    for (form, status, state) in [
        (vec![("action", "acknowledge")], 303, State::Acknowledged),
        (vec![("action", "acknowledge")], 409, State::Acknowledged),
        (vec![("action", "contain")], 303, State::Contained),
        (vec![("action", "reopen")], 303, State::Open),
        (vec![("action", "dance")], 400, State::Open),
        (vec![("action", "close"), ("cause", "")], 400, State::Open),
        (
            vec![("action", "close"), ("cause", "skimmer"), ("note", &long)],
            400,
            State::Open,
        ),
        (
            vec![("action", "close"), ("cause", "skimmer"), ("note", note)],
            303,
            State::Closed,
        ),
    ] {
        let form = [form, vec![("csrf", csrf.as_str())]].concat();
        let answer = site.post(&path, &form).await;
        assert_eq!(answer.status.as_u16(), status, "{form:?}");
        assert_eq!(site.state(&id), state, "{form:?}");
    }
    let page = site.get(&path).await.text;
    assert!(page.contains("&lt;b&gt;Removed&lt;/b&gt;") && page.contains("the plugin"));
    assert!(
        page.contains("Closed. Cause: A script planted in the page") && page.contains("operator")
    );
    let list = site.get("/alerts").await.text;
    assert!(!list.contains("evil.example"));
    for state in ["closed", "all"] {
        let list = site.get(&format!("/alerts?state={state}")).await.text;
        assert!(list.contains(&path), "{state}");
    }
}

#[tokio::test]
async fn alerts_come_page_by_page() {
    let site = Site::to_nowhere();
    for i in 0..35 {
        let at = (site.clock.now().0, 0);
        let found =
            crate::cases::finding(&format!("d{i}.example"), Severity::High, at, &["shop-a"]);
        site.pages.cases.record(&[found]).expect("taken down");
        site.clock.advance(Duration::from_secs(1));
    }
    let first = site.get("/alerts").await.text;
    assert_eq!(first.matches("<article").count(), 30);
    assert!(first.contains("d34.example") && !first.contains("d4.example"));
    let (_, rest) = first.split_once("after=").expect("a next page");
    let cursor = rest.split_once('"').expect("an end").0;
    let next = site
        .get(&format!("/alerts?state=unresolved&after={cursor}"))
        .await
        .text;
    assert_eq!(next.matches("<article").count(), 5);
    assert!(next.contains("d4.example") && !next.contains("Older"));
    for path in ["/alerts?after=x", "/alerts?state=lost", "/sites?page=x"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Every page there is, with the alert that is about what a stranger wrote.
fn all(id: &AlertId) -> Vec<String> {
    let fixed = [
        "/",
        "/alerts",
        "/alerts?state=all",
        "/sites",
        "/sites/shop-a",
        "/sites/quiet",
        "/destinations",
        "/destinations?q=EVIL&days=7&payment=on",
        "/destinations?alert=on&verdict=any",
        "/destinations/evil.example%22%3E%3Cimg%20src%3Dx%3E",
        "/destinations/never-seen.example",
        "/reports",
        "/reports?browser=firefox&range=24h",
        "/reports?destination=evil.example%22%3E%3Cimg%20src%3Dx%3E&from=2026-01-01T00:00",
        "/status",
    ];
    let alert = format!("/alerts/{id}");
    fixed
        .iter()
        .map(|path| (*path).to_owned())
        .chain([alert])
        .collect()
}

fn assert_harmless(path: &str, answer: &Answer) {
    let text = &answer.text;
    for bad in [
        "<script>",
        "<img src=x>",
        "<b>",
        "\u{202e}",
        " style=",
        "javascript:",
        "onerror",
        "onclick",
    ] {
        assert!(!text.contains(bad), "{path}: {bad}");
    }
    let scripts = text.matches("<script").count();
    assert_eq!(
        scripts,
        text.matches(r#"<script src="/assets/"#).count(),
        "{path}"
    );
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'; style-src 'self'"),
        "{path}"
    );
    assert!(
        answer
            .header("content-security-policy")
            .contains("frame-ancestors 'none'"),
        "{path}"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
}

/// Three reports full of what a page could put into them.
fn hostile_reports(start: Timestamp) -> Segment {
    let mut segment = Segment::new(1);
    for minutes in [0_u64, 10, 30] {
        let given = [
            ("site", "shop-a".into()),
            ("type", "csp-violation".into()),
            ("destination", DESTINATION.into()),
            ("host", DESTINATION.into()),
            ("directive", "connect-src".into()),
            ("page_kind", "checkout".into()),
            ("document_host", "a.example".into()),
            ("document_path", "/<script>pay".into()),
            ("blocked", "https://evil.example/<script>\u{202e}".into()),
            ("source", "a.example/<script>\u{202e}.js".into()),
            (
                "disposition",
                if minutes == 30 { "report" } else { "enforce" }.into(),
            ),
            ("browser", "<b>".into()),
            ("client", 7_i64.into()),
        ];
        let at = start.minus(Duration::from_secs(minutes * 60));
        segment.reports.push(report(at, &given));
    }
    segment
}

#[tokio::test]
async fn pages_in_both_languages_show_strangers_texts_unharmed() {
    let database = Database::new().await;
    let start = now();
    let site = Site::new(database.store.clone(), start);
    let segment = hostile_reports(start);
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let id = site.raise(DESTINATION, FindingKind::Exfiltration);
    let note = HOSTILE.to_owned();
    let close = Triage::Close {
        cause: Cause::Test,
        note,
    };
    let author = Author::of_installation(HOSTILE);
    let closed = site
        .pages
        .cases
        .triage(&Scope::Operator, &id, (&author, start), &close);
    closed.expect("closed");
    for path in all(&id) {
        for (language, words) in [("en", "Merchants"), ("ja", "加盟店")] {
            let answer = site.get_in(&path, language).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let tag = format!(r#"<html lang="{language}">"#);
            assert!(
                answer.text.contains(&tag) && answer.text.contains(words),
                "{path}"
            );
            assert!(
                !answer.text.contains(r#"class="problem""#),
                "{path} {language}"
            );
            assert_harmless(&path, &answer);
        }
    }
    let alert = site.get(&format!("/alerts/{id}")).await.text;
    for text in [
        "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'‹U+202E›gro.live",
        "evil.example&quot;&gt;&lt;img src=x&gt;",
        "+25 min",
        "+5.50",
        "2.50 × 2.20",
        "−1.00",
        "+4.50",
        "base 0.00, points +4.50",
        "<code><bdi>/&lt;script&gt;‹U+202E›.js</bdi></code> as its source.",
        "in part: 2 blocked, 1 went through",
    ] {
        assert!(alert.contains(text), "{text}");
    }
    let overview = site.get("/").await.text;
    let link = format!(r#"href="/alerts/{id}""#);
    assert!(
        overview.contains(&link),
        "a new destination leads to its alert"
    );
}

#[tokio::test]
async fn a_site_page_turns_live() {
    let database = Database::new().await;
    let start = now();
    let site = Site::new(database.store.clone(), start);
    let before = site.get("/sites/shop-b").await.text;
    assert!(before.contains("Waiting for the first report"));
    assert!(
        before.contains("Reporting-Endpoints: skimwatch=&quot;https://csp.example/r/shop-b&quot;")
    );
    assert!(before.contains("Content-Security-Policy-Report-Only: default-src 'self'"));
    let own = site.get("/sites/shop-a").await.text;
    let policy = "Content-Security-Policy: img-src *; report-uri https://csp.example/r/shop-a; report-to skimwatch";
    assert!(own.contains(policy));
    let mut segment = Segment::new(1);
    segment
        .reports
        .push(report(start, &[("site", "shop-b".into())]));
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    assert!(
        site.get("/sites/shop-b")
            .await
            .text
            .contains("Reports are arriving")
    );
    site.clock.advance(Duration::from_secs(25 * 3600));
    let cookie = site
        .pages
        .authenticator
        .open_session(TOKEN, site.clock.now())
        .expect("read")
        .expect("a session");
    let request = TestRequest::get().uri("/sites/shop-b");
    let later = site
        .ask(request.insert_header(("Cookie", format!("skimwatch_session={cookie}"))))
        .await;
    assert!(later.text.contains("No report for more than 24 hours"));
}

#[tokio::test]
async fn without_clickhouse_pages_show_what_is_known() {
    let site = Site::to_nowhere();
    let id = site.raise(DESTINATION, FindingKind::FakePaymentPage);
    for path in all(&id) {
        let answer = site.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let is_away = answer.text.contains("Reports cannot be read now");
        assert_eq!(
            is_away,
            !path.starts_with("/alerts?") && path != "/alerts",
            "{path}"
        );
        assert_harmless(&path, &answer);
    }
    let alert = site.get(&format!("/alerts/{id}")).await.text;
    assert!(
        alert.contains("Shoppers may be led to a fake payment page") && alert.contains("+25 min")
    );
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let site = Site::to_nowhere();
    for path in [
        "/alerts/0123456789abcdef",
        "/alerts/x",
        "/sites/nobody",
        "/sites/%22",
        "/nothing",
        "/assets/x/y.js",
        "/destinations?after=x",
        "/destinations?q=1&q=2",
        "/reports/x",
        "/reports/export",
        "/reports/export?format=exe",
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    }
    let page = site.get("/").await.text;
    for name in ["style.css", "live.js", "icon.svg"] {
        let end = page.find(name).expect("named") + name.len();
        let begin = page[..end].rfind("/assets/").expect("an address");
        let answer = site.ask(TestRequest::get().uri(&page[begin..end])).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert!(
            answer.header("cache-control").contains("immutable"),
            "{name}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
    }
}

/// A report of what a shop's pages send to `evil.example`.
fn told(site: &'static str, at: Timestamp, disposition: &'static str, client: i64) -> Vec<u8> {
    let given = [
        ("site", site.into()),
        ("type", "csp-violation".into()),
        ("destination", "evil.example".into()),
        ("host", "evil.example".into()),
        ("directive", "connect-src".into()),
        ("disposition", disposition.into()),
        ("page_kind", "checkout".into()),
        ("document_host", "shop.example".into()),
        ("blocked", "https://evil.example/*".into()),
        ("source", "shop.example/js/x.js".into()),
        ("client", client.into()),
        ("network", client.into()),
    ];
    report(at, &given)
}

#[tokio::test]
async fn an_alert_says_what_became_of_it_and_where_to_look() {
    let database = Database::new().await;
    let start = now();
    let site = Site::new(database.store.clone(), start);
    let mut segment = Segment::new(1);
    segment.reports = (1..=4)
        .map(|client| told("shop-a", start, "enforce", client))
        .chain((5..=8).map(|client| told("shop-b", start, "report", client)))
        .collect();
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let id = site.raise("evil.example", FindingKind::Exfiltration);
    let path = format!("/alerts/{id}");
    let english = site.get(&path).await.text;
    for text in [
        "have been sending data to",
        "a destination never seen there before",
        "8 browsers on 8 networks reported it.",
        "At 1 of them the browser blocked it; at 1 it went through, because the policy there only reports.",
        "Browsers at 2 merchants name the script <code><bdi>/js/x.js</bdi></code> as its source.",
        "At 1 of the 2 merchants, card numbers were found in the addresses that browsers reported.",
        "Look at this file first: <code><bdi>/js/x.js</bdi></code></strong>; it was named by the browsers of 2 \
         merchants. A page can forge that.",
        "Acknowledge the alert first",
        "(1 h after the first report)",
        "0 means undecided",
        "From 2.6 points on an alert is Medium, from 5.6 High (7.1 if it is about one merchant",
        "7.6 Critical",
        "2 of 3",
        "of all that report anything on the same pages",
        "Alert raised (Critical): first merchant &lt;script&gt;",
        ", and 1 more",
        "* stands for a value that was masked.",
        "Times are UTC.",
        "As of <time",
    ] {
        assert!(english.contains(text), "{text}");
    }
    assert!(!english.contains("Country"), "none is known");
    let japanese = site.get_in(&path, "ja").await.text;
    for text in [
        "ブラウザー8件、ネットワーク8件から報告がありました。",
        "この通信は、1加盟店ではブラウザーによってブロックされ、1加盟店ではレポートのみのポリシーのため\
         ブロックされずに通過しました。",
        "2加盟店のうち1加盟店で、送信先の URL にカード番号が含まれていました。",
        "まず次のファイルを確認してください: <code><bdi>/js/x.js</bdi></code>",
        "(最初のレポートから1時間後)",
        "基礎点 0.00、理由の点数 +4.50",
        "2 / 3",
        "対応を開始する",
        "アラートを検知しました（重要度: 緊急）: 最初の加盟店",
    ] {
        assert!(japanese.contains(text), "{text}");
    }
}

/// What came within an hour is told to the second; what took longer, to the minute.
#[tokio::test]
async fn moments_are_as_exact_as_they_need_to_be() {
    let site = Site::to_nowhere();
    let id = site.raise("slow.example", FindingKind::Exfiltration);
    let slow = site.get(&format!("/alerts/{id}")).await.text;
    assert!(!slow.contains("data-seconds"));
    let at = site.clock.now();
    let mut quick = crate::cases::finding("quick.example", Severity::High, (at.0, 0), &["quiet"]);
    let record = |finding: &Finding| {
        let recorded = site.pages.cases.record(std::slice::from_ref(finding));
        recorded.expect("taken down")
    };
    record(&quick);
    let path = format!("/alerts/{}", crate::cases::alert_of("quick.example"));
    let page = site.get(&path).await.text;
    assert!(page.contains("(1 min after the first report)"));
    assert!(page.contains("Alert raised (High): first merchant 静かな店"));
    let second = at.to_string().replace('T', " ")[..19].to_owned() + " UTC";
    assert!(page.contains(&second) && page.contains("data-seconds"));
    // The reasons are of the moment when the score last rose.
    quick.at = Timestamp(at.0 + 60_000);
    quick.score += 1.0;
    record(&quick);
    let later = format!("As of <time datetime=\"{}\" data-seconds", quick.at);
    assert!(site.get(&path).await.text.contains(&later));
}

/// Destinations that belong together are one alert, and its page tells them apart.
#[tokio::test]
async fn members_of_an_alert_are_listed() {
    let site = Site::to_nowhere();
    let id = site.raise("evil.example", FindingKind::Exfiltration);
    let path = format!("/alerts/{id}");
    let alone = site.get(&path).await.text;
    assert!(!alone.contains("Destinations that belong together"));
    let at = (site.clock.now().0, 0);
    let sites = ["shop-a", "shop-b", "quiet"];
    let mut other = crate::cases::finding("other.example", Severity::Critical, at, &sites);
    other.kind = FindingKind::ForeignScript;
    other.account = Some("A-1".to_owned());
    site.pages.cases.record(&[other]).expect("taken down");
    for (language, texts) in [
        (
            "en",
            [
                "Destinations that belong together",
                "receives data",
                "code is loaded from it",
                "<code><bdi>A-1</bdi></code>",
                "One more destination belongs to it, see below.",
                "One more destination belongs to it: other.example",
                "One more merchant hit: 静かな店",
                "those of the destination that stands highest:",
                "Merchants</dt><dd>3",
            ],
        ),
        (
            "ja",
            [
                "関連する送信先",
                "データの送信先",
                "スクリプトの読み込み元",
                "<code><bdi>A-1</bdi></code>",
                "関連する送信先がほかに1件あります",
                "関連する送信先が加わりました: other.example",
                "影響を受けた加盟店が増えました: 静かな店",
                "最もスコアの高い送信先",
                "加盟店</dt><dd>3",
            ],
        ),
    ] {
        let page = site.get_in(&path, language).await.text;
        for text in texts {
            assert!(page.contains(text), "{language}: {text}");
        }
    }
    let list = site.get("/alerts").await.text;
    assert_eq!(list.matches("<article").count(), 1);
}
