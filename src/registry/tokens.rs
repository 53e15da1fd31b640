//! Tokens of programs: made, listed, revoked. What a token is shows once, when it is made.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::json;

use super::caller::{Author, Caller};
use super::database::{Deed, Registry};
use super::error::RegistryError;
use super::organizations::require;
use super::queries;
use super::sites::text;
use super::token::hash;
use crate::clock::Timestamp;
use crate::ids::{OPERATOR, OrganizationId};
use crate::role::Role;

/// Most tokens of one organization that count.
pub const MAX_TOKENS: u32 = 100;

/// The longest that a token may last, in days.
pub const MAX_TOKEN_DAYS: u32 = 730;

/// What every token begins with, so that whoever searches for leaked secrets finds one.
pub const TOKEN_PREFIX: &str = "skimwatch_";

/// Random bytes in a token.
const TOKEN_BYTES: usize = 32;

/// A token, without what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenEntry {
    /// What it is called by when it is revoked.
    pub id: String,
    /// What it is for, in somebody's words.
    pub name: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What it allows.
    pub role: Role,
    /// Who made it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// What is asked for with a new token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// What it is for.
    pub name: String,
    /// What it allows.
    pub role: Role,
    /// How long it lasts, in days: 1 to [`MAX_TOKEN_DAYS`].
    pub days: u32,
}

impl Registry {
    /// Makes a token for an organization: its id, and the token itself, which is shown nowhere else.
    ///
    /// # Errors
    /// [`RegistryError::NoOrganization`], [`RegistryError::Field`], [`RegistryError::TooManyTokens`].
    pub fn add_token(
        &self,
        organization: &OrganizationId,
        request: &TokenRequest,
        author: &Author,
    ) -> Result<(String, String), RegistryError> {
        let name = text("name", request.name.trim().to_owned()).map_err(RegistryError::Field)?;
        let refuse = |what: String| Err(RegistryError::Field(what));
        if name.is_empty() {
            return refuse("name: say what the token is for".to_owned());
        }
        if !(1..=MAX_TOKEN_DAYS).contains(&request.days) {
            return refuse(format!("days: 1 to {MAX_TOKEN_DAYS}"));
        }
        if request.role == Role::Operator && organization.as_str() != OPERATOR {
            return refuse(format!(
                "role: {organization} is not the operator of the installation"
            ));
        }
        let token = format!("{TOKEN_PREFIX}{}", random::<TOKEN_BYTES>()?);
        let id = random::<9>()?;
        self.change(|change, journal| {
            require(change, organization)?;
            let values = params![organization.as_str(), journal.at()];
            let standing: u32 = change.query_row(queries::TOKEN_COUNT, values, |row| row.get(0))?;
            if standing >= MAX_TOKENS {
                return Err(RegistryError::TooManyTokens(organization.clone()));
            }
            let life = i64::from(request.days) * 24 * 3_600_000;
            let expires_at = Timestamp(journal.at().saturating_add(life));
            let role = request.role.as_str();
            change.execute(
                queries::ADD_TOKEN,
                params![
                    id,
                    hash(&token),
                    name,
                    organization.as_str(),
                    role,
                    author.name(),
                    journal.at(),
                    expires_at.0
                ],
            )?;
            journal.note(&Deed {
                actor: author.name(),
                organization: organization.as_str(),
                action: "token.added",
                subject: &id,
                detail: json!({ "name": name, "role": role, "expires_at": expires_at.to_string() }),
            })
        })?;
        Ok((id, token))
    }

    /// Takes a token of an organization out of use, for ever.
    ///
    /// # Errors
    /// [`RegistryError::NoToken`].
    pub fn revoke_token(
        &self,
        organization: &OrganizationId,
        id: &str,
        author: &Author,
    ) -> Result<(), RegistryError> {
        self.change(|change, journal| {
            let values = params![id, organization.as_str(), journal.at()];
            if change.execute(queries::REVOKE_TOKEN, values)? == 0 {
                return Err(RegistryError::NoToken);
            }
            journal.note(&Deed {
                actor: author.name(),
                organization: organization.as_str(),
                action: "token.revoked",
                subject: id,
                detail: json!({}),
            })
        })
    }

    /// The tokens of an organization, newest first, revoked and expired ones last.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn tokens(&self, organization: &OrganizationId) -> Result<Vec<TokenEntry>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::TOKENS)?;
        let mut rows = statement.query([organization.as_str()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }

    /// Whoever shows a token with this hash now.
    pub(super) fn token_caller(&self, hash: &[u8; 32]) -> Result<Option<Caller>, RegistryError> {
        let now = self.clock.now().0;
        type Found = (String, String, String);
        let found: Option<Found> = self
            .lock()
            .prepare_cached(queries::TOKEN_OF_HASH)?
            .query_row(params![hash, now], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((id, organization, role)) = found else {
            return Ok(None);
        };
        let organization = owner(&organization)?;
        Ok(Some(Caller {
            name: format!("token:{id}"),
            role: role_of(&role)?,
            scope: self.scope(&organization)?,
            organization,
        }))
    }
}

fn read(row: &Row<'_>) -> Result<TokenEntry, RegistryError> {
    let (organization, role): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(TokenEntry {
        id: row.get(0)?,
        name: row.get(1)?,
        organization: owner(&organization)?,
        role: role_of(&role)?,
        actor: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        expires_at: Timestamp(row.get(6)?),
        revoked_at: row.get::<_, Option<i64>>(7)?.map(Timestamp),
    })
}

/// The organization of a stored id.
pub(super) fn owner(text: &str) -> Result<OrganizationId, RegistryError> {
    OrganizationId::new(text)
        .map_err(|_invalid| RegistryError::Damaged(format!("organization {text}")))
}

/// The role of a stored word.
pub(super) fn role_of(word: &str) -> Result<Role, RegistryError> {
    Role::of_word(word).ok_or_else(|| RegistryError::Damaged(format!("role {word}")))
}

/// Random bytes as a text without characters that an address or a shell would change.
pub(super) fn random<const BYTES: usize>() -> Result<String, RegistryError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(RegistryError::Random)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
