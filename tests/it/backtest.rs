//! `skimwatch backtest` over recorded scenarios: the real program, files in and files out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::read::GzDecoder;
use serde_json::Value;
use skimwatch::detect::MAX_TOLD_OF_FLOOD;

/// A recorded scenario, unpacked.
pub(crate) struct Scenario {
    folder: tempfile::TempDir,
}

impl Scenario {
    pub(crate) fn unpack(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/scenarios");
        for file in [
            "merchants.json",
            "networks.json",
            "truth.json",
            "requests.ndjson",
        ] {
            let packed = std::fs::File::open(packed.join(name).join(format!("{file}.gz")));
            let mut text = Vec::new();
            GzDecoder::new(packed.expect("the fixture is there"))
                .read_to_end(&mut text)
                .expect("gzip");
            std::fs::write(folder.path().join(file), text).expect("it can be written");
        }
        Self { folder }
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn json(&self, file: &str) -> Value {
        let text = std::fs::read(self.path(file)).expect("the file is there");
        serde_json::from_slice(&text).expect("JSON")
    }

    /// Has the page of this destination flood: before each report of it, the visitor sends a hundred others.
    fn flood(&self, destination: &str, mut name: impl FnMut(usize) -> String) {
        let text = std::fs::read_to_string(self.path("requests.ndjson")).expect("requests");
        let mut flooded = String::new();
        for line in text.lines() {
            let mut request: Value = serde_json::from_str(line).expect("JSON");
            let body = request["body"].as_str().expect("a text");
            let body: Option<Value> = serde_json::from_str(body).ok();
            let report = body.filter(|it| it["csp-report"]["blocked-uri"].is_string());
            if let Some(mut report) = report.filter(|_| line.contains(destination)) {
                for n in 0..100 {
                    report["csp-report"]["blocked-uri"] = format!("https://{}/c", name(n)).into();
                    request["body"] = report.to_string().into();
                    flooded.push_str(&format!("{request}\n"));
                }
            }
            flooded.push_str(line);
            flooded.push('\n');
        }
        std::fs::write(self.path("requests.ndjson"), flooded).expect("it can be written");
    }

    fn run(&self) -> Output {
        self.run_with(&[], &[])
    }

    pub(crate) fn run_with(&self, settings: &[(&str, &str)], args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skimwatch"));
        command
            .arg("backtest")
            .args(args)
            .envs(settings.iter().copied());
        for (flag, file) in [
            ("--merchants", "merchants.json"),
            ("--requests", "requests.ndjson"),
            ("--networks", "networks.json"),
            ("--alerts", "alerts.ndjson"),
        ] {
            command.arg(flag).arg(self.path(file));
        }
        command.output().expect("the program starts")
    }

    /// The alerts of a run that went well.
    fn alerts(&self) -> Vec<Value> {
        self.alerts_with(&[])
    }

    fn alerts_with(&self, settings: &[(&str, &str)]) -> Vec<Value> {
        let output = self.run_with(settings, &[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        self.written()
    }

    /// The alerts that the last run wrote.
    fn written(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path("alerts.ndjson")).expect("alerts");
        let parse = |line| serde_json::from_str(line).expect("JSON");
        text.lines().map(parse).collect()
    }

    /// Destination → the highest severity that it was given.
    fn raised(&self) -> BTreeMap<String, String> {
        highest(&self.alerts())
    }

    /// The same of the last run, as far as there would be an alert about it.
    pub(crate) fn loud(&self) -> BTreeMap<String, String> {
        let mut raised = highest(&self.written());
        raised.retain(|_, severity| severity != "low");
        raised
    }
}

fn highest(alerts: &[Value]) -> BTreeMap<String, String> {
    let rank = |word: &str| {
        ["low", "medium", "high", "critical"]
            .iter()
            .position(|w| *w == word)
    };
    let mut raised: BTreeMap<String, String> = BTreeMap::new();
    for alert in alerts {
        let text = |field: &str| alert[field].as_str().expect("a text").to_owned();
        let (destination, severity) = (text("destination"), text("severity"));
        // About a site's reports as such.
        if destination.is_empty() {
            assert_eq!(text("kind"), "suspect-reports");
            continue;
        }
        let before = raised.entry(destination).or_default();
        if rank(&severity) > rank(before) {
            *before = severity;
        }
    }
    raised
}

/// Destinations of the scenario's campaigns, and the sites that they reach.
fn truth(scenario: &Scenario) -> (BTreeSet<String>, BTreeSet<String>) {
    let truth = scenario.json("truth.json");
    let campaigns = truth["campaigns"].as_array().expect("a list");
    let destinations = campaigns
        .iter()
        .flat_map(|campaign| campaign["destinations"].as_array().expect("a list"))
        .map(|destination| destination["domain"].as_str().expect("a name").to_owned());
    let sites = campaigns.iter().flat_map(|campaign| {
        campaign["sites"]
            .as_object()
            .expect("by site")
            .keys()
            .cloned()
    });
    (destinations.collect(), sites.collect())
}

#[test]
fn a_campaign_is_raised_and_nothing_else() {
    let scenario = Scenario::unpack("fast-wide-lookalike");
    let (destinations, sites) = truth(&scenario);
    let urgent: BTreeSet<String> = scenario
        .raised()
        .into_iter()
        .filter(|(_, severity)| ["high", "critical"].contains(&severity.as_str()))
        .map(|(destination, _)| destination)
        .collect();
    assert_eq!(urgent, destinations);
    let last = scenario
        .alerts()
        .pop()
        .expect("the campaign goes on to the end");
    let hit = last["sites"].as_array().expect("a list").iter();
    let hit: BTreeSet<String> = hit
        .map(|site| site.as_str().expect("an id").to_owned())
        .collect();
    assert!(
        hit.is_subset(&sites) && hit.len() >= 2,
        "{hit:?} of {sites:?}"
    );
}

/// Whether the alerts of a page that floods say so. The campaign is found; beside it, this many at most are.
fn flooded(name: impl FnMut(usize) -> String, most: usize) -> bool {
    let scenario = Scenario::unpack("fast-wide-lookalike");
    let (destinations, _) = truth(&scenario);
    let destination = destinations.first().expect("a campaign");
    scenario.flood(destination, name);
    let mut raised = scenario.raised();
    raised.retain(|_, severity| severity != "low");
    assert_eq!(raised.remove(destination).as_deref(), Some("critical"));
    assert!(raised.len() <= most, "{raised:?}");
    let alerts = scenario.alerts();
    assert!(
        alerts.iter().any(|it| it["kind"] == "suspect-reports"),
        "the flood itself is told of"
    );
    let mut reasons = alerts
        .iter()
        .flat_map(|it| it["reasons"].as_array().expect("a list"));
    reasons.any(|reason| reason["code"] == "hidden-in-flood")
}

#[test]
fn junk_of_each_visitor_gives_a_page_away() {
    let mut made_up = 0..;
    let name = |_| format!("junk{}.example", made_up.next().expect("no end"));
    assert!(flooded(name, 0));
}

#[test]
fn junk_that_is_the_same_for_all_hides_nothing() {
    let name = |n| format!("junk{n}.example");
    assert!(!flooded(name, MAX_TOLD_OF_FLOOD as usize));
}

#[test]
fn a_fake_payment_page_is_worth_a_look() {
    let scenario = Scenario::unpack("link-redirect-jp");
    let (destinations, _) = truth(&scenario);
    let raised = scenario.raised();
    let found: Vec<_> = destinations
        .iter()
        .filter_map(|name| raised.get(name))
        .collect();
    assert!(
        found.iter().any(|severity| *severity != "low"),
        "{raised:?}"
    );
}

#[test]
fn ordinary_days_raise_nothing() {
    let raised = Scenario::unpack("quiet-noise").raised();
    let loud: Vec<_> = raised
        .iter()
        .filter(|(_, severity)| *severity != "low")
        .collect();
    assert!(loud.is_empty(), "{loud:?}");
}

/// Without client data the time of receipt stands in for browsers and networks.
#[test]
fn a_campaign_is_found_without_client_data() {
    let scenario = Scenario::unpack("fast-wide-lookalike");
    let (destinations, sites) = truth(&scenario);
    let alerts = scenario.alerts_with(&[("SKIMWATCH__ENRICH__KEEP_CLIENT", "false")]);
    let urgent: Vec<&Value> = alerts
        .iter()
        .filter(|alert| ["high", "critical"].contains(&alert["severity"].as_str().unwrap_or("")))
        .collect();
    let named: BTreeSet<String> = urgent
        .iter()
        .map(|alert| alert["destination"].as_str().expect("a text").to_owned())
        .collect();
    assert!(named.is_superset(&destinations), "{named:?}");
    let last = urgent
        .iter()
        .rfind(|alert| destinations.contains(alert["destination"].as_str().unwrap_or("")))
        .expect("it was named");
    let hit = last["sites"].as_array().expect("a list");
    assert!(hit.len() >= 2, "{hit:?}");
    assert!(
        hit.iter()
            .all(|site| sites.contains(site.as_str().expect("an id")))
    );
    for reason in alerts
        .iter()
        .flat_map(|alert| alert["reasons"].as_array().expect("a list"))
    {
        let (code, text) = (&reason["code"], reason["text"].as_str().expect("a text"));
        assert_ne!(code, "one-browser-family", "nobody looked at browsers");
        assert_ne!(code, "many-browser-families", "nobody looked at browsers");
        let counts = code == "new-on-payment-pages";
        assert!(!counts || text.contains("No client data is kept"), "{text}");
    }
}

/// Two cores, any order of work: the same bytes come out.
#[test]
fn the_same_files_give_the_same_alerts() {
    let scenario = Scenario::unpack("fast-wide-lookalike");
    assert_eq!(scenario.alerts(), scenario.alerts());
}

#[test]
fn what_is_wrong_is_said_with_file_and_line() {
    let cases = [
        (
            "a line that is no request",
            "requests.ndjson",
            "{}\n",
            "requests.ndjson, line 1: no recorded request",
        ),
        (
            "half a merchant",
            "merchants.json",
            "{\"merchants\":[{}]}",
            "missing field `key`",
        ),
        (
            "no networks",
            "networks.json",
            "[]",
            "networks.json is no list of networks",
        ),
    ];
    for (name, file, text, want) in cases {
        let scenario = Scenario::unpack("quiet-noise");
        std::fs::write(scenario.path(file), text).expect("it can be written");
        let output = scenario.run();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}");
        assert!(
            said.contains(want) && said.lines().count() == 1,
            "{name}: {said}"
        );
    }
}
