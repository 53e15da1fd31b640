//! Erasures, written down before anything is erased. [`Recorded`] is one of them.
//!
//! They are found again for as long as something that they cover may come in late.

use rusqlite::{Connection, Transaction, params};
use serde_json::json;

use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::queries;
use crate::clock::Timestamp;
use crate::erasure::{Erasure, Target};
use crate::ids::OPERATOR;

/// An erasure that was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its number, from 1.
    pub id: i64,
    /// Whose data, and up to when.
    pub erasure: Erasure,
    /// Whether ClickHouse was found to hold nothing of it since.
    pub is_applied: bool,
}

impl Registry {
    /// The erasures asked for at `since` or later whose target is known, oldest first.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn erasures(&self, since: Timestamp) -> Result<Vec<Recorded>, RegistryError> {
        read(&self.lock(), since)
    }

    /// The number of the newest erasure; 0 if there is none.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn newest_erasure(&self) -> Result<i64, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::NEWEST_ERASURE)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// ClickHouse holds nothing of it now; `rows` of each table were erased for that, or `None`. The audit log says
    /// so the first time, and whenever something had come in late.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be written.
    pub fn erasure_applied(
        &self,
        id: i64,
        rows: Option<&serde_json::Value>,
        actor: &str,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            let is_first = change.execute(queries::APPLY_ERASURE, params![id, journal.at()])? > 0;
            if !is_first && rows.is_none() {
                return Ok(());
            }
            journal.note(&Deed {
                actor,
                organization: OPERATOR,
                action: "erasure.applied",
                subject: &id.to_string(),
                detail: json!({ "rows": rows }),
            })
        })
    }

    /// Forgets the pseudonyms of clients whose erasure was asked for before then. How many those were.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be written.
    pub fn forget_clients(&self, before: Timestamp) -> Result<usize, RegistryError> {
        Ok(self.lock().execute(queries::FORGET_CLIENTS, [before.0])?)
    }

    /// Whether an erasure asked for at `since` or later is of a client whose pseudonym is forgotten.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn has_forgotten_client(&self, since: Timestamp) -> Result<bool, RegistryError> {
        let connection = self.lock();
        Ok(connection.query_row(queries::HAS_FORGOTTEN, [since.0], |row| row.get(0))?)
    }
}

/// The erasures asked for at `since` or later whose target is known, oldest first, as a change sees them.
///
/// # Errors
/// [`RegistryError`] if the file cannot be read.
pub(crate) fn read(
    connection: &Connection,
    since: Timestamp,
) -> Result<Vec<Recorded>, RegistryError> {
    let mut statement = connection.prepare_cached(queries::ERASURES)?;
    let mut rows = statement.query([since.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, name): (String, String) = (row.get(1)?, row.get(2)?);
        let target = Target::of_words(&kind, &name)
            .ok_or_else(|| RegistryError::Damaged(format!("an erasure of a {kind}")))?;
        found.push(Recorded {
            id: row.get(0)?,
            erasure: Erasure {
                target,
                until: Timestamp(row.get(3)?),
            },
            is_applied: row.get(4)?,
        });
    }
    Ok(found)
}

/// Writes an erasure down, within a change, with what it was found to cover. A client stands in the audit log
/// without its name: that log is never changed.
///
/// # Errors
/// [`RegistryError`] if SQLite refuses.
pub(crate) fn record(
    change: &Transaction<'_>,
    journal: &mut super::Journal<'_>,
    erasure: &Erasure,
    (actor, mut detail): (&str, serde_json::Value),
) -> Result<i64, RegistryError> {
    let target = &erasure.target;
    change.execute(
        queries::ADD_ERASURE,
        params![target.kind(), target.name(), erasure.until.0],
    )?;
    let id = change.last_insert_rowid();
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("erasure".to_owned(), json!(id));
        detail.insert("until".to_owned(), json!(erasure.until.to_string()));
    }
    let (action, subject) = match target {
        Target::Site(site) => ("site.erased", site.as_str()),
        Target::Client(_) => ("client.erased", ""),
    };
    journal.note(&Deed {
        actor,
        organization: OPERATOR,
        action,
        subject,
        detail,
    })?;
    Ok(id)
}
