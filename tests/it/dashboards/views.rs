//! The views: what they say, and that a condition reaches what the tables are ordered by.

use super::filled::QUIET;
use super::grafana::{Range, expand};
use super::{Answer, Filled};
use crate::database::now;

/// What is asked, and the answer, tab-separated.
const ANSWERS: [(&str, &str, &str); 8] = [
    (
        "card numbers",
        "SELECT DISTINCT destination, card_brand FROM v_reports WHERE has_card_number",
        "evil.example\tvisa",
    ),
    (
        "what is new",
        "SELECT destination, sites, payment_reports = reports FROM v_destinations \
         WHERE first_report >= now() - INTERVAL 7 DAY",
        "evil.example\t6\t1",
    ),
    (
        "who is silent",
        "SELECT site, silent_hours FROM v_coverage WHERE silent_hours >= 48",
        "shop-2\t72",
    ),
    (
        "days add up",
        "SELECT (SELECT sum(reports) FROM v_site_days) = (SELECT count() FROM reports), \
         (SELECT sum(reports) FROM v_destination_days) = (SELECT count() FROM reports)",
        "1\t1",
    ),
    (
        "what was folded",
        "SELECT site, sum(entries) > 0 FROM v_outcomes WHERE outcome = 'folded' GROUP BY site",
        "shop-1\t1",
    ),
    (
        "what a policy allows",
        "SELECT directive, sources FROM v_policy_directives ORDER BY directive",
        "default-src\t['\\'self\\'']\nframe-ancestors\t[]\n\
         script-src\t['\\'self\\'','https://pay.example']",
    ),
    (
        "alerts",
        "SELECT destination, severity, state, cause, is_attack, reopened, overdue, looked_at > raised_at, \
         closed_at > raised_at FROM v_alerts WHERE organization = 'operator' ORDER BY destination",
        "chat.example\thigh\tclosed\tpolicy-mistake\tfalse\t1\t0\t1\t1\n\
         evil.example\tcritical\tclosed\tskimmer\ttrue\t0\t1\t1\t1\n\
         font.example\tmedium\topen\t\tfalse\t0\t0\t0\t0",
    ),
    (
        "alerts of another organization",
        "SELECT organization, destination, state FROM v_alerts WHERE organization = 'psp-1'",
        "psp-1\tevil.example\topen",
    ),
];

#[tokio::test]
async fn views_say_what_is_in_the_tables() {
    let Filled(database) = Filled::new().await;
    for (name, sql, answer) in ANSWERS {
        assert_eq!(database.ask(sql).await, answer, "{name}");
    }
    // What is erased is gone from them.
    database
        .change("ALTER TABLE reports DELETE WHERE site = 'shop-2'")
        .await;
    let left = format!("SELECT count() FROM v_reports WHERE site = '{QUIET}'");
    assert_eq!(database.ask(&left).await, "0");
    assert!(
        !database
            .ask("SELECT site FROM v_coverage")
            .await
            .contains(QUIET)
    );
}

/// Question, and what its plan shows if the condition reaches the key, the skip index or the projection.
const PLANS: [(&str, &str, &[&str]); 7] = [
    (
        "reports of a shop",
        "SELECT id FROM v_reports WHERE received_at >= now() - INTERVAL 1 DAY AND site = 'shop-1'",
        &["(site in", "Name: received_range"],
    ),
    (
        "reports of a destination",
        "SELECT id FROM v_reports WHERE destination = 'evil.example'",
        &["Name: by_destination"],
    ),
    (
        "days of a shop",
        "SELECT day, reports FROM v_site_days WHERE day >= today() - 7 AND site = 'shop-1'",
        &["toDate(received_at)", "site in"],
    ),
    (
        "days of a destination",
        "SELECT day, site, reports FROM v_destination_days WHERE destination = 'evil.example'",
        &["(by_destination_day)"],
    ),
    (
        "since when shops report",
        "SELECT site, last_report FROM v_coverage",
        &["ReadFromMergeTree (by_site)"],
    ),
    (
        "outcomes of a shop",
        "SELECT hour, entries FROM v_outcomes WHERE site = 'shop-1' AND hour >= now() - INTERVAL 1 DAY",
        &["(site in", "(hour in"],
    ),
    (
        "hunting, as a panel asks",
        "SELECT uniq(site) FROM reports WHERE $__timeFilter(received_at) \
         AND destination = decodeURLComponent('${destination:percentencode}')",
        &["Name: by_destination", "Name: received_range"],
    ),
];

#[tokio::test]
async fn conditions_reach_the_keys() {
    let Filled(database) = Filled::new().await;
    let to = now().0 / 1000;
    let range = Range {
        from: to - 86_400,
        to,
        step: 60,
    };
    // One that is nowhere: the index is told of where it leaves something out.
    let chosen = [("destination".to_owned(), vec!["none.example".to_owned()])].into();
    for (name, sql, signs) in PLANS {
        // A table this small would be read whole without looking at the projection.
        let explain = format!(
            "EXPLAIN indexes = 1, projections = 1 {} \
             SETTINGS min_table_rows_to_use_projection_index = 0",
            expand(sql, &chosen, range)
        );
        let plan = Answer::to(&database, name, &explain).await.rows;
        let lines: Vec<&str> = plan.iter().filter_map(|row| row[0].as_str()).collect();
        let plan = lines.join("\n");
        for sign in signs {
            assert!(plan.contains(sign), "{name}: {sign}\n{plan}");
        }
    }
}
