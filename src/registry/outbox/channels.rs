//! Channels: made, listed, changed, paused, removed, tried out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde_json::{Value, json};

use super::super::caller::Author;
use super::super::database::{Deed, Journal, Registry};
use super::super::error::RegistryError;
use super::super::organizations::require;
use super::super::tokens::{owner, random};
use super::announce::{Announcement, NoticeKind, severity};
use super::channel::{
    Channel, ChannelKind, ChannelRequest, ChannelRules, MAX_CHANNELS, SECRET_PREFIX,
};
use super::{Quiet, Target, queries};
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::OrganizationId;

/// Random bytes in a signing secret.
const SECRET_BYTES: usize = 32;

impl Registry {
    /// Makes a channel for an organization: its id and, of a webhook, the secret that it is signed with, which is
    /// shown nowhere else.
    ///
    /// # Errors
    /// [`RegistryError::NoOrganization`], [`RegistryError::Field`], [`RegistryError::TooManyChannels`].
    pub fn add_channel(
        &self,
        organization: &OrganizationId,
        request: &ChannelRequest,
        author: &Author,
    ) -> Result<(String, Option<String>), RegistryError> {
        let rules = request.rules.checked()?;
        let is_mail = matches!(request.target, Target::Mail(_));
        if is_mail != (request.kind == ChannelKind::Mail) {
            return Err(RegistryError::Field("target: not of this kind".into()));
        }
        let is_signed = request.kind == ChannelKind::Webhook;
        let secret = is_signed.then(new_secret).transpose()?;
        let id = random::<9>()?;
        self.change(|change, journal| {
            require(change, organization)?;
            let standing: u32 =
                change.query_row(queries::CHANNEL_COUNT, [organization.as_str()], |row| {
                    row.get(0)
                })?;
            if standing >= MAX_CHANNELS {
                return Err(RegistryError::TooManyChannels(organization.clone()));
            }
            change.execute(
                queries::ADD_CHANNEL,
                params![
                    id,
                    organization.as_str(),
                    request.kind.as_str(),
                    rules.name,
                    request.target.column(),
                    secret.as_deref().unwrap_or_default(),
                    rules.least.as_str(),
                    rules.quiet.from,
                    rules.quiet.to,
                    rules.quiet.offset,
                    rules.most_per_hour,
                    author.name(),
                    journal.at(),
                ],
            )?;
            let mut detail = told(&rules);
            detail["kind"] = request.kind.as_str().into();
            detail["target"] = request.target.shown().into();
            note(
                journal,
                author.name(),
                ("channel.added", organization, &id),
                detail,
            )
        })?;
        Ok((id, secret))
    }

    /// The channels of an organization, in the order in which they were made.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn channels(&self, organization: &OrganizationId) -> Result<Vec<Channel>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::CHANNELS)?;
        let mut rows = statement.query([organization.as_str()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    /// Changes what a channel tells of. Where it leads stays: that is another channel.
    ///
    /// # Errors
    /// [`RegistryError::NoChannel`], [`RegistryError::Field`].
    pub fn change_channel(
        &self,
        (organization, id): (&OrganizationId, &str),
        rules: &ChannelRules,
        author: &Author,
    ) -> Result<(), RegistryError> {
        let rules = rules.checked()?;
        self.change(|change, journal| {
            if one(change, organization, id)?.rules == rules {
                return Ok(());
            }
            let values = params![
                organization.as_str(),
                id,
                rules.name,
                rules.least.as_str(),
                rules.quiet.from,
                rules.quiet.to,
                rules.quiet.offset,
                rules.most_per_hour,
            ];
            change.execute(queries::CHANGE_CHANNEL, values)?;
            note(
                journal,
                author.name(),
                ("channel.changed", organization, id),
                told(&rules),
            )
        })
    }

    /// Pauses a channel, or lets it go on. What comes while it is paused waits.
    ///
    /// # Errors
    /// [`RegistryError::NoChannel`].
    pub fn set_channel_active(
        &self,
        (organization, id): (&OrganizationId, &str),
        is_active: bool,
        author: &Author,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            if one(change, organization, id)?.is_active == is_active {
                return Ok(());
            }
            set_state(change, id, is_active, "")?;
            let action = if is_active {
                "channel.resumed"
            } else {
                "channel.paused"
            };
            note(
                journal,
                author.name(),
                (action, organization, id),
                json!({}),
            )
        })
    }

    /// Removes a channel, with all that was on its way to it.
    ///
    /// # Errors
    /// [`RegistryError::NoChannel`].
    pub fn remove_channel(
        &self,
        (organization, id): (&OrganizationId, &str),
        author: &Author,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            if change.execute(queries::REMOVE_CHANNEL, [organization.as_str(), id])? == 0 {
                return Err(RegistryError::NoChannel);
            }
            note(
                journal,
                author.name(),
                ("channel.removed", organization, id),
                json!({}),
            )
        })
    }

    /// Sends a test on its way to a channel, whatever it tells of otherwise.
    ///
    /// # Errors
    /// [`RegistryError::NoChannel`].
    pub fn test_channel(
        &self,
        (organization, id): (&OrganizationId, &str),
        author: &Author,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            one(change, organization, id)?;
            let test = Announcement {
                organization: organization.as_str(),
                alert: None,
                kind: NoticeKind::Test,
                severity: Severity::Low,
                subject: author.name(),
            };
            journal.announce_to(&test, Some(id))?;
            note(
                journal,
                author.name(),
                ("channel.tested", organization, id),
                json!({}),
            )
        })
    }
}

/// Active or paused, within a change.
pub(super) fn set_state(
    change: &Transaction<'_>,
    id: &str,
    is_active: bool,
    why: &str,
) -> Result<(), RegistryError> {
    let state = if is_active { "active" } else { "paused" };
    change.execute(queries::SET_CHANNEL_STATE, [id, state, why])?;
    Ok(())
}

/// Writes down who did what to a channel.
pub(super) fn note(
    journal: &mut Journal<'_>,
    actor: &str,
    (action, organization, id): (&'static str, &OrganizationId, &str),
    detail: Value,
) -> Result<(), RegistryError> {
    journal.note(&Deed {
        actor,
        organization: organization.as_str(),
        action,
        subject: id,
        detail,
    })
}

fn told(rules: &ChannelRules) -> Value {
    let quiet = rules.quiet;
    json!({
        "name": rules.name, "least": rules.least.as_str(), "most_per_hour": rules.most_per_hour,
        "quiet": { "from": quiet.from, "to": quiet.to, "offset": quiet.offset },
    })
}

fn new_secret() -> Result<String, RegistryError> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(RegistryError::Random)?;
    Ok(format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes)))
}

fn one(
    connection: &Connection,
    organization: &OrganizationId,
    id: &str,
) -> Result<Channel, RegistryError> {
    let mut statement = connection.prepare_cached(queries::CHANNEL)?;
    let found = statement
        .query_row([organization.as_str(), id], |row| Ok(read(row)))
        .optional()?;
    found.unwrap_or(Err(RegistryError::NoChannel))
}

fn read(row: &Row<'_>) -> Result<Channel, RegistryError> {
    let (organization, kind, least): (String, String, String) =
        (row.get(1)?, row.get(2)?, row.get(5)?);
    let kind = kind_of(&kind)?;
    Ok(Channel {
        id: row.get(0)?,
        organization: owner(&organization)?,
        kind,
        target: Target::of_column(kind, &row.get::<_, String>(4)?)?,
        rules: ChannelRules {
            name: row.get(3)?,
            least: severity(&least)?,
            quiet: Quiet {
                from: row.get(6)?,
                to: row.get(7)?,
                offset: row.get(8)?,
            },
            most_per_hour: row.get(9)?,
        },
        is_active: row.get::<_, String>(10)? == "active",
        paused_why: row.get(11)?,
        actor: row.get(12)?,
        created_at: Timestamp(row.get(13)?),
        waiting: row.get(14)?,
        given_up: row.get(15)?,
        sent_at: row.get::<_, Option<i64>>(16)?.map(Timestamp),
        error: row.get(17)?,
    })
}

pub(super) fn kind_of(word: &str) -> Result<ChannelKind, RegistryError> {
    ChannelKind::of_word(word)
        .ok_or_else(|| RegistryError::Damaged(format!("kind of channel {word}")))
}
