//! The way out: what waits for a channel is taken up, message by message, and what became of it is written down.
//!
//! A message is one notice or several that are told together. From its first try on it is of the same notices and has
//! the same name, whoever dies in between.

use std::fmt;
use std::time::Duration;

use rusqlite::{Transaction, params};
use serde_json::json;

use super::super::database::Registry;
use super::super::error::RegistryError;
use super::announce::NoticeKind;
use super::channel::ChannelKind;
use super::channels::{note, set_state};
use super::read::{Entry, addressee, notices_of, to_do};
use super::{Quiet, Target, queries};
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::{AlertId, OrganizationId};
use crate::language::{Language, deceives};

/// Who stands in the log for what becomes of notices.
const ACTOR: &str = "notifier";

/// Longest reason of a failure that is kept, in characters: part of it may be what a receiver said.
const MAX_ERROR_CHARS: usize = 300;

/// The hour of `most_per_hour`.
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// A channel as whoever sends needs it.
#[derive(Clone)]
pub struct Addressee {
    /// The channel.
    pub channel: String,
    /// What people call it.
    pub name: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What people call that.
    pub organization_name: String,
    /// The language that it is told in.
    pub language: Language,
    /// How it is told.
    pub kind: ChannelKind,
    /// Where it leads.
    pub target: Target,
    /// What webhooks are signed with.
    pub secret: String,
    /// When only what is critical is told.
    pub quiet: Quiet,
    /// How many messages an hour.
    pub most_per_hour: u32,
}

impl fmt::Debug for Addressee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Addressee")
            .field("channel", &self.channel)
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

/// A notice that waits for a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What the receiver knows it by.
    pub id: String,
    /// Whether it was held back.
    pub is_held: bool,
    /// What there is to tell.
    pub kind: NoticeKind,
    /// What it is about; none of a test.
    pub alert: Option<AlertId>,
    /// How urgent it is.
    pub severity: Severity,
    /// What is new.
    pub subject: String,
    /// When it was written.
    pub at: Timestamp,
}

/// What is to be done next for a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// These are told, as one message if they are several. Their places in the list.
    Tell(Vec<usize>),
    /// Everything is held back until then.
    Hold(Timestamp),
}

/// One message that was taken up: whoever took it has it alone for a while.
#[derive(Clone, Debug)]
pub struct Message {
    /// What the receiver knows it by, at each try the same.
    pub id: String,
    /// The notices, in order.
    pub notices: Vec<Waiting>,
    /// Which try it is, from 1.
    pub attempt: u32,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sending {
    /// The receiver took it; the words are of what went wrong nevertheless, or empty.
    Sent(String),
    /// It is tried again then, because of this.
    Again(Timestamp, String),
    /// It is not tried again, because of this.
    GivenUp(String),
    /// Nor is anything else sent there, until a person says so.
    Gone(String),
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WaitingNotices {
    /// How many, those that are held back included.
    pub count: u32,
    /// Since when the oldest waits that is not held back.
    pub oldest: Option<Timestamp>,
}

impl Registry {
    /// Channels for which something can be done now, with their organizations: those first whose notices have waited
    /// longest.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn due_channels(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<(String, String)>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::DUE_CHANNELS)?;
        let rows =
            statement.query_map(params![now.0, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Takes up the next message for a channel: the one that was taken up before and did not arrive, or what `plan`
    /// says, which is handed what waits and when something was told within the last hour. Nobody else takes the
    /// message up for as long as `lease`.
    ///
    /// # Errors
    /// [`RegistryError`] if SQLite refuses, or holds what this program did not write.
    pub fn take_message(
        &self,
        channel: &str,
        (now, lease): (Timestamp, Duration),
        plan: impl FnOnce(&Addressee, &[Waiting], &[Timestamp]) -> Next,
    ) -> Result<Option<(Addressee, Message)>, RegistryError> {
        self.change(|change, _journal| {
            let Some(addressee) = addressee(change, channel)? else {
                return Ok(None);
            };
            let rows = to_do(change, channel)?;
            let first = rows.first().and_then(|row| row.message.clone());
            let (id, notices) = match first {
                Some(_)
                    if rows
                        .iter()
                        .any(|row| row.message.is_some() && row.next_at > now.0) =>
                {
                    return Ok(None);
                }
                Some(message) => {
                    let of_message = rows
                        .into_iter()
                        .filter(|it| it.message.as_ref() == Some(&message));
                    (message.clone(), of_message.collect())
                }
                None => match pick(change, &addressee, rows, (now, plan))? {
                    Some(picked) => picked,
                    None => return Ok(None),
                },
            };
            let attempt = notices
                .iter()
                .map(|row: &Entry| row.attempts)
                .max()
                .unwrap_or(0)
                + 1;
            let until = later(now, lease);
            let mut take = change.prepare_cached(queries::TAKE)?;
            for row in &notices {
                take.execute(params![row.waiting.id, id, until.0])?;
            }
            let notices = notices.into_iter().map(|row| row.waiting).collect();
            Ok(Some((
                addressee,
                Message {
                    id,
                    notices,
                    attempt,
                },
            )))
        })
    }

    /// Writes down what became of a message.
    ///
    /// # Errors
    /// [`RegistryError`] if SQLite refuses.
    pub fn record_message(
        &self,
        addressee: &Addressee,
        message: &Message,
        outcome: &Sending,
    ) -> Result<(), RegistryError> {
        let id = message.id.as_str();
        self.change(|change, journal| {
            let why = match outcome {
                Sending::Sent(error) => {
                    let values = params![id, journal.at(), brief(error)];
                    change.execute(queries::SENT, values)?;
                    return Ok(());
                }
                Sending::Again(at, error) => {
                    change.execute(queries::TRY_AGAIN, params![id, at.0, brief(error)])?;
                    return Ok(());
                }
                Sending::GivenUp(error) | Sending::Gone(error) => brief(error),
            };
            if change.execute(queries::GIVE_UP, [id, &why])? == 0 {
                return Ok(());
            }
            let notices = notices_of(change, id)?;
            let (organization, channel) = (&addressee.organization, addressee.channel.as_str());
            let detail = json!({ "notices": notices, "why": why });
            note(
                journal,
                ACTOR,
                ("notice.given-up", organization, channel),
                detail,
            )?;
            if matches!(outcome, Sending::Gone(_)) {
                set_state(change, channel, false, &why)?;
                let detail = json!({ "why": why });
                note(
                    journal,
                    ACTOR,
                    ("channel.paused", organization, channel),
                    detail,
                )?;
            }
            Ok(())
        })
    }

    /// How much waits on channels that are active.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn waiting_notices(&self) -> Result<WaitingNotices, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::WAITING)?;
        Ok(statement.query_row([], |row| {
            Ok(WaitingNotices {
                count: row.get(0)?,
                oldest: row.get::<_, Option<i64>>(1)?.map(Timestamp),
            })
        })?)
    }

    /// Deletes notices from before then for which nothing is left to do.
    ///
    /// # Errors
    /// [`RegistryError`] if SQLite refuses.
    pub fn prune_notices(&self, before: Timestamp) -> Result<usize, RegistryError> {
        self.change(|change, _journal| Ok(change.execute(queries::PRUNE, [before.0])?))
    }
}

/// The beginning of a reason, on one line.
fn brief(why: &str) -> String {
    let plain = |c: char| if deceives(c) { ' ' } else { c };
    why.chars().take(MAX_ERROR_CHARS).map(plain).collect()
}

/// A moment that much later.
fn later(at: Timestamp, span: Duration) -> Timestamp {
    let ms = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    Timestamp(at.0.saturating_add(ms))
}

/// What is told next of what nobody has taken up, and under which name.
fn pick(
    change: &Transaction<'_>,
    addressee: &Addressee,
    rows: Vec<Entry>,
    (now, plan): (
        Timestamp,
        impl FnOnce(&Addressee, &[Waiting], &[Timestamp]) -> Next,
    ),
) -> Result<Option<(String, Vec<Entry>)>, RegistryError> {
    if rows.is_empty() {
        return Ok(None);
    }
    let mut statement = change.prepare_cached(queries::TOLD_SINCE)?;
    let since = now.minus(HOUR).0;
    let told = statement.query_map(params![addressee.channel, since], |row| row.get(0))?;
    let told: Vec<Timestamp> = told.map(|at| at.map(Timestamp)).collect::<Result<_, _>>()?;
    let waiting: Vec<Waiting> = rows.iter().map(|row| row.waiting.clone()).collect();
    match plan(addressee, &waiting, &told) {
        Next::Hold(until) => {
            change.execute(queries::HOLD, params![addressee.channel, until.0])?;
            Ok(None)
        }
        Next::Tell(places) => {
            let picked = rows.into_iter().enumerate();
            let picked = picked.filter(|(place, _)| places.contains(place));
            let picked: Vec<Entry> = picked.map(|(_, row)| row).collect();
            let id = picked.first().map(|row| row.waiting.id.clone());
            Ok(id.map(|id| (id, picked)))
        }
    }
}
