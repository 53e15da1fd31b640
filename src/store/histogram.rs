//! Reports over time, of any that a filter names.

use std::time::Duration;

use super::client::{Store, within};
use super::error::StoreError;
use super::filter::ReportFilter;
use super::intake::{MAX_SLICES, Slice, milliseconds};
use super::queries;
use super::spread::named;
use crate::clock::Timestamp;
use crate::scope::Scope;

/// Condition on the day of receipt, as the projection has it: the day of UTC.
const DAY_SINCE: &str = "toDate(received_at) >= toDate(intDiv({since:Int64}, 86400000))";

impl Store {
    /// Reports of a destination in scope by day, from the day of a moment on: from what is summed up, however many there are.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn daily(
        &self,
        scope: &Scope,
        destination: &str,
        since: Timestamp,
    ) -> Result<Vec<Slice>, StoreError> {
        let mut conditions = self.within(scope).await?;
        named(&mut conditions, &[destination]);
        conditions.number(DAY_SINCE, "since", Some(since.0));
        let sql = format!(
            "{}{}\n    GROUP BY toDate(received_at)\n    ORDER BY at\n    LIMIT {{limit:UInt32}}",
            queries::DAILY,
            conditions.clause()
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("limit", MAX_SLICES);
        within(self.read_timeout, query.fetch_all::<Slice>()).await
    }

    /// Reports in scope by slices of `step`. The filter's moments are what bounds it.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn histogram(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        step: Duration,
    ) -> Result<Vec<Slice>, StoreError> {
        let conditions = filter.within(self.within(scope).await?);
        let sql = format!(
            "{}{}\n    GROUP BY at\n    ORDER BY at\n    LIMIT {{limit:UInt32}}",
            queries::SERIES,
            conditions.clause()
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("step", milliseconds(step))
            .param("limit", MAX_SLICES);
        within(self.read_timeout, query.fetch_all::<Slice>()).await
    }
}
