//! A segment into ClickHouse: four inserts, the commit mark last.
//!
//! Each insert carries a token made from the segment's identity, so sending it again within the
//! deduplication window changes nothing. The window is finite: [`Attempt::Again`] asks first what is
//! there already, and then sends only the rest.

use std::collections::HashSet;

use bytes::Bytes;
use clickhouse::insert_formatted::InsertFormatted;

use super::client::{Store, within};
use super::conditions::of_segment;
use super::contents::{Attempt, Delivery};
use super::error::StoreError;
use super::queries;
use super::rows::{self, Rows};
use crate::ids::SegmentId;
use crate::metrics;

/// Settings of every insert: one block, durable when answered, however many months and retentions it
/// holds. The default is to refuse a block of more than 100 partitions.
const SETTINGS: [(&str, &str); 6] = [
    ("async_insert", "0"),
    ("insert_deduplicate", "1"),
    ("max_insert_block_size", "10000000"),
    ("min_insert_block_size_rows", "10000000"),
    ("min_insert_block_size_bytes", "0"),
    ("max_partitions_per_insert_block", "0"),
];

/// What a delivery did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// It is in now; this many rows were sent to `reports`.
    Inserted(u32),
    /// It was in already.
    AlreadyThere,
}

impl Store {
    /// Puts a segment in, whole. When it returns, ClickHouse has made it durable.
    ///
    /// # Errors
    /// [`StoreError`]; its [`remedy`](StoreError::remedy) says whether to try again or set it aside.
    /// Parts of the segment may be in: come back with [`Attempt::Again`].
    pub async fn deliver(&self, segment: &Delivery<'_>) -> Result<Delivered, StoreError> {
        let again = segment.attempt == Attempt::Again;
        if again && self.is_delivered(segment.id).await? {
            return Ok(Delivered::AlreadyThere);
        }
        self.insert(segment.id, rows::policies(segment)).await?;
        let known = if again {
            self.places(segment.id).await?
        } else {
            HashSet::new()
        };
        let reports = rows::reports(segment, &known);
        let sent = reports.count;
        self.insert(segment.id, reports).await?;
        if !again || self.count(queries::OUTCOMES_OF, segment.id).await? == 0 {
            self.insert(segment.id, rows::outcomes(segment)).await?;
        }
        self.insert(segment.id, rows::mark(segment)).await?;
        metrics::get().store_inserted_rows.inc_by(u64::from(sent));
        Ok(Delivered::Inserted(sent))
    }

    /// Whether the segment's commit mark is set.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn is_delivered(&self, id: SegmentId) -> Result<bool, StoreError> {
        Ok(self.count(queries::MARKS, id).await? > 0)
    }

    async fn count(&self, sql: &str, id: SegmentId) -> Result<u64, StoreError> {
        let query = of_segment(self.client.query_raw(sql), id);
        let answer = within(self.read_timeout, query.fetch_one()).await;
        answer.map_err(StoreError::of_question)
    }

    /// Which rows of the segment are in `reports`.
    async fn places(&self, id: SegmentId) -> Result<HashSet<u32>, StoreError> {
        let query = of_segment(self.client.query_raw(queries::PLACES), id);
        let places = within(self.read_timeout, query.fetch_all::<u32>()).await;
        let places = places.map_err(StoreError::of_question)?;
        Ok(places.into_iter().collect())
    }

    async fn insert(&self, id: SegmentId, rows: Rows<'_>) -> Result<(), StoreError> {
        if rows.count == 0 {
            return Ok(());
        }
        // The token comes from the identity, never from a file's name.
        let token = format!("{id}/{}", rows.table);
        let sql = queries::insert(rows.table, &rows.columns);
        let insert = self
            .client
            .insert_formatted_with(sql)
            .with_setting("insert_deduplication_token", token);
        self.send(insert, rows).await
    }

    /// Sends what is to be inserted. When it returns, ClickHouse has made it durable, as one block.
    pub(super) async fn send(
        &self,
        insert: InsertFormatted,
        chunks: impl Iterator<Item = Bytes>,
    ) -> Result<(), StoreError> {
        let settings = SETTINGS.into_iter();
        let insert = settings.fold(insert, |insert, (name, value)| {
            insert.with_setting(name, value)
        });
        // The wait for the answer is the insert's own: given up from outside, it would keep its connection, and
        // wait on without end.
        let mut insert = insert.with_timeouts(None, Some(self.insert_timeout));
        within(self.insert_timeout, async {
            for chunk in chunks {
                insert.send(chunk).await?;
            }
            Ok(())
        })
        .await?;
        Ok(insert.end().await?)
    }
}
