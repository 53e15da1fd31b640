//! [`Alert`]: one campaign, for one organization.

use super::campaign::Campaign;
use super::triage::Cause;
use crate::clock::Timestamp;
use crate::ids::AlertId;

/// One campaign, for one organization, cut to what the reader may see.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Its identity.
    pub id: AlertId,
    /// What it is about.
    pub campaign: Campaign,
    /// How far people are with it.
    pub state: State,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When its state last changed.
    pub changed_at: Timestamp,
    /// When it was raised or last opened again: its deadlines count from then.
    pub opened_at: Timestamp,
    /// Until when something must be done about it next; `None` once it is closed.
    pub due_at: Option<Timestamp>,
    /// When somebody first decided something about it.
    pub looked_at: Option<Timestamp>,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// Why it could be closed.
    pub cause: Option<Cause>,
    /// What was done, in somebody's words.
    pub note: String,
    /// The e-mail address of whoever looks after it; empty if nobody does, or whoever did may not any more.
    pub assignee: String,
}

/// How far people are with an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Nobody has looked at it.
    Open,
    /// Somebody has.
    Acknowledged,
    /// It does no more harm; why it could happen is not known yet.
    Contained,
    /// Its cause and what was done are written down.
    Closed,
}

impl State {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [
        Self::Open,
        Self::Acknowledged,
        Self::Contained,
        Self::Closed,
    ];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Contained => "contained",
            Self::Closed => "closed",
        }
    }

    /// The state of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}
