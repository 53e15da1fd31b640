//! Findings are taken down: new campaigns, campaigns that rise, merchants that join.

use std::borrow::Cow;

use rusqlite::{OptionalExtension as _, Transaction, params};
use serde_json::json;

use super::alert::State;
use super::error::CasesError;
use super::event::What;
use super::triage::Cause;
use super::{Cases, OPERATOR, RECORDED_FROM, queries};
use crate::clock::Timestamp;
use crate::erasure::Erased;
use crate::finding::{Finding, Hit, Severity};
use crate::ids::{AlertId, SiteId};
use crate::registry::{Deed, Journal, RegistryError, read_erasures};

/// Who stands in the log for what nobody did by hand.
const ACTOR: &str = "detector";

/// What a round of findings changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Alerts that are new.
    pub raised: Vec<AlertId>,
    /// Alerts whose severity rose.
    pub worsened: Vec<AlertId>,
    /// Sites that were added to an alert after it was raised.
    pub joined: Vec<(AlertId, SiteId)>,
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
                Ledger {
                    change,
                    journal,
                    recorded: &mut recorded,
                    finding: &finding,
                    alert: AlertId::of(&finding.campaign, OPERATOR),
                }
                .take()
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

/// One finding on its way into the tables.
struct Ledger<'a, 'j> {
    change: &'a Transaction<'a>,
    journal: &'a mut Journal<'j>,
    recorded: &'a mut Recorded,
    finding: &'a Finding,
    alert: AlertId,
}

impl Ledger<'_, '_> {
    fn take(&mut self) -> Result<(), RegistryError> {
        let campaign = self.finding.campaign.as_str();
        let standing: Option<(String, f64, i64)> = self
            .change
            .prepare_cached(queries::CAMPAIGN)?
            .query_row([campaign], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let is_new = standing.is_none();
        let is_low = self.finding.severity < RECORDED_FROM;
        match standing {
            None if is_low => return Ok(()),
            None => self.raise()?,
            // Passed over when it came first, and so when a detector starts over.
            Some((.., raised_at)) if is_low && self.finding.at.0 <= raised_at => return Ok(()),
            Some((severity, score, _)) => self.rise(&severity, score)?,
        }
        for hit in &self.finding.hits {
            self.put(hit, is_new)?;
        }
        let last = self.finding.hits.iter().map(|hit| hit.last_seen).max();
        let (first, last) = (self.finding.first_seen, last.unwrap_or(self.finding.at));
        self.change
            .prepare_cached(queries::SEEN_CAMPAIGN)?
            .execute(params![campaign, first.0, last.0])?;
        Ok(())
    }

    fn raise(&mut self) -> Result<(), RegistryError> {
        let finding = self.finding;
        self.change
            .prepare_cached(queries::ADD_CAMPAIGN)?
            .execute(params![
                finding.campaign.as_str(),
                finding.destination,
                finding.account.as_deref().unwrap_or_default(),
                finding.kind.as_str(),
                finding.severity.as_str(),
                finding.score,
                json!(finding.reasons).to_string(),
                finding.at.0,
                finding.first_seen.0,
            ])?;
        self.change
            .prepare_cached(queries::ADD_ALERT)?
            .execute(params![
                self.alert.as_str(),
                finding.campaign.as_str(),
                OPERATOR,
                finding.at.0
            ])?;
        self.event(finding.at, What::Raised, finding.severity.as_str())?;
        self.note(
            "alert.raised",
            &json!({ "destination": finding.destination, "severity": finding.severity.as_str() }),
        )?;
        self.recorded.raised.push(self.alert.clone());
        Ok(())
    }

    fn rise(&mut self, severity: &str, score: f64) -> Result<(), RegistryError> {
        let finding = self.finding;
        let standing = Severity::of_word(severity)
            .ok_or_else(|| RegistryError::Damaged(format!("severity {severity}")))?;
        if (finding.severity, finding.score) <= (standing, score) {
            return Ok(());
        }
        self.change
            .prepare_cached(queries::RAISE_CAMPAIGN)?
            .execute(params![
                finding.campaign.as_str(),
                finding.kind.as_str(),
                finding.severity.max(standing).as_str(),
                finding.score,
                json!(finding.reasons).to_string(),
                finding.at.0,
            ])?;
        if finding.severity > standing {
            self.event(finding.at, What::Worsened, finding.severity.as_str())?;
            self.note(
                "alert.worsened",
                &json!({ "severity": finding.severity.as_str() }),
            )?;
            self.recorded.worsened.push(self.alert.clone());
        }
        Ok(())
    }

    fn put(&mut self, hit: &Hit, is_new: bool) -> Result<(), RegistryError> {
        let campaign = self.finding.campaign.as_str();
        let standing: Option<String> = self
            .change
            .prepare_cached(queries::HIT)?
            .query_row([campaign, hit.site.as_str()], |row| row.get(0))
            .optional()?;
        let joins = standing.is_none();
        let directives = directives(hit, standing.as_deref());
        self.change
            .prepare_cached(queries::PUT_HIT)?
            .execute(params![
                campaign,
                hit.site.as_str(),
                hit.first_seen.0,
                hit.last_seen.0,
                self.finding.at.0,
                hit.clients,
                hit.networks,
                hit.page_networks,
                directives,
                hit.card_number,
            ])?;
        if joins && !is_new {
            self.event(self.finding.at, What::SiteJoined, hit.site.as_str())?;
            let joined = (self.alert.clone(), hit.site.clone());
            self.recorded.joined.push(joined);
            self.reopen(&hit.site)?;
        }
        Ok(())
    }

    /// Another victim of what was closed as an attack: it is not over.
    fn reopen(&mut self, site: &SiteId) -> Result<(), RegistryError> {
        let (state, cause): (String, String) = self
            .change
            .prepare_cached(queries::STATE)?
            .query_row([self.alert.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let was_attack = Cause::of_word(&cause).is_some_and(Cause::is_attack);
        if state != State::Closed.as_str() || !was_attack {
            return Ok(());
        }
        self.change
            .prepare_cached(queries::SET_STATE)?
            .execute(params![
                self.alert.as_str(),
                State::Open.as_str(),
                self.finding.at.0,
                "",
                ""
            ])?;
        self.event(self.finding.at, What::Reopened, site.as_str())?;
        self.note("alert.reopened", &json!({ "site": site }))?;
        self.recorded.reopened.push(self.alert.clone());
        Ok(())
    }

    fn event(&self, at: Timestamp, what: What, subject: &str) -> Result<(), RegistryError> {
        add_event(self.change, &self.alert, (at, ACTOR), (what, subject))
    }

    fn note(
        &mut self,
        action: &'static str,
        detail: &serde_json::Value,
    ) -> Result<(), RegistryError> {
        self.journal.note(&Deed {
            actor: ACTOR,
            action,
            subject: self.alert.as_str(),
            detail: detail.clone(),
        })
    }
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

/// The directives of a hit, and those that stood already, as JSON in a fixed order.
fn directives(hit: &Hit, standing: Option<&str>) -> String {
    let standing: Vec<String> = standing
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let fresh = hit.directives.iter().map(|it| it.as_str().to_owned());
    let all: std::collections::BTreeSet<String> = standing.into_iter().chain(fresh).collect();
    json!(all).to_string()
}
