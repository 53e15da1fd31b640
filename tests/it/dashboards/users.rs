//! `deploy/clickhouse/`: who Grafana is to ClickHouse, and what that user may do.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::at;
use super::compose::{compose, environment, read};
use crate::database::Database;
use crate::support::setting;

/// A part of an XML file by the names that lead to it.
fn part<'a>(element: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(element, |element, name| {
        let children = element[3].as_array().expect("children");
        let found = children.iter().find(|child| child[0] == *name);
        found.unwrap_or_else(|| panic!("no <{name}>"))
    })
}

fn children(element: &Value) -> Vec<&str> {
    let all = element[3].as_array().expect("children").iter();
    all.map(|child| child[0].as_str().expect("a name"))
        .collect()
}

#[test]
fn grafana_reads_and_does_nothing_else() {
    let users = read("deploy/clickhouse/users.xml");
    read("deploy/clickhouse/config.xml");
    assert_eq!(part(&users, &["users", "default"])[1]["remove"], "remove");
    let given: BTreeSet<String> = environment(&compose()["clickhouse"])
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    for user in ["skimwatch", "grafana"] {
        let from = &part(&users, &["users", user, "password"])[1]["from_env"];
        assert!(given.contains(from.as_str().expect("a name")), "{user}");
    }
    let grafana = part(&users, &["users", "grafana"]);
    assert_eq!(part(grafana, &["profile"])[2], "grafana");
    let grants = part(grafana, &["grants"]);
    assert_eq!(children(grants), ["query"]);
    assert_eq!(part(grants, &["query"])[2], "GRANT SELECT ON skimwatch.*");
    assert_eq!(part(&users, &["profiles", "grafana", "readonly"])[2], "1");
}

/// A setting that ClickHouse does not know keeps the server from starting.
#[tokio::test]
async fn clickhouse_knows_every_limit() {
    let users = read("deploy/clickhouse/users.xml");
    let profile = part(&users, &["profiles", "grafana"]);
    let database = Database::new().await;
    let mut known = 0;
    for name in children(profile)
        .into_iter()
        .filter(|it| *it != "constraints")
    {
        let sql = format!("SELECT count() FROM system.settings WHERE name = '{name}'");
        assert_eq!(database.ask(&sql).await, "1", "{name}");
        known += 1;
    }
    assert!(known > 5, "{known}");
    for name in children(part(profile, &["constraints"])) {
        assert!(children(profile).contains(&name), "{name}");
    }
}

/// By the engine itself, which reads the file as a server does.
#[test]
fn rights_and_limits_hold() {
    let output = Command::new(setting("SKIMWATCH_TEST_PYTHON"))
        .arg(at("tests/python/grafana_user.py"))
        .arg(setting("SKIMWATCH__ENGINE__LIBRARY"))
        .arg(at("deploy/clickhouse/users.xml"))
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
