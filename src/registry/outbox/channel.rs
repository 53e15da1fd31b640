//! [`Channel`]: a place where an organization is told, and what is asked for with a new one.

use super::super::error::RegistryError;
use super::super::sites::text;
use super::quiet::{MINUTES_OF_DAY, Quiet};
use super::target::Target;
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::OrganizationId;

/// Most channels of one organization.
pub const MAX_CHANNELS: u32 = 20;
/// Most messages an hour that may be asked for.
pub const MAX_PER_HOUR: u32 = 1000;
/// What every signing secret begins with, as Standard Webhooks writes it.
pub const SECRET_PREFIX: &str = "whsec_";

/// No place on earth is further from UTC, in minutes.
const MAX_OFFSET: i16 = 14 * 60;

/// How a channel tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// JSON, signed, to a program of the organization's.
    Webhook,
    /// An incoming webhook of Slack.
    Slack,
    /// A workflow of Microsoft Teams that posts what it receives.
    Teams,
    /// Mail.
    Mail,
}

impl ChannelKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Webhook, Self::Slack, Self::Teams, Self::Mail];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Mail => "mail",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a channel tells of, when, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRules {
    /// What people call it.
    pub name: String,
    /// What is below this is not told.
    pub least: Severity,
    /// When only what is critical is told. The rest is told afterwards.
    pub quiet: Quiet,
    /// What goes beyond this is told together, unless it is critical.
    pub most_per_hour: u32,
}

impl ChannelRules {
    /// From Medium on, at any time, twenty an hour.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            least: Severity::Medium,
            quiet: Quiet::NONE,
            most_per_hour: 20,
        }
    }

    /// The same with its bounds kept.
    pub(super) fn checked(&self) -> Result<Self, RegistryError> {
        let name = text("name", self.name.trim().to_owned()).map_err(RegistryError::Field)?;
        if name.is_empty() {
            return refuse("name: say what the channel is called".to_owned());
        }
        let quiet = self.quiet;
        if quiet.from >= MINUTES_OF_DAY || quiet.to >= MINUTES_OF_DAY {
            return refuse("quiet: from 00:00 to 23:59".to_owned());
        }
        if quiet.offset.abs() > MAX_OFFSET {
            return refuse("quiet: a day is 14 hours ahead of UTC at most, or behind".to_owned());
        }
        if !(1..=MAX_PER_HOUR).contains(&self.most_per_hour) {
            return refuse(format!("most_per_hour: 1 to {MAX_PER_HOUR}"));
        }
        Ok(Self {
            name,
            ..self.clone()
        })
    }
}

/// What is asked for with a new channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRequest {
    /// How it tells.
    pub kind: ChannelKind,
    /// Where it leads.
    pub target: Target,
    /// What it tells of.
    pub rules: ChannelRules,
}

/// A channel, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// What it is called by in commands.
    pub id: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// How it tells.
    pub kind: ChannelKind,
    /// Where it leads.
    pub target: Target,
    /// What it tells of.
    pub rules: ChannelRules,
    /// Whether it tells now. What comes meanwhile waits.
    pub is_active: bool,
    /// Why the program itself paused it; empty if a person did.
    pub paused_why: String,
    /// Who made it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// Notices that wait.
    pub waiting: u32,
    /// Notices that never arrived and are not tried any more.
    pub given_up: u32,
    /// When something arrived last.
    pub sent_at: Option<Timestamp>,
    /// Why the newest that did not arrive did not; empty if there is none.
    pub error: String,
}

pub(super) fn refuse<T>(what: String) -> Result<T, RegistryError> {
    Err(RegistryError::Field(what))
}
