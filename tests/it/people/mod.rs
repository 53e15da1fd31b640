//! People: who gets in and how, what they may change of whom, and what nobody learns by trying. Pages without a socket,
//! on a clock that the test sets.

mod account;
mod doors;
mod manage;
mod provider;
mod roles;
mod shell;

use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use skimwatch::cases::Cases;
use skimwatch::clock::{Clock, ManualClock, SharedClock, Timestamp};
use skimwatch::ids::OrganizationId;
use skimwatch::language::Language;
use skimwatch::registry::{
    Authenticator, Author, Newcomer, OrganizationFacts, OrganizationKind, Registry, User,
    VAULT_KEY_BYTES, Vault,
};
use skimwatch::role::Role;
use skimwatch::store::{Config, Store};
use skimwatch::web::{self, Attempts, Desk, Gate, Pages};
use totp_rs::{Builder, Secret, Totp};

const START: Timestamp = Timestamp(1_800_000_000_000);
const TOKEN: &str = "a-token-of-the-operator";
const PASSWORD: &str = "correct horse battery";

/// The pages, without a socket, and the control state behind them.
struct House {
    pages: Arc<Pages>,
    registry: Arc<Registry>,
    clock: Arc<ManualClock>,
    dir: tempfile::TempDir,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

/// A browser: it keeps cookies and sends them back.
struct Browser<'a> {
    house: &'a House,
    cookies: std::cell::RefCell<std::collections::BTreeMap<String, String>>,
    /// Where it comes from.
    peer: &'static str,
}

impl House {
    fn new() -> Self {
        Self::with(|_gate| ())
    }

    /// One whose gate is set up.
    fn with(set: impl FnOnce(&mut Gate)) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = ManualClock::at(START);
        let shared: SharedClock = Arc::<ManualClock>::clone(&clock);
        let file = dir.path().join("control.sqlite");
        let registry = Registry::open(&file, SharedClock::clone(&shared)).expect("a registry");
        let registry = Arc::new(registry);
        let mut gate = Gate::new(vault());
        set(&mut gate);
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr());
        let config = Config {
            url: format!("http://{}", free.expect("a free port")),
            ..Config::default()
        };
        let pages = Pages {
            store: Store::connect(config).expect("a plain name"),
            cases: Cases::new(Arc::clone(&registry)),
            registry: Arc::clone(&registry),
            detect: skimwatch::detect::Config::default(),
            authenticator: Authenticator::new(Some(TOKEN), Arc::clone(&registry)),
            clock: shared,
            intake: "https://csp.example".to_owned(),
            trusted_proxies: vec!["192.0.2.0/24".parse().expect("a network")],
            attempts: Attempts::default(),
            gate,
            desk: Desk::default(),
        };
        let house = Self {
            pages: Arc::new(pages),
            registry,
            clock,
            dir,
        };
        for id in ["psp-a", "psp-b"] {
            let facts = OrganizationFacts {
                name: id.to_uppercase(),
                kind: OrganizationKind::Psp,
                language: Language::En,
                tells_others: false,
            };
            let put = house.registry.put_organization(&org(id), facts, &shell());
            put.expect("added");
        }
        house
    }

    /// Somebody who was invited and has no password yet, and the code of the link.
    fn invite(&self, (of, email, role): (&str, &str, Role)) -> (User, String) {
        let newcomer = Newcomer {
            email: email.to_owned(),
            name: "Somebody".to_owned(),
            role,
            language: Language::En,
        };
        let invited = self.registry.invite_user(&org(of), &newcomer, &shell());
        let invited = invited.expect("invited");
        (invited.user, invited.code)
    }

    /// Somebody with a password.
    fn add(&self, who: (&str, &str, Role)) -> User {
        let (user, code) = self.invite(who);
        let set = self.registry.accept_invitation(&code, PASSWORD);
        set.expect("a good password");
        user
    }

    fn user(&self, id: &str) -> User {
        let user = self.registry.user(id).expect("read");
        user.expect("there")
    }

    fn browser(&self) -> Browser<'_> {
        Browser {
            house: self,
            cookies: std::cell::RefCell::default(),
            peer: "198.51.100.7:4711",
        }
    }

    /// A browser in which somebody with that password is logged in.
    async fn logged_in(&self, email: &str) -> Browser<'_> {
        let browser = self.browser();
        let answer = browser.log_in(email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// What a statement finds in the file, as text.
    fn sql(&self, query: &str) -> Vec<String> {
        let file = rusqlite::Connection::open(self.dir.path().join("control.sqlite"));
        let file = file.expect("opened");
        let mut statement = file.prepare(query).expect("a statement");
        let rows = statement.query_map([], |row| row.get::<_, String>(0));
        rows.expect("rows").map(|row| row.expect("text")).collect()
    }

    /// Changes rows as a foreign hand would.
    fn tamper(&self, statement: &str) {
        let file = rusqlite::Connection::open(self.dir.path().join("control.sqlite"));
        let changed = file.and_then(|file| file.execute(statement, []));
        assert!(changed.expect("changed") > 0, "{statement}");
    }

    /// The actions in the audit log, in order.
    fn deeds(&self) -> Vec<String> {
        self.registry.audit_verify().expect("whole");
        self.sql("SELECT actor || ' ' || action FROM audit WHERE action LIKE 'user.%' ORDER BY seq")
    }

    /// Lets time pass.
    fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

impl Browser<'_> {
    async fn send(&self, request: TestRequest) -> Answer {
        let app = App::new().configure(web::configure(Arc::clone(&self.house.pages)));
        let app = init_service(app).await;
        let cookies: Vec<String> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = request.peer_addr(self.peer.parse().expect("an address"));
        let request = request.insert_header(("Cookie", cookies.join("; ")));
        let response = call_service(&app, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("ASCII");
            let (name, rest) = cookie.split_once('=').expect("a pair");
            let value = rest.split(';').next().unwrap_or_default();
            let mut kept = self.cookies.borrow_mut();
            if value.is_empty() {
                kept.remove(name);
            } else {
                kept.insert(name.to_owned(), value.to_owned());
            }
        }
        let text = String::from_utf8(read_body(response).await.to_vec()).expect("text");
        Answer {
            status,
            headers,
            text,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Fills in a form and sends it, with what the page at `from` put into its hidden fields.
    async fn post(&self, path: &str, csrf: &str, form: &[(&str, &str)]) -> Answer {
        let mut fields = form.to_vec();
        fields.push(("csrf", csrf));
        self.send(TestRequest::post().uri(path).set_form(&fields))
            .await
    }

    /// The same with the field of the page at `from`.
    async fn submit(&self, from: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let page = self.get(from).await;
        self.post(path, page.hidden("csrf"), form).await
    }

    async fn log_in(&self, email: &str, password: &str) -> Answer {
        let form = [("email", email), ("password", password), ("next", "/sites")];
        self.send(TestRequest::post().uri("/login").set_form(form))
            .await
    }

    fn session(&self) -> Option<String> {
        self.cookies.borrow().get("skimwatch_session").cloned()
    }

    async fn is_in(&self) -> bool {
        self.get("/sites").await.status == StatusCode::OK
    }
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|v| v.to_str().ok());
        value.unwrap_or_default()
    }

    /// What stands in the first hidden field of this name.
    fn hidden(&self, name: &str) -> &str {
        let field = format!(r#"name="{name}" value=""#);
        let found = self.text.split_once(&field);
        let (_, rest) = found.unwrap_or_else(|| panic!("no field {name}: {}", self.text));
        rest.split_once('"').expect("a value").0
    }
}

fn org(id: &str) -> OrganizationId {
    OrganizationId::new(id).expect("a plain id")
}

fn shell() -> Author {
    Author::of_installation("shell")
}

fn vault() -> Vault {
    Vault::new([7; VAULT_KEY_BYTES])
}

/// The app of whoever was shown this secret.
fn app(page: &Answer) -> Totp {
    let (_, rest) = page.text.split_once("<code>").expect("a secret");
    let shown = rest.split_once("</code>").expect("its end").0;
    let secret = Secret::try_from_base32(shown.replace(' ', "")).expect("base 32");
    Builder::new()
        .with_secret(&*secret)
        .build()
        .expect("a secret")
}

/// What the app shows now.
fn code(house: &House, app: &Totp) -> String {
    let seconds = u64::try_from(house.clock.now().0 / 1000).expect("after 1970");
    app.generate(seconds).to_string()
}

/// Sets a second factor up: the app, and the codes that stand in for it.
async fn enroll(house: &House, browser: &Browser<'_>) -> (Totp, Vec<String>) {
    let page = browser.get("/account/second").await;
    let app = app(&page);
    let form = [
        ("sealed", page.hidden("sealed")),
        ("code", &code(house, &app)),
        ("password", PASSWORD),
    ];
    let answer = browser
        .post("/account/second", page.hidden("csrf"), &form)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let codes = answer.text.split("<code>").skip(1);
    let codes = codes.map(|it| it.split_once("</code>").expect("its end").0.to_owned());
    (app, codes.collect())
}
