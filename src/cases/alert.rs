//! [`Alert`]: one campaign, for one organization.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::campaign::Campaign;
use super::triage::Cause;
use crate::clock::Timestamp;
use crate::finding::CampaignId;

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
    /// Why it could be closed.
    pub cause: Option<Cause>,
    /// What was done, in somebody's words.
    pub note: String,
}

/// Identity of an alert: 16 hexadecimal digits, a hash of campaign and organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AlertId(Box<str>);

/// A text that is no identity of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of an alert is 16 hexadecimal digits")]
pub struct InvalidAlertId;

impl AlertId {
    /// The alert of this organization about this campaign.
    pub fn of(campaign: &CampaignId, organization: &str) -> Self {
        let subject = format!("{campaign}/{organization}");
        let hash = blake3::derive_key("skimwatch alert v1", subject.as_bytes());
        let digits = hash.iter().take(8).map(|byte| format!("{byte:02x}"));
        Self(digits.collect::<String>().into())
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AlertId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for AlertId {
    type Error = InvalidAlertId;

    fn try_from(text: String) -> Result<Self, InvalidAlertId> {
        text.parse()
    }
}

impl std::str::FromStr for AlertId {
    type Err = InvalidAlertId;

    fn from_str(text: &str) -> Result<Self, InvalidAlertId> {
        let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == 16 && text.bytes().all(hexadecimal) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidAlertId)
        }
    }
}

impl From<AlertId> for String {
    fn from(id: AlertId) -> Self {
        id.0.into()
    }
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
