//! Keys: given out, exchanged, taken back. A key that is retired stays so; browsers are told with 410.

use std::time::Duration;

use rusqlite::{Transaction, params};
use serde_json::json;

use super::super::caller::Author;
use super::super::database::{Deed, Journal, Registry};
use super::super::error::RegistryError;
use super::super::queries;
use super::super::tokens::random;
use super::{entry, owner};
use crate::clock::Timestamp;
use crate::ids::{OPERATOR, SiteId, SiteKey};
use crate::scope::Scope;
use crate::sites::{KeyState, MAX_KEYS};

/// Random bytes in a key: nobody guesses one.
const KEY_BYTES: usize = 15;

/// The longest that old keys count beside a new one: shops change their pages within months.
pub const MAX_OVERLAP: Duration = Duration::from_secs(400 * 24 * 3600);

/// Who stands in the log for a key whose time is over.
const ACTOR: &str = "rotation";

impl Registry {
    /// Gives a site in scope one more key. Those that it has stay good.
    ///
    /// # Errors
    /// [`RegistryError::NoSite`], [`RegistryError::TooManyKeys`].
    pub fn add_key(
        &self,
        scope: &Scope,
        site: &SiteId,
        author: &Author,
    ) -> Result<SiteKey, RegistryError> {
        self.change(|change, journal| {
            let (key, _) = add(change, scope, site)?;
            journal.note(&deed(author, "key.added", site, json!({ "key": key })))?;
            Ok(key)
        })
    }

    /// Gives a site in scope a new key, and lets those that it has count for `overlap` more, [`MAX_OVERLAP`] at
    /// most. The new key, and when the others end.
    ///
    /// # Errors
    /// [`RegistryError::NoSite`], [`RegistryError::TooManyKeys`], [`RegistryError::Field`].
    pub fn rotate_key(
        &self,
        scope: &Scope,
        (site, overlap): (&SiteId, Duration),
        author: &Author,
    ) -> Result<(SiteKey, Timestamp), RegistryError> {
        if overlap > MAX_OVERLAP {
            let days = MAX_OVERLAP.as_secs() / 86_400;
            return Err(RegistryError::Field(format!(
                "overlap: {days} days at most"
            )));
        }
        self.change(|change, journal| {
            let (key, standing) = add(change, scope, site)?;
            let span = i64::try_from(overlap.as_millis()).unwrap_or(i64::MAX);
            let until = Timestamp(journal.at().saturating_add(span));
            for old in &standing {
                let values = params![old.as_str(), until.0];
                change.execute(queries::RETIRE_KEY_AT, values)?;
            }
            let detail = json!({ "key": key, "others": standing, "until": until.to_string() });
            journal.note(&deed(author, "key.rotated", site, detail))?;
            if overlap.is_zero() {
                retire_due((change, journal))?;
            }
            Ok((key, until))
        })
    }

    /// Takes a key of a site in scope out of use, for ever. A key that is out of use stays so.
    ///
    /// # Errors
    /// [`RegistryError::NoKey`].
    pub fn retire_key(
        &self,
        scope: &Scope,
        key: &SiteKey,
        author: &Author,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            let unknown = || RegistryError::NoKey(key.clone());
            let (site, state) = owner(change, key)?.ok_or_else(unknown)?;
            if !scope.sees(site.as_str()) {
                return Err(unknown());
            }
            if state == KeyState::Retired {
                return Ok(());
            }
            change.execute(queries::RETIRE_KEY, [key.as_str()])?;
            change.execute(queries::NEXT_SITES_VERSION, [])?;
            journal.note(&deed(author, "key.retired", &site, json!({ "key": key })))
        })
    }

    /// Retires the keys whose time is over. How many those were.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be written.
    pub fn retire_due_keys(&self) -> Result<usize, RegistryError> {
        let due: bool = self
            .lock()
            .prepare_cached(queries::ARE_KEYS_DUE)?
            .query_row([self.clock.now().0], |row| row.get(0))?;
        if !due {
            return Ok(0);
        }
        self.change(|change, journal| retire_due((change, journal)))
    }
}

/// One more key: itself, and those that counted before.
fn add(
    change: &Transaction<'_>,
    scope: &Scope,
    site: &SiteId,
) -> Result<(SiteKey, Vec<SiteKey>), RegistryError> {
    let unknown = || RegistryError::NoSite(site.clone());
    if !scope.sees(site.as_str()) {
        return Err(unknown());
    }
    let standing = entry(change, site)?.ok_or_else(unknown)?.record.keys;
    if standing.len() >= MAX_KEYS {
        return Err(RegistryError::TooManyKeys(site.clone()));
    }
    let key = random_key()?;
    change.execute(queries::ADD_KEY, params![key.as_str(), site.as_str()])?;
    change.execute(queries::NEXT_SITES_VERSION, [])?;
    let standing = standing.into_iter();
    let active = standing.filter(|it| it.state == KeyState::Active);
    Ok((key, active.map(|it| it.key).collect()))
}

fn retire_due(
    (change, journal): (&Transaction<'_>, &mut Journal<'_>),
) -> Result<usize, RegistryError> {
    let mut statement = change.prepare(queries::DUE_KEYS)?;
    let due = statement.query_map([journal.at()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let due: Vec<(String, String)> = due.collect::<Result<_, _>>()?;
    for (key, site) in &due {
        change.execute(queries::RETIRE_KEY, [key])?;
        journal.note(&Deed {
            actor: ACTOR,
            organization: OPERATOR,
            action: "key.retired",
            subject: site,
            detail: json!({ "key": key }),
        })?;
    }
    if !due.is_empty() {
        change.execute(queries::NEXT_SITES_VERSION, [])?;
    }
    Ok(due.len())
}

fn deed<'a>(
    author: &'a Author,
    action: &'static str,
    site: &'a SiteId,
    detail: serde_json::Value,
) -> Deed<'a> {
    Deed {
        actor: author.name(),
        organization: author.organization().as_str(),
        action,
        subject: site.as_str(),
        detail,
    }
}

/// A key that nobody guesses, and that no shell takes for an option.
pub(in crate::registry) fn random_key() -> Result<SiteKey, RegistryError> {
    let text = random::<KEY_BYTES>()?;
    let text = text.replacen('-', "k", usize::from(text.starts_with('-')));
    SiteKey::new(&text).map_err(|e| RegistryError::Damaged(e.to_string()))
}
