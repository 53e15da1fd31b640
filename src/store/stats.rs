//! What became of all entries, in total and per site. [`Stats`] is the answer.

use std::collections::BTreeMap;

use clickhouse::Row;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::client::{Store, within};
use super::error::StoreError;
use super::queries;
use crate::scope::Scope;

/// Outcomes of entries. `received = stored + folded + discarded`; refusals stand outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Entries of acknowledged submissions.
    pub received: u64,
    /// Entries that have a row in `reports`, or had one until their time was over or their client was erased:
    /// counts hold no client. The erasure of a site takes its counts too.
    pub stored: u64,
    /// Entries over a limit.
    pub folded: u64,
    /// Entries not kept, by reason.
    pub discarded: BTreeMap<String, u64>,
    /// Submissions not acknowledged, by reason.
    pub refused: BTreeMap<String, u64>,
}

/// Counts of everything in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// All sites together, and what belongs to no site.
    pub total: Counts,
    /// By the site's id.
    pub sites: BTreeMap<String, Counts>,
}

/// Entries of one outcome.
#[derive(Debug, Row, Deserialize)]
pub(super) struct Sum {
    pub(super) site: String,
    pub(super) outcome: String,
    pub(super) reason: String,
    pub(super) entries: u64,
}

impl Store {
    /// What became of all entries in scope since the first.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn stats(&self, scope: &Scope) -> Result<Stats, StoreError> {
        let conditions = self.within(scope).await?;
        let sql = format!(
            "{}{}\n    GROUP BY site, outcome, reason",
            queries::STATS,
            conditions.clause()
        );
        let query = conditions.fill(self.reader().query_raw(&sql));
        let sums = within(self.read_timeout, query.fetch_all::<Sum>()).await?;
        Ok(sums.into_iter().fold(Stats::default(), Stats::with))
    }
}

impl Stats {
    /// With these added.
    pub(super) fn with(mut self, sum: Sum) -> Self {
        self.total.add(&sum);
        if !sum.site.is_empty() {
            self.sites.entry(sum.site.clone()).or_default().add(&sum);
        }
        self
    }
}

impl Counts {
    fn add(&mut self, sum: &Sum) {
        let by_reason = match sum.outcome.as_str() {
            "stored" => {
                self.stored += sum.entries;
                None
            }
            "folded" => {
                self.folded += sum.entries;
                None
            }
            "discarded" => Some(&mut self.discarded),
            // An outcome of a newer program is shown where it cannot upset the equation.
            _ => {
                *self.refused.entry(sum.reason.clone()).or_default() += sum.entries;
                return;
            }
        };
        self.received += sum.entries;
        if let Some(reasons) = by_reason {
            *reasons.entry(sum.reason.clone()).or_default() += sum.entries;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(site: &str, outcome: &str, reason: &str, entries: u64) -> Sum {
        Sum {
            site: site.to_owned(),
            outcome: outcome.to_owned(),
            reason: reason.to_owned(),
            entries,
        }
    }

    #[test]
    fn the_equation_holds() {
        let stats = [
            sum("a", "stored", "", 5),
            sum("a", "folded", "", 2),
            sum("a", "discarded", "malformed", 1),
            sum("b", "stored", "", 7),
            sum("", "refused", "unknown_key", 9),
            sum("a", "refused", "not_json", 1),
        ]
        .into_iter()
        .fold(Stats::default(), Stats::with);
        assert_eq!(stats.total.received, 15);
        assert_eq!((stats.total.stored, stats.total.folded), (12, 2));
        assert_eq!(stats.total.refused.values().sum::<u64>(), 10);
        assert_eq!(stats.sites.keys().collect::<Vec<_>>(), ["a", "b"]);
        let a = &stats.sites["a"];
        assert_eq!(a.received, 8);
        assert_eq!(a.discarded["malformed"], 1);
    }
}
