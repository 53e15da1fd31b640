//! Destinations by any part of their names, newest first, a page at a time.
//!
//! All that is asked of `reports` here is in the rollup by day too, the search in hosts apart.

use std::fmt;
use std::str::FromStr;

use super::client::{Store, within};
use super::destinations::{MAX_DESTINATIONS, NewDestination};
use super::error::StoreError;
use super::queries;
use super::reports::InvalidCursor;
use crate::clock::Timestamp;
use crate::scope::Scope;

/// In the destination, or in a host that belongs to it.
const NAMED_LIKE: &str =
    "(position(destination, {text:String}) > 0 OR position(host, {text:String}) > 0)";

/// A site's own domains and hosts on the visitor's network are nothing to look for.
const OTHERS: &str = "host != '' AND NOT hasAny(labels, {ours:Array(String)})";

/// Which destinations. What is not set does not matter.
#[derive(Clone, Debug, Default)]
pub struct DestinationFilter {
    /// With this in the name of the destination or of a host there: in lower case, as names are.
    pub text: Option<String>,
    /// One of these.
    pub names: Option<Vec<String>>,
    /// First reported at this moment or later.
    pub since: Option<Timestamp>,
    /// As reported from payment pages.
    pub payment: bool,
}

/// Where a page ended. Its text is opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationCursor {
    first: i64,
    name: String,
}

/// One page.
#[derive(Debug)]
pub struct DestinationPage {
    /// At most as many as asked for.
    pub destinations: Vec<NewDestination>,
    /// Where the next page begins, if there may be one.
    pub next: Option<DestinationCursor>,
}

impl Store {
    /// Destinations in scope, newest first, beginning after `after`. Who asks for no name gets no site's own domains.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn destinations(
        &self,
        scope: &Scope,
        filter: &DestinationFilter,
        after: Option<&DestinationCursor>,
        limit: u32,
    ) -> Result<DestinationPage, StoreError> {
        let limit = limit.clamp(1, MAX_DESTINATIONS);
        let mut conditions = self.within(scope).await?;
        conditions.text(NAMED_LIKE, "text", filter.text.as_deref());
        if let Some(names) = &filter.names {
            let names = names.clone();
            conditions.texts(super::spread::OF_DESTINATIONS, "destinations", names);
        }
        if filter.payment {
            conditions.fixed("page_kind = 'checkout'");
        }
        if filter.text.is_none() && filter.names.is_none() {
            let ours = ["own-domain", "private-host"].map(str::to_owned);
            conditions.texts(OTHERS, "ours", ours.to_vec());
        }
        let sql = format!(
            "{}{}{}",
            queries::DESTINATIONS,
            conditions.clause(),
            queries::EXPLORED
        );
        let beginning = DestinationCursor {
            first: i64::MAX,
            name: String::new(),
        };
        let cursor = after.unwrap_or(&beginning);
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("new_since", filter.since.unwrap_or_default().0)
            .param("c_first", cursor.first)
            .param("c_name", &cursor.name)
            .param("limit", limit);
        let found = within(self.read_timeout, query.fetch_all::<NewDestination>()).await?;
        let full = found.len() >= limit as usize;
        let next = found.last().filter(|_| full).map(|last| DestinationCursor {
            first: last.first,
            name: last.destination.clone(),
        });
        Ok(DestinationPage {
            destinations: found,
            next,
        })
    }
}

impl fmt::Display for DestinationCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first, self.name)
    }
}

impl FromStr for DestinationCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (first, name) = text.split_once('-').ok_or(InvalidCursor)?;
        Ok(Self {
            first: first.parse().map_err(|_cause| InvalidCursor)?,
            name: name.to_owned(),
        })
    }
}
