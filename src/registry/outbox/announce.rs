//! [`Announcement`]: one notice, written within the change that it tells of.

use rusqlite::{Connection, params};
use serde_json::json;

use super::super::database::Journal;
use super::super::error::RegistryError;
use super::super::tokens::random;
use super::queries;
use crate::finding::Severity;
use crate::ids::{AlertId, SiteId};

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// An alert was raised.
    Raised,
    /// Its severity rose; the subject is the new one.
    Worsened,
    /// It was contained or closed and is open again; the subject is the site where it goes on, or empty.
    Reopened,
    /// It was seen at one more site, the subject.
    SiteJoined,
    /// One more destination belongs to it, the subject.
    MemberJoined,
    /// Somebody has marked it as contained.
    Contained,
    /// Somebody has closed it; the subject is the cause.
    Closed,
    /// Nobody has done in time what was to be done; the subject is what, a word.
    Overdue,
    /// Somebody tries a channel out; the subject is who.
    Test,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Raised,
        Self::Worsened,
        Self::Reopened,
        Self::SiteJoined,
        Self::MemberJoined,
        Self::Contained,
        Self::Closed,
        Self::Overdue,
        Self::Test,
    ];

    /// The word in rows and in what programs receive.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Worsened => "worsened",
            Self::Reopened => "reopened",
            Self::SiteJoined => "site-joined",
            Self::MemberJoined => "member-joined",
            Self::Contained => "contained",
            Self::Closed => "closed",
            Self::Overdue => "overdue",
            Self::Test => "test",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// How urgent it is to be told, of an alert that stands as high as this. A critical alert wakes people when it
    /// comes up, rises, goes on or is left lying: not at each merchant that follows, which may be hundreds, and not
    /// when somebody has dealt with it.
    pub fn urgency(self, severity: Severity) -> Severity {
        match self {
            Self::Raised | Self::Worsened | Self::Reopened | Self::Overdue => severity,
            Self::SiteJoined | Self::MemberJoined => severity.min(Severity::High),
            Self::Contained | Self::Closed | Self::Test => Severity::Low,
        }
    }
}

/// One notice: what is new, for whom.
#[derive(Clone, Copy, Debug)]
pub struct Announcement<'a> {
    /// The organization that is told.
    pub organization: &'a str,
    /// What it is about; none of a test.
    pub alert: Option<&'a AlertId>,
    /// What there is to tell.
    pub kind: NoticeKind,
    /// How high the alert stands. How urgent the notice is follows from that and its kind.
    pub severity: Severity,
    /// What [`NoticeKind`] says.
    pub subject: &'a str,
}

impl Journal<'_> {
    /// Writes a notice and its way to each channel of the organization that tells of its severity, within the
    /// change. Without such a channel nothing is written: nobody would be told.
    ///
    /// # Errors
    /// [`RegistryError`] if SQLite refuses.
    pub(crate) fn announce(&mut self, notice: &Announcement<'_>) -> Result<(), RegistryError> {
        self.announce_to(notice, None)
    }

    /// The same to one channel, whatever it tells of.
    pub(super) fn announce_to(
        &mut self,
        notice: &Announcement<'_>,
        channel: Option<&str>,
    ) -> Result<(), RegistryError> {
        let urgency = notice.kind.urgency(notice.severity);
        let told = Severity::ALL.into_iter().filter(|it| *it <= urgency);
        let told: Vec<&str> = told.map(Severity::as_str).collect();
        let values = params![notice.organization, json!(told).to_string(), channel];
        let change = self.transaction();
        let mut statement = change.prepare_cached(queries::LISTENERS)?;
        let listeners = statement.query_map(values, |row| row.get(0))?;
        let listeners: Vec<String> = listeners.collect::<Result<_, _>>()?;
        if listeners.is_empty() {
            return Ok(());
        }
        let values = params![
            notice.organization,
            notice.kind.as_str(),
            notice.alert.map_or("", AlertId::as_str),
            urgency.as_str(),
            notice.subject,
            self.at(),
        ];
        let mut statement = change.prepare_cached(queries::ADD_NOTICE)?;
        let id: i64 = statement.query_row(values, |row| row.get(0))?;
        let mut statement = change.prepare_cached(queries::ADD_DELIVERY)?;
        for channel in listeners {
            let name = random::<15>()?;
            statement.execute(params![name, id, channel, self.at()])?;
        }
        Ok(())
    }
}

/// Forgets what was to be told of a campaign's alerts, within the change that forgets them and before it does.
///
/// # Errors
/// [`RegistryError`] if SQLite refuses.
pub(crate) fn forget_alerts(change: &Connection, campaign: &str) -> Result<(), RegistryError> {
    change.execute(queries::FORGET_ALERTS, [campaign])?;
    Ok(())
}

/// Forgets a site in what was to be told, within the change that erases it and after campaigns have forgotten it.
///
/// # Errors
/// [`RegistryError`] if SQLite refuses.
pub(crate) fn forget_site(change: &Connection, site: &SiteId) -> Result<(), RegistryError> {
    for sql in [queries::FORGET_JOINS, queries::FORGET_REASONS] {
        change.execute(sql, [site.as_str()])?;
    }
    change.execute(queries::FORGET_MEMBERS, [])?;
    Ok(())
}

/// The severity of a stored word.
pub(super) fn severity(word: &str) -> Result<Severity, RegistryError> {
    Severity::of_word(word).ok_or_else(|| RegistryError::Damaged(format!("severity {word}")))
}
