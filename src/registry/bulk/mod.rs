//! Many sites at once: imports with a verdict for each line, dry or not, and exports that an import takes back.
//! [`Bulk`] says how.
//!
//! The rule: all lines in one change, or none.

mod export;
mod lines;
mod table;
mod verdict;

use rusqlite::{Transaction, params};
use serde_json::json;

pub use export::{ExportFormat, Exported};
pub use lines::{Line, MAX_MERCHANTS, lines_of_csv, lines_of_json, sites_in_import};
pub use table::harmless_cell;
pub use verdict::{BulkAnswer, ImportSummary, Outcome, Verdict};

use super::caller::Author;
use super::database::{Deed, Journal, Registry};
use super::error::RegistryError;
use super::sites::{self, SiteEntry, differences, fresh};
use super::{merchants, organizations, queries};
use crate::ids::{MerchantId, OPERATOR, OrganizationId, SiteId, SiteKey};
use lines::Told;

/// How many sites at once are taken in.
#[derive(Clone, Debug)]
pub struct Bulk<'a> {
    /// Whose they will be, and who says so.
    pub organization: &'a OrganizationId,
    /// Who says so.
    pub author: &'a Author,
    /// What the keys of the lines are.
    pub keys: Keys,
    /// Whether it is only to be said what would happen.
    pub dry_run: bool,
}

/// What the keys of an import are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// A site's id and key, as given: the operator's import.
    Given,
    /// What the organization calls a site: a new one gets an id and a key that nobody chose.
    References,
}

/// Why a change is rolled back.
enum Ended {
    /// It was a dry run, or a line was refused.
    Told,
    Refused(RegistryError),
}

impl From<RegistryError> for Ended {
    fn from(error: RegistryError) -> Self {
        Self::Refused(error)
    }
}

/// Why a line is not taken.
enum Refusal {
    Content(String),
    Database(RegistryError),
}

impl From<RegistryError> for Refusal {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Database(_) | RegistryError::Damaged(_) | RegistryError::Random(_) => {
                Self::Database(error)
            }
            error => Self::Content(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Registry {
    /// Adds or changes the sites of these lines, all of them or, if a line is refused, none. Sites that no line is
    /// about stay as they are.
    ///
    /// # Errors
    /// [`RegistryError`] if the control state refuses; what is wrong with a line stands in its verdict.
    pub fn bulk(&self, lines: Vec<Line>, how: &Bulk<'_>) -> Result<BulkAnswer, RegistryError> {
        let mut verdicts = Vec::with_capacity(lines.len());
        let done = self.change_much(|change, journal| {
            organizations::require(change, how.organization)?;
            for line in lines {
                verdicts.push(take(change, journal, line, how)?);
            }
            let is_refused = |it: &Verdict| matches!(it.outcome, Outcome::Refused(_));
            if how.dry_run || verdicts.iter().any(is_refused) {
                return Err(Ended::Told);
            }
            Ok(())
        });
        let applied = match done {
            Ok(()) => true,
            Err(Ended::Told) => false,
            Err(Ended::Refused(error)) => return Err(error),
        };
        Ok(BulkAnswer { applied, verdicts })
    }

    /// Adds or changes the merchants of a file as the operator gives it, all of them or none.
    ///
    /// # Errors
    /// [`RegistryError::Merchant`] names the first merchant that cannot be used and what is wrong with it.
    pub fn import(&self, json: &str, actor: &str) -> Result<ImportSummary, RegistryError> {
        let how = Bulk {
            organization: &OrganizationId::operator(),
            author: &Author::of_installation(actor),
            keys: Keys::Given,
            dry_run: false,
        };
        self.bulk(lines_of_json(json)?, &how)?.summary()
    }
}

fn take(
    change: &Transaction<'_>,
    journal: &mut Journal<'_>,
    line: Line,
    how: &Bulk<'_>,
) -> Result<Verdict, RegistryError> {
    let (number, key) = (line.number, line.key.clone());
    let taken = line.told.map_err(Refusal::Content).and_then(|told| {
        // What a refused line wrote is rolled back with the rest: the verdicts of later lines may lean on it.
        put(change, told, how)
    });
    let (site, outcome) = match taken {
        Ok((site, outcome)) => (Some(site), outcome),
        Err(Refusal::Content(what)) => (None, Outcome::Refused(what)),
        Err(Refusal::Database(error)) => return Err(error),
    };
    if let (Some(site), Some((action, detail))) = (&site, outcome.deed()) {
        journal.note(&Deed {
            actor: how.author.name(),
            organization: how.organization.as_str(),
            action,
            subject: site.as_str(),
            detail,
        })?;
    }
    Ok(Verdict {
        line: number,
        key,
        site,
        outcome,
    })
}

fn put(change: &Transaction<'_>, told: Told, how: &Bulk<'_>) -> Result<(SiteId, Outcome), Refusal> {
    let (id, key) = names(change, &told.key, how)?;
    let standing = sites::entry(change, &id)?;
    let base = match &standing {
        Some(entry) => entry.clone(),
        None => {
            sites::require_room(change)?;
            fresh(id.clone(), key.clone()).map_err(Refusal::Content)?
        }
    };
    let entry = told.facts.apply(base).map_err(Refusal::Content)?;
    let mut fields = match &standing {
        Some(standing) => differences(standing, &entry),
        None => Vec::new(),
    };
    if standing.is_none() || !fields.is_empty() {
        merchant_of(change, &entry, told.merchant_name.as_deref(), how)?;
        sites::write(change, &entry)?;
    }
    if standing.is_none() || how.keys == Keys::Given {
        let is_new_key = add_key(change, &id, &key)?;
        if is_new_key && standing.is_some() {
            fields.push("keys");
        }
    }
    // What goes by its id needs no other name.
    let reference = told.reference.unwrap_or(told.key);
    let reference = if reference == id.as_str() {
        String::new()
    } else {
        reference
    };
    let is_shared = how.organization.as_str() != OPERATOR
        && organizations::share(change, how.organization, (&id, &reference))?;
    if is_shared && standing.is_some() {
        fields.push("reference");
    }
    let outcome = match standing {
        None => Outcome::Added,
        Some(_) if fields.is_empty() => Outcome::Unchanged,
        Some(_) => Outcome::Changed(fields),
    };
    Ok((id, outcome))
}

/// The site that a line is about, and the key that it has if it is new.
fn names(
    change: &Transaction<'_>,
    key: &str,
    how: &Bulk<'_>,
) -> Result<(SiteId, SiteKey), Refusal> {
    let name = |e: crate::ids::InvalidName| Refusal::Content(e.to_string());
    if how.keys == Keys::Given {
        return Ok((
            SiteId::new(key).map_err(name)?,
            SiteKey::new(key).map_err(name)?,
        ));
    }
    if key.trim().is_empty() {
        let what = "key: say what you call the site".to_owned();
        return Err(Refusal::Content(what));
    }
    let found = change
        .prepare_cached(queries::SITE_OF_REFERENCE)?
        .query_row([how.organization.as_str(), key], |row| {
            row.get::<_, String>(0)
        });
    let id = match found {
        Ok(id) => sites::id(&id)?,
        Err(rusqlite::Error::QueryReturnedNoRows) => sites::random_id()?,
        Err(error) => return Err(error.into()),
    };
    Ok((id, sites::random_key()?))
}

fn merchant_of(
    change: &Transaction<'_>,
    entry: &SiteEntry,
    name: Option<&str>,
    how: &Bulk<'_>,
) -> Result<(), Refusal> {
    let is_own = entry.merchant.as_str() == entry.record.id.as_str();
    if how.keys == Keys::References || is_own {
        return Ok(merchants::require(change, how.organization, entry)?);
    }
    let name = sites::text(
        "merchant_name",
        name.unwrap_or(&entry.record.name).to_owned(),
    );
    let id: &MerchantId = &entry.merchant;
    let values = params![id.as_str(), name.map_err(Refusal::Content)?, entry.country];
    change
        .prepare_cached(queries::ADD_MERCHANT)?
        .execute(values)?;
    Ok(())
}

fn add_key(change: &Transaction<'_>, id: &SiteId, key: &SiteKey) -> Result<bool, Refusal> {
    let owner = sites::owner(change, key)?;
    if let Some((other, _)) = owner.as_ref().filter(|(site, _)| site != id) {
        return Err(Refusal::Content(format!("it is a key of site {other}")));
    }
    if owner.is_some() {
        return Ok(false);
    }
    let values = params![key.as_str(), id.as_str()];
    change.prepare_cached(queries::ADD_KEY)?.execute(values)?;
    change
        .prepare_cached(queries::NEXT_SITES_VERSION)?
        .execute([])?;
    Ok(true)
}

impl Outcome {
    /// How it stands in the audit log, if it changed anything.
    fn deed(&self) -> Option<(&'static str, serde_json::Value)> {
        match self {
            Self::Added => Some(("site.added", json!({}))),
            Self::Changed(fields) => Some(("site.changed", json!({ "fields": fields }))),
            Self::Unchanged | Self::Refused(_) => None,
        }
    }
}
