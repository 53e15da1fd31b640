//! [`Line`]: one site as a file tells of it, in JSON or CSV.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::error::RegistryError;
use super::super::sites::{SiteEntry, SiteFacts, fresh};
use super::table;
use crate::ids::{SiteId, SiteKey};
use crate::sites::MAX_SITES;

/// Most merchants in one import.
pub const MAX_MERCHANTS: usize = MAX_SITES;

/// One site as a file tells of it.
#[derive(Debug)]
pub struct Line {
    /// Its place: in JSON that of the merchant, from 0; in CSV the line of the file, from 1.
    pub number: usize,
    /// Its key, as far as it can be read.
    pub key: String,
    /// What is told, or what is wrong with it.
    pub(super) told: Result<Told, String>,
}

/// A site in an import. Only the key must be there. Unknown fields are ignored: other programs keep theirs in the same
/// file.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    pub(super) key: String,
    /// Of the merchant, if it is not there yet.
    pub(super) merchant_name: Option<String>,
    /// What the organization calls it, if that is not the key.
    pub(super) reference: Option<String>,
    #[serde(flatten)]
    pub(super) facts: SiteFacts,
}

#[derive(Deserialize)]
struct File<'a> {
    format: Option<u64>,
    #[serde(borrow)]
    merchants: Vec<&'a RawValue>,
}

/// The lines of `{"merchants": [{"key": …}, …]}`.
///
/// # Errors
/// [`RegistryError::NotMerchants`], [`RegistryError::Format`], [`RegistryError::TooMany`].
pub fn lines_of_json(json: &str) -> Result<Vec<Line>, RegistryError> {
    let file: File<'_> = serde_json::from_str(json).map_err(RegistryError::NotMerchants)?;
    if let Some(format) = file.format.filter(|&format| format != 1) {
        return Err(RegistryError::Format(format));
    }
    if file.merchants.len() > MAX_MERCHANTS {
        return Err(RegistryError::TooMany(file.merchants.len()));
    }
    let lines = file.merchants.into_iter().enumerate();
    Ok(unique(
        lines.map(|(number, entry)| of_json(number, entry)),
        0,
    ))
}

/// The lines of a table: comma-separated, UTF-8, the first line names the columns. Lists are separated by spaces.
///
/// # Errors
/// [`RegistryError::NotTable`], [`RegistryError::TooMany`].
pub fn lines_of_csv(text: &[u8]) -> Result<Vec<Line>, RegistryError> {
    Ok(unique(table::read(text)?.into_iter(), 1))
}

/// The sites that an import describes, as they would be if none stood before.
///
/// # Errors
/// The same as [`Registry::import`](super::Registry::import), but for what a database says.
pub fn sites_in_import(json: &str) -> Result<Vec<SiteEntry>, RegistryError> {
    let entry = |told: Told| {
        let id = SiteId::new(&told.key).map_err(|e| e.to_string())?;
        let key = SiteKey::new(&told.key).map_err(|e| e.to_string())?;
        told.facts.apply(fresh(id, key)?)
    };
    let lines = lines_of_json(json)?.into_iter();
    lines
        .map(|line| {
            line.told
                .and_then(entry)
                .map_err(|what| RegistryError::Merchant {
                    index: line.number,
                    key: line.key,
                    what,
                })
        })
        .collect()
}

fn of_json(number: usize, entry: &RawValue) -> Line {
    match serde_json::from_str::<Told>(entry.get()) {
        Ok(told) => Line {
            number,
            key: told.key.clone(),
            told: Ok(told),
        },
        Err(error) => Line {
            number,
            key: key_of(entry),
            told: Err(error.to_string()),
        },
    }
}

/// A key stands in one line only.
fn unique(lines: impl Iterator<Item = Line>, first_number: usize) -> Vec<Line> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let noun = if first_number == 0 {
        "merchant"
    } else {
        "line"
    };
    lines
        .map(|mut line| {
            if line.told.is_ok()
                && let Some(first) = places.insert(line.key.clone(), line.number)
            {
                line.told = Err(format!("{noun} {first} has the same key"));
            }
            line
        })
        .collect()
}

/// The key of an entry that cannot be read, as far as it can be.
fn key_of(entry: &RawValue) -> String {
    let value: serde_json::Value = serde_json::from_str(entry.get()).unwrap_or_default();
    value
        .get("key")
        .map(ToString::to_string)
        .unwrap_or_default()
}
