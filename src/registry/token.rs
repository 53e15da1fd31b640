//! Who shows which token. [`Authenticator`] is the type to know; doors ask it and nobody else.

use std::fmt;
use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::caller::Caller;
use super::database::Registry;
use super::error::RegistryError;
use crate::ids::OPERATOR;

/// Longest token that is looked at.
pub const MAX_TOKEN_BYTES: usize = 512;

/// Knows which tokens are valid: the one that the operator set, if one was set, and those of the control state.
#[derive(Clone)]
pub struct Authenticator {
    pub(super) bootstrap: Option<[u8; 32]>,
    pub(super) registry: Arc<Registry>,
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator").finish_non_exhaustive()
    }
}

impl Authenticator {
    /// Accepts the operator's token until an operator can log in, and those of the control state. Without the former,
    /// or with an empty one, the latter alone.
    pub fn new(bootstrap: Option<&str>, registry: Arc<Registry>) -> Self {
        let bootstrap = bootstrap.filter(|token| !token.is_empty());
        Self {
            bootstrap: bootstrap.map(hash),
            registry,
        }
    }

    /// Who showed this token now. May block on the disk.
    ///
    /// # Errors
    /// [`RegistryError`] if the control state cannot be read.
    pub fn caller(&self, token: &str) -> Result<Option<Caller>, RegistryError> {
        let shown = hash(token);
        if let Some(operator) = self.operator(&shown)? {
            return Ok(Some(operator));
        }
        self.registry.token_caller(&shown)
    }

    /// The operator, if this is the hash of the operator's token, and it counts. Comparing takes as long for any other.
    pub(super) fn operator(&self, shown: &[u8; 32]) -> Result<Option<Caller>, RegistryError> {
        let same = self
            .bootstrap
            .is_some_and(|known| known.ct_eq(shown).into());
        let counts = same && self.takes_bootstrap()?;
        Ok(counts.then(|| Caller::operator(OPERATOR)))
    }

    /// Whether the operator's token is set and counts: it is void as soon as an operator can log in. May block on the
    /// disk.
    ///
    /// # Errors
    /// [`RegistryError`] if the control state cannot be read.
    pub fn takes_bootstrap(&self) -> Result<bool, RegistryError> {
        Ok(self.bootstrap.is_some() && !self.registry.has_operator()?)
    }

    /// Who sent this `Authorization` header: `Bearer …`, the scheme in any case (RFC 9110 §11.1). May block on the
    /// disk.
    ///
    /// # Errors
    /// [`RegistryError`] if the control state cannot be read.
    pub fn bearer(&self, authorization: &str) -> Result<Option<Caller>, RegistryError> {
        let Some((scheme, token)) = authorization.split_once(' ') else {
            return Ok(None);
        };
        let token = token.trim();
        let fits = (1..=MAX_TOKEN_BYTES).contains(&token.len());
        if !fits || !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(None);
        }
        self.caller(token)
    }
}

pub(super) fn hash(token: &str) -> [u8; 32] {
    blake3::derive_key("skimwatch api token v1", token.as_bytes())
}
