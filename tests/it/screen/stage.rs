//! The demo with a provider, a shop, and people of both, and their sessions.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use skimwatch::clock::{SystemClock, Timestamp};
use skimwatch::demo::Script;
use totp_rs::{Builder, Secret, Totp};

use super::list::{Shown, Who};
use crate::support::deadline::within;
use crate::support::http::{Answer, Client};
use crate::support::skimwatch::{Background, Skimwatch, free_address};

/// A week is played, an engine starts twice, and the machine may be busy.
const START: Duration = Duration::from_secs(180);

const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const PASSWORD: &str = "correct horse battery";
pub(super) const ANALYST: &str = "analyst@psp.example";

/// The provider, and a shop that the campaign hits first.
const ORGANIZATIONS: [(&str, &str, &str); 2] = [
    ("psp-1", "Sakura Payments", "psp"),
    ("shop-1", "Hanamizuki Tea", "merchant"),
];
pub(super) const SHOP: &str = "hanamizuki-tea";

/// Who is invited: how they come in, their address, name, role and organization.
const PEOPLE: [(Who, &str, &str, &str, &str); 4] = [
    (
        Who::Administrator,
        "admin@psp.example",
        "Aoi Sato",
        "administrator",
        "psp-1",
    ),
    (Who::Analyst, ANALYST, "Ken Mori", "analyst", "psp-1"),
    (
        Who::Half,
        "careful@psp.example",
        "Rin Abe",
        "analyst",
        "psp-1",
    ),
    (
        Who::Merchant,
        "owner@shop.example",
        "Hana Ito",
        "merchant",
        "shop-1",
    ),
];

/// What stands for a part of a path: the page that has the link, how the link begins, and what stands behind it.
pub(super) const LINKS: [(&str, &str, &str, &str); 4] = [
    ("{alert}", "/alerts", "/alerts/", "cdn-jquery-metrics"),
    (
        "{closed}",
        "/alerts?state=closed",
        "/alerts/",
        "pay-verify-js",
    ),
    ("{report}", "/reports?page_kind=checkout", "/reports/", ""),
    ("{person}", "/people", "/people/", "Ken Mori"),
];

/// The program, and the cookies of those who look.
pub(super) struct Stage {
    // Dropped first: its server writes into the program's folder.
    _running: Background,
    pub(super) program: Skimwatch,
    sessions: BTreeMap<&'static str, String>,
}

/// Where the campaign sends cards.
pub(super) fn destination() -> &'static str {
    Script::new(Timestamp(0), "", "").campaign().destination
}

impl Stage {
    /// Starts it, and waits for the campaign's alert at both organizations.
    pub(super) fn start() -> Self {
        let shop = free_address();
        let program = Skimwatch::prepare(&[("SKIMWATCH__DEMO__LISTEN", &shop.to_string())]);
        for (id, name, kind) in ORGANIZATIONS {
            program.ok(&["organization", "put", id, "--name", name, "--kind", kind]);
        }
        let invited = PEOPLE.map(|(who, email, name, role, of)| {
            let invited = program.ok(&[
                "user",
                "add",
                email,
                "--name",
                name,
                "--role",
                role,
                "--organization",
                of,
                "--json",
            ]);
            let invited: Value = serde_json::from_str(&invited).expect("JSON");
            let code = invited["invitation"]["code"].as_str().expect("a code");
            (who, email, code.to_owned())
        });
        let running = program.run_in_background(&["demo"]);
        // First: two programs that begin with one control state at once may get into each other's way.
        within(START, "the server", || {
            let answer = Client::connect(program.web)
                .ok()?
                .get("/readyz", &[])
                .ok()?;
            (answer.status == 200).then_some(())
        });
        share(&program);
        let mut stage = Self {
            _running: running,
            program,
            sessions: BTreeMap::new(),
        };
        for (who, email, code) in &invited {
            stage.let_in(*who, email, code);
        }
        let token = form(
            &stage.program,
            "/login",
            "",
            &format!("token={}", Skimwatch::TOKEN),
        );
        stage.keep(Who::Operator, &token);
        for (who, link) in [
            (Who::Analyst, "{alert}"),
            (Who::Merchant, "{alert}"),
            (Who::Operator, "{closed}"),
        ] {
            within(START, "an alert", || stage.link(who, link));
        }
        stage
    }

    /// Sets a password, logs in; whoever is half in afterwards sets a second factor up before.
    fn let_in(&mut self, who: Who, email: &str, code: &str) {
        let chosen = PASSWORD.replace(' ', "+");
        let set = format!("code={code}&password={chosen}&again={chosen}");
        assert_eq!(form(&self.program, "/invitation", "", &set).status, 303);
        let shown = format!("email={email}&password={chosen}");
        let entered = form(&self.program, "/login", "", &shown);
        self.keep(who, &entered);
        if who == Who::Half {
            self.enroll(who);
            let entered = form(&self.program, "/login", "", &shown);
            assert_eq!(entered.header("location"), Some("/login/second?next=%2F"));
            self.keep(who, &entered);
        }
    }

    fn keep(&mut self, who: Who, entered: &Answer) {
        let cookie = entered.header("set-cookie").expect("a session");
        let cookie = cookie.split(';').next().expect("its value");
        self.sessions.insert(name(who), cookie.to_owned());
    }

    fn enroll(&self, who: Who) {
        let page = self.get(who, "/account/second").text();
        let between = |before: &str, after: &str| {
            let (_, rest) = page.split_once(before).expect("it is there");
            rest.split_once(after).expect("its end").0.to_owned()
        };
        let secret = between("<code>", "</code>").replace(' ', "");
        let secret = Secret::try_from_base32(secret).expect("base 32");
        let app: Totp = Builder::new()
            .with_secret(&*secret)
            .build()
            .expect("a secret");
        let seconds = SystemClock::shared().now().0 / 1000;
        let taken = format!(
            "csrf={}&sealed={}&code={}&password={}",
            between("name=\"csrf\" value=\"", "\""),
            encoded(&between("name=\"sealed\" value=\"", "\"")),
            app.generate(seconds.unsigned_abs()),
            PASSWORD.replace(' ', "+"),
        );
        let answer = form(&self.program, "/account/second", self.cookie(who), &taken);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// The cookie of somebody, `name=value`; empty for nobody.
    pub(super) fn cookie(&self, who: Who) -> &str {
        self.sessions.get(name(who)).map_or("", String::as_str)
    }

    /// A page, without a browser.
    pub(super) fn get(&self, who: Who, path: &str) -> Answer {
        let mut client = Client::connect(self.program.web).expect("the web port answers");
        let answer = client.get(path, &[("Cookie", self.cookie(who))]);
        answer.expect("an answer")
    }

    /// Sends a form of somebody's session.
    pub(super) fn post(&self, who: Who, path: &str, fields: &str) -> Answer {
        let page = self.get(who, path).text();
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").expect("a form");
        let csrf = rest.split('"').next().expect("its value");
        let fields = format!("csrf={csrf}&{fields}");
        form(&self.program, path, self.cookie(who), &fields)
    }

    /// The address of a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.program.web)
    }

    /// Where a page is for those who look at it.
    pub(super) fn path(&self, page: Shown) -> String {
        let path = page.path.replace("{destination}", destination());
        let found = LINKS.iter().find(|(name, ..)| path.contains(name));
        match found {
            None => path,
            Some((name, ..)) => {
                let link = self.link(page.who, name);
                path.replace(
                    name,
                    &link.unwrap_or_else(|| panic!("{}: no {name}", page.name)),
                )
            }
        }
    }

    /// What stands for a part of a path, if there is something yet.
    fn link(&self, who: Who, name: &str) -> Option<String> {
        let (_, at, begin, behind) = LINKS.iter().find(|it| it.0 == name)?;
        let page = self.get(who, at).text();
        let begin = format!("href=\"{begin}");
        let links = page.split(&begin).skip(1);
        let mut found = links.filter(|it| {
            it.split("</a>")
                .next()
                .is_some_and(|it| it.contains(behind))
        });
        let (id, _) = found.next()?.split_once('"')?;
        Some(id.to_owned())
    }
}

/// The demo's shops come into being when it starts; the provider has all of them, the shop itself.
fn share(program: &Skimwatch) {
    let file = program.folder().join("shops.json").display().to_string();
    within(START, "the demo's shops", || {
        program
            .run(&["export", "--to", &file])
            .status
            .success()
            .then_some(())?;
        let shops: Value = serde_json::from_slice(&std::fs::read(&file).ok()?).ok()?;
        shops["merchants"].as_array()?.first()?;
        Some(())
    });
    program.ok(&["import", &file, "--organization", "psp-1"]);
    program.ok(&["organization", "share", "shop-1", SHOP]);
}

fn form(program: &Skimwatch, path: &str, cookie: &str, body: &str) -> Answer {
    let mut client = Client::connect(program.web).expect("the web port answers");
    let headers = [("Content-Type", FORM), ("Cookie", cookie)];
    let answer = client.send("POST", path, &headers, body.as_bytes());
    answer.expect("an answer")
}

fn name(who: Who) -> &'static str {
    match who {
        Who::Nobody => "nobody",
        Who::Half => "half",
        Who::Operator => "operator",
        Who::Administrator => "administrator",
        Who::Analyst => "analyst",
        Who::Merchant => "merchant",
    }
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
