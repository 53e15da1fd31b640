//! Sites and their keys. [`SiteEntry`] is all that is known of one.

mod changes;
mod facts;
mod keys;
mod lines;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

pub use changes::{NewSite, SiteOwner};
pub(super) use changes::{random_id, require_room, write};
pub use facts::{
    MAX_DOMAIN_BYTES, MAX_LABELS, MAX_LIST, MAX_NAME_CHARS, MAX_PATH_BYTES, MAX_POLICY_BYTES,
    MAX_RATE, SiteFacts,
};
pub(super) use facts::{differences, fresh, text};
pub use keys::MAX_OVERLAP;
pub(super) use keys::random_key;
pub use lines::SiteLine;

use super::database::Registry;
use super::error::RegistryError;
use super::queries;
use crate::clock::Timestamp;
use crate::ids::{MerchantId, SiteId, SiteKey};
use crate::scope::Scope;
use crate::sites::{KeyRecord, KeyState, SiteRecord};

/// Most sites on one page.
pub const MAX_PAGE: u32 = 1000;

/// All that is known of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteEntry {
    /// What collectors know too.
    pub record: SiteRecord,
    /// Country, ISO 3166-1 alpha-2; empty if not told.
    pub country: String,
    /// Shop software; empty if not told.
    pub platform: String,
    /// How it takes payments, as told: a JSON object.
    pub payment: serde_json::Value,
    /// Where and how its policy reports, as told: a JSON object.
    pub csp: serde_json::Value,
    /// Its policy when it was last told.
    pub policy: String,
    /// Whose it is.
    pub merchant: MerchantId,
    /// Words to find it by.
    pub labels: Vec<String>,
    /// Keys that still count, and when they are to be retired.
    pub retiring: BTreeMap<SiteKey, Timestamp>,
}

impl Registry {
    /// Sites in scope in the order of their ids, beginning after `after`, at most `limit` and [`MAX_PAGE`].
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn sites(
        &self,
        scope: &Scope,
        after: Option<&SiteId>,
        limit: u32,
    ) -> Result<Vec<SiteEntry>, RegistryError> {
        let (connection, limit) = (self.lock(), limit.clamp(1, MAX_PAGE));
        match scope.portfolio() {
            None => page(&connection, after, limit),
            Some(portfolio) => {
                let after = after.map_or("", SiteId::as_str);
                let values = params![after, limit, portfolio.organization().as_str()];
                listed(&connection, queries::SITES_OF, values)
            }
        }
    }

    /// How many sites are in scope.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn site_count(&self, scope: &Scope) -> Result<u64, RegistryError> {
        if let Some(portfolio) = scope.portfolio() {
            return Ok(portfolio.sites().len() as u64);
        }
        let count: i64 = self
            .lock()
            .query_row(queries::SITE_COUNT, [], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// One site, if it is in scope.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn site(&self, scope: &Scope, id: &SiteId) -> Result<Option<SiteEntry>, RegistryError> {
        if !scope.sees(id.as_str()) {
            return Ok(None);
        }
        entry(&self.lock(), id)
    }
}

pub(super) fn page(
    connection: &Connection,
    after: Option<&SiteId>,
    limit: u32,
) -> Result<Vec<SiteEntry>, RegistryError> {
    let after = after.map_or("", SiteId::as_str);
    listed(connection, queries::SITES, params![after, limit])
}

fn listed(
    connection: &Connection,
    sql: &'static str,
    values: impl rusqlite::Params,
) -> Result<Vec<SiteEntry>, RegistryError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        page.push(read(connection, row)?);
    }
    Ok(page)
}

pub(super) fn entry(
    connection: &Connection,
    id: &SiteId,
) -> Result<Option<SiteEntry>, RegistryError> {
    let mut statement = connection.prepare_cached(queries::SITE)?;
    let mut rows = statement.query([id.as_str()])?;
    match rows.next()? {
        Some(row) => read(connection, row).map(Some),
        None => Ok(None),
    }
}

/// Whose key it is, and whether it counts.
pub(super) fn owner(
    connection: &Connection,
    key: &SiteKey,
) -> Result<Option<(SiteId, KeyState)>, RegistryError> {
    let found: Option<(String, String)> = connection
        .prepare_cached(queries::KEY)?
        .query_row([key.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(site, state)| Ok((name(SiteId::new, &site)?, parse_state(&state)?)))
        .transpose()
}

fn read(connection: &Connection, row: &Row<'_>) -> Result<SiteEntry, RegistryError> {
    let id = name(SiteId::new, &row.get::<_, String>(0)?)?;
    let (keys, retiring) = keys(connection, &id)?;
    let record = SiteRecord {
        keys,
        id,
        name: row.get(1)?,
        domains: parse(row, 4)?,
        checkout_paths: parse(row, 5)?,
        admin_paths: parse(row, 6)?,
        rate: row.get(10)?,
        retention_days: row.get(11)?,
        harmless_parameters: parse(row, 12)?,
    };
    Ok(SiteEntry {
        record,
        country: row.get(2)?,
        platform: row.get(3)?,
        payment: parse(row, 7)?,
        csp: parse(row, 8)?,
        policy: row.get(9)?,
        merchant: name(MerchantId::new, &row.get::<_, String>(13)?)?,
        labels: parse(row, 14)?,
        retiring,
    })
}

type Keys = (Vec<KeyRecord>, BTreeMap<SiteKey, Timestamp>);

fn keys(connection: &Connection, site: &SiteId) -> Result<Keys, RegistryError> {
    let mut statement = connection.prepare_cached(queries::KEYS)?;
    let mut rows = statement.query([site.as_str()])?;
    let (mut keys, mut retiring) = (Vec::new(), BTreeMap::new());
    while let Some(row) = rows.next()? {
        let key = name(SiteKey::new, &row.get::<_, String>(0)?)?;
        let state = parse_state(&row.get::<_, String>(1)?)?;
        if let (KeyState::Active, Some(at)) = (state, row.get(2)?) {
            retiring.insert(key.clone(), Timestamp(at));
        }
        keys.push(KeyRecord { key, state });
    }
    Ok((keys, retiring))
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> Result<T, RegistryError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|e| RegistryError::Damaged(e.to_string()))
}

/// The id of a stored site.
pub(super) fn id(text: &str) -> Result<SiteId, RegistryError> {
    name(SiteId::new, text)
}

fn name<T, E: ToString>(
    new: impl FnOnce(&str) -> Result<T, E>,
    text: &str,
) -> Result<T, RegistryError> {
    new(text).map_err(|e| RegistryError::Damaged(e.to_string()))
}

fn parse_state(text: &str) -> Result<KeyState, RegistryError> {
    [KeyState::Active, KeyState::Retired]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or_else(|| RegistryError::Damaged(format!("key state {text}")))
}
