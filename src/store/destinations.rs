//! Destinations that were not there before.

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;

/// Most destinations of one answer.
pub const MAX_DESTINATIONS: u32 = 200;

/// A destination and who reported it. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct NewDestination {
    /// Registrable domain or address.
    pub destination: String,
    /// First report of it.
    pub first: i64,
    /// Last report of it.
    pub last: i64,
    /// Reports of it.
    pub reports: u64,
    /// Sites that report it, about.
    pub sites: u64,
    /// Browsers that report it, about; one that comes back after its pseudonym changed counts again.
    pub clients: u64,
    /// Networks that they are in, about.
    pub networks: u64,
    /// Kinds of the pages, as words, sorted.
    pub page_kinds: Vec<String>,
}

impl Store {
    /// Hosts that were first reported at this moment or later, by one site or by all in scope, newest
    /// first. A site's own domains and hosts on the visitor's network do not count.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn new_destinations(
        &self,
        scope: &Scope,
        site: Option<&SiteId>,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<NewDestination>, StoreError> {
        let mut conditions = self.within(scope).await?;
        conditions.text("site = {site:String}", "site", site.map(SiteId::as_str));
        // No bound on time here: a host that was there two months ago is not new.
        conditions.texts(
            "host != '' AND NOT hasAny(labels, {ours:Array(String)})",
            "ours",
            vec!["own-domain".to_owned(), "private-host".to_owned()],
        );
        let sql = format!(
            "{}{}{}",
            queries::DESTINATIONS,
            conditions.clause(),
            queries::NEW_ONES
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("since", since.0)
            .param("limit", limit.clamp(1, MAX_DESTINATIONS));
        within(self.read_timeout, query.fetch_all::<NewDestination>()).await
    }
}
