//! Sites are added, changed, taken out.

use rusqlite::{Connection, params};
use serde_json::json;

use super::super::caller::Author;
use super::super::database::{Deed, Registry};
use super::super::error::RegistryError;
use super::super::{merchants, organizations, queries};
use super::facts::{SiteFacts, differences, fresh};
use super::{SiteEntry, entry, keys};
use crate::ids::{OPERATOR, OrganizationId, SiteId};
use crate::scope::Scope;
use crate::sites::MAX_SITES;

/// A site that is to be added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewSite {
    /// Its id, which only the operator chooses; else it is made.
    pub id: Option<SiteId>,
    /// What the organization calls it; empty if it has no name of its own for it.
    pub reference: String,
    /// What is told of it.
    pub facts: SiteFacts,
}

/// Who adds a site: an organization, which then sees it.
#[derive(Clone, Copy, Debug)]
pub struct SiteOwner<'a> {
    /// Whose it will be.
    pub organization: &'a OrganizationId,
    /// Who says so.
    pub author: &'a Author,
}

impl Registry {
    /// Adds a site with a key of its own, for an organization.
    ///
    /// # Errors
    /// [`RegistryError::NoOrganization`], [`RegistryError::Field`] if a field cannot be used or the id is taken,
    /// [`RegistryError::TooManySites`].
    pub fn add_site(
        &self,
        SiteOwner {
            organization,
            author,
        }: SiteOwner<'_>,
        new: NewSite,
    ) -> Result<SiteEntry, RegistryError> {
        let id = match new.id {
            Some(id) => id,
            None => random_id()?,
        };
        let standing = fresh(id.clone(), keys::random_key()?).map_err(RegistryError::Field)?;
        let site = new.facts.apply(standing).map_err(RegistryError::Field)?;
        self.change(|change, journal| {
            organizations::require(change, organization)?;
            if entry(change, &id)?.is_some() {
                return Err(RegistryError::Field(format!("site: {id} is taken")));
            }
            require_room(change)?;
            merchants::require(change, organization, &site)?;
            write(change, &site)?;
            for key in &site.record.keys {
                change.execute(queries::ADD_KEY, params![key.key.as_str(), id.as_str()])?;
            }
            if organization.as_str() != OPERATOR {
                organizations::share(change, organization, (&id, &new.reference))?;
            }
            journal.note(&Deed {
                actor: author.name(),
                organization: organization.as_str(),
                action: "site.added",
                subject: id.as_str(),
                detail: json!({ "name": site.record.name, "reference": new.reference }),
            })
        })?;
        Ok(site)
    }

    /// Changes what is told of a site in scope. The site as it stands then.
    ///
    /// # Errors
    /// [`RegistryError::NoSite`], [`RegistryError::Field`].
    pub fn change_site(
        &self,
        scope: &Scope,
        (id, facts): (&SiteId, SiteFacts),
        author: &Author,
    ) -> Result<SiteEntry, RegistryError> {
        self.change(|change, journal| {
            let standing = seen(change, scope, id)?;
            let site = facts
                .apply(standing.clone())
                .map_err(RegistryError::Field)?;
            let fields = differences(&standing, &site);
            if fields.is_empty() {
                return Ok(site);
            }
            if fields.contains(&"merchant") {
                merchants::require(change, author.organization(), &site)?;
            }
            write(change, &site)?;
            journal.note(&Deed {
                actor: author.name(),
                organization: author.organization().as_str(),
                action: "site.changed",
                subject: id.as_str(),
                detail: json!({ "fields": fields }),
            })?;
            Ok(site)
        })
    }

    /// Takes a site in scope out of use for everybody: its keys are retired, no organization sees it any more. Its
    /// reports stay until their time is over, and so does its id.
    ///
    /// # Errors
    /// [`RegistryError::NoSite`].
    pub fn retire_site(
        &self,
        scope: &Scope,
        id: &SiteId,
        author: &Author,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            seen(change, scope, id)?;
            let keys = change.execute(queries::RETIRE_KEYS_OF, [id.as_str()])?;
            let shares = change.execute(queries::UNSHARE_EVERYWHERE, [id.as_str()])?;
            if keys + shares == 0 {
                return Ok(());
            }
            change.execute(queries::NEXT_SITES_VERSION, [])?;
            change.execute(queries::NEXT_PORTFOLIOS_VERSION, [])?;
            journal.note(&Deed {
                actor: author.name(),
                organization: author.organization().as_str(),
                action: "site.retired",
                subject: id.as_str(),
                detail: json!({ "keys": keys, "organizations": shares }),
            })
        })
    }
}

fn seen(connection: &Connection, scope: &Scope, id: &SiteId) -> Result<SiteEntry, RegistryError> {
    let found = match scope.sees(id.as_str()) {
        true => entry(connection, id)?,
        false => None,
    };
    found.ok_or_else(|| RegistryError::NoSite(id.clone()))
}

/// That one more site may be added.
pub(in crate::registry) fn require_room(connection: &Connection) -> Result<(), RegistryError> {
    let count: i64 = connection
        .prepare_cached(queries::SITE_COUNT)?
        .query_row([], |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count < MAX_SITES) {
        Ok(())
    } else {
        Err(RegistryError::TooManySites)
    }
}

/// An id that nobody chose.
pub(in crate::registry) fn random_id() -> Result<SiteId, RegistryError> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(RegistryError::Random)?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    SiteId::new(&format!("s{digits}")).map_err(|e| RegistryError::Damaged(e.to_string()))
}

/// Writes a site down, new or not, and its merchant if the two go by one name.
pub(in crate::registry) fn write(
    connection: &Connection,
    entry: &SiteEntry,
) -> Result<(), RegistryError> {
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
            entry.merchant.as_str(),
            list(&entry.labels),
        ])?;
    if entry.merchant.as_str() == record.id.as_str() {
        let values = params![entry.merchant.as_str(), record.name, entry.country];
        connection
            .prepare_cached(queries::PUT_MERCHANT)?
            .execute(values)?;
    }
    connection
        .prepare_cached(queries::NEXT_SITES_VERSION)?
        .execute([])?;
    Ok(())
}
