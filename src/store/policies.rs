//! Policies that pages were shown with, as browsers report them.

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use super::seen::{SeenCursor, SeenFilter};
use crate::scope::Scope;

/// Most policies on one page.
pub const MAX_POLICIES: u32 = 200;

/// A policy and where it was seen. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPolicy {
    /// Its number.
    pub hash: u64,
    /// The policy, redacted; empty if it is not kept.
    pub text: String,
    /// First report of it.
    pub first: i64,
    /// Last report of it.
    pub last: i64,
    /// Reports of it.
    pub reports: u64,
    /// How many sites report it.
    pub num_sites: u64,
    /// Their ids, of the first in their order.
    pub sites: Vec<String>,
}

/// One page.
#[derive(Debug)]
pub struct PolicyPage {
    /// At most as many as asked for.
    pub policies: Vec<SeenPolicy>,
    /// Where the next page begins, if there may be one.
    pub next: Option<SeenCursor>,
}

#[derive(Debug, Row, Deserialize)]
struct Seen {
    id: u64,
    first: i64,
    last: i64,
    reports: u64,
    num_sites: u64,
    sites: Vec<String>,
}

impl Store {
    /// Policies that sites in scope report, those reported last first, beginning after `after`.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn policies(
        &self,
        scope: &Scope,
        filter: &SeenFilter,
        after: Option<&SeenCursor>,
        limit: u32,
    ) -> Result<PolicyPage, StoreError> {
        let limit = limit.clamp(1, MAX_POLICIES);
        let mut conditions = self.within(scope).await?;
        conditions.fixed("policy != 0");
        filter.add_to(&mut conditions);
        let sql = format!(
            "{}{}{}",
            queries::POLICIES,
            conditions.clause(),
            queries::BY_POLICY
        );
        let query = conditions.fill(self.reader().query_raw(&sql));
        let query = SeenCursor::fill(after, query).param("limit", limit);
        let seen = within(self.read_timeout, query.fetch_all::<Seen>()).await?;
        let hashes: Vec<u64> = seen.iter().map(|it| it.id).collect();
        let mut texts = match hashes.is_empty() {
            true => Default::default(),
            false => self.policy_texts(&hashes).await?,
        };
        let full = seen.len() >= limit as usize;
        let next = seen.last().filter(|_| full);
        let next = next.map(|it| SeenCursor::at(it.last, it.id));
        let told = |it: Seen| SeenPolicy {
            hash: it.id,
            text: texts.remove(&it.id).unwrap_or_default(),
            first: it.first,
            last: it.last,
            reports: it.reports,
            num_sites: it.num_sites,
            sites: it.sites,
        };
        Ok(PolicyPage {
            policies: seen.into_iter().map(told).collect(),
            next,
        })
    }
}
