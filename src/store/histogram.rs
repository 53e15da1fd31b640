//! Reports over time, of any that a filter names.

use std::time::Duration;

use super::client::{Store, within};
use super::error::StoreError;
use super::filter::ReportFilter;
use super::intake::{MAX_SLICES, Slice, milliseconds};
use super::queries;
use crate::scope::Scope;

impl Store {
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
