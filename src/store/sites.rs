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
    /// Whether it still reports.
    pub reporting: Reporting,
}

/// Whether a site that has reported still does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reporting {
    /// Something came within 24 hours.
    Sending,
    /// Nothing came, but there may have been nothing to report.
    Unclear,
    /// Nothing came for longer than that, and for ten times as long as between two reports on average.
    Silent,
}

#[derive(Debug, Row, Deserialize)]
struct ActivityRow {
    site: String,
    first: i64,
    last: i64,
    reports: u64,
    coverage: String,
}

impl Reporting {
    /// The word in addresses and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Silent => "silent",
            Self::Unclear => "unclear",
        }
    }

    /// What a word means.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Sending, Self::Silent, Self::Unclear]
            .into_iter()
            .find(|it| it.as_str() == word)
    }
}

impl Store {
    /// What the stored reports say of the sites in scope that have any; of some sites, if these are named.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn activity(
        &self,
        scope: &Scope,
        sites: Option<&[SiteId]>,
        now: Timestamp,
    ) -> Result<BTreeMap<String, SiteActivity>, StoreError> {
        let mut conditions = self.within(scope).await?;
        if let Some(sites) = sites {
            conditions.sites(sites);
        }
        let sql = queries::coverage_by_site(&conditions.clause());
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("now", now.0);
        let rows = within(self.read_timeout, query.fetch_all::<ActivityRow>()).await?;
        let activity = |row: ActivityRow| {
            let reporting = Reporting::of_word(&row.coverage).unwrap_or(Reporting::Unclear);
            let activity = SiteActivity {
                first: Timestamp(row.first),
                last: Timestamp(row.last),
                reports: row.reports,
                reporting,
            };
            (row.site, activity)
        };
        Ok(rows.into_iter().map(activity).collect())
    }
}
