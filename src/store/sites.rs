//! When sites reported first and last, and how much.

use std::collections::BTreeMap;

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;

/// What the stored reports of a site say about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteActivity {
    /// Receipt of its oldest stored report.
    pub first: Timestamp,
    /// Receipt of its newest.
    pub last: Timestamp,
    /// Stored reports.
    pub reports: u64,
}

#[derive(Debug, Row, Deserialize)]
struct ActivityRow {
    site: String,
    first: i64,
    last: i64,
    reports: u64,
}

impl Store {
    /// What the stored reports of these sites say, for those in scope that have any.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn activity(
        &self,
        scope: &Scope,
        sites: &[SiteId],
    ) -> Result<BTreeMap<String, SiteActivity>, StoreError> {
        let mut conditions = self.within(scope).await?;
        let names = sites.iter().map(SiteId::to_string).collect();
        conditions.texts("site IN {sites:Array(String)}", "sites", names);
        let sql = format!(
            "{}{}\n    GROUP BY site",
            queries::ACTIVITY,
            conditions.clause()
        );
        let query = conditions.fill(self.reader().query_raw(&sql));
        let rows = within(self.read_timeout, query.fetch_all::<ActivityRow>()).await?;
        let activity = |row: ActivityRow| {
            let activity = SiteActivity {
                first: Timestamp(row.first),
                last: Timestamp(row.last),
                reports: row.reports,
            };
            (row.site, activity)
        };
        Ok(rows.into_iter().map(activity).collect())
    }
}
