//! Organizations, and which sites each of them sees.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::caller::Author;
use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::sites::text;
use super::{queries, sites};
use crate::clock::Timestamp;
use crate::ids::{OPERATOR, OrganizationId, SiteId};
use crate::language::Language;

/// Most organizations of one installation: each merchant may be one.
pub const MAX_ORGANIZATIONS: u32 = 200_000;

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Stable for ever.
    pub id: OrganizationId,
    /// Its name, for people.
    pub name: String,
    /// What it is.
    pub kind: OrganizationKind,
    /// Of its notices.
    pub language: Language,
    /// Whether its people are told how many merchants of others a campaign hit.
    pub tells_others: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// How many sites it sees; the operator sees all and counts none.
    pub sites: u32,
}

/// What an organization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrganizationKind {
    /// Runs the installation. There is one.
    Operator,
    /// A payment service provider.
    Psp,
    /// An acquirer.
    Acquirer,
    /// A merchant on its own.
    Merchant,
}

/// What is told of an organization to add it or to change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationFacts {
    /// Its name, for people.
    pub name: String,
    /// What it is; never the operator.
    pub kind: OrganizationKind,
    /// Of its notices.
    pub language: Language,
    /// Whether its people are told how many merchants of others a campaign hit.
    pub tells_others: bool,
}

impl OrganizationKind {
    /// All that can be added.
    pub const ADDABLE: [Self; 3] = [Self::Psp, Self::Acquirer, Self::Merchant];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => OPERATOR,
            Self::Psp => "psp",
            Self::Acquirer => "acquirer",
            Self::Merchant => "merchant",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        let all = Self::ADDABLE.into_iter().chain([Self::Operator]);
        all.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Registry {
    /// Adds an organization, or changes what is told of one. Whether it is new.
    ///
    /// # Errors
    /// [`RegistryError::Field`] if a name cannot be used, [`RegistryError::TooManyOrganizations`], or
    /// [`RegistryError::NoOrganization`] for the operator's kind given to another or taken from it.
    pub fn put_organization(
        &self,
        id: &OrganizationId,
        facts: OrganizationFacts,
        author: &Author,
    ) -> Result<bool, RegistryError> {
        let name = text("name", facts.name.clone()).map_err(RegistryError::Field)?;
        let is_operator = facts.kind == OrganizationKind::Operator;
        if is_operator != (id.as_str() == OPERATOR) {
            return Err(RegistryError::Field("kind: there is one operator".into()));
        }
        self.change(|change, journal| {
            let standing = one(change, id)?;
            if standing.is_none() && count(change)? >= MAX_ORGANIZATIONS {
                return Err(RegistryError::TooManyOrganizations);
            }
            if standing.as_ref().is_some_and(|it| it.is_as_told(&facts)) {
                return Ok(false);
            }
            let values = params![
                id.as_str(),
                name,
                facts.kind.as_str(),
                facts.language.tag(),
                facts.tells_others,
                journal.at()
            ];
            change.execute(queries::PUT_ORGANIZATION, values)?;
            let action = match standing {
                None => "organization.added",
                Some(_) => "organization.changed",
            };
            journal.note(&Deed {
                actor: author.name(),
                organization: id.as_str(),
                action,
                subject: id.as_str(),
                detail: json!({ "name": name, "kind": facts.kind, "language": facts.language.tag(),
                    "tells_others": facts.tells_others }),
            })?;
            Ok(standing.is_none())
        })
    }

    /// Organizations in the order of their ids, beginning after `after`.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn organizations(
        &self,
        after: Option<&OrganizationId>,
        limit: u32,
    ) -> Result<Vec<Organization>, RegistryError> {
        let connection = self.lock();
        let after = after.map_or("", OrganizationId::as_str);
        let mut statement = connection.prepare_cached(queries::ORGANIZATIONS)?;
        let mut rows = statement.query(params![after, limit.clamp(1, sites::MAX_PAGE)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    /// One organization.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn organization(&self, id: &OrganizationId) -> Result<Option<Organization>, RegistryError> {
        one(&self.lock(), id)
    }

    /// Lets an organization see a site, under a name of its own if it has one.
    ///
    /// # Errors
    /// [`RegistryError::NoOrganization`], [`RegistryError::NoSite`], [`RegistryError::Field`] if another of its
    /// sites has this name.
    pub fn share_site(
        &self,
        organization: &OrganizationId,
        (site, reference): (&SiteId, &str),
        author: &Author,
    ) -> Result<(), RegistryError> {
        let reference = text("reference", reference.to_owned()).map_err(RegistryError::Field)?;
        self.change(|change, journal| {
            require(change, organization)?;
            sites::entry(change, site)?.ok_or_else(|| RegistryError::NoSite(site.clone()))?;
            if !share(change, organization, (site, &reference))? {
                return Ok(());
            }
            let detail = json!({ "organization": organization, "reference": reference });
            journal.note(&share_deed(
                author,
                organization,
                ("site.shared", site),
                detail,
            ))
        })
    }

    /// An organization no longer sees a site. The site and its reports stay.
    ///
    /// # Errors
    /// [`RegistryError::NotShared`].
    pub fn unshare_site(
        &self,
        organization: &OrganizationId,
        site: &SiteId,
        author: &Author,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            let values = [organization.as_str(), site.as_str()];
            if change.execute(queries::UNSHARE_SITE, values)? == 0 {
                return Err(RegistryError::NotShared {
                    organization: organization.clone(),
                    site: site.clone(),
                });
            }
            change.execute(queries::NEXT_PORTFOLIOS_VERSION, [])?;
            let detail = json!({ "organization": organization });
            journal.note(&share_deed(
                author,
                organization,
                ("site.unshared", site),
                detail,
            ))
        })
    }
}

impl Organization {
    fn is_as_told(&self, facts: &OrganizationFacts) -> bool {
        (&self.name, self.kind, self.language, self.tells_others)
            == (&facts.name, facts.kind, facts.language, facts.tells_others)
    }
}

fn share_deed<'a>(
    author: &'a Author,
    organization: &'a OrganizationId,
    (action, site): (&'static str, &'a SiteId),
    detail: serde_json::Value,
) -> Deed<'a> {
    Deed {
        actor: author.name(),
        organization: organization.as_str(),
        action,
        subject: site.as_str(),
        detail,
    }
}

/// Lets an organization see a site, within a change. False if it does so already, under this name.
pub(super) fn share(
    change: &Connection,
    organization: &OrganizationId,
    (site, reference): (&SiteId, &str),
) -> Result<bool, RegistryError> {
    let values = [organization.as_str(), site.as_str(), reference];
    let taken = change
        .prepare_cached(queries::REFERENCE_TAKEN)?
        .exists(values)?;
    if taken {
        return Err(RegistryError::Field(format!(
            "reference: another site of {organization} is called {reference:?}"
        )));
    }
    let shared = change
        .prepare_cached(queries::SHARE_SITE)?
        .execute(values)?;
    if shared > 0 {
        change
            .prepare_cached(queries::NEXT_PORTFOLIOS_VERSION)?
            .execute([])?;
    }
    Ok(shared > 0)
}

/// That there is such an organization.
pub(super) fn require(
    connection: &Connection,
    id: &OrganizationId,
) -> Result<Organization, RegistryError> {
    one(connection, id)?.ok_or_else(|| RegistryError::NoOrganization(id.clone()))
}

pub(super) fn one(
    connection: &Connection,
    id: &OrganizationId,
) -> Result<Option<Organization>, RegistryError> {
    let mut statement = connection.prepare_cached(queries::ORGANIZATION)?;
    let mut rows = statement.query([id.as_str()])?;
    rows.next()?.map(read).transpose()
}

fn count(connection: &Connection) -> Result<u32, RegistryError> {
    let mut statement = connection.prepare_cached(queries::ORGANIZATION_COUNT)?;
    Ok(statement
        .query_row([], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}

fn read(row: &Row<'_>) -> Result<Organization, RegistryError> {
    let (id, kind, language): (String, String, String) = (row.get(0)?, row.get(2)?, row.get(3)?);
    let damaged = |what: &str| RegistryError::Damaged(format!("organization {id}: {what}"));
    Ok(Organization {
        id: OrganizationId::new(&id).map_err(|_invalid| damaged("its id"))?,
        name: row.get(1)?,
        kind: OrganizationKind::of_word(&kind).ok_or_else(|| damaged(&kind))?,
        language: Language::of_tag(&language).ok_or_else(|| damaged(&language))?,
        tells_others: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        sites: row.get(6)?,
    })
}
