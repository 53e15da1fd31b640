//! The audit log: each entry's hash covers the entry before, so a change in the past shows.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::queries;

/// The end of the log. Kept elsewhere, it proves that nothing was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Entries in the log.
    pub entries: u64,
    /// Hash of the last; zeros if there is none.
    pub hash: [u8; 32],
}

struct Entry {
    seq: i64,
    at: i64,
    actor: String,
    action: String,
    subject: String,
    detail: String,
    prev_hash: [u8; 32],
    hash: [u8; 32],
    /// None in entries from before there were organizations.
    organization: Option<String>,
}

impl Registry {
    /// Reads the log from its beginning and checks every hash.
    ///
    /// # Errors
    /// [`RegistryError::Audit`] names the first entry that does not fit.
    pub fn audit_verify(&self) -> Result<AuditHead, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare(queries::ENTRIES)?;
        let mut rows = statement.query([])?;
        let mut head = AuditHead {
            entries: 0,
            hash: [0; 32],
        };
        while let Some(row) = rows.next()? {
            let entry = Entry::read(row)?;
            head.entries += 1;
            entry.check(&head)?;
            head.hash = entry.hash;
        }
        Ok(head)
    }
}

/// Adds an entry to the end of the log, within the caller's transaction.
pub(super) fn append(
    connection: &Connection,
    at: i64,
    deed: &Deed<'_>,
) -> Result<(), RegistryError> {
    let last = connection
        .prepare_cached(queries::LAST_ENTRY)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (last, prev_hash): (i64, [u8; 32]) = last.unwrap_or((0, [0; 32]));
    let mut entry = Entry {
        seq: last + 1,
        at,
        actor: deed.actor.to_owned(),
        action: deed.action.to_owned(),
        subject: deed.subject.to_owned(),
        detail: deed.detail.to_string(),
        prev_hash,
        hash: [0; 32],
        organization: Some(deed.organization.to_owned()),
    };
    entry.hash = entry.digest();
    connection
        .prepare_cached(queries::ADD_ENTRY)?
        .execute(params![
            entry.seq,
            entry.at,
            entry.actor,
            entry.action,
            entry.subject,
            entry.detail,
            entry.prev_hash,
            entry.hash,
            entry.organization
        ])?;
    Ok(())
}

impl Entry {
    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            action: row.get(3)?,
            subject: row.get(4)?,
            detail: row.get(5)?,
            prev_hash: row.get(6)?,
            hash: row.get(7)?,
            organization: row.get(8)?,
        })
    }

    /// `head` counts this entry already, and has the hash of the one before.
    fn check(&self, head: &AuditHead) -> Result<(), RegistryError> {
        let wrong = |what| {
            Err(RegistryError::Audit {
                seq: self.seq,
                what,
            })
        };
        if u64::try_from(self.seq) != Ok(head.entries) {
            return wrong("an entry before it is missing");
        }
        if self.prev_hash != head.hash {
            return wrong("it does not follow the entry before");
        }
        if self.hash != self.digest() {
            return wrong("it was changed after it was written");
        }
        Ok(())
    }

    /// Texts go in with their lengths, so that no two entries look alike.
    fn digest(&self) -> [u8; 32] {
        let mut hasher = match &self.organization {
            None => blake3::Hasher::new_derive_key("skimwatch audit log v1"),
            Some(organization) => {
                let mut hasher = blake3::Hasher::new_derive_key("skimwatch audit log v2");
                hasher.update(&(organization.len() as u64).to_le_bytes());
                hasher.update(organization.as_bytes());
                hasher
            }
        };
        hasher.update(&self.prev_hash);
        hasher.update(&self.seq.to_le_bytes());
        hasher.update(&self.at.to_le_bytes());
        for text in [&self.actor, &self.action, &self.subject, &self.detail] {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}
