//! `triage`: how alerts are dealt with, for each organization its own.

use std::time::Duration;

use serde_json::json;
use skimwatch::finding::Severity;

use super::doors::Doors;
use crate::cases::{alert_for, alert_of, finding};
use crate::database::now;

#[tokio::test]
async fn figures_are_each_organization_s_own() {
    let doors = Doors::to_nowhere();
    let start = now().0;
    let findings = [
        finding("both.example", Severity::Critical, (start, 0), &["a", "b"]),
        finding("theirs.example", Severity::High, (start, 0), &["b"]),
    ];
    doors.api.cases.record(&findings).expect("taken down");
    doors.clock.advance(Duration::from_secs(7200));
    let path = format!("/api/v1/alerts/{}", alert_of("theirs.example"));
    let closed = r#"{"state": "closed", "cause": "test", "note": "our own test"}"#;
    let answer = doors.patch(&path, closed).await.good("closed");
    assert_eq!(answer["due_at"], json!(null));
    assert_eq!(answer["closed_at"], answer["looked_at"]);

    let all = doors.json("/api/v1/triage").await;
    let figures = |of: &serde_json::Value| {
        [
            "raised",
            "looked_at",
            "share_looked_at",
            "closed",
            "overdue",
        ]
        .map(|field| of[field].as_u64().expect("a number"))
    };
    assert_eq!(figures(&all["all"]), [2, 1, 50, 1, 1]);
    assert_eq!(figures(&all["by_severity"]["critical"]), [1, 0, 0, 0, 1]);
    assert_eq!(all["causes"], json!({"test": 1}));
    // The alert was raised within the second before the clock was read.
    let close = all["all"]["close"]["half"].as_i64().expect("a number");
    assert!((7199..=7201).contains(&close), "{close}");
    let own = doors.get_as_shop("/api/v1/triage").await.good("figures");
    assert_eq!(figures(&own["all"]), [1, 0, 0, 0, 1]);
    assert_eq!(own["causes"], json!({}));
    let id = alert_for("shop", "both.example");
    let alert = doors.get_as_shop(&format!("/api/v1/alerts/{id}")).await;
    assert!(alert.good("an alert")["due_at"].is_string());
    let since = doors
        .json("/api/v1/triage?since=2100-01-01T00:00:00Z")
        .await;
    assert_eq!(figures(&since["all"]), [0, 0, 100, 0, 0]);
}
