//! Whether all is well on the way here: what became of entries lately, and how soon it was stored.

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use super::stats::{Counts, Stats, Sum};
use crate::clock::Timestamp;
use crate::scope::Scope;

/// Most collectors of one answer.
pub const MAX_FEEDING: u32 = 50;

/// Most sites of one answer.
pub const MAX_BUSY: u32 = 100;

/// Counts have the hour of their receipt.
const SINCE_HOUR: &str = "hour >= toStartOfHour(fromUnixTimestamp64Milli({since:Int64}, 'UTC'))";

/// A collector that delivered something.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct Feeding {
    /// Its id.
    pub collector: String,
    /// Segments of it.
    pub segments: u64,
    /// Reports in them.
    pub reports: u64,
    /// Last receipt in them, in milliseconds since 1970.
    pub newest: i64,
    /// Milliseconds from receipt until it was stored, for 99 of 100 segments.
    pub slow: i64,
}

/// What became of the entries of a site.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct BusySite {
    /// Which site; empty for what belongs to none.
    pub site: String,
    /// Entries with a row.
    pub stored: u64,
    /// Entries over a limit.
    pub folded: u64,
    /// Entries that were not kept.
    pub discarded: u64,
    /// Submissions that were not acknowledged.
    pub refused: u64,
}

/// Entries of one outcome, at whatever site.
#[derive(Debug, Row, Deserialize)]
struct OfAll {
    outcome: String,
    reason: String,
    entries: u64,
}

impl From<OfAll> for Sum {
    fn from(all: OfAll) -> Self {
        Self {
            site: String::new(),
            outcome: all.outcome,
            reason: all.reason,
            entries: all.entries,
        }
    }
}

impl Store {
    /// What became of the entries in scope since the hour of a moment.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn outcomes(&self, scope: &Scope, since: Timestamp) -> Result<Counts, StoreError> {
        let mut conditions = self.within(scope).await?;
        conditions.number(SINCE_HOUR, "since", Some(since.0));
        let sql = format!(
            "{}{}\n    GROUP BY outcome, reason",
            queries::OUTCOMES,
            conditions.clause()
        );
        let query = conditions.fill(self.reader().query_raw(&sql));
        let sums = within(self.read_timeout, query.fetch_all::<OfAll>()).await?;
        let sums = sums.into_iter().map(Sum::from);
        Ok(sums.fold(Stats::default(), Stats::with).total)
    }

    /// The sites in scope with the most entries since the hour of a moment.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn busy_sites(
        &self,
        scope: &Scope,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<BusySite>, StoreError> {
        let mut conditions = self.within(scope).await?;
        conditions.number(SINCE_HOUR, "since", Some(since.0));
        let sql = format!(
            "{}{}{}",
            queries::BUSY_SITES,
            conditions.clause(),
            queries::BY_ENTRIES
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("limit", limit.clamp(1, MAX_BUSY));
        within(self.read_timeout, query.fetch_all::<BusySite>()).await
    }

    /// The collectors that took something in and delivered it since a moment, the latest first. Segments are of all sites together: this is for
    /// whoever runs the installation.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn feeding(&self, since: Timestamp) -> Result<Vec<Feeding>, StoreError> {
        let query = self
            .reader()
            .query_raw(queries::FEEDING)
            .param("since", since.0)
            .param("limit", MAX_FEEDING);
        within(self.read_timeout, query.fetch_all::<Feeding>()).await
    }
}
