//! `skimwatch backtest` with settings: over stored history, against another configuration, and what they may be.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::backtest::Scenario;
use crate::support::deadline::within;
use crate::support::skimwatch::Skimwatch;

pub(crate) const SETTLE: Duration = Duration::from_secs(60);

/// Addresses of visitors are believed, and nothing is folded.
pub(crate) const SETTINGS: [(&str, &str); 3] = [
    ("SKIMWATCH__INTAKE__TRUSTED_PROXIES", "127.0.0.0/8"),
    ("SKIMWATCH__LIMIT__SITE_RATE", "1000000"),
    ("SKIMWATCH__LIMIT__NETWORK_RATE", "1000000"),
];

/// Destination → severity.
pub(crate) type Raised = BTreeMap<String, String>;

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A program that has taken a scenario in, and all of it has reached ClickHouse.
fn after(scenario: &Scenario) -> Skimwatch {
    let mut program = Skimwatch::start(&SETTINGS);
    let path = |file: &str| scenario.path(file).display().to_string();
    program.ok(&["import", &path("merchants.json")]);
    let url = format!("http://{}/r/{{site}}", program.intake);
    let requests = path("requests.ndjson");
    within(SETTLE, "the merchants", || {
        (program.metric("skimwatch_sites") > 0.0).then_some(())
    });
    program.ok(&["replay", &requests, "--url", &url, "--speed", "0"]);
    assert!(program.stop(), "it delivers what it has, and ends");
    program.restart();
    program
}

/// What the live detector has raised.
pub(crate) fn live(program: &Skimwatch) -> Raised {
    let campaigns = program.api("/api/v1/campaigns")["campaigns"].take();
    let campaigns = campaigns.as_array().expect("a list").iter();
    campaigns
        .map(|it| (text(&it["destination"]), text(&it["severity"])))
        .collect()
}

#[test]
fn stored_history_is_judged_as_it_was_live() {
    let scenario = Scenario::unpack("fast-wide-lookalike");
    let program = after(&scenario);
    let alerts = scenario.path("alerts.ndjson").display().to_string();
    let stored = ["backtest", "--since", "1d"];
    program.ok(&[&stored[..], &["--alerts", &alerts]].concat());
    let raised = scenario.loud();
    assert!(!raised.is_empty(), "the campaign is found");
    let live = within(SETTLE, "the same alerts", || {
        let live = live(&program);
        (live == raised).then_some(live)
    });

    let same = live.len();
    for (name, settings, change) in [
        ("nothing", "", None),
        (
            "all higher",
            "medium = 97.0\nhigh = 98.0\ncritical = 99",
            Some("vanishes"),
        ),
    ] {
        let file = program.folder().join("against.toml");
        std::fs::write(&file, format!("[detect]\n{settings}\n")).expect("written");
        let against = ["--against", &file.display().to_string(), "--json"];
        let told = program.ok(&[&stored[..], &against].concat());
        let told: Value = serde_json::from_str(&told).expect("JSON");
        let changes = told["changes"].as_array().expect("a list").iter();
        let changed: Vec<&Value> = changes.filter(|it| !it["before"].is_null()).collect();
        let unchanged = told["same"].as_u64().and_then(|n| usize::try_from(n).ok());
        assert_eq!(changed.len() + unchanged.expect("a number"), same, "{name}");
        for it in changed {
            assert_eq!(it["change"].as_str(), change, "{name}: {told}");
            let before = text(&it["before"]["severity"]);
            assert_eq!(live.get(&text(&it["destination"])), Some(&before), "{name}");
        }
        assert_eq!(
            unchanged == Some(0),
            change == Some("vanishes"),
            "{name}: {told}"
        );
    }
}

/// Nobody has to read JSON.
#[test]
fn what_another_configuration_changes_is_a_table() {
    let scenario = Scenario::unpack("fast-wide-lookalike");
    let file = scenario.path("against.toml");
    std::fs::write(&file, "[detect]\nhigh = 98.0\ncritical = 99.0\n").expect("written");
    let against = ["--against", &file.display().to_string()];
    let output = scenario.run_with(&[], &against);
    let told = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let (mut fallen, loud) = (0, scenario.loud());
    for (destination, severity) in &loud {
        let row = told
            .lines()
            .find(|line| line.contains(destination.as_str()));
        let words: Vec<&str> = row.map_or(Vec::new(), |row| row.split_whitespace().collect());
        match severity.as_str() {
            "medium" => assert!(words.is_empty(), "{told}"),
            _ => {
                assert_eq!(
                    (words[0], words[2], words[5]),
                    ("falls", severity.as_str(), "medium")
                );
                fallen += 1;
            }
        }
    }
    assert!(fallen > 0, "{told}");
    let last = told.lines().last().expect("a sum");
    let same = loud.len() - fallen;
    assert_eq!(
        last,
        format!("raised differently: {fallen}, the same: {same}")
    );
}

#[test]
fn settings_of_detection() {
    let program = Skimwatch::prepare(&[]);
    let weights = |program: &Skimwatch| program.ok(&["backtest", "--weights"]);
    let list = weights(&program);
    let first = list.lines().next().expect("a weight");
    let (name, value) = first.split_once(' ').expect("name and value");
    value.parse::<f64>().expect("a number");
    let set = format!("SKIMWATCH__DETECT__WEIGHTS__{}", name.to_uppercase());
    let changed = Skimwatch::prepare(&[(&set, "7.25")]);
    let others = list.strip_prefix(first).expect("the others");
    assert_eq!(weights(&changed), format!("{name} 7.25{others}"));
    for (variable, value, says) in [
        ("MEDIUM", "nan", "detect.medium is no finite number"),
        ("HIGH", "-1000", "above detect.high, which is -1000"),
        ("CRITICAL", "-7", "above detect.critical, which is -7"),
        ("HIGH", "much", "detect.high"),
        ("NEW_FOR_SECONDS", "-1", "detect.new_for_seconds"),
        ("WEIGHTS__NO_SUCH", "1", "no_such"),
    ] {
        let set = format!("SKIMWATCH__DETECT__{variable}");
        let output = Skimwatch::prepare(&[(&set, value)]).run(&["backtest", "--weights"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{variable}");
        assert!(
            said.contains(says) && said.lines().count() == 1,
            "{variable}: {said}"
        );
    }
}

#[test]
fn what_a_backtest_must_be_told() {
    let program = Skimwatch::prepare(&[]);
    for (name, args, says) in [
        ("nothing", &[][..], "--merchants"),
        (
            "no file of requests",
            &["--merchants", "m", "--alerts", "a"],
            "--requests",
        ),
        ("nowhere to write", &["--since", "1d"], "--alerts"),
        (
            "no time",
            &["--since", "1w", "--alerts", "a"],
            "a number and d, h, m or s",
        ),
        (
            "both",
            &["--since", "1d", "--merchants", "m", "--alerts", "a"],
            "--merchants",
        ),
    ] {
        let output = program.run(&[&["backtest"], args].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains(says),
            "{name}: {said}"
        );
    }
}
