//! [`Event`]: something that happened to an alert.

use crate::clock::Timestamp;

/// Something that happened to an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who did it: `detector`, or a person.
    pub actor: String,
    /// What.
    pub what: What,
    /// What it is about: a site's id, a destination, a severity's word, a cause's word; empty if there is nothing to add.
    pub subject: String,
}

/// What happens to alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// It was raised; the subject is its severity.
    Raised,
    /// Its severity rose; the subject is the new one.
    Worsened,
    /// One more merchant was hit; the subject is its site.
    SiteJoined,
    /// One more destination belongs to it; the subject is its domain.
    MemberJoined,
    /// Somebody has looked at it.
    Acknowledged,
    /// It does no more harm.
    Contained,
    /// It was closed; the subject is the cause.
    Closed,
    /// It is somebody's to look at; the subject is their e-mail address, or empty if it is nobody's any more.
    Assigned,
    /// A deadline has passed; the subject says which.
    Overdue,
    /// It was opened again; the subject is the site that was hit, if that was the reason.
    Reopened,
}

impl What {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Raised,
        Self::Worsened,
        Self::SiteJoined,
        Self::MemberJoined,
        Self::Acknowledged,
        Self::Contained,
        Self::Closed,
        Self::Assigned,
        Self::Overdue,
        Self::Reopened,
    ];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Worsened => "worsened",
            Self::SiteJoined => "site-joined",
            Self::MemberJoined => "member-joined",
            Self::Acknowledged => "acknowledged",
            Self::Contained => "contained",
            Self::Closed => "closed",
            Self::Assigned => "assigned",
            Self::Overdue => "overdue",
            Self::Reopened => "reopened",
        }
    }

    /// The event of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == word)
    }
}
