//! A destination from site to site: where it began, how it went on.

use std::collections::HashMap;
use std::time::Duration;

use clickhouse::{Row, RowOwned, RowRead};
use serde::Deserialize;

use super::client::{Store, within};
use super::conditions::Conditions;
use super::destinations::MOST_COUNTED;
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
    /// Browsers that report it there, about; `None` if there are too many reports to count them.
    pub clients: Option<u64>,
    /// Networks that they are in, about; or as above.
    pub networks: Option<u64>,
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

/// Where a destination was first and last, summed up.
#[derive(Debug, Row, Deserialize)]
struct Extent {
    site: String,
    first: i64,
    last: i64,
    reports: u64,
}

/// What became of its reports, summed up.
#[derive(Debug, Row, Deserialize)]
struct Fates {
    site: String,
    enforced: u64,
    reported: u64,
}

/// Who reported it.
#[derive(Debug, Row, Deserialize)]
struct Reporters {
    site: String,
    clients: u64,
    networks: u64,
}

impl Store {
    /// The sites in scope that ever reported a destination, in the order in which it began: from what is summed up, however
    /// many reports there are. Browsers and networks are counted if that is at most [`MOST_COUNTED`] reports' work.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn spread_ever(
        &self,
        scope: &Scope,
        destination: &str,
    ) -> Result<Vec<SiteSpread>, StoreError> {
        let name = [destination];
        let (extents, fates) = tokio::join!(
            self.by_site::<Extent>(queries::EXTENTS, scope, &name),
            self.by_site::<Fates>(queries::FATES, scope, &name),
        );
        let extents = extents?;
        let total: u64 = extents.iter().map(|it| it.reports).sum();
        let reporters = match total {
            0..=MOST_COUNTED => {
                let sql = queries::REPORTERS_BY_SITE;
                self.by_site::<Reporters>(sql, scope, &name).await?
            }
            _ => Vec::new(),
        };
        let fates = fates?.into_iter().map(|it| (it.site.clone(), it));
        let fates: HashMap<String, Fates> = fates.collect();
        let reporters = reporters.into_iter().map(|it| (it.site.clone(), it));
        let reporters: HashMap<String, Reporters> = reporters.collect();
        let spread = |it: Extent| {
            let (fate, by) = (fates.get(&it.site), reporters.get(&it.site));
            SiteSpread {
                first: it.first,
                last: it.last,
                reports: it.reports,
                clients: by.map(|by| by.clients),
                networks: by.map(|by| by.networks),
                enforced: fate.map_or(0, |fate| fate.enforced),
                reported: fate.map_or(0, |fate| fate.reported),
                site: it.site,
            }
        };
        Ok(extents.into_iter().map(spread).collect())
    }

    async fn by_site<T: RowOwned + RowRead>(
        &self,
        sql: &str,
        scope: &Scope,
        destinations: &[&str],
    ) -> Result<Vec<T>, StoreError> {
        let mut conditions = self.within(scope).await?;
        named(&mut conditions, destinations);
        let sql = sql.replace(queries::CONDITIONS, &conditions.clause());
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("limit", MAX_SPREAD);
        within(self.read_timeout, query.fetch_all::<T>()).await
    }

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
        conditions.sites(sites);
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

/// About these destinations, whenever that was.
pub(super) fn named(conditions: &mut Conditions, destinations: &[&str]) {
    let names = destinations.iter().map(|&name| name.to_owned()).collect();
    conditions.texts(OF_DESTINATIONS, "destinations", names);
}

pub(super) fn of_destinations(
    mut conditions: Conditions,
    destinations: &[&str],
    since: Timestamp,
) -> Conditions {
    named(&mut conditions, destinations);
    conditions.number(SINCE, "since", Some(since.0));
    conditions
}
