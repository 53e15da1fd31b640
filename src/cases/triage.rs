//! What people do about an alert.

use rusqlite::{OptionalExtension as _, params};
use serde_json::json;

use super::alert::State;
use super::error::CasesError;
use super::event::What;
use super::record::add_event;
use super::{AlertFilter, Cases, queries};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::registry::{Author, Deed};
use crate::scope::Scope;

/// Longest note on what was done, in characters.
pub const MAX_NOTE_CHARS: usize = 2000;

/// What somebody does about an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Triage {
    /// I have looked at it.
    Acknowledge,
    /// It does no more harm.
    Contain,
    /// This was the cause, and this was done.
    Close {
        /// Why it was raised, as it turned out.
        cause: Cause,
        /// What was done, in one's own words.
        note: String,
    },
    /// It is not over.
    Reopen,
}

/// Why an alert was raised, as it turned out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// A script planted in the page copied what shoppers typed.
    Skimmer,
    /// Shoppers were led to a payment page that was not the merchant's.
    FakePaymentPage,
    /// A supplier of the merchants was broken into.
    SupplierCompromise,
    /// A change that the merchant meant.
    LegitimateChange,
    /// A mistake in the merchant's policy.
    PolicyMistake,
    /// Software on the visitors' side.
    VisitorSoftware,
    /// Reports that no page caused.
    ForgedReports,
    /// A test of one's own.
    Test,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Skimmer,
        Self::FakePaymentPage,
        Self::SupplierCompromise,
        Self::LegitimateChange,
        Self::PolicyMistake,
        Self::VisitorSoftware,
        Self::ForgedReports,
        Self::Test,
    ];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Skimmer => "skimmer",
            Self::FakePaymentPage => "fake-payment-page",
            Self::SupplierCompromise => "supplier-compromise",
            Self::LegitimateChange => "legitimate-change",
            Self::PolicyMistake => "policy-mistake",
            Self::VisitorSoftware => "visitor-software",
            Self::ForgedReports => "forged-reports",
            Self::Test => "test",
        }
    }

    /// The cause of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.as_str() == word)
    }

    /// Whether cards were at risk.
    pub fn is_attack(self) -> bool {
        matches!(
            self,
            Self::Skimmer | Self::FakePaymentPage | Self::SupplierCompromise
        )
    }
}

impl Triage {
    fn target(&self) -> (State, What) {
        match self {
            Self::Acknowledge => (State::Acknowledged, What::Acknowledged),
            Self::Contain => (State::Contained, What::Contained),
            Self::Close { .. } => (State::Closed, What::Closed),
            Self::Reopen => (State::Open, What::Reopened),
        }
    }

    /// Forward only, except that what is contained or closed may be opened again.
    fn is_allowed(&self, from: State) -> bool {
        match self {
            Self::Acknowledge => from == State::Open,
            Self::Contain => from < State::Contained,
            Self::Close { .. } => from < State::Closed,
            Self::Reopen => from >= State::Contained,
        }
    }
}

impl Cases {
    /// Does something about an alert in scope, and writes down who did.
    ///
    /// # Errors
    /// [`CasesError::NoAlert`], [`CasesError::State`], [`CasesError::NoNote`], [`CasesError::LongNote`].
    pub fn triage(
        &self,
        scope: &Scope,
        id: &AlertId,
        (author, at): (&Author, Timestamp),
        triage: &Triage,
    ) -> Result<(), CasesError> {
        let (cause, note) = match triage {
            Triage::Close { cause, note } => (cause.as_str(), note.trim()),
            _ => ("", ""),
        };
        if matches!(triage, Triage::Close { .. }) && note.is_empty() {
            return Err(CasesError::NoNote);
        }
        if note.chars().count() > MAX_NOTE_CHARS {
            return Err(CasesError::LongNote);
        }
        let filter = AlertFilter {
            id: Some(id.clone()),
            ..AlertFilter::default()
        };
        if self.alerts(scope, &filter, None, 1)?.alerts.is_empty() {
            return Err(CasesError::NoAlert(id.clone()));
        }
        let (to, what) = triage.target();
        self.registry.change(|change, journal| {
            let found: Option<(String, String)> = change
                .query_row(queries::STATE, [id.as_str()], |row| {
                    Ok((row.get(0)?, row.get(2)?))
                })
                .optional()?;
            let (from, organization) = found.ok_or_else(|| CasesError::NoAlert(id.clone()))?;
            let from = State::of_word(&from).ok_or_else(|| CasesError::NoAlert(id.clone()))?;
            if !triage.is_allowed(from) {
                return Err(CasesError::State { from, to });
            }
            let values = params![id.as_str(), to.as_str(), at.0, cause, note];
            change.execute(queries::SET_STATE, values)?;
            add_event(change, id, (at, author.name()), (what, cause))?;
            // The note too: an alert that is opened again loses its own.
            let (from, to) = (from.as_str(), to.as_str());
            let detail = json!({ "from": from, "to": to, "cause": cause, "note": note });
            journal.note(&Deed {
                actor: author.name(),
                organization: &organization,
                action: "alert.triaged",
                subject: id.as_str(),
                detail,
            })?;
            Ok(())
        })
    }
}
