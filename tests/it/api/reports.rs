//! `stats`, `reports` and `sites` over a real ClickHouse.

use serde_json::{Value, json};
use skimwatch::clock::Timestamp;
use skimwatch::ids::SiteId;
use skimwatch::store::{Attempt, MAX_REPORTS, ReportFilter};

use super::doors::Doors;
use crate::database::{Database, Segment, now, report};
use crate::reads::seeing;

#[tokio::test]
async fn stats_keep_the_equation() {
    let database = Database::new().await;
    let first = Segment::new(1)
        .count("a", "stored", "", 5)
        .count("a", "folded", "", 2)
        .count("b", "stored", "", 1)
        .count("", "refused", "unknown_key", 4);
    let second = Segment::new(2)
        .count("a", "discarded", "malformed", 3)
        .count("a", "refused", "not_json", 1)
        .count("a", "stored", "", 1);
    for segment in [&first, &second] {
        let delivery = segment.delivery(Attempt::First);
        database.store.deliver(&delivery).await.expect("in");
    }
    let doors = Doors::new(database.store.clone());
    let stats = doors.json("/api/v1/stats").await;
    let expected = json!({
        "total": {"received": 12, "stored": 7, "folded": 2, "discarded": {"malformed": 3},
                  "refused": {"not_json": 1, "unknown_key": 4}},
        "sites": [
            {"site": "a", "received": 11, "stored": 6, "folded": 2, "discarded": {"malformed": 3},
             "refused": {"not_json": 1}},
            {"site": "b", "received": 1, "stored": 1, "folded": 0, "discarded": {}, "refused": {}},
        ],
    });
    assert_eq!(stats, expected);
    let own = database
        .store
        .stats(&seeing(&["b"]))
        .await
        .expect("answered");
    assert_eq!((own.total.received, own.sites.len()), (1, 1));
    let none = database.store.stats(&seeing(&[])).await.expect("answered");
    assert_eq!((none.total.received, none.sites.len()), (0, 0));
}

/// Thirty reports of three sites; many share a moment, and they span a day's end.
pub(super) fn thirty(start: Timestamp) -> Segment {
    let mut segment = Segment::new(4);
    for i in 0..30_i64 {
        let at = Timestamp(start.0 - (i / 7) * 43_200_000);
        let site = ["a", "b", "c"][usize::try_from(i % 3).expect("small")];
        let given = [
            ("site", site.into()),
            ("type", "csp-violation".into()),
            (
                "destination",
                if i % 2 == 0 {
                    "even.example"
                } else {
                    "odd.example"
                }
                .into(),
            ),
            (
                "directive",
                if i % 5 == 0 {
                    "form-action"
                } else {
                    "connect-src"
                }
                .into(),
            ),
            (
                "page_kind",
                if i % 10 == 0 { "admin" } else { "checkout" }.into(),
            ),
            ("line", i.into()),
            ("policy", i64::MAX.into()),
            (
                "labels",
                crate::database::Value::Texts(vec!["repeat", "bot"]),
            ),
        ];
        segment.reports.push(report(at, &given));
    }
    segment
}

#[tokio::test]
async fn reports_come_page_by_page() {
    let database = Database::new().await;
    let segment = thirty(now());
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let mut seen: Vec<(String, String)> = Vec::new();
    let mut path = "/api/v1/reports?limit=7".to_owned();
    loop {
        let page = doors.json(&path).await;
        for row in page["reports"].as_array().expect("a list") {
            let text = |name: &str| row[name].as_str().expect(name).to_owned();
            seen.push((text("received_at"), text("id")));
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/reports?limit=7&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 30);
    let ids: std::collections::BTreeSet<&String> = seen.iter().map(|(_, id)| id).collect();
    assert_eq!(ids.len(), 30, "none twice");
    assert!(
        seen.iter().map(|(at, _)| at).is_sorted_by(|a, b| a >= b),
        "newest first"
    );
    let page = doors.json("/api/v1/reports?limit=1").await;
    let report = &page["reports"][0];
    assert_eq!(report["labels"], json!(["repeat", "bot"]));
    assert_eq!(report["policy"], "7fffffffffffffff");
    let id = report["id"].as_str().expect("an id");
    assert!(id.starts_with(&segment.id.to_string()), "{id}");
}

#[tokio::test]
async fn reports_are_filtered_and_scoped() {
    let database = Database::new().await;
    let start = now();
    let segment = thirty(start);
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let since = Timestamp(start.0 - 43_200_000);
    let cases = [
        (String::new(), 30),
        ("?site=b".to_owned(), 10),
        ("?site=nobody".to_owned(), 0),
        ("?destination=odd.example".to_owned(), 15),
        ("?destination=odd.example'%20OR%201".to_owned(), 0),
        ("?directive=form-action".to_owned(), 6),
        ("?page_kind=admin&destination=even.example".to_owned(), 3),
        (
            "?type=csp-violation&site=a&directive=connect-src".to_owned(),
            8,
        ),
        (format!("?since={since}"), 14),
        (format!("?until={since}"), 16),
        (format!("?since={since}&until={start}"), 7),
    ];
    for (query, expected) in cases {
        let page = doors.json(&format!("/api/v1/reports{query}")).await;
        let found = page["reports"].as_array().expect("a list").len();
        assert_eq!(found, expected, "{query}");
    }
    let filter = ReportFilter {
        site: Some(SiteId::new("a").expect("a plain id")),
        ..ReportFilter::default()
    };
    for (scope, filter, expected) in [
        (seeing(&["a"]), ReportFilter::default(), 10),
        (seeing(&["a", "c"]), ReportFilter::default(), 20),
        (seeing(&[]), ReportFilter::default(), 0),
        (seeing(&["b"]), filter.clone(), 0),
        (seeing(&["a", "b"]), filter, 10),
    ] {
        let page = database
            .store
            .reports(&scope, &filter, None, MAX_REPORTS)
            .await;
        let found = page.expect("answered").reports.len();
        assert_eq!(found, expected, "{scope:?} {filter:?}");
    }
}

#[tokio::test]
async fn sites_say_when_they_reported() {
    let database = Database::new().await;
    let start = now();
    let segment = thirty(start);
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let doors = Doors::new(database.store.clone());
    let merchants = json!({"merchants": [
        {"key": "a", "name": "A", "domains": ["a.example"]}, {"key": "quiet"}, {"key": "b"},
    ]});
    let imported = doors.api.registry.import(&merchants.to_string(), "test");
    imported.expect("good");
    let all = doors.json("/api/v1/sites").await;
    assert_eq!(all["next"], Value::Null);
    let sites = all["sites"].as_array().expect("a list");
    let names: Vec<&str> = sites.iter().filter_map(|s| s["site"].as_str()).collect();
    assert_eq!(names, ["a", "b", "quiet"]);
    assert_eq!(sites[0]["reports"], 10);
    assert_eq!(sites[0]["last_report"], start.to_string());
    assert_eq!(sites[0]["keys"], json!([{"key": "a", "state": "active"}]));
    assert_eq!(sites[0]["domains"], json!(["a.example"]));
    assert_eq!(sites[2]["reports"], 0);
    assert_eq!(sites[2]["last_report"], Value::Null);
    let first = doors.json("/api/v1/sites?limit=2").await;
    assert_eq!(first["next"], "b");
    let rest = doors.json("/api/v1/sites?limit=2&cursor=b").await;
    assert_eq!(rest["sites"][0]["site"], "quiet");
    assert_eq!(rest["sites"].as_array().map(Vec::len), Some(1));
}
