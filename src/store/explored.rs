//! Destinations by any part of their names, newest first, a page at a time.

use std::fmt;
use std::str::FromStr;

use super::client::Store;
use super::destinations::{MAX_DESTINATIONS, NewDestination, Which};
use super::error::StoreError;
use super::queries;
use super::reports::InvalidCursor;
use crate::clock::Timestamp;
use crate::scope::Scope;

/// Which destinations. What is not set does not matter.
#[derive(Clone, Debug, Default)]
pub struct DestinationFilter {
    /// With this in its name, or a host there: in lower case, as names are.
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
#[derive(Clone, Debug)]
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
        let which = Which {
            site: None,
            text: filter.text.as_deref(),
            names: filter.names.as_deref(),
            payment: filter.payment,
            foreign: filter.text.is_none() && filter.names.is_none(),
        };
        let beginning = DestinationCursor {
            first: i64::MAX,
            name: String::new(),
        };
        let cursor = after.unwrap_or(&beginning);
        let found = self.found(scope, &which, queries::EXPLORED, |query| {
            query
                .param("new_since", filter.since.unwrap_or_default().0)
                .param("c_first", cursor.first)
                .param("c_name", &cursor.name)
                .param("limit", limit)
        });
        let found = found.await?;
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
