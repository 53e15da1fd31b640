//! The demo as a visitor sees it: made-up shops under attack, and one's own browser that joins in.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use skimwatch::clock::Timestamp;
use skimwatch::demo::{DEMO_SHOP, Script};

use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::skimwatch::{Background, Skimwatch, free_address};
use crate::support::webdriver::Person;

/// A week is played, an engine starts twice, and the machine may be busy.
const START: Duration = Duration::from_secs(120);
/// The campaign's third shop is hit after half a minute.
const UNFOLDS: Duration = Duration::from_secs(90);
/// From the press to the page.
const JOINS: Duration = Duration::from_secs(10);
const LONG: Duration = Duration::from_secs(60);

struct Demo {
    // Dropped first: its server writes into the program's folder.
    _running: Background,
    program: Skimwatch,
    shop: SocketAddr,
}

impl Demo {
    fn start() -> Self {
        let shop = free_address();
        let program = Skimwatch::prepare(&[("SKIMWATCH__DEMO__LISTEN", &shop.to_string())]);
        let running = program.run_in_background(&["demo"]);
        let demo = Self {
            _running: running,
            program,
            shop,
        };
        within(START, "the demo", || demo.alert());
        demo
    }

    /// The alert about the campaign, once there is one.
    fn alert(&self) -> Option<Value> {
        let path = format!("/api/v1/alerts?destination={}", destination());
        Some(self.ask(&path)?["alerts"].get(0)?.clone())
    }

    /// The answer, while there is a server to ask.
    fn ask(&self, path: &str) -> Option<Value> {
        let bearer = format!("Bearer {}", Skimwatch::TOKEN);
        let mut client = Client::connect(self.program.web).ok()?;
        let answer = client.get(path, &[("Authorization", &bearer)]).ok()?;
        (answer.status == 200).then(|| answer.json())
    }

    /// Waits until the alert is about this many sites.
    fn reaches(&self, sites: usize) -> BTreeSet<String> {
        within(UNFOLDS, "one more merchant", || {
            let found = sites_of(&self.alert()?);
            (found.len() >= sites).then_some(found)
        })
    }

    /// Engine and server, by their process ids.
    fn processes(&self) -> Option<(Pid, Pid)> {
        let face = std::fs::read(self.program.data().join("engine/face.json")).ok()?;
        let face: Value = serde_json::from_slice(&face).ok()?;
        let engine = i32::try_from(face["pid"].as_i64()?).ok()?;
        let stat = std::fs::read_to_string(format!("/proc/{engine}/stat")).ok()?;
        // The name of the program stands in brackets and may hold anything.
        let server = stat.rsplit(')').next()?.split(' ').nth(2)?.parse().ok()?;
        Some((Pid::from_raw(engine)?, Pid::from_raw(server)?))
    }
}

fn destination() -> &'static str {
    Script::new(Timestamp(0), "", "").campaign().destination
}

fn sites_of(alert: &Value) -> BTreeSet<String> {
    let sites = alert["sites"].as_array().expect("a list").iter();
    sites
        .map(|site| site.as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn a_visitor_plants_the_skimmer_and_sees_the_shop_join_the_alert() {
    let demo = Demo::start();
    let alert = demo.alert().expect("an alert");
    let id = alert["id"].as_str().expect("an id");
    let person = Person::sit_down("en");
    person.go(&format!(
        "http://{}/login#token={}",
        demo.program.web,
        Skimwatch::TOKEN
    ));
    within(LONG, "the first page", || {
        person.reads().contains("Overview").then_some(())
    });
    person.go(&format!("http://{}/sites/{DEMO_SHOP}", demo.program.web));
    assert!(person.reads().contains("Waiting for the first report"));

    person.go(&format!("http://{}/checkout", demo.shop));
    person.press("#plant");
    within(JOINS, "the shop on the page of the alert", || {
        person.go(&format!("http://{}/alerts/{id}", demo.program.web));
        person.reads().contains("Demo shop").then_some(())
    });

    let alert = demo.alert().expect("an alert");
    assert!(sites_of(&alert).contains(DEMO_SHOP), "{alert}");
    let row = "SELECT directive, disposition, page_kind, card_encoding, labels FROM skimwatch.reports \
               WHERE site = 'demo-shop' ORDER BY directive";
    assert_eq!(
        demo.program.sql(row).lines().collect::<Vec<_>>(),
        [
            "connect-src\tenforce\tcheckout\tbase64\t['card-number']",
            "img-src\tenforce\tcheckout\tbase64\t['card-number']",
        ],
        "the browser's own report, without the card"
    );
    person.go(&format!("http://{}/sites/{DEMO_SHOP}", demo.program.web));
    assert!(!person.reads().contains("Waiting for the first report"));
    the_earlier_campaign_was_found_and_closed(&demo);
}

/// What came and went in the week before was raised when it came, and somebody has looked after it.
fn the_earlier_campaign_was_found_and_closed(demo: &Demo) {
    let script = Script::new(Timestamp(0), "", "");
    let path = format!(
        "/api/v1/alerts?destination={}",
        script.earlier().0.destination
    );
    let alert = within(LONG, "a closed alert", || {
        let alert = demo.ask(&path)?["alerts"].get(0)?.clone();
        (alert["state"] == "closed").then_some(alert)
    });
    assert_eq!(alert["cause"], "skimmer");
    let moment = |field: &str| {
        alert[field]
            .as_str()
            .expect("a moment")
            .parse::<Timestamp>()
    };
    let (first, raised) = (
        moment("first_seen").expect("UTC"),
        moment("raised_at").expect("UTC"),
    );
    let hours = (raised.0 - first.0) / 3_600_000;
    assert!((0..6).contains(&hours), "raised {hours} h after it began");
}

#[test]
fn a_restart_in_the_middle_loses_no_sighting_and_raises_nothing_twice() {
    let demo = Demo::start();
    let before = demo.reaches(2);
    let (engine, server) = within(LONG, "both processes", || demo.processes());
    kill_process(engine, Signal::KILL).expect("the engine runs");
    within(LONG, "another engine", || {
        demo.processes().filter(|(pid, _)| *pid != engine)
    });
    kill_process(server, Signal::KILL).expect("the server runs");
    within(LONG, "another server", || {
        demo.processes().filter(|(_, pid)| *pid != server)
    });

    let after = demo.reaches(before.len() + 1);
    assert!(after.is_superset(&before), "{before:?} {after:?}");
    each_alert_was_raised_once(&demo);
    every_sighting_was_seen(&demo);
}

fn each_alert_was_raised_once(demo: &Demo) {
    let alerts = demo.ask("/api/v1/alerts").expect("alerts");
    for alert in alerts["alerts"].as_array().expect("a list") {
        let id = alert["id"].as_str().expect("an id");
        let alert = demo.ask(&format!("/api/v1/alerts/{id}")).expect("an alert");
        let mut events: BTreeMap<String, usize> = BTreeMap::new();
        for event in alert["events"].as_array().expect("a list") {
            let key = format!("{} {}", event["what"], event["subject"]);
            *events.entry(key).or_default() += 1;
        }
        let twice: Vec<_> = events.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "{id}: {twice:?}");
    }
}

/// The detector has read every row that there is, each once, since it started over.
fn every_sighting_was_seen(demo: &Demo) {
    within(LONG, "as many sightings as rows", || {
        let metrics = Client::connect(demo.program.web)
            .ok()?
            .get("/metrics", &[])
            .ok()?;
        let seen = metrics.text();
        let seen = seen
            .lines()
            .find_map(|line| line.strip_prefix("skimwatch_detect_sightings_total "));
        let rows = demo.program.run(&[
            "sql",
            "SELECT count(), uniqExact(id) FROM skimwatch.reports",
        ]);
        let rows = String::from_utf8_lossy(&rows.stdout).trim().to_owned();
        let (all, distinct) = rows.split_once('\t')?;
        assert_eq!(all, distinct, "no row is there twice");
        (seen? == all).then_some(())
    });
}
