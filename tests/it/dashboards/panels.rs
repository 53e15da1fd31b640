//! Every panel and every variable asks the real engine and gets what its kind of panel can show.

use std::collections::BTreeSet;

use serde_json::Value;

use super::filled::{EVIL, QUIET};
use super::grafana::{Chosen, Range, encoded, expand};
use super::models::{dashboards, list, text};
use super::{Answer, Filled, Kind};
use crate::database::now;

const DAY: i64 = 86_400;

/// Panels about all time, or about now. All others are bounded by what is chosen.
const UNBOUNDED: [&str; 5] = [
    "First reported",
    "Not closed",
    "Shops that fell silent",
    "Silent for",
    "Silent shops",
];

fn month() -> Range {
    let to = now().0 / 1000 + 60;
    Range {
        from: to - 30 * DAY,
        to,
        step: 3600,
    }
}

fn chosen(values: &[(&str, &[&str])]) -> Chosen {
    let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
    let pairs = values.iter();
    pairs
        .map(|(name, list)| ((*name).to_owned(), owned(list)))
        .collect()
}

/// What analysts choose: all shops, or several.
fn choices() -> [Chosen; 2] {
    let always: [(&str, &[&str]); 3] = [
        ("site", &[QUIET]),
        ("destination", &[EVIL]),
        ("organization", &["operator"]),
    ];
    let shops: [(&str, &[&str]); 2] = [("sites", &["~"]), ("sites", &["shop-1", QUIET])];
    shops.map(|it| chosen(&[&always[..], &[it]].concat()))
}

/// Name and SQL of everything that a dashboard asks.
fn asked(file: &str, dashboard: &Value) -> Vec<(String, String)> {
    let of_panel = |panel: &Value| {
        let name = format!("{file}: {}", text(panel, "title"));
        let target = list(panel, "targets")[0].clone();
        (name, text(&target, "rawSql").to_owned())
    };
    let of_variable = |it: &Value| {
        let name = format!("{file}: ${{{}}}", text(it, "name"));
        let sql = text(&it["query"], "rawSql");
        (!sql.is_empty()).then(|| (name, sql.to_owned()))
    };
    let panels = list(dashboard, "panels").iter().map(of_panel);
    let variables = list(&dashboard["templating"], "list").iter();
    panels.chain(variables.filter_map(of_variable)).collect()
}

#[test]
fn what_is_asked_is_bounded_and_names_its_columns() {
    let variables = |dashboard: &Value| -> BTreeSet<String> {
        let all = list(&dashboard["templating"], "list").iter();
        all.map(|it| text(it, "name").to_owned()).collect()
    };
    for (file, dashboard) in dashboards() {
        let known = variables(&dashboard);
        for panel in list(&dashboard, "panels") {
            let (title, sql) = (text(panel, "title"), text(&panel["targets"][0], "rawSql"));
            let is_bounded = sql.contains("$__timeFilter(") || sql.contains("$__fromTime");
            assert!(is_bounded || UNBOUNDED.contains(&title), "{file}: {title}");
            if text(panel, "type") == "table" {
                assert!(
                    sql.contains("LIMIT ") || sql.contains("GROUP BY severity"),
                    "{title}"
                );
            }
        }
        for (name, sql) in asked(&file, &dashboard) {
            assert!(!sql.contains("SELECT *"), "{name}");
            for part in sql.split("${").skip(1) {
                let variable = part.split(':').next().unwrap_or_default();
                assert!(known.contains(variable), "{name}: {variable}");
            }
        }
    }
}

#[tokio::test]
async fn every_panel_shows_something() {
    let Filled(database) = Filled::new().await;
    for chosen in choices() {
        for (file, dashboard) in dashboards() {
            for panel in list(&dashboard, "panels") {
                let name = format!("{file}: {} {chosen:?}", text(panel, "title"));
                let sql = expand(text(&panel["targets"][0], "rawSql"), &chosen, month());
                let answer = Answer::to(&database, &name, &sql).await;
                assert!(!answer.rows.is_empty(), "{name} shows nothing\n{sql}");
                fits(&name, panel, &answer);
            }
        }
    }
}

/// Whether the kind of panel can show the answer.
fn fits(name: &str, panel: &Value, answer: &Answer) {
    let columns = &answer.columns;
    assert_eq!(answer.count(Kind::Other), 0, "{name}: {columns:?}");
    let numbers = answer.count(Kind::Number);
    match text(panel, "type") {
        "timeseries" | "state-timeline" => {
            is_series(name, answer);
            assert!(
                answer.count(Kind::Text) <= 1 && numbers >= 1,
                "{name}: {columns:?}"
            );
        }
        "heatmap" => {
            is_series(name, answer);
            assert_eq!(numbers, columns.len() - 1, "{name}: {columns:?}");
            assert!(numbers > 1, "{name}: {columns:?}");
        }
        "stat" => {
            assert_eq!((answer.rows.len(), numbers), (1, 1), "{name}: {columns:?}");
            let value = &answer.rows[0][0];
            let value = value.as_f64().or_else(|| value.as_str()?.parse().ok());
            assert!(value.is_some_and(|it| it > 0.0), "{name} shows {value:?}");
        }
        "barchart" => {
            let x = text(&panel["options"], "xField");
            let place = columns.iter().position(|(column, _)| column == x);
            let kind = place.map(|it| Kind::of(&columns[it].1));
            assert_eq!(
                (kind, numbers),
                (Some(Kind::Text), 1),
                "{name}: {columns:?}"
            );
        }
        "table" => assert!(columns.len() > 1, "{name}: {columns:?}"),
        other => panic!("{name}: a panel of the type {other}"),
    }
    for rule in list(&panel["fieldConfig"], "overrides") {
        let column = text(&rule["matcher"], "options");
        assert!(
            answer.has(column),
            "{name}: no column {column} in {columns:?}"
        );
    }
    for link in list(&panel["fieldConfig"]["defaults"], "links") {
        let url = text(link, "url");
        let field = ["__data.fields.", "__field.labels."];
        let column = field
            .iter()
            .find_map(|it| url.split_once(it)?.1.split(':').next());
        assert!(column.is_some_and(|it| answer.has(it)), "{name}: {url}");
    }
    let mut named: Vec<&str> = columns.iter().map(|(column, _)| column.as_str()).collect();
    named.sort_unstable();
    named.dedup();
    assert_eq!(named.len(), columns.len(), "{name}: {columns:?}");
}

/// Time first, and rows in its order: else the plugin cannot make series of them.
fn is_series(name: &str, answer: &Answer) {
    let kinds: Vec<Kind> = answer.kinds().collect();
    assert_eq!(answer.columns[0].0, "time", "{name}");
    let times = kinds.iter().filter(|it| **it == Kind::Time).count();
    assert_eq!((kinds[0], times), (Kind::Time, 1), "{name}: {kinds:?}");
    let times: Vec<&str> = answer
        .rows
        .iter()
        .filter_map(|row| row[0].as_str())
        .collect();
    assert!(
        times.len() == answer.rows.len() && times.is_sorted(),
        "{name}"
    );
}

#[tokio::test]
async fn every_variable_offers_something() {
    let Filled(database) = Filled::new().await;
    for (file, dashboard) in dashboards() {
        for variable in list(&dashboard["templating"], "list") {
            let (name, sql) = (text(variable, "name"), text(&variable["query"], "rawSql"));
            if sql.is_empty() {
                continue;
            }
            let sql = expand(sql, &choices()[0], month());
            let answer = Answer::to(&database, &format!("{file}: {name}"), &sql).await;
            assert_eq!(
                (answer.columns.len(), answer.count(Kind::Text)),
                (1, 1),
                "{name}"
            );
            let first = variable["current"]["value"].as_str().unwrap_or_default();
            let offered = |it: &Vec<Value>| first.is_empty() || it[0] == first;
            assert!(answer.rows.iter().any(offered), "{file}: {name}");
        }
    }
}

/// Anybody can send an analyst a link: what it chooses is a value and nothing else.
#[tokio::test]
async fn what_a_link_chooses_is_never_more_than_a_value() {
    let Filled(database) = Filled::new().await;
    let nobody = "no-such-thing";
    let hostile = [
        "'",
        "\\'",
        "\\' OR 1=1 -- ",
        "') OR (1=1",
        "\\",
        "%27 OR 1=1",
        "${site}",
        "$__fromTime",
        "\n",
        "茶\u{0}",
    ];
    let mut tried = 0;
    for (file, dashboard) in dashboards() {
        for (name, sql) in asked(&file, &dashboard) {
            if !sql.contains("${") {
                continue;
            }
            let answer_to = async |value: &str| {
                let all = ["site", "sites", "destination", "organization"];
                let one = [value];
                let chosen = chosen(&all.map(|it| (it, &one[..])));
                let sql = expand(&sql, &chosen, month());
                Answer::to(&database, &format!("{name} {value:?}"), &sql)
                    .await
                    .rows
            };
            // About now, the same a moment later.
            let expected = answer_to(nobody).await;
            for value in hostile {
                assert_eq!(answer_to(value).await, expected, "{name}: {value:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
    assert!(
        encoded(&["'\\".to_owned()])
            .bytes()
            .all(|b| b != b'\'' && b != b'\\')
    );
}
