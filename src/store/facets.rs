//! What stands in the reports of a destination: pages, directives, browsers, countries, scripts.

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::conditions::Conditions;
use super::error::StoreError;
use super::queries;
use super::spread::{named, of_destinations};
use crate::clock::Timestamp;
use crate::scope::Scope;

/// Most values of one facet.
pub const MAX_VALUES: u32 = 12;

/// Most facets that one answer tells of.
const MOST_FACETS: u32 = 8;

/// What of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    /// Directive that it broke.
    Directive,
    /// Blocked, or told of only.
    Disposition,
    /// Kind of the page.
    PageKind,
    /// Family of the browser.
    Browser,
    /// Country of the client.
    Country,
    /// Host of the destination.
    Host,
    /// Host and path of the page, redacted.
    Page,
    /// Script named as its source, redacted; a page can forge it.
    Source,
}

/// A value and how often it is reported.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct FacetValue {
    kind: String,
    /// As it stands in the rows; empty where nothing does.
    pub value: String,
    /// Reports with it.
    pub reports: u64,
    /// Sites that send them, about.
    pub sites: u64,
}

impl Facet {
    fn as_str(self) -> &'static str {
        match self {
            Self::Directive => "directive",
            Self::Disposition => "disposition",
            Self::PageKind => "page_kind",
            Self::Browser => "browser",
            Self::Country => "country",
            Self::Host => "host",
            Self::Page => "page",
            Self::Source => "source",
        }
    }
}

impl FacetValue {
    /// Whether it is a value of this.
    pub fn is_of(&self, facet: Facet) -> bool {
        self.kind == facet.as_str()
    }
}

impl Store {
    /// Directives, dispositions and kinds of pages in the reports of a destination in scope, the most frequent first.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn facets(
        &self,
        scope: &Scope,
        destination: &str,
    ) -> Result<Vec<FacetValue>, StoreError> {
        let mut conditions = self.within(scope).await?;
        named(&mut conditions, &[destination]);
        self.facets_by(queries::FACETS_OF_KEY, conditions).await
    }

    /// Browsers, countries, hosts, pages and scripts in those received since a moment.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn facets_lately(
        &self,
        scope: &Scope,
        destination: &str,
        since: Timestamp,
    ) -> Result<Vec<FacetValue>, StoreError> {
        let conditions = of_destinations(self.within(scope).await?, &[destination], since);
        self.facets_by(queries::FACETS_OF_REPORTS, conditions).await
    }

    async fn facets_by(
        &self,
        facets: &'static str,
        conditions: Conditions,
    ) -> Result<Vec<FacetValue>, StoreError> {
        let facets = facets.replace(queries::CONDITIONS, &conditions.clause());
        let sql = format!("{facets}{}", queries::BY_VALUE);
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("most", MAX_VALUES)
            .param("limit", MAX_VALUES * MOST_FACETS);
        within(self.read_timeout, query.fetch_all::<FacetValue>()).await
    }
}
