//! Findings are taken down: new campaigns, campaigns that rise, merchants and destinations that join.

use std::borrow::Cow;

use rusqlite::{Transaction, params};

use super::error::CasesError;
use super::event::What;
use super::ledger::Ledger;
use super::{Cases, queries};
use crate::clock::Timestamp;
use crate::erasure::Erased;
use crate::finding::{Finding, Hit};
use crate::ids::{AlertId, SiteId};
use crate::registry::{RegistryError, read_erasures};

/// What a round of findings changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Alerts that are new.
    pub raised: Vec<AlertId>,
    /// Alerts whose severity rose.
    pub worsened: Vec<AlertId>,
    /// Sites that were added to an alert after it was raised.
    pub joined: Vec<(AlertId, SiteId)>,
    /// Destinations that were added to an alert instead of raising one of their own.
    pub members: Vec<(AlertId, String)>,
    /// Alerts that were closed and are open again.
    pub reopened: Vec<AlertId>,
}

impl Cases {
    /// Takes findings down, all in one change. A finding that was taken down before changes nothing.
    ///
    /// # Errors
    /// [`CasesError`] if the control state refuses; then none was taken down.
    pub fn record(&self, findings: &[Finding]) -> Result<Recorded, CasesError> {
        let mut recorded = Recorded::default();
        if findings.is_empty() {
            return Ok(recorded);
        }
        self.registry.change(|change, journal| {
            let erased = read_erasures(change, Timestamp::default())?;
            let erased: Erased = erased.into_iter().map(|it| it.erasure).collect();
            let mut findings = findings.iter().filter_map(|it| without(&erased, it));
            findings.try_for_each(|finding| {
                Ledger::new((change, &mut *journal), &mut recorded, &finding).take()
            })
        })?;
        Ok(recorded)
    }
}

/// The finding without the sites that were erased after it was made; `None` if no other is left. A detector
/// that has not started over yet still knows them.
fn without<'a>(erased: &Erased, finding: &'a Finding) -> Option<Cow<'a, Finding>> {
    let is_erased = |hit: &Hit| erased.covers_site(&hit.site, hit.first_seen);
    if !finding.hits.iter().any(is_erased) {
        return Some(Cow::Borrowed(finding));
    }
    let mut finding = finding.clone();
    finding.hits.retain(|hit| !is_erased(hit));
    (!finding.hits.is_empty()).then_some(Cow::Owned(finding))
}

/// Writes down what happened to an alert: when and by whom; what, and about what.
pub(super) fn add_event(
    change: &Transaction<'_>,
    alert: &AlertId,
    (at, actor): (Timestamp, &str),
    (what, subject): (What, &str),
) -> Result<(), RegistryError> {
    change.prepare_cached(queries::ADD_EVENT)?.execute(params![
        alert.as_str(),
        at.0,
        actor,
        what.as_str(),
        subject
    ])?;
    Ok(())
}
