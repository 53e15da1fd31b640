//! How much comes in, now and over time; how many sites it comes from.

use std::time::Duration;

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use crate::clock::Timestamp;
use crate::scope::Scope;

/// Most slices of one answer.
pub const MAX_SLICES: u32 = 2000;

/// Condition on the moment of receipt.
pub(super) const SINCE: &str = "received_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')";

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

/// Reports of a slice of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct Slice {
    /// Where it begins, in milliseconds since 1970: a multiple of the step.
    pub at: i64,
    /// Reports in it; never none, because empty slices are left out.
    pub reports: u64,
}

/// Reports of the last minute, the last hour, the last 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Row, Deserialize)]
pub struct Recent {
    /// In the last minute.
    pub minute: u64,
    /// In the last hour.
    pub hour: u64,
    /// In the last 24 hours.
    pub day: u64,
}

/// Sites that have ever reported, by whether they still do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Row, Deserialize)]
pub struct Coverage {
    /// Something came within 24 hours.
    pub sending: u64,
    /// Nothing came for longer than that, and for ten times as long as between two reports on average.
    pub silent: u64,
    /// Nothing came, but nothing may have been to report.
    pub unclear: u64,
}

impl Store {
    /// How much came in lately, in scope.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn recent(&self, scope: &Scope, now: Timestamp) -> Result<Recent, StoreError> {
        let mut conditions = self.within(scope).await?;
        conditions.number(SINCE, "since", Some(now.minus(DAY).0));
        let sql = format!("{}{}", queries::RECENT, conditions.clause());
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("minute", now.minus(MINUTE).0)
            .param("hour", now.minus(HOUR).0);
        within(self.read_timeout, query.fetch_one::<Recent>()).await
    }

    /// How many sites in scope report, and how many do no longer.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn coverage(&self, scope: &Scope, now: Timestamp) -> Result<Coverage, StoreError> {
        let conditions = self.within(scope).await?;
        let sql = queries::coverage(&conditions.clause());
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("now", now.0);
        within(self.read_timeout, query.fetch_one::<Coverage>()).await
    }
}

/// At least one: nothing is divided by zero.
pub(super) fn milliseconds(step: Duration) -> i64 {
    i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1)
}
