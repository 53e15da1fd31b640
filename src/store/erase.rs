//! Rows are erased: counted, deleted by mutations, counted again. [`Covered`] is what was found.
//!
//! The rules: what is there already is asked first, so that nothing is rewritten in vain, and one mutation at a
//! time is waited for. Commit marks stay: without its mark a segment could be inserted again.

use std::time::Duration;

use clickhouse::query::Query;

use super::client::{Store, within};
use super::cursors::MARGIN_MS;
use super::error::StoreError;
use super::queries::{self, Covering};
use crate::clock::Timestamp;
use crate::erasure::{Erasure, Target};

/// Longest wait for one count, which may read a whole column, and for ClickHouse to take a mutation on.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks at mutations that run.
const LOOK: Duration = Duration::from_millis(250);
/// How often rows may be found that came in while others were erased.
const MOST_ROUNDS: u32 = 3;

/// Rows that an erasure covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// Rows of `reports`.
    pub reports: u64,
    /// Receipt of the first and the last of these; the epoch if there are none.
    pub received: (Timestamp, Timestamp),
    /// Rows of `report_outcomes`.
    pub outcomes: u64,
    /// Rows of `canaries`.
    pub canaries: u64,
}

/// What is not finished of the mutations of the tables that are erased from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Mutations.
    pub mutations: u64,
    /// Parts of tables that are still to be written anew.
    pub parts: u64,
}

/// Segments that came in lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lately {
    /// First receipt in them; `None` if there are none.
    pub earliest: Option<Timestamp>,
    /// Marks set from then on are to be looked at next time.
    pub horizon: Timestamp,
}

impl Covered {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.reports + self.outcomes + self.canaries == 0
    }

    fn add(&mut self, other: &Self) {
        if other.reports > 0 {
            let (first, last) = other.received;
            let known = (self.reports > 0).then_some(self.received);
            let (from, to) = known.unwrap_or(other.received);
            self.received = (from.min(first), to.max(last));
        }
        self.reports += other.reports;
        self.outcomes += other.outcomes;
        self.canaries += other.canaries;
    }
}

impl Store {
    /// The rows that an erasure covers now; with a `horizon`, only those of segments whose marks were set since.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn covered(
        &self,
        erasure: &Erasure,
        horizon: Option<Timestamp>,
    ) -> Result<Covered, StoreError> {
        let mut covered = Covered::default();
        for table in tables(&erasure.target) {
            let late = horizon.map_or("", |_| queries::OF_LATE_SEGMENTS);
            let sql = format!("{}{}{late}", table.count, table.condition);
            let query = of_erasure(self.client.query_raw(&sql), erasure);
            let query = query.param("horizon", horizon.unwrap_or_default().0);
            let rows: (u64, i64, i64) = within(PATIENCE, query.fetch_one()).await?;
            match table.name {
                "reports" => {
                    covered.reports = rows.0;
                    covered.received = (Timestamp(rows.1), Timestamp(rows.2));
                }
                "report_outcomes" => covered.outcomes = rows.0,
                _ => covered.canaries = rows.0,
            }
        }
        Ok(covered)
    }

    /// Erases the rows that an erasure covers, and returns how many those were: when it returns, none is found
    /// any more. `told` hears how far a long rewrite is.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not do it now. It may go on with it; asking again is safe.
    pub async fn erase(
        &self,
        erasure: &Erasure,
        told: impl Fn(Unfinished),
    ) -> Result<Covered, StoreError> {
        let mut all = Covered::default();
        for _ in 0..MOST_ROUNDS {
            // Another one may be at the same.
            self.finish(&told).await?;
            let covered = self.covered(erasure, None).await?;
            if covered.is_empty() {
                return Ok(all);
            }
            all.add(&covered);
            self.mutate(erasure, &covered).await?;
        }
        Err(StoreError::Busy {
            code: 0,
            words: "rows to be erased come in while they are erased".to_owned(),
        })
    }

    /// What came in since: marks set at `horizon` or later.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn came_in(&self, horizon: Timestamp) -> Result<Lately, StoreError> {
        let query = self.reader().query_raw(queries::CAME_IN);
        let query = query.param("horizon", horizon.0).fetch_one();
        let (marks, earliest, newest): (u64, i64, i64) = within(self.read_timeout, query).await?;
        // A mark that was set before the newest one may be seen after it.
        let next = Timestamp(newest.saturating_sub(MARGIN_MS));
        Ok(Lately {
            earliest: (marks > 0).then_some(Timestamp(earliest)),
            horizon: next.max(horizon),
        })
    }

    async fn mutate(&self, erasure: &Erasure, covered: &Covered) -> Result<(), StoreError> {
        // Waiting for it in one request would end with a proxy's patience, or ClickHouse's.
        let client = self.client.clone().with_setting("mutations_sync", "0");
        for table in tables(&erasure.target) {
            let rows = match table.name {
                "reports" => covered.reports,
                "report_outcomes" => covered.outcomes,
                _ => covered.canaries,
            };
            if rows > 0 {
                let sql = format!("{}{}", table.delete, table.condition);
                let query = of_erasure(client.query_raw(&sql), erasure);
                within(PATIENCE, query.execute()).await?;
            }
        }
        Ok(())
    }

    /// Waits until no mutation of these tables is unfinished.
    async fn finish(&self, told: &impl Fn(Unfinished)) -> Result<(), StoreError> {
        loop {
            let query = self.reader().query_raw(queries::UNFINISHED);
            let query = within(self.read_timeout, query.fetch_one());
            let (mutations, parts, words): (u64, i64, String) = query.await?;
            if mutations == 0 {
                return Ok(());
            }
            // ClickHouse tries again by itself. Another mutation would only wait behind it.
            if !words.is_empty() {
                return Err(StoreError::mutation(&words));
            }
            told(Unfinished {
                mutations,
                parts: u64::try_from(parts).unwrap_or(0),
            });
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn tables(target: &Target) -> &'static [Covering] {
    match target {
        Target::Site(_) => &queries::OF_SITE,
        // Counts and canaries hold no client.
        Target::Client(_) => &queries::OF_CLIENT,
    }
}

fn of_erasure(query: Query, erasure: &Erasure) -> Query {
    let query = query.param("until", erasure.until.0);
    match &erasure.target {
        Target::Site(site) => query.param("site", site.as_str()),
        Target::Client(client) => query.param("client", client.get()),
    }
}
