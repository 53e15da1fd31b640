//! A query of the operator's own, word for word, without the right to change anything.

use bytes::Bytes;
use clickhouse::query::BytesCursor;

use super::client::{Store, within};
use super::error::StoreError;

/// The answer to a query of one's own, piece by piece, in the format that was asked for.
pub struct RawAnswer {
    cursor: BytesCursor,
    patience: std::time::Duration,
}

impl std::fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawAnswer").finish_non_exhaustive()
    }
}

impl RawAnswer {
    pub(super) fn of(cursor: BytesCursor, patience: std::time::Duration) -> Self {
        Self { cursor, patience }
    }

    /// The next piece; none at the end. Each is waited for no longer than the whole may take.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse refuses the query, or breaks off in the midst of the answer.
    pub async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        within(self.patience, self.cursor.next()).await
    }
}

impl Store {
    /// Asks ClickHouse in the operator's own words. Reads only; sees everything, so it is for the
    /// operator's shell and for no door.
    ///
    /// # Errors
    /// [`StoreError::Format`] if `format` is not one plain word; why ClickHouse refuses comes with the
    /// first piece.
    pub fn raw(&self, query: &str, format: &str) -> Result<RawAnswer, StoreError> {
        let plain = format.bytes().all(|b| b.is_ascii_alphanumeric());
        if format.is_empty() || format.len() > 64 || !plain {
            return Err(StoreError::Format(format.to_owned()));
        }
        let cursor = self.reader().query_raw(query).fetch_bytes(format)?;
        Ok(RawAnswer::of(cursor, self.read_timeout))
    }
}
