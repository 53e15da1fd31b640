//! Destinations: since when they are there, and who reported them.
//!
//! Which there are is summed up in the projection `by_destination_site`, so that finding a few among all takes no longer with
//! more reports. Browsers and networks are counted of those few alone, by the projection `by_destination`.

use std::collections::HashMap;

use clickhouse::query::Query;
use clickhouse::{Row, RowOwned, RowRead};
use serde::Deserialize;

use super::client::{Store, within};
use super::conditions::Conditions;
use super::error::StoreError;
use super::queries;
use super::spread::OF_DESTINATIONS;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;

/// Browsers and networks are counted in at most so many reports for one answer, of the rarest destinations first: those
/// that everybody reports say nothing by their number.
pub const MOST_COUNTED: u64 = 1_000_000;

/// Most destinations of one answer.
pub const MAX_DESTINATIONS: u32 = 200;

/// A destination and who reported it. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Browsers that report it, about; one that comes back after its pseudonym changed counts again. `None`: there are too
    /// many reports to count them, [`MOST_COUNTED`].
    pub clients: Option<u64>,
    /// Networks that they are in, about; or as above.
    pub networks: Option<u64>,
    /// Kinds of the pages, as words, sorted.
    pub page_kinds: Vec<String>,
}

/// A site's own domains and hosts on the visitor's network are nothing to look for. What has no host has no dot either. The
/// first half must read like the key of the projection.
const FOREIGN: &str = "NOT hasAny(labels, ['own-domain', 'private-host'])
      AND (destination LIKE '%.%' OR destination LIKE '%:%')";

/// What the projection knows of a destination.
#[derive(Debug, Row, Deserialize)]
struct Found {
    destination: String,
    first: i64,
    last: i64,
    reports: u64,
}

/// Where it was reported.
#[derive(Debug, Row, Deserialize)]
struct Places {
    destination: String,
    sites: u64,
    page_kinds: Vec<String>,
}

/// What only its reports know.
#[derive(Debug, Row, Deserialize)]
struct Reporters {
    destination: String,
    clients: u64,
    networks: u64,
}

/// Which destinations, and of which reports. What is not set does not matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Which<'a> {
    /// Reported by this site.
    pub(super) site: Option<&'a SiteId>,
    /// With this in their name, or above the host that it is.
    pub(super) text: Option<&'a str>,
    /// One of these.
    pub(super) names: Option<&'a [String]>,
    /// As reported from payment pages.
    pub(super) payment: bool,
    /// Hosts of strangers.
    pub(super) foreign: bool,
}

/// In the name of a destination, or a host that belongs to it.
const NAMED_LIKE: &str = "(position(destination, {text:String}) > 0 \
    OR endsWith(concat('.', {text:String}), concat('.', destination)))";

impl Which<'_> {
    fn add_to(&self, all: &mut Conditions) {
        all.text(
            "site = {site:String}",
            "site",
            self.site.map(SiteId::as_str),
        );
        all.text(NAMED_LIKE, "text", self.text);
        if let Some(names) = self.names {
            all.texts(OF_DESTINATIONS, "destinations", names.to_vec());
        }
        if self.payment {
            all.fixed("page_kind = 'checkout'");
        }
        if self.foreign {
            all.fixed(FOREIGN);
        }
    }
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
        // No bound on time here: a host that was there two months ago is not new.
        let which = Which {
            site,
            foreign: true,
            ..Which::default()
        };
        let limit = limit.clamp(1, MAX_DESTINATIONS);
        self.found(scope, &which, queries::NEW_ONES, |query| {
            query.param("since", since.0).param("limit", limit)
        })
        .await
    }

    /// Those of the destinations in scope that the end of the query selects, in its order.
    pub(super) async fn found(
        &self,
        scope: &Scope,
        which: &Which<'_>,
        end: &str,
        fill: impl FnOnce(Query) -> Query,
    ) -> Result<Vec<NewDestination>, StoreError> {
        let mut conditions = self.within(scope).await?;
        which.add_to(&mut conditions);
        let sql = format!("{}{}{end}", queries::DESTINATIONS, conditions.clause());
        let query = fill(conditions.fill(self.reader().query_raw(&sql)));
        let found = within(self.read_timeout, query.fetch_all::<Found>()).await?;
        let names: Vec<String> = found.iter().map(|it| it.destination.clone()).collect();
        let (places, reporters) = tokio::join!(
            self.about::<Places>(queries::WHERE_REPORTED, (scope, which, names), |query| {
                query
            }),
            self.about::<Reporters>(
                queries::REPORTERS,
                (scope, which, rarest(&found)),
                |query| {
                    match which.site {
                        // The table's key finds the reports of a site sooner than that of a projection those of many
                        // destinations.
                        Some(_) => query.with_setting("optimize_use_projections", "0"),
                        None => query,
                    }
                }
            ),
        );
        let places = places?.into_iter().map(|it| (it.destination.clone(), it));
        let mut places: HashMap<String, Places> = places.collect();
        let reporters = reporters?.into_iter();
        let reporters = reporters.map(|it| (it.destination, (it.clients, it.networks)));
        let reporters: HashMap<String, (u64, u64)> = reporters.collect();
        let told = |it: Found| {
            let (at, by) = (
                places.remove(&it.destination),
                reporters.get(&it.destination),
            );
            NewDestination {
                first: it.first,
                last: it.last,
                reports: it.reports,
                sites: at.as_ref().map_or(0, |at| at.sites),
                clients: by.map(|by| by.0),
                networks: by.map(|by| by.1),
                page_kinds: at.map(|at| at.page_kinds).unwrap_or_default(),
                destination: it.destination,
            }
        };
        Ok(found.into_iter().map(told).collect())
    }

    /// What a query knows of some of the destinations.
    async fn about<T: RowOwned + RowRead>(
        &self,
        sql: &str,
        (scope, which, names): (&Scope, &Which<'_>, Vec<String>),
        fill: impl FnOnce(Query) -> Query,
    ) -> Result<Vec<T>, StoreError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut conditions = self.within(scope).await?;
        let which = Which {
            text: None,
            names: Some(&names),
            ..which.clone()
        };
        which.add_to(&mut conditions);
        let sql = sql.replace(queries::CONDITIONS, &conditions.clause());
        let query = fill(conditions.fill(self.reader().query_raw(&sql)));
        within(self.read_timeout, query.fetch_all::<T>()).await
    }
}

/// As many of the rarest as have [`MOST_COUNTED`] reports together.
fn rarest(found: &[Found]) -> Vec<String> {
    let mut by_number: Vec<&Found> = found.iter().collect();
    by_number.sort_by_key(|it| it.reports);
    let mut sum = 0_u64;
    let counted = by_number.into_iter().take_while(|it| {
        sum = sum.saturating_add(it.reports);
        sum <= MOST_COUNTED
    });
    counted.map(|it| it.destination.clone()).collect()
}
