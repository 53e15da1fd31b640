//! How often pages were opened, as canaries counted it: the one denominator that no forger makes.

use std::collections::BTreeMap;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;

/// Condition on the start of a window.
const WINDOW_SINCE: &str = "window >= toDateTime(intDiv({since:Int64}, 1000), 'UTC')";

impl Store {
    /// Page views that canaries counted at these sites, as far as they are in scope, in windows that begin at a moment or
    /// later. A site without canaries is not in it.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn canary_views(
        &self,
        scope: &Scope,
        sites: &[SiteId],
        since: Timestamp,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut conditions = self.within(scope).await?;
        conditions.sites(sites);
        conditions.number(WINDOW_SINCE, "since", Some(since.0));
        let sql = format!(
            "{}{}\n    GROUP BY site",
            queries::CANARY_VIEWS,
            conditions.clause()
        );
        let query = conditions.fill(self.reader().query_raw(&sql));
        let rows = within(self.read_timeout, query.fetch_all::<(String, u64)>()).await?;
        Ok(rows.into_iter().collect())
    }
}
