//! Scripts of the shops' own that browsers name as the source of what goes to a destination.

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use super::spread::of_destinations;
use crate::clock::Timestamp;
use crate::scope::Scope;

/// Most files of one answer.
pub const MAX_SOURCES: u32 = 5;

/// Whether the source is a script on the host of the page. A port may stand behind the host, and Firefox
/// writes behind the file how its code was run.
const OWN_SCRIPT: &str = "document_host != '' \
    AND (startsWith(source, concat(document_host, '/')) OR startsWith(source, concat(document_host, ':'))) \
    AND match(source, '[.][cm]?js( > .*)?$')";

/// A file of the shops' own and where it was named. A page can forge it.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct NamedSource {
    /// Its path, redacted.
    pub path: String,
    /// Sites whose browsers named it.
    pub sites: u64,
    /// Reports that did.
    pub reports: u64,
}

impl Store {
    /// The files that were named for these destinations since a moment, those of the most sites in scope first.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn sources(
        &self,
        scope: &Scope,
        destinations: &[&str],
        since: Timestamp,
    ) -> Result<Vec<NamedSource>, StoreError> {
        let mut conditions = of_destinations(self.within(scope).await?, destinations, since);
        conditions.fixed(OWN_SCRIPT);
        let sql = format!(
            "{}{}{}",
            queries::SOURCES,
            conditions.clause(),
            queries::BY_SITES
        );
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .param("limit", MAX_SOURCES);
        within(self.read_timeout, query.fetch_all::<NamedSource>()).await
    }
}
