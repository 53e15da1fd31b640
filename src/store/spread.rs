//! A destination from site to site: where it began, how it went on.

use std::time::Duration;

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::conditions::Conditions;
use super::error::StoreError;
use super::intake::{MAX_SLICES, SINCE, milliseconds};
use super::queries;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;

/// Most sites of one answer.
pub const MAX_SPREAD: u32 = 1000;

/// What is about one of these destinations.
pub(super) const OF_DESTINATIONS: &str = "destination IN {destinations:Array(String)}";

/// Destinations that belong together at one site. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct SiteSpread {
    /// Which site.
    pub site: String,
    /// First report of it there.
    pub first: i64,
    /// Last report of it there.
    pub last: i64,
    /// Reports of it there.
    pub reports: u64,
    /// Browsers that report it there, about.
    pub clients: u64,
    /// Networks that they are in, about.
    pub networks: u64,
    /// Reports whose browser says that it blocked what was tried.
    pub enforced: u64,
    /// Reports whose browser says that it let it through. What is in neither count says nothing about it.
    pub reported: u64,
}

/// Reports of a slice of time at one site.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct SiteSlice {
    /// Which site.
    pub site: String,
    /// Where the slice begins, in milliseconds since 1970: a multiple of the step.
    pub at: i64,
    /// Reports in it; never none.
    pub reports: u64,
}

impl Store {
    /// The sites in scope that report one of these destinations since a moment, in the order in which it began.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn spread(
        &self,
        scope: &Scope,
        destinations: &[&str],
        since: Timestamp,
    ) -> Result<Vec<SiteSpread>, StoreError> {
        let conditions = of_destinations(self.within(scope).await?, destinations, since);
        let sql = format!(
            "{}{}{}",
            queries::SPREAD,
            conditions.clause(),
            queries::IN_ORDER
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("limit", MAX_SPREAD);
        within(self.read_timeout, query.fetch_all::<SiteSpread>()).await
    }

    /// Reports of these destinations by site and slice of time, at these sites as far as they are in scope.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn spread_over_time(
        &self,
        scope: &Scope,
        (destinations, sites): (&[&str], &[SiteId]),
        since: Timestamp,
        step: Duration,
    ) -> Result<Vec<SiteSlice>, StoreError> {
        let mut conditions = of_destinations(self.within(scope).await?, destinations, since);
        let names = sites.iter().map(SiteId::to_string).collect();
        conditions.texts("site IN {sites:Array(String)}", "sites", names);
        let sql = format!(
            "{}{}\n    GROUP BY site, at\n    ORDER BY site, at\n    LIMIT {{limit:UInt32}}",
            queries::SERIES_BY_SITE,
            conditions.clause()
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("step", milliseconds(step))
            .param("limit", MAX_SLICES);
        within(self.read_timeout, query.fetch_all::<SiteSlice>()).await
    }
}

pub(super) fn of_destinations(
    mut conditions: Conditions,
    destinations: &[&str],
    since: Timestamp,
) -> Conditions {
    let names = destinations.iter().map(|&name| name.to_owned()).collect();
    conditions.texts(OF_DESTINATIONS, "destinations", names);
    conditions.number(SINCE, "since", Some(since.0));
    conditions
}
