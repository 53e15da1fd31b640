//! `audit`: the log in pages and as a file, cut to an organization.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};
use skimwatch::finding::Severity;
use skimwatch::role::Role;

use super::doors::{Doors, TOKEN, token, with};
use crate::cases::{finding, organization_of};
use crate::database::now;

/// Two organizations, with alerts of each.
fn doors() -> (Doors, String) {
    let doors = Doors::to_nowhere();
    organization_of(&doors.api.registry, "rival", &["b"]);
    let findings: Vec<_> = (0..20)
        .map(|i| {
            let site = ["a", "b"][i % 2];
            finding(
                &format!("evil{i}.example"),
                Severity::High,
                (now().0, 0),
                &[site],
            )
        })
        .collect();
    doors.api.cases.record(&findings).expect("taken down");
    let auditor = token(&doors.api.registry, "shop", Role::Auditor);
    (doors, auditor)
}

fn numbers(entries: &[Value]) -> Vec<u64> {
    let number = |it: &Value| it["seq"].as_u64().expect("a number");
    entries.iter().map(number).collect()
}

#[tokio::test]
async fn pages_walk_everything_once() {
    let (doors, _) = doors();
    let head = doors.api.registry.audit_verify().expect("whole");
    let all: Vec<u64> = (1..=head.entries).collect();
    for limit in [1, 7, 1000] {
        let newest = doors.walk("/api/v1/audit", "entries", limit).await;
        assert!(numbers(&newest).iter().rev().eq(&all), "by {limit}");
    }
    let page = doors.json("/api/v1/audit?from=5&limit=3").await;
    assert_eq!(
        numbers(page["entries"].as_array().expect("a list")),
        [5, 6, 7]
    );
    let next = doors.json("/api/v1/audit?from=5&limit=3&cursor=7").await;
    assert_eq!(
        numbers(next["entries"].as_array().expect("a list")),
        [8, 9, 10]
    );
    let newest = &doors.json("/api/v1/audit?limit=1").await["entries"][0];
    assert_eq!(
        newest["hash"],
        blake3::Hash::from_bytes(head.hash).to_hex().as_str()
    );
}

#[tokio::test]
async fn a_file_holds_it_all() {
    let (doors, auditor) = doors();
    let head = doors.api.registry.audit_verify().expect("whole");
    let asked = TestRequest::get()
        .uri("/api/v1/audit")
        .insert_header(("Accept", "application/x-ndjson"));
    for answer in [
        doors.get("/api/v1/audit?format=ndjson").await,
        doors.ask(with(TOKEN, asked)).await,
    ] {
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/x-ndjson");
        let lines: Result<Vec<Value>, _> = answer.text.lines().map(serde_json::from_str).collect();
        let lines = lines.expect("a JSON object on each line");
        assert!(numbers(&lines).into_iter().eq(1..=head.entries));
    }
    let own = TestRequest::get().uri("/api/v1/audit?format=ndjson&from=3");
    let own = doors.ask(with(&auditor, own)).await;
    assert!(
        !own.text.contains("rival") && !own.text.contains("\"b\""),
        "{}",
        own.text
    );
    assert!(own.text.contains("alert.raised") && own.text.lines().count() > 10);
}

#[tokio::test]
async fn an_organization_sees_its_own() {
    let (doors, auditor) = doors();
    let page = doors
        .ask(with(
            &auditor,
            TestRequest::get().uri("/api/v1/audit?limit=1000"),
        ))
        .await;
    let entries = page.good("a page");
    let entries = entries["entries"].as_array().expect("a list");
    for entry in entries {
        let own = entry["organization"] == "shop";
        let about_site = entry["organization"] == "operator" && entry["subject"] == "a";
        assert!(own || about_site, "{entry}");
    }
    for organization in ["rival", "operator", "nobody"] {
        let path = format!("/api/v1/audit?organization={organization}");
        let answer = doors
            .ask(with(&auditor, TestRequest::get().uri(&path)))
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{organization}");
    }
    let named = doors
        .json("/api/v1/audit?organization=shop&limit=1000")
        .await;
    assert_eq!(
        named["entries"],
        json!(entries),
        "the operator sees what they see"
    );
    let unknown = doors.get("/api/v1/audit?organization=nobody").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    for query in ["from=x", "from=-1", "cursor=x", "format=csv", "limit=1001"] {
        let answer = doors.get(&format!("/api/v1/audit?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}
