//! The copy of the audit log. [`AuditRow`] is one entry of it.

use bytes::{BufMut as _, BytesMut};
use clickhouse::Row;
use serde::Deserialize;

use super::binary::{Column, put_header, put_text};
use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use crate::clock::Timestamp;

const COLUMNS: [Column; 8] = [
    ("seq", "UInt64"),
    ("at", "DateTime64(3, 'UTC')"),
    ("organization", "LowCardinality(String)"),
    ("actor", "String"),
    ("action", "LowCardinality(String)"),
    ("subject", "String"),
    ("detail", "String"),
    ("hash", "String"),
];

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, from 1.
    pub seq: u64,
    /// When it was written.
    pub at: Timestamp,
    /// Whose log it belongs in.
    pub organization: String,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// What else is worth knowing, as JSON.
    pub detail: String,
    /// Its hash in hexadecimal, which covers the entry before.
    pub hash: String,
}

/// The end of the copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Row, Deserialize)]
pub struct CopiedTo {
    /// Number of the last entry; 0 if there is none.
    pub seq: u64,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

impl Store {
    /// How far the audit log is copied.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn audit_copied_to(&self) -> Result<CopiedTo, StoreError> {
        let query = self.reader().query_raw(queries::AUDIT_HEAD);
        let rows = within(self.read_timeout, query.fetch_all::<CopiedTo>()).await?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    /// Whether there is a place for the copy: a database that nothing was written to yet has none.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn has_audit(&self) -> Result<bool, StoreError> {
        let query = self
            .server
            .query_raw(queries::HAS_AUDIT)
            .param("database", &self.database);
        let found: u64 = within(self.read_timeout, query.fetch_one()).await?;
        Ok(found > 0)
    }

    /// Adds entries to the copy. One that is there already stays there once.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not take them.
    pub async fn copy_audit(&self, rows: &[AuditRow]) -> Result<(), StoreError> {
        let mut body = BytesMut::new();
        put_header(&mut body, COLUMNS.iter());
        for row in rows {
            body.put_u64_le(row.seq);
            body.put_i64_le(row.at.0);
            for text in [
                &row.organization,
                &row.actor,
                &row.action,
                &row.subject,
                &row.detail,
                &row.hash,
            ] {
                put_text(&mut body, text);
            }
        }
        let sql = queries::insert("audit", &COLUMNS);
        let insert = self.client.insert_formatted_with(sql);
        self.send(insert, std::iter::once(body.freeze())).await
    }
}
