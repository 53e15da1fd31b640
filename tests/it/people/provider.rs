//! Logins with a provider of OpenID Connect: a real one, in a process of its own, of a make that is not ours.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use actix_web::http::StatusCode;
use skimwatch::role::Role;
use skimwatch::web::{Provider, ProviderSettings};

use super::{Browser, House, PASSWORD, org, shell};
use crate::support::deadline::within;
use crate::support::http::{Answer, Client};
use crate::support::setting;
use crate::support::skimwatch::free_address;

/// Enough for Node.js to come up.
const START: Duration = Duration::from_secs(60);

const PAGES: &str = "https://pages.example";

/// The provider. It ends with the value.
struct Login {
    process: Child,
    address: SocketAddr,
}

impl Login {
    fn start() -> Self {
        let address = free_address();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node/provider.mjs");
        let process = Command::new("node")
            .arg(script)
            .env("SKIMWATCH_TEST_NODE", setting("SKIMWATCH_TEST_NODE"))
            .env("ISSUER", format!("http://{address}"))
            .env("REDIRECT", format!("{PAGES}/login/provider/callback"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let login = Self {
            process: process.expect("node starts"),
            address,
        };
        within(START, "the provider", || {
            let path = "/.well-known/openid-configuration";
            let answer = Client::connect(address).ok()?.get(path, &[]).ok()?;
            (answer.status == 200).then_some(())
        });
        login
    }

    fn settings(&self) -> ProviderSettings {
        ProviderSettings {
            issuer: format!("http://{}", self.address),
            client_id: "skimwatch".to_owned(),
            client_secret: "a-secret-of-the-tests".to_owned(),
            name: "Example Login".to_owned(),
            public_url: PAGES.to_owned(),
        }
    }

    /// Pages that it lets people in to.
    fn house(&self) -> House {
        self.house_with(&self.settings())
    }

    fn house_with(&self, settings: &ProviderSettings) -> House {
        House::with(|gate| gate.provider = Some(Provider::new(settings).expect("good settings")))
    }

    /// Somebody logs in there, from the address that they were sent to. Where they are sent back to: path and query.
    fn visit(&self, address: &str, who: &str) -> String {
        let mut cookies = BTreeMap::new();
        let mut path = self.path(address);
        for _ in 0..12 {
            let answer = self.send(("GET", &path), &mut cookies, "");
            let next = match answer.header("location") {
                Some(next) => next.to_owned(),
                None => {
                    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
                    let form = if answer.text().contains(r#"value="login""#) {
                        format!("prompt=login&login={who}&password=x")
                    } else {
                        "prompt=consent".to_owned()
                    };
                    let sent = self.send(("POST", &path), &mut cookies, &form);
                    let next = sent.header("location");
                    next.unwrap_or_else(|| panic!("{path}: {}", sent.text()))
                        .to_owned()
                }
            };
            if let Some(back) = next.strip_prefix(PAGES) {
                return back.to_owned();
            }
            path = self.path(&next);
        }
        panic!("they are never sent back");
    }

    fn path(&self, address: &str) -> String {
        let origin = format!("http://{}", self.address);
        address.strip_prefix(&origin).unwrap_or(address).to_owned()
    }

    fn send(
        &self,
        (method, path): (&str, &str),
        cookies: &mut BTreeMap<String, String>,
        form: &str,
    ) -> Answer {
        let shown: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let shown = shown.join("; ");
        let headers = [
            ("Cookie", shown.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        let mut client = Client::connect(self.address).expect("the provider answers");
        let answer = client.send(method, path, &headers, form.as_bytes());
        let answer = answer.expect("an answer");
        for (_, cookie) in answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            let (name, rest) = cookie.split_once('=').expect("a pair");
            let value = rest.split(';').next().unwrap_or_default();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// The whole way, in a browser of ours.
    async fn log_in(&self, browser: &Browser<'_>, who: &str) -> super::Answer {
        let address = begin(browser).await;
        browser.get(&self.visit(&address, who)).await
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it has ended");
    }
}

/// Where the provider's login is.
async fn begin(browser: &Browser<'_>) -> String {
    let answer = browser.get("/login/provider?next=%2Fsites").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").to_owned()
}

/// What stands in the query of an address.
fn parameter<'a>(address: &'a str, name: &str) -> &'a str {
    let (_, query) = address.split_once('?').expect("a query");
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).expect("it is there").1
}

#[tokio::test]
async fn whoever_the_provider_vouches_for_gets_in() {
    let login = Login::start();
    let house = login.house();
    let (user, _) = house.invite(("psp-a", "somebody@example.com", Role::Analyst));
    let page = house.browser().get("/login").await.text;
    assert!(page.contains("Log in with Example Login"));
    let browser = house.browser();
    let address = begin(&browser).await;
    for (name, value) in [("code_challenge_method", "S256"), ("response_type", "code")] {
        assert_eq!(parameter(&address, name), value);
    }
    let back = login.visit(&address, "somebody");
    let entered = browser.get(&back).await;
    assert_eq!(
        (entered.status, entered.header("location")),
        (StatusCode::SEE_OTHER, "/sites")
    );
    assert!(browser.is_in().await);
    assert_eq!(browser.cookies.borrow().len(), 1, "the ticket is used up");
    let again = browser.get(&back).await;
    assert_eq!(
        again.status,
        StatusCode::BAD_REQUEST,
        "no answer counts twice"
    );
    // Known by issuer and subject from now on, whatever the address is.
    house.tamper(&format!(
        "UPDATE users SET email = 'renamed@example.com' WHERE id = '{}'",
        user.id
    ));
    let second = house.browser();
    login.log_in(&second, "somebody").await;
    assert!(second.is_in().await && house.user(&user.id).is_linked);
    let deeds = [
        "shell user.invited",
        "somebody@example.com user.linked",
        "somebody@example.com user.entered",
        "renamed@example.com user.entered",
    ];
    assert_eq!(house.deeds(), deeds);
}

#[tokio::test]
async fn nobody_else_gets_in() {
    let login = Login::start();
    let house = login.house();
    let user = house.add(("psp-a", "somebody@example.com", Role::Analyst));
    house.add(("psp-a", "unverified@example.com", Role::Analyst));
    house.add(("psp-a", "silent@example.com", Role::Analyst));
    let them = (&user.organization, user.id.as_str());
    let off = house.registry.set_active(them, false, &shell());
    off.expect("disabled");
    for (who, says) in [
        ("unverified", "You are not known here"),
        ("silent", "You are not known here"),
        ("stranger", "You are not known here"),
        ("somebody", "You are not known here"),
    ] {
        let browser = house.browser();
        let answer = login.log_in(&browser, who).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
        assert!(answer.text.contains(says), "{who}: {}", answer.text);
        assert_eq!(browser.session(), None, "{who}");
    }
    house
        .registry
        .set_active(them, true, &shell())
        .expect("enabled");
    login.log_in(&house.browser(), "somebody").await;
    let twin = house.browser();
    let answer = login.log_in(&twin, "twin").await;
    assert!(
        answer
            .text
            .contains("Your account belongs to another login"),
        "{}",
        answer.text
    );
    assert_eq!(twin.session(), None);
    let count = house.sql("SELECT CAST(count(*) AS TEXT) FROM users");
    assert_eq!(count, ["3"], "nobody is added by coming");
    house
        .registry
        .set_active(them, false, &shell())
        .expect("disabled");
    let linked = house.browser();
    let answer = login.log_in(&linked, "somebody").await;
    assert_eq!(
        (answer.status, linked.session()),
        (StatusCode::FORBIDDEN, None)
    );
}

#[tokio::test]
async fn an_answer_belongs_to_the_login_that_began() {
    let login = Login::start();
    let house = login.house();
    house.invite(("psp-a", "somebody@example.com", Role::Analyst));
    let refused = async |name: &str, browser: &Browser<'_>, back: &str| {
        let answer = browser.get(back).await;
        assert!(answer.status.is_client_error(), "{name}: {}", answer.status);
        assert!(
            answer.text.contains("login provider"),
            "{name}: {}",
            answer.text
        );
        assert_eq!(browser.session(), None, "{name}");
    };
    let (browser, other) = (house.browser(), house.browser());
    let address = begin(&browser).await;
    let back = login.visit(&address, "somebody");
    refused("another browser", &other, &back).await;
    begin(&other).await;
    refused("another login", &other, &back).await;
    let state = parameter(&back, "state");
    refused("wrong state", &browser, &back.replace(state, "AAAA")).await;
    refused("after a wrong state", &browser, &back).await;
    let address = begin(&browser).await;
    let forged = address.replace(parameter(&address, "nonce"), "AAAA");
    refused("wrong nonce", &browser, &login.visit(&forged, "somebody")).await;
    let address = begin(&browser).await;
    let forged = address.replace(parameter(&address, "code_challenge"), &"A".repeat(43));
    refused(
        "another verifier",
        &browser,
        &login.visit(&forged, "somebody"),
    )
    .await;
    let back = login.visit(&begin(&browser).await, "somebody");
    let issuer = parameter(&back, "iss").to_owned();
    refused(
        "another issuer",
        &browser,
        &back.replace(&issuer, "https%3A%2F%2Fevil.example"),
    )
    .await;
    let address = begin(&browser).await;
    let no = format!(
        "/login/provider/callback?error=access_denied&state={}",
        parameter(&address, "state")
    );
    refused("cancelled", &browser, &no).await;
    let back = login.visit(&begin(&browser).await, "somebody");
    house.later(601);
    refused("too late", &browser, &back).await;
    refused("nothing", &browser, "/login/provider/callback").await;
    assert!(house.deeds().iter().all(|deed| !deed.contains("linked")));
}

/// What the provider calls itself is what it is called in the settings; what it is asked for goes nowhere in the clear.
#[tokio::test]
async fn a_provider_that_is_none_lets_nobody_in() {
    let login = Login::start();
    for issuer in [
        // It calls itself by its address.
        format!("http://localhost:{}", login.address.port()),
        format!("http://{}/elsewhere", login.address),
        format!("http://{}", free_address()),
    ] {
        let settings = ProviderSettings {
            issuer: issuer.clone(),
            ..login.settings()
        };
        let house = login.house_with(&settings);
        let answer = house.browser().get("/login/provider").await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{issuer}");
        assert!(answer.text.contains("does not answer"), "{issuer}");
        // People with a password get in all the same.
        house.add(("psp-a", "somebody@example.com", Role::Analyst));
        assert_eq!(
            house
                .browser()
                .log_in("somebody@example.com", PASSWORD)
                .await
                .status,
            StatusCode::SEE_OTHER
        );
    }
    for (issuer, secret) in [
        ("http://login.example", "x"),
        ("no address", "x"),
        ("https://login.example", ""),
    ] {
        let settings = ProviderSettings {
            issuer: issuer.to_owned(),
            client_secret: secret.to_owned(),
            ..login.settings()
        };
        assert!(Provider::new(&settings).is_err(), "{issuer}");
    }
    let house = House::new();
    assert_eq!(
        house.browser().get("/login/provider").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(house.registry.users(&org("psp-a")).expect("read"), []);
}
