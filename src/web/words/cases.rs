//! The closed sets of cases: kinds, severities, states, causes, events.

use super::Text;
use super::messages::*;
use super::when::span;
use crate::cases::{Cause, Late, State, What};
use crate::finding::{FindingKind, Severity};
use crate::language::Language;

/// How soon to look.
pub(in crate::web) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Low => LOW,
        Severity::Medium => MEDIUM,
        Severity::High => HIGH,
        Severity::Critical => CRITICAL,
    }
}

/// How far people are.
pub(in crate::web) fn state(state: State) -> Text {
    match state {
        State::Open => OPEN,
        State::Acknowledged => ACKNOWLEDGED,
        State::Contained => CONTAINED,
        State::Closed => CLOSED,
    }
}

/// Why it was raised, as it turned out.
pub(in crate::web) fn cause(cause: Cause) -> Text {
    match cause {
        Cause::Skimmer => SKIMMER,
        Cause::FakePaymentPage => FAKE_PAGE,
        Cause::SupplierCompromise => SUPPLIER,
        Cause::LegitimateChange => LEGITIMATE,
        Cause::PolicyMistake => POLICY_MISTAKE,
        Cause::VisitorSoftware => VISITOR,
        Cause::ForgedReports => FORGED,
        Cause::Test => TEST,
    }
}

/// What an alert is about; the destination stands between the two.
pub(in crate::web) fn title(kind: FindingKind, language: Language) -> (String, String) {
    // No text holds it.
    const DESTINATION: &str = "\u{fffc}";
    let title = match kind {
        FindingKind::Exfiltration => title_exfiltration(language, DESTINATION),
        FindingKind::ForeignScript => title_foreign_script(language, DESTINATION),
        FindingKind::FakePaymentPage => title_fake_page(language, DESTINATION),
        FindingKind::SuspectReports => TITLE_SUSPECT_REPORTS.of(language).to_owned(),
    };
    match title.split_once(DESTINATION) {
        Some((before, after)) => (before.to_owned(), after.to_owned()),
        None => (title, String::new()),
    }
}

/// What happens at one destination of several.
pub(in crate::web) fn act(kind: FindingKind) -> Text {
    match kind {
        FindingKind::Exfiltration => RECEIVES,
        FindingKind::ForeignScript => RUNS_CODE,
        FindingKind::FakePaymentPage => POSES,
        FindingKind::SuspectReports => FLOODS,
    }
}

/// How long an alert may still wait; less than nothing if it waits for too long.
pub(in crate::web) fn due(language: Language, state: State, left: i64) -> String {
    let span = span(language, left.abs());
    match (state, left < 0) {
        (State::Open, false) => look_within(language, &span),
        (State::Open, true) => look_overdue(language, &span),
        (_, false) => close_within(language, &span),
        (_, true) => close_overdue(language, &span),
    }
}

/// How the alerts of 90 days were dealt with: how many there were, the share that was looked at in percent, how many are
/// overdue; half of the times until they were looked at, and closed.
pub(in crate::web) fn dealt_with(
    language: Language,
    (raised, share, overdue): (u32, u32, u32),
    (look, close): (Option<&str>, Option<&str>),
) -> String {
    let counts = quarter(language, raised, share, overdue);
    let Some(look) = look else { return counts };
    let medians = match close {
        Some(close) => median_times(language, look, close),
        None => median_look(language, look),
    };
    format!("{counts}{}{medians}", language.pick(" ", ""))
}

/// What is late about an alert.
pub(in crate::web) fn late(late: Late) -> Text {
    match late {
        Late::Look => LATE_LOOK,
        Late::LookTwice => LATE_LOOK_TWICE,
        Late::Close => LATE_CLOSE,
        Late::CloseTwice => LATE_CLOSE_TWICE,
    }
}

/// What happened to an alert. `about` is what the event adds: a severity, a merchant, a cause.
pub(in crate::web) fn event(what: What, about: &str, language: Language) -> String {
    match what {
        What::Raised => event_raised(language, about),
        What::Worsened => event_worsened(language, about),
        What::SiteJoined => event_site_joined(language, about),
        What::MemberJoined => event_member_joined(language, about),
        What::Acknowledged => EVENT_ACKNOWLEDGED.of(language).to_owned(),
        What::Contained => EVENT_CONTAINED.of(language).to_owned(),
        What::Closed => event_closed(language, about),
        What::Assigned if about.is_empty() => EVENT_UNASSIGNED.of(language).to_owned(),
        What::Assigned => event_assigned(language, about),
        What::Overdue => event_overdue(language, about),
        What::Reopened if about.is_empty() => EVENT_REOPENED.of(language).to_owned(),
        What::Reopened => event_reopened_by(language, about),
    }
}
