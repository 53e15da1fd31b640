//! Import of merchants: all of them in one change, or none.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::merchant::{self, Merchant};
use super::queries;
use super::sites::{self, SiteEntry};
use crate::ids::{OPERATOR, SiteId, SiteKey};
use crate::sites::MAX_SITES;

/// Most merchants in one import.
pub const MAX_MERCHANTS: usize = MAX_SITES;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// Sites that are new.
    pub added: usize,
    /// Sites that stand otherwise than before.
    pub changed: usize,
    /// Sites that stood so already.
    pub unchanged: usize,
}

#[derive(Deserialize)]
struct File<'a> {
    format: Option<u64>,
    #[serde(borrow)]
    merchants: Vec<&'a RawValue>,
}

impl Registry {
    /// Takes over `{"merchants": […]}` as `merchants.json` of the scenarios writes it. A merchant's
    /// site is the one whose id is its key. Sites that the file does not name stay as they are, and a
    /// key that was taken out of use stays out.
    ///
    /// # Errors
    /// [`RegistryError::Merchant`] names the first entry that cannot be used; then nothing was imported.
    pub fn import(&self, json: &str, actor: &str) -> Result<ImportSummary, RegistryError> {
        let merchants = merchants(json)?;
        self.change(|change, journal| {
            let mut summary = ImportSummary::default();
            for (index, merchant) in merchants.into_iter().enumerate() {
                let key = merchant.key.clone();
                match put(change, merchant).map_err(|refusal| refusal.at(index, &key))? {
                    Done::Unchanged => summary.unchanged += 1,
                    Done::Added => {
                        summary.added += 1;
                        journal.note(&deed(actor, "site.added", &key, json!({})))?;
                    }
                    Done::Changed(fields) => {
                        summary.changed += 1;
                        let detail = json!({ "fields": fields });
                        journal.note(&deed(actor, "site.changed", &key, detail))?;
                    }
                }
            }
            Ok(summary)
        })
    }
}

/// What an import would make of an empty control state, without one.
///
/// # Errors
/// As [`Registry::import`].
pub fn sites_in_import(json: &str) -> Result<Vec<SiteEntry>, RegistryError> {
    let merchants = merchants(json)?.into_iter().enumerate();
    merchants
        .map(|(index, merchant)| {
            let key = merchant.key.clone();
            let entry = merchant.apply(None);
            entry.map_err(|what| Refusal::Content(what).at(index, &key))
        })
        .collect()
}

fn merchants(json: &str) -> Result<Vec<Merchant>, RegistryError> {
    let file: File<'_> = serde_json::from_str(json).map_err(RegistryError::NotMerchants)?;
    if let Some(format) = file.format.filter(|&format| format != 1) {
        return Err(RegistryError::Format(format));
    }
    if file.merchants.len() > MAX_MERCHANTS {
        return Err(RegistryError::TooMany(file.merchants.len()));
    }
    read(&file.merchants)
}

fn deed<'a>(
    actor: &'a str,
    action: &'static str,
    subject: &'a str,
    detail: serde_json::Value,
) -> Deed<'a> {
    Deed {
        actor,
        organization: OPERATOR,
        action,
        subject,
        detail,
    }
}

enum Done {
    Added,
    Changed(Vec<&'static str>),
    Unchanged,
}

/// Why one merchant cannot be taken over.
enum Refusal {
    Content(String),
    Database(RegistryError),
}

impl Refusal {
    fn at(self, index: usize, key: &str) -> RegistryError {
        match self {
            Self::Content(what) => RegistryError::Merchant {
                index,
                key: key.chars().take(80).collect(),
                what,
            },
            Self::Database(error) => error,
        }
    }
}

impl From<RegistryError> for Refusal {
    fn from(error: RegistryError) -> Self {
        Self::Database(error)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Reads the entries one by one, so that an error names its entry.
fn read(entries: &[&RawValue]) -> Result<Vec<Merchant>, RegistryError> {
    let mut merchants = Vec::with_capacity(entries.len());
    let mut places: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let merchant: Merchant = serde_json::from_str(entry.get())
            .map_err(|error| Refusal::Content(error.to_string()).at(index, &key_of(entry)))?;
        if let Some(first) = places.insert(merchant.key.clone(), index) {
            let what = format!("merchant {first} has the same key");
            return Err(Refusal::Content(what).at(index, &merchant.key));
        }
        merchants.push(merchant);
    }
    Ok(merchants)
}

/// The key of an entry that cannot be read whole, if that much can be read.
fn key_of(entry: &RawValue) -> String {
    let value: serde_json::Value = serde_json::from_str(entry.get()).unwrap_or_default();
    value
        .get("key")
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn put(connection: &Connection, merchant: Merchant) -> Result<Done, Refusal> {
    let name = |e: crate::ids::InvalidName| Refusal::Content(e.to_string());
    let id = SiteId::new(&merchant.key).map_err(name)?;
    let key = SiteKey::new(&merchant.key).map_err(name)?;
    let standing = sites::entry(connection, &id)?;
    let entry = merchant
        .apply(standing.as_ref())
        .map_err(Refusal::Content)?;
    let owner = sites::owner(connection, &key)?;
    if let Some((other, _)) = owner.as_ref().filter(|(site, _)| *site != id) {
        return Err(Refusal::Content(format!("it is a key of site {other}")));
    }
    let mut fields = match &standing {
        Some(standing) => merchant::differences(standing, &entry),
        None => Vec::new(),
    };
    if standing.is_none() || !fields.is_empty() {
        write(connection, &entry)?;
    }
    if owner.is_none() {
        connection
            .prepare_cached(queries::ADD_KEY)?
            .execute(params![key.as_str(), id.as_str()])?;
        fields.push("keys");
    }
    Ok(match standing {
        None => Done::Added,
        Some(_) if fields.is_empty() => Done::Unchanged,
        Some(_) => Done::Changed(fields),
    })
}

fn write(connection: &Connection, entry: &SiteEntry) -> Result<(), Refusal> {
    let list = |list: &[String]| serde_json::Value::from(list.to_vec()).to_string();
    let record = &entry.record;
    connection
        .prepare_cached(queries::PUT_SITE)?
        .execute(params![
            record.id.as_str(),
            record.name,
            entry.country,
            entry.platform,
            list(&record.domains),
            list(&record.checkout_paths),
            list(&record.admin_paths),
            entry.payment.to_string(),
            entry.csp.to_string(),
            entry.policy,
            record.rate,
            record.retention_days,
            list(&record.harmless_parameters),
        ])?;
    Ok(())
}
