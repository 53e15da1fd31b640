//! Rows of the outbox, read: whom it goes to, and what waits.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use serde_json::{Value, json};

use super::super::error::RegistryError;
use super::super::tokens::owner;
use super::announce::{NoticeKind, severity};
use super::channels::kind_of;
use super::deliveries::{Addressee, Waiting};
use super::{Quiet, Target, queries};
use crate::clock::Timestamp;
use crate::language::Language;

/// Most that is looked at of what waits for a channel; the rest follows.
const MOST_LOOKED_AT: u32 = 200;

/// One that waits, and how far it is.
pub(super) struct Entry {
    pub(super) waiting: Waiting,
    pub(super) message: Option<String>,
    pub(super) attempts: u32,
    pub(super) next_at: i64,
}

pub(super) fn addressee(
    change: &Transaction<'_>,
    channel: &str,
) -> Result<Option<Addressee>, RegistryError> {
    let mut statement = change.prepare_cached(queries::ADDRESSEE)?;
    let read = |row: &Row<'_>| Ok(read_addressee(row, channel));
    statement.query_row([channel], read).optional()?.transpose()
}

fn read_addressee(row: &Row<'_>, channel: &str) -> Result<Addressee, RegistryError> {
    let (organization, kind, language): (String, String, String) =
        (row.get(0)?, row.get(1)?, row.get(10)?);
    let kind = kind_of(&kind)?;
    let damaged = || RegistryError::Damaged(format!("language {language}"));
    Ok(Addressee {
        channel: channel.to_owned(),
        name: row.get(2)?,
        organization: owner(&organization)?,
        organization_name: row.get(9)?,
        language: Language::of_tag(&language).ok_or_else(damaged)?,
        kind,
        target: Target::of_column(kind, &row.get::<_, String>(3)?)?,
        secret: row.get(4)?,
        quiet: Quiet {
            from: row.get(5)?,
            to: row.get(6)?,
            offset: row.get(7)?,
        },
        most_per_hour: row.get(8)?,
    })
}

pub(super) fn to_do(change: &Transaction<'_>, channel: &str) -> Result<Vec<Entry>, RegistryError> {
    let mut statement = change.prepare_cached(queries::TO_DO)?;
    let mut rows = statement.query(params![channel, MOST_LOOKED_AT])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, alert, urgency): (String, String, String) =
            (row.get(5)?, row.get(6)?, row.get(7)?);
        let damaged = |what: &str| RegistryError::Damaged(format!("notice about {what}"));
        let alert = (!alert.is_empty())
            .then(|| alert.parse().map_err(|_invalid| damaged(&alert)))
            .transpose()?;
        found.push(Entry {
            waiting: Waiting {
                id: row.get(0)?,
                is_held: row.get::<_, String>(1)? == "held",
                kind: NoticeKind::of_word(&kind).ok_or_else(|| damaged(&kind))?,
                alert,
                severity: severity(&urgency)?,
                subject: row.get(8)?,
                at: Timestamp(row.get(9)?),
            },
            message: row.get(2)?,
            attempts: row.get(3)?,
            next_at: row.get(4)?,
        });
    }
    Ok(found)
}

pub(super) fn notices_of(change: &Transaction<'_>, message: &str) -> Result<Value, RegistryError> {
    let mut statement = change.prepare_cached(queries::NOTICES_OF)?;
    let notices = statement.query_map([message], |row| row.get(0))?;
    let notices: Vec<i64> = notices.collect::<Result<_, _>>()?;
    Ok(json!(notices))
}
