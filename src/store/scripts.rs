//! Scripts of payment pages, as far as browsers report them: what was run or loaded, and what was named as the one that
//! did something. What a policy allows without a report does not show.

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use super::seen::{SeenCursor, SeenFilter};
use crate::normalize::PageKind;
use crate::scope::Scope;

/// Most scripts on one page.
pub const MAX_SCRIPTS: u32 = 500;

/// A script at a site. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Row, Deserialize)]
pub struct SeenScript {
    /// A number of its own, for this site, role, script and sample.
    pub id: u64,
    /// Which site.
    pub site: String,
    /// `element`: the page ran or loaded it, or tried to. `source`: it was named as the one that did something, which a
    /// page can forge.
    pub role: String,
    /// Host and path, redacted; `inline`, `eval`.
    pub script: String,
    /// First characters of inline code, redacted.
    pub sample: String,
    /// First report of it.
    pub first: i64,
    /// Last report of it.
    pub last: i64,
    /// Reports of it.
    pub reports: u64,
    /// On how many pages, about.
    pub pages: u64,
    /// Browsers that report it, about.
    pub clients: u64,
    /// Networks that they are in, about.
    pub networks: u64,
    /// Whether a browser says that it blocked it, or what it did.
    pub blocked: bool,
    /// What is known about its reports, sorted.
    pub labels: Vec<String>,
}

/// One page.
#[derive(Debug)]
pub struct ScriptPage {
    /// At most as many as asked for.
    pub scripts: Vec<SeenScript>,
    /// Where the next page begins, if there may be one.
    pub next: Option<SeenCursor>,
}

impl Store {
    /// Scripts on pages of a kind at sites in scope, those reported last first, beginning after `after`.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn scripts(
        &self,
        scope: &Scope,
        (filter, page_kind): (&SeenFilter, PageKind),
        after: Option<&SeenCursor>,
        limit: u32,
    ) -> Result<ScriptPage, StoreError> {
        let limit = limit.clamp(1, MAX_SCRIPTS);
        let mut conditions = self.within(scope).await?;
        let kind = Some(page_kind.as_str());
        conditions.text("page_kind = {page_kind:String}", "page_kind", kind);
        filter.add_to(&mut conditions);
        let sql = format!(
            "{}{}{}",
            queries::SCRIPTS,
            conditions.clause(),
            queries::BY_SCRIPT
        );
        let query = conditions.fill(self.reader().query_raw(&sql));
        let query = SeenCursor::fill(after, query).param("limit", limit);
        let scripts = within(self.read_timeout, query.fetch_all::<SeenScript>()).await?;
        let full = scripts.len() >= limit as usize;
        let next = scripts.last().filter(|_| full);
        let next = next.map(|it| SeenCursor::at(it.last, it.id));
        Ok(ScriptPage { scripts, next })
    }
}
