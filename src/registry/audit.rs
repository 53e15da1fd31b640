//! The audit log: each entry's hash covers the entry before, so a change in the past shows.

use rusqlite::{Connection, OptionalExtension, Row, Rows, params};

use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::{OPERATOR, OrganizationId};

/// Most entries on one page.
pub const MAX_AUDIT_PAGE: u32 = 1000;

/// The end of the log. Kept elsewhere, it proves that nothing was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// Entries in the log.
    pub entries: u64,
    /// Hash of the last; zeros if there is none.
    pub hash: [u8; 32],
}

/// An entry as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number in the log of the installation, from 1.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// Whose log it belongs in.
    pub organization: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What else is worth knowing.
    pub detail: serde_json::Value,
    /// Its hash, which covers the entry before.
    pub hash: [u8; 32],
}

/// Which entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this organization, and of the installation about sites that it sees; not set: all.
    pub organization: Option<OrganizationId>,
    /// With a number above this.
    pub above: Option<u64>,
    /// With a number below this.
    pub below: Option<u64>,
    /// The oldest first instead of the newest.
    pub oldest_first: bool,
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

    /// Entries of the log, at most `limit` and [`MAX_AUDIT_PAGE`].
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn audit(
        &self,
        filter: &AuditFilter,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, RegistryError> {
        let number = |bound: u64| i64::try_from(bound).unwrap_or(i64::MAX);
        let sql = match filter.oldest_first {
            true => queries::OLDEST_ENTRIES,
            false => queries::NEWEST_ENTRIES,
        };
        let connection = self.lock();
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![
            filter.organization.as_ref().map(OrganizationId::as_str),
            number(filter.above.unwrap_or(0)),
            number(filter.below.unwrap_or(u64::MAX)),
            limit.clamp(1, MAX_AUDIT_PAGE),
        ])?;
        shown(&mut rows)
    }
}

/// Entries as readers see them.
pub(super) fn shown(rows: &mut Rows<'_>) -> Result<Vec<AuditEntry>, RegistryError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Entry::read(row)?.shown()?);
    }
    Ok(found)
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

    fn shown(self) -> Result<AuditEntry, RegistryError> {
        let seq = self.seq;
        let damaged = |what: String| RegistryError::Damaged(format!("audit entry {seq}: {what}"));
        Ok(AuditEntry {
            seq: u64::try_from(seq).map_err(|e| damaged(e.to_string()))?,
            at: Timestamp(self.at),
            actor: self.actor,
            organization: self.organization.unwrap_or_else(|| OPERATOR.to_owned()),
            action: self.action,
            subject: self.subject,
            detail: serde_json::from_str(&self.detail).map_err(|e| damaged(e.to_string()))?,
            hash: self.hash,
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
