//! The words of notices, out of the message files.

use crate::cases::{Cause, Late};
use crate::clock::Timestamp;
use crate::finding::{FindingKind, Severity};
use crate::language::{Language, Text};
use crate::registry::NoticeKind;

/// What the message files hold.
#[deny(dead_code, reason = "nobody translates what nobody reads")]
mod messages {
    use crate::language::{Language, Messages, Number, Text};

    include!(concat!(env!("OUT_DIR"), "/src_notify_messages.rs"));
}
pub(super) use messages::*;

/// How soon to look.
pub(super) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Low => LOW,
        Severity::Medium => MEDIUM,
        Severity::High => HIGH,
        Severity::Critical => CRITICAL,
    }
}

/// What an alert is about.
pub(super) fn about(language: Language, kind: FindingKind, destination: &str) -> String {
    match kind {
        FindingKind::Exfiltration => about_exfiltration(language, destination),
        FindingKind::ForeignScript => about_foreign_script(language, destination),
        FindingKind::FakePaymentPage => about_fake_page(language, destination),
        FindingKind::SuspectReports => ABOUT_SUSPECT_REPORTS.of(language).to_owned(),
    }
}

/// What of it is new, before what it is about; only that where it is new itself.
pub(super) fn title(language: Language, kind: NoticeKind, about: String) -> String {
    match kind {
        NoticeKind::Raised | NoticeKind::Test => about,
        NoticeKind::Worsened => title_worsened(language, &about),
        NoticeKind::Reopened => title_reopened(language, &about),
        NoticeKind::SiteJoined => title_site_joined(language, &about),
        NoticeKind::MemberJoined => title_member_joined(language, &about),
        NoticeKind::Contained => title_contained(language, &about),
        NoticeKind::Closed => title_closed(language, &about),
        NoticeKind::Overdue => title_overdue(language, &about),
    }
}

/// What is new, in a sentence. `subject` is empty where it may not be told.
pub(super) fn news(language: Language, kind: NoticeKind, subject: &str) -> String {
    let text = match (kind, subject) {
        (NoticeKind::Raised, _) => NEWS_RAISED,
        (NoticeKind::Worsened, severity) => return news_worsened(language, severity),
        (NoticeKind::Reopened, "") => NEWS_REOPENED,
        (NoticeKind::Reopened, merchant) => return news_reopened_at(language, merchant),
        (NoticeKind::SiteJoined, "") => NEWS_SITE_JOINED,
        (NoticeKind::SiteJoined, merchant) => return news_site_joined_at(language, merchant),
        (NoticeKind::MemberJoined, "") => NEWS_MEMBER_JOINED,
        (NoticeKind::MemberJoined, other) => return news_member_joined_at(language, other),
        (NoticeKind::Contained, _) => NEWS_CONTAINED,
        (NoticeKind::Closed, cause) => return news_closed(language, cause),
        (NoticeKind::Overdue, late) => overdue(late),
        (NoticeKind::Test, _) => NEWS_TEST,
    };
    text.of(language).to_owned()
}

/// What nobody has done in time. `what` is the word of [`Late`].
fn overdue(what: &str) -> Text {
    match Late::of_word(what) {
        Some(Late::Look) => LATE_LOOK,
        Some(Late::LookTwice) => LATE_LOOK_TWICE,
        Some(Late::Close) => LATE_CLOSE,
        Some(Late::CloseTwice) => LATE_CLOSE_TWICE,
        None => LATE,
    }
}

/// Several, of which only some are named.
pub(super) fn and_more(language: Language, named: &[String], more: usize) -> String {
    let mut names = named.iter();
    let first = names.next().cloned().unwrap_or_default();
    let named = names.fold(first, |before, next| and_next(language, &before, next));
    match more {
        0 => named,
        more => and_others(language, &named, more),
    }
}

/// The first thing to do.
pub(super) fn first_step(kind: FindingKind) -> Text {
    match kind {
        FindingKind::Exfiltration => FIRST_EXFILTRATION,
        FindingKind::ForeignScript => FIRST_FOREIGN_SCRIPT,
        FindingKind::FakePaymentPage => FIRST_FAKE_PAGE,
        FindingKind::SuspectReports => FIRST_SUSPECT_REPORTS,
    }
}

/// Why it was raised, as it turned out.
pub(super) fn cause(word: &str) -> Text {
    match Cause::of_word(word) {
        Some(Cause::Skimmer) => SKIMMER,
        Some(Cause::FakePaymentPage) => FAKE_PAGE,
        Some(Cause::SupplierCompromise) => SUPPLIER,
        Some(Cause::LegitimateChange) => LEGITIMATE,
        Some(Cause::PolicyMistake) => POLICY_MISTAKE,
        Some(Cause::VisitorSoftware) => VISITOR,
        Some(Cause::ForgedReports) => FORGED,
        Some(Cause::Test) => TEST_OF_OURS,
        None => UNKNOWN,
    }
}

/// A moment, to the minute: in Japanese, as clocks in Japan show it.
pub(super) fn moment(language: Language, at: Timestamp) -> String {
    const JST: i64 = 9 * 3_600_000;
    let (at, zone) = language.pick((at, "UTC"), (Timestamp(at.0.saturating_add(JST)), "JST"));
    let text = at.to_string().replace('T', " ");
    format!("{} {zone}", text.get(..16).unwrap_or(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_and_moments() {
        let named = ["A".to_owned(), "B".to_owned()];
        assert_eq!(and_more(Language::En, &named, 0), "A, B");
        assert_eq!(and_more(Language::En, &named, 3), "A, B and 3 more");
        assert_eq!(and_more(Language::Ja, &named, 3), "A、B、ほか3件");
        let at = Timestamp(951_782_400_001);
        assert_eq!(moment(Language::En, at), "2000-02-29 00:00 UTC");
        assert_eq!(moment(Language::Ja, at), "2000-02-29 09:00 JST");
    }
}
