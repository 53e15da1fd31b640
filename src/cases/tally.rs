//! Alerts by state, by site, by destination: what lists and overviews show beside something else.

use std::collections::BTreeMap;

use rusqlite::params;
use serde_json::json;

use super::alert::State;
use super::error::CasesError;
use super::read::{visible, word};
use super::{Cases, queries};
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::AlertId;
use crate::scope::Scope;

/// Most unresolved alerts that are counted, those first that have waited longest.
pub const MAX_WAITING: u32 = 10_000;

/// An alert that nobody has closed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How urgent it is.
    pub severity: Severity,
    /// When it was raised or last opened again.
    pub opened_at: Timestamp,
    /// Until when something must be done about it next.
    pub due_at: Option<Timestamp>,
}

impl Cases {
    /// The unresolved alerts in scope, those first that have waited longest.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn waiting(&self, scope: &Scope) -> Result<Vec<Waiting>, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::UNRESOLVED)?;
        let values = params![visible(scope), scope.organization(), MAX_WAITING];
        let mut rows = statement.query(values)?;
        let mut waiting = Vec::new();
        while let Some(row) = rows.next()? {
            let (severity, state): (String, String) = (row.get(0)?, row.get(1)?);
            let severity = word(&severity, Severity::of_word)?;
            let state = word(&state, State::of_word)?;
            let opened_at = Timestamp(row.get(2)?);
            waiting.push(Waiting {
                severity,
                opened_at,
                due_at: self.deadlines.due_at(severity, state, opened_at),
            });
        }
        Ok(waiting)
    }

    /// The alerts in scope about these destinations, the oldest first, by destination.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn by_destination(
        &self,
        scope: &Scope,
        destinations: &[&str],
    ) -> Result<BTreeMap<String, Vec<AlertId>>, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::BY_DESTINATION)?;
        let mut rows = statement.query(params![
            visible(scope),
            json!(destinations).to_string(),
            scope.organization()
        ])?;
        let mut found: BTreeMap<String, Vec<AlertId>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(1)?;
            let id = word(&id, |text| text.parse().ok())?;
            found.entry(row.get(0)?).or_default().push(id);
        }
        Ok(found)
    }

    /// Destinations that alerts in scope are about, those of the newest alerts first.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn destinations(&self, scope: &Scope, limit: u32) -> Result<Vec<String>, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::ALERTED)?;
        let values = params![visible(scope), scope.organization(), limit];
        let found = statement.query_map(values, |row| row.get(0))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// How many alerts in scope are in each state.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn counts(&self, scope: &Scope) -> Result<BTreeMap<State, u32>, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::COUNTS)?;
        let mut rows = statement.query(params![visible(scope), scope.organization()])?;
        let mut counts = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let state: String = row.get(0)?;
            counts.insert(word(&state, State::of_word)?, row.get(1)?);
        }
        Ok(counts)
    }

    /// Unresolved alerts of each site in scope that has any.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn unresolved_by_site(&self, scope: &Scope) -> Result<BTreeMap<String, u32>, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::UNRESOLVED_BY_SITE)?;
        let rows = statement.query_map(params![visible(scope), scope.organization()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
