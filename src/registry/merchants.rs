//! Merchants: companies with one site or several. Whoever sees one of its sites sees a merchant, and so does the
//! organization that added it.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::json;

use super::caller::Author;
use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::sites::{MAX_PAGE, SiteEntry, text};
use super::{organizations, queries};
use crate::ids::{MerchantId, OPERATOR, OrganizationId, SiteId};
use crate::scope::Scope;

/// Most sites of one merchant that are named with it.
pub const MAX_NAMED_SITES: u32 = 100;

/// A merchant, as far as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerchantEntry {
    /// Stable for ever.
    pub id: MerchantId,
    /// Its name, for people.
    pub name: String,
    /// Country, ISO 3166-1 alpha-2; empty if not told.
    pub country: String,
    /// Its sites that the reader sees, in order: [`MAX_NAMED_SITES`] at most.
    pub sites: Vec<SiteId>,
}

impl Registry {
    /// Adds a merchant for an organization, or changes its name and country. Whether it is new.
    ///
    /// # Errors
    /// [`RegistryError::Field`], or [`RegistryError::NoMerchant`] if it is another organization's.
    pub fn put_merchant(
        &self,
        organization: &OrganizationId,
        (id, name, country): (&MerchantId, &str, &str),
        author: &Author,
    ) -> Result<bool, RegistryError> {
        let name = text("name", name.to_owned()).map_err(RegistryError::Field)?;
        let country = text("country", country.to_owned()).map_err(RegistryError::Field)?;
        self.change(|change, journal| {
            organizations::require(change, organization)?;
            let standing = row(change, id)?;
            if standing.is_some() && !is_seen(change, organization.as_str(), id)? {
                return Err(RegistryError::NoMerchant(id.clone()));
            }
            if standing
                .as_ref()
                .is_some_and(|it| *it == (name.clone(), country.clone()))
            {
                return Ok(false);
            }
            change.execute(queries::PUT_MERCHANT, params![id.as_str(), name, country])?;
            if organization.as_str() != OPERATOR {
                let values = [organization.as_str(), id.as_str()];
                change.execute(queries::SHARE_MERCHANT, values)?;
            }
            let action = match standing {
                None => "merchant.added",
                Some(_) => "merchant.changed",
            };
            journal.note(&Deed {
                actor: author.name(),
                organization: organization.as_str(),
                action,
                subject: id.as_str(),
                detail: json!({ "name": name, "country": country }),
            })?;
            Ok(standing.is_none())
        })
    }

    /// Merchants in scope in the order of their ids, beginning after `after`.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn merchants(
        &self,
        scope: &Scope,
        after: Option<&MerchantId>,
        limit: u32,
    ) -> Result<Vec<MerchantEntry>, RegistryError> {
        let connection = self.lock();
        let seen = scope.portfolio().map(|it| it.organization().as_str());
        let after = after.map_or("", MerchantId::as_str);
        let sql = match seen {
            None => queries::MERCHANTS,
            Some(_) => queries::MERCHANTS_OF,
        };
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![after, limit.clamp(1, MAX_PAGE), seen])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            found.push(MerchantEntry {
                sites: sites_of(&connection, seen, &id)?,
                id: known(&id)?,
                name: row.get(1)?,
                country: row.get(2)?,
            });
        }
        Ok(found)
    }

    /// One merchant, if it is in scope.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn merchant(
        &self,
        scope: &Scope,
        id: &MerchantId,
    ) -> Result<Option<MerchantEntry>, RegistryError> {
        let connection = self.lock();
        let seen = scope.portfolio().map(|it| it.organization().as_str());
        if !is_seen(&connection, scope.organization(), id)? {
            return Ok(None);
        }
        let Some((name, country)) = row(&connection, id)? else {
            return Ok(None);
        };
        Ok(Some(MerchantEntry {
            sites: sites_of(&connection, seen, id.as_str())?,
            id: id.clone(),
            name,
            country,
        }))
    }
}

/// That the merchant of a site is there, and that the organization may give it one more site.
pub(super) fn require(
    change: &Connection,
    organization: &OrganizationId,
    site: &SiteEntry,
) -> Result<(), RegistryError> {
    // Its own goes by its name, and is written with it.
    if site.merchant.as_str() == site.record.id.as_str() {
        return Ok(());
    }
    let is_known = row(change, &site.merchant)?.is_some();
    if is_known && is_seen(change, organization.as_str(), &site.merchant)? {
        Ok(())
    } else {
        Err(RegistryError::NoMerchant(site.merchant.clone()))
    }
}

fn is_seen(
    connection: &Connection,
    organization: &str,
    id: &MerchantId,
) -> Result<bool, RegistryError> {
    if organization == OPERATOR {
        return Ok(true);
    }
    let mut statement = connection.prepare_cached(queries::IS_MERCHANT_SEEN)?;
    Ok(statement.query_row([organization, id.as_str()], |row| row.get(0))?)
}

pub(super) fn row(
    connection: &Connection,
    id: &MerchantId,
) -> Result<Option<(String, String)>, RegistryError> {
    let mut statement = connection.prepare_cached(queries::MERCHANT)?;
    let found = statement.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

fn sites_of(
    connection: &Connection,
    seen: Option<&str>,
    id: &str,
) -> Result<Vec<SiteId>, RegistryError> {
    let mut statement = connection.prepare_cached(queries::SITES_OF_MERCHANT)?;
    let mut rows = statement.query(params![seen, id, MAX_NAMED_SITES])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(super::sites::id(&row.get::<_, String>(0)?)?);
    }
    Ok(found)
}

fn known(id: &str) -> Result<MerchantId, RegistryError> {
    MerchantId::new(id).map_err(|_invalid| RegistryError::Damaged(format!("merchant {id}")))
}
