//! What people vouch for, in a detector that runs and in `backtest --since`.

use std::collections::BTreeSet;

use crate::backtest::Scenario;
use crate::history::{Raised, SETTINGS, SETTLE, live};
use crate::support::deadline::within;
use crate::support::skimwatch::Skimwatch;

/// The destinations alone: how high they stand depends on how fast their reports came.
fn names(raised: Raised) -> BTreeSet<String> {
    raised.into_keys().collect()
}

/// What is stored, judged once more.
fn judged_again(program: &Skimwatch, scenario: &Scenario) -> BTreeSet<String> {
    let alerts = scenario.path("alerts.ndjson").display().to_string();
    program.ok(&["backtest", "--since", "1d", "--alerts", &alerts]);
    names(scenario.loud())
}

/// Cuts what stands behind a host in the reports of it.
fn without_queries(scenario: &Scenario, destination: &str) {
    let file = scenario.path("requests.ndjson");
    let text = std::fs::read_to_string(&file).expect("requests");
    let mut parts = text.split(destination);
    let mut plain = parts.next().expect("a text").to_owned();
    for part in parts {
        let end = part.find(['"', '\\']).expect("it stands in a string");
        plain.push_str(destination);
        plain.push_str(&part[end..]);
    }
    std::fs::write(&file, plain).expect("it can be written");
}

/// A destination that would be raised is on the list before its reports come, and then off it.
#[test]
fn what_is_trusted_is_not_raised_for_as_long_as_it_is() {
    let scenario = Scenario::unpack("fast-wide-lookalike");
    scenario.run_with(&[], &[]);
    // Nobody can vouch for cards that leave.
    for destination in scenario.loud().keys() {
        without_queries(&scenario, destination);
    }
    scenario.run_with(&[], &[]);
    let raised = names(scenario.loud());
    let destination = raised.first().expect("the campaign is found");
    let mut others = raised.clone();
    others.remove(destination);

    let mut program = Skimwatch::start(&SETTINGS);
    let path = |file: &str| scenario.path(file).display().to_string();
    program.ok(&["import", &path("merchants.json")]);
    program.ok(&["trust", "add", destination, "--why", "a test"]);
    let url = format!("http://{}/r/{{site}}", program.intake);
    let requests = path("requests.ndjson");
    within(SETTLE, "the merchants", || {
        (program.metric("skimwatch_sites") > 0.0).then_some(())
    });
    program.ok(&["replay", &requests, "--url", &url, "--speed", "0"]);
    assert!(program.stop(), "it delivers what it has, and ends");
    program.restart();
    assert_eq!(judged_again(&program, &scenario), others, "trusted");
    let stored = "SELECT count() FROM skimwatch.reports";
    let stored: f64 = program.sql(stored).trim().parse().expect("a number");
    within(SETTLE, "everything is judged", || {
        (program.metric("skimwatch_detect_sightings_total") >= stored).then_some(())
    });
    assert_eq!(names(live(&program)), others, "trusted");

    program.ok(&["trust", "remove", destination]);
    let again = judged_again(&program, &scenario);
    assert_eq!(again, raised, "not trusted any more");
    assert!(program.stop(), "it ends");
    // Its memory is made again from what is stored.
    program.restart();
    within(SETTLE, "the alert", || {
        (names(live(&program)) == raised).then_some(())
    });
}
