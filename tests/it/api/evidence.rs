//! `policies` and `scripts`: what pages were shown with and what ran on them, site by site, page by page.

use actix_web::http::StatusCode;
use serde_json::{Value, json};
use skimwatch::clock::Timestamp;
use skimwatch::store::Attempt;

use super::doors::{Doors, each};
use crate::database::{Database, Segment, Value as Column, now, policy, report};

/// A report of a script that a policy does not allow, on a payment page.
pub(super) fn with_script(site: &str) -> Vec<u8> {
    row(site, now(), &[("policy", 77.into())])
}

/// A report as given, or of a foreign script on a payment page.
fn row(site: &str, at: Timestamp, given: &[(&str, Column)]) -> Vec<u8> {
    let mut values = given.to_vec();
    for (name, value) in [
        ("site", Column::from(site)),
        ("directive", "script-src-elem".into()),
        ("page_kind", "checkout".into()),
        ("destination", "cdn.example".into()),
        ("host", "js.cdn.example".into()),
        ("blocked", "js.cdn.example/pay.js?v=9{3}".into()),
        ("document_path", "/checkout".into()),
    ] {
        if !given.iter().any(|(it, _)| *it == name) {
            values.push((name, value));
        }
    }
    report(at, &values)
}

async fn doors(reports: Vec<Vec<u8>>) -> (Doors, Database) {
    let database = Database::new().await;
    let mut segment = Segment::new(1);
    segment.reports = reports;
    segment.policies = vec![
        policy(77, "default-src 'self'", now()),
        policy(78, "script-src 'none'", now()),
    ];
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    (Doors::new(database.store.clone()), database)
}

#[tokio::test]
async fn policies_are_told_with_where_and_when() {
    let (first, last) = (Timestamp(now().0 - 3_600_000), now());
    let old = Timestamp(now().0 - 100 * 24 * 3_600_000);
    let (doors, _database) = doors(vec![
        row("a", first, &[("policy", 77.into())]),
        row("b", last, &[("policy", 77.into())]),
        row("b", first, &[("policy", 78.into())]),
        row("b", first, &[("policy", 79.into())]),
        row("b", old, &[("policy", 80.into())]),
        row("b", first, &[]),
    ])
    .await;
    let page = doors.json("/api/v1/policies").await;
    let all = page["policies"].as_array().expect("a list");
    assert_eq!(
        all[0],
        json!({
            "hash": "000000000000004d", "text": "default-src 'self'", "first_seen": first.to_string(),
            "last_seen": last.to_string(), "reports": 2, "site_count": 2, "sites": ["a", "b"],
        })
    );
    assert_eq!(
        each(all, "hash"),
        ["000000000000004d", "000000000000004f", "000000000000004e"],
        "what is older than 90 days is asked for"
    );
    assert_eq!(all[1]["text"], "", "not kept");
    for limit in [1, 2, 3] {
        let items = doors.walk("/api/v1/policies", "policies", limit).await;
        assert_eq!(items, *all, "by {limit}");
    }
    let since = format!("/api/v1/policies?site=b&since={old}&until={last}");
    let found = doors.json(&since).await;
    assert_eq!(
        found["policies"].as_array().map(Vec::len),
        Some(3),
        "{found}"
    );
    let shop = doors.get_as_shop("/api/v1/policies").await.good("cut");
    assert_eq!(shop["policies"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (
            &shop["policies"][0]["sites"],
            &shop["policies"][0]["reports"]
        ),
        (&json!(["a"]), &json!(1))
    );
    let other = doors
        .get_as_shop("/api/v1/policies?site=b")
        .await
        .good("cut");
    assert_eq!(other["policies"], json!([]));
}

#[tokio::test]
async fn scripts_are_told_with_where_and_when() {
    let (first, last) = (Timestamp(now().0 - 3_600_000), now());
    let inline = [
        ("destination", "inline".into()),
        ("host", "".into()),
        ("blocked", "inline".into()),
        ("sample", "var a = ''".into()),
        ("source", "shop.example/checkout".into()),
        ("disposition", "enforce".into()),
        ("labels", Column::Texts(vec!["extension"])),
    ];
    let (doors, _database) = doors(vec![
        row("a", first, &[("client", 1.into()), ("network", 1.into())]),
        row(
            "a",
            last,
            &[("client", 2.into()), ("document_path", "/pay".into())],
        ),
        row("b", first, &inline),
        row(
            "b",
            first,
            &[
                ("directive", "connect-src".into()),
                ("source", "shop.example/a.js > eval".into()),
            ],
        ),
        row("b", first, &[("page_kind", "other".into())]),
    ])
    .await;
    let page = doors.json("/api/v1/scripts").await;
    let all = page["scripts"].as_array().expect("a list");
    let mut newest = all[0].clone();
    assert!(
        newest["id"]
            .take()
            .as_str()
            .is_some_and(|it| it.len() == 16)
    );
    assert_eq!(
        newest,
        json!({
            "id": Value::Null, "site": "a", "role": "element", "script": "js.cdn.example/pay.js", "sample": "",
            "first_seen": first.to_string(), "last_seen": last.to_string(), "reports": 2, "pages": 2, "clients": 2,
            "networks": 1, "blocked": false, "labels": [],
        })
    );
    let mut rest: Vec<String> = all[1..]
        .iter()
        .map(|it| {
            format!(
                "{} {} {} {} {}",
                it["site"], it["role"], it["script"], it["sample"], it["labels"]
            )
        })
        .collect();
    rest.sort();
    assert_eq!(
        rest,
        [
            r#""b" "element" "inline" "var a = ''" ["extension"]"#,
            r#""b" "source" "shop.example/a.js" "" []"#,
            r#""b" "source" "shop.example/checkout" "" ["extension"]"#,
        ]
    );
    let blocked: Vec<bool> = all.iter().map(|it| it["blocked"] == true).collect();
    assert_eq!(blocked.iter().filter(|it| **it).count(), 2);
    for limit in [1, 3, 4] {
        let items = doors.walk("/api/v1/scripts", "scripts", limit).await;
        assert_eq!(items, *all, "by {limit}");
    }
    for (query, expected) in [
        ("page_kind=other", 1),
        ("site=b", 3),
        ("site=b&page_kind=admin", 0),
        (&format!("until={first}"), 0),
        (&format!("since={last}"), 1),
    ] {
        let found = doors.json(&format!("/api/v1/scripts?{query}")).await;
        assert_eq!(
            found["scripts"].as_array().map(Vec::len),
            Some(expected),
            "{query}"
        );
    }
    let shop = doors.get_as_shop("/api/v1/scripts").await.good("cut");
    assert_eq!(
        each(shop["scripts"].as_array().expect("a list"), "site"),
        ["a"]
    );
    for query in [
        "page_kind=x",
        "cursor=1",
        "cursor=1-xyz",
        "cursor=1-00000000000000000",
        "limit=501",
        "since=x",
    ] {
        let answer = doors.get(&format!("/api/v1/scripts?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}
