//! A database with something for every question: six shops, a skimmer, a service, a quiet shop, alerts and their ends.

use std::sync::Arc;
use std::time::Duration;

use skimwatch::cases::{Cases, Cause, Triage};
use skimwatch::clock::{ManualClock, Timestamp};
use skimwatch::finding::Severity;
use skimwatch::ids::AlertId;
use skimwatch::registry::{AuditEntry, AuditFilter, Author, MAX_AUDIT_PAGE, Registry};
use skimwatch::scope::Scope;
use skimwatch::spool::OutcomeCount;
use skimwatch::store::{Attempt, AuditRow};

use crate::cases::{alert_of, finding, organization_of};
use crate::database::{Database, Segment, Value, now, policy, report};

const HOUR: Duration = Duration::from_secs(3600);

/// A destination that shops began to report two days ago.
pub(super) const EVIL: &str = "evil.example";
/// The shop that has been silent for three days.
pub(super) const QUIET: &str = "shop-2";

const POLICY: &str = "default-src 'self'; script-src 'self' https://pay.example; frame-ancestors";

fn hours_ago(hours: u32) -> Timestamp {
    now().minus(HOUR * hours)
}

/// What one report says, in the order in which it is told below.
type Told<'a> = (&'a str, u32, &'a str, &'a str, &'a str);

/// A report: shop, hours ago, destination, kind of page, brand of a card.
fn row((site, hours, destination, page_kind, card): Told<'_>) -> Vec<u8> {
    let host = if destination.contains('.') {
        destination
    } else {
        ""
    };
    let blocked = format!("https://{destination}/c");
    let who = i64::from(hours % 7) + 1;
    let directive = if card.is_empty() {
        "script-src-elem"
    } else {
        "connect-src"
    };
    let given: [(&str, Value); 19] = [
        ("site", site.into()),
        ("type", "csp-violation".into()),
        ("destination", destination.into()),
        ("host", host.into()),
        ("directive", directive.into()),
        (
            "disposition",
            if hours.is_multiple_of(2) {
                "enforce"
            } else {
                "report"
            }
            .into(),
        ),
        ("page_kind", page_kind.into()),
        ("tampering", "js".into()),
        (
            "labels",
            Value::Texts(if hours.is_multiple_of(5) {
                vec!["extension"]
            } else {
                vec![]
            }),
        ),
        ("document_host", "shop.example".into()),
        ("document_path", "/checkout".into()),
        ("blocked", blocked.as_str().into()),
        ("source", "https://shop.example/js/menu.js?v=1".into()),
        ("policy", 77.into()),
        ("client", who.into()),
        ("network", (who + 100).into()),
        (
            "browser",
            if hours.is_multiple_of(3) {
                "Firefox"
            } else {
                "Chrome"
            }
            .into(),
        ),
        ("country", "JP".into()),
        ("card_brand", card.into()),
    ];
    report(hours_ago(hours), &given)
}

/// Reports of forty days: what was always there, what is new, what was before.
fn reports() -> Vec<Vec<u8>> {
    let mut rows = Vec::new();
    for shop in 1..=6 {
        let site = format!("shop-{shop}");
        let silent_for = if site == QUIET { 72 } else { 1 };
        let old = (silent_for..960).step_by(13);
        rows.extend(
            old.clone()
                .map(|h| row((&site, h, "pay.example", "checkout", ""))),
        );
        rows.extend(old.map(|h| row((&site, h, "inline", "other", ""))));
        let last = if site == QUIET { 72 } else { 2 };
        let evil = (last..last + 30).step_by(5);
        rows.extend(evil.map(|h| row((&site, h, EVIL, "checkout", "visa"))));
    }
    rows
}

/// What became of entries: everything that can.
fn outcomes(segment: Segment) -> Segment {
    let mut segment = segment
        .count("shop-1", "stored", "", 80)
        .count(QUIET, "stored", "", 40)
        .count(QUIET, "discarded", "malformed", 3)
        .count("shop-1", "discarded", "lost", 1)
        .count("", "refused", "unknown_key", 9)
        .count("", "refused", "unavailable", 2);
    segment.outcomes.push(OutcomeCount {
        site: "shop-1".to_owned(),
        outcome: "folded".to_owned(),
        reason: String::new(),
        destination: EVIL.to_owned(),
        directive: "connect-src".to_owned(),
        hour: segment.outcomes[0].hour,
        count: 7,
    });
    segment
}

impl super::Filled {
    /// Fills one.
    pub(super) async fn new() -> Self {
        let database = Database::new().await;
        for (sequence, rows) in (1..).zip(reports().chunks(300)) {
            let mut segment = outcomes(Segment::new(sequence));
            segment.reports = rows.to_vec();
            segment.policies = vec![policy(77, POLICY, now())];
            let delivery = segment.delivery(Attempt::First);
            database.store.deliver(&delivery).await.expect("in");
        }
        let audit = audit();
        database.store.copy_audit(&audit).await.expect("copied");
        Self(database)
    }
}

/// The audit log of people who deal with alerts: three raised, one late, two closed, one opened again.
fn audit() -> Vec<AuditRow> {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = ManualClock::at(hours_ago(50));
    let file = dir.path().join("control.sqlite");
    let registry = Registry::open(&file, Arc::clone(&clock) as _).expect("a registry");
    let registry = Arc::new(registry);
    let cases = Cases::new(Arc::clone(&registry));
    organization_of(&registry, "psp-1", &["shop-1"]);

    let start = hours_ago(50).0;
    let raised = [
        finding(EVIL, Severity::Critical, (start, 1), &["shop-1", QUIET]),
        finding("chat.example", Severity::High, (start, 2), &["shop-3"]),
        finding("font.example", Severity::Medium, (start, 3), &["shop-4"]),
    ];
    cases.record(&raised).expect("taken down");
    clock.set(hours_ago(46));
    let late = cases.escalate(hours_ago(46)).expect("told");
    assert!(!late.is_empty(), "nobody has looked at what is critical");

    let author = Author::of_installation("somebody");
    let decide = |destination: &str, hours, triage: &Triage| {
        let (id, at): (AlertId, _) = (alert_of(destination), hours_ago(hours));
        clock.set(at);
        let done = cases.triage(&Scope::Operator, &id, (&author, at), triage);
        done.expect("decided");
    };
    let close = |cause| Triage::Close {
        cause,
        note: "the script is gone".to_owned(),
    };
    decide(EVIL, 45, &Triage::Acknowledge);
    decide(EVIL, 40, &close(Cause::Skimmer));
    decide("chat.example", 39, &close(Cause::LegitimateChange));
    decide("chat.example", 38, &Triage::Reopen);
    decide("chat.example", 30, &close(Cause::PolicyMistake));

    let filter = AuditFilter {
        oldest_first: true,
        ..AuditFilter::default()
    };
    let entries = registry.audit(&filter, MAX_AUDIT_PAGE).expect("readable");
    entries.into_iter().map(copied).collect()
}

fn copied(entry: AuditEntry) -> AuditRow {
    AuditRow {
        seq: entry.seq,
        at: entry.at,
        organization: entry.organization,
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        detail: entry.detail.to_string(),
        hash: blake3::Hash::from_bytes(entry.hash).to_hex().to_string(),
    }
}
