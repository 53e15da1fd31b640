//! Alerts by state, by site, by destination: what lists and overviews show beside something else.

use std::collections::BTreeMap;

use rusqlite::params;
use serde_json::json;

use super::alert::State;
use super::error::CasesError;
use super::read::{visible, word};
use super::{Cases, queries};
use crate::ids::AlertId;
use crate::scope::Scope;

impl Cases {
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
