//! `reports/export`: files as ClickHouse writes them, cut to the caller, harmless in a program for tables.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::clock::Timestamp;
use skimwatch::store::Attempt;

use super::doors::{Doors, with};
use super::reports::thirty;
use crate::database::{Database, Segment, Value as Column, now, report};

async fn doors(segment: Segment) -> (Doors, Database) {
    let database = Database::new().await;
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    (Doors::new(database.store.clone()), database)
}

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines().map(serde_json::from_str);
    lines
        .collect::<Result<_, _>>()
        .expect("a JSON object on each line")
}

#[tokio::test]
async fn lines_say_what_pages_say() {
    let (doors, _database) = doors(thirty(now())).await;
    let pages = doors.walk("/api/v1/reports", "reports", 7).await;
    let answer = doors.get("/api/v1/reports/export?format=ndjson").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(
        answer.header("content-disposition"),
        r#"attachment; filename="reports.ndjson""#
    );
    let mut whole = lines(&answer.text);
    for report in &mut whole {
        // ClickHouse gives the same moments and names.
        assert!(
            report["received_at"]
                .as_str()
                .is_some_and(|it| it.parse::<Timestamp>().is_ok())
        );
    }
    assert_eq!(whole, pages);
    for (query, expected) in [
        ("site=a", 10),
        ("destination=even.example", 15),
        ("directive=form-action&site=b", 2),
        ("page_kind=admin", 3),
        ("label=bot", 30),
        ("label=proxy", 0),
        ("host=nowhere.example", 0),
        ("type=csp-violation", 30),
        (&format!("until={}", Timestamp(now().0 - 40_000_000)), 23),
    ] {
        let file = doors
            .get(&format!("/api/v1/reports/export?format=ndjson&{query}"))
            .await;
        let page = doors
            .json(&format!("/api/v1/reports?limit=1000&{query}"))
            .await;
        assert_eq!(json!(lines(&file.text)), page["reports"], "{query}");
        assert_eq!(lines(&file.text).len(), expected, "{query}");
    }
    let own = doors
        .get_as_shop("/api/v1/reports/export?format=ndjson")
        .await;
    let own = lines(&own.text);
    assert_eq!(
        (own.len(), own.iter().all(|it| it["site"] == "a")),
        (10, true)
    );
}

#[tokio::test]
async fn a_table_holds_no_formulas() {
    let mut segment = Segment::new(1);
    let hostile = [
        "=cmd()", "+1", "-1", "@x", "\tx", "\rx", "plain", "a=b", "\"q\",", "日本",
    ];
    for (i, text) in (0..).zip(hostile) {
        let given = [
            ("site", Column::from("a")),
            ("sample", text.into()),
            ("blocked", text.into()),
            ("labels", Column::Texts(vec!["bot", "repeat"])),
            ("policy", 77.into()),
        ];
        segment.reports.push(report(Timestamp(now().0 - i), &given));
    }
    let (doors, _database) = doors(segment).await;
    let answer = doors.get("/api/v1/reports/export?format=csv").await;
    assert_eq!(
        answer.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let (head, rows) = answer.text.split_once('\n').expect("a head");
    assert!(
        head.starts_with(r#""id","received_at","occurred_at","site""#),
        "{head}"
    );
    for text in &hostile[..6] {
        assert!(rows.contains(&format!("\"'{text}\"")), "{text:?}: {rows}");
        assert!(!rows.contains(&format!("\"{text}\"")), "{text:?}: {rows}");
    }
    for text in [
        "\"plain\"",
        "\"a=b\"",
        "\"\"\"q\"\",\"",
        "\"日本\"",
        "\"bot repeat\"",
        "\"000000000000004d\"",
    ] {
        assert!(rows.contains(text), "{text}: {rows}");
    }
    let own = doors
        .get("/api/v1/reports/export?format=csv&site=a&type=x")
        .await;
    assert_eq!(own.text.lines().count(), 1, "names without rows");
}

#[tokio::test]
async fn columns_for_programs() {
    let (doors, _database) = doors(thirty(now())).await;
    let answer = doors.get("/api/v1/reports/export?format=parquet").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.apache.parquet"
    );
    assert!(answer.text.starts_with("PAR1") && answer.text.ends_with("PAR1"));
    assert!(answer.text.contains("even.example"));
}

#[tokio::test]
async fn what_is_not_asked_well_is_refused() {
    let doors = Doors::to_nowhere();
    for query in [
        "",
        "format=",
        "format=xml",
        "format=CSV",
        "format=csv&limit=1",
        "format=csv&format=csv",
    ] {
        let answer = doors.get(&format!("/api/v1/reports/export?{query}")).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{query}: {}",
            answer.text
        );
    }
}

/// Nobody may keep the engine busy alone: two files at once, and the seat comes back when the client leaves.
#[tokio::test]
async fn files_take_seats() {
    let (doors, _database) = doors(thirty(now())).await;
    let export = || {
        let request = TestRequest::get().uri("/api/v1/reports/export?format=ndjson");
        with(super::doors::TOKEN, request)
    };
    let held = [doors.open(export()).await, doors.open(export()).await];
    for response in &held {
        assert_eq!(response.status(), StatusCode::OK);
    }
    let refused = doors.ask(export()).await;
    assert_eq!(
        refused.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        refused.text
    );
    assert_eq!(refused.json()["code"], "too_many_requests");
    assert_eq!(refused.header("retry-after"), "5");
    let shop = doors
        .get_as_shop("/api/v1/reports/export?format=ndjson")
        .await;
    assert_eq!(
        shop.status,
        StatusCode::OK,
        "others have seats of their own"
    );
    drop(held);
    assert_eq!(doors.ask(export()).await.status, StatusCode::OK);
}
