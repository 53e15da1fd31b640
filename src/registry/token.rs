//! Who shows which token. [`Authenticator`] is the type to know; doors ask it and nobody else.

use std::fmt;

use subtle::ConstantTimeEq;

use crate::scope::Scope;

/// Longest token that is looked at.
pub const MAX_TOKEN_BYTES: usize = 512;

/// Whoever showed a valid token.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who stands in the audit log for what they do.
    pub name: String,
    /// What they may see.
    pub scope: Scope,
}

/// Knows which tokens are valid: the one that the operator set, if one was set, and those that were added.
#[derive(Clone)]
pub struct Authenticator {
    pub(super) bootstrap: Option<[u8; 32]>,
    others: Vec<([u8; 32], Caller)>,
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator").finish_non_exhaustive()
    }
}

impl Caller {
    pub(super) fn operator() -> Self {
        Self {
            name: "operator".to_owned(),
            scope: Scope::Operator,
        }
    }
}

impl Authenticator {
    /// Accepts the operator's token. Without one, or with an empty one, nobody is let in.
    pub fn new(bootstrap: Option<&str>) -> Self {
        let bootstrap = bootstrap.filter(|token| !token.is_empty());
        Self {
            bootstrap: bootstrap.map(hash),
            others: Vec::new(),
        }
    }

    /// Accepts one more token, as this caller's. It opens no session of pages.
    #[must_use]
    pub fn and(mut self, token: &str, caller: Caller) -> Self {
        self.others.push((hash(token), caller));
        self
    }

    /// Who showed this token. Takes as long for a wrong one as for the right one.
    pub fn caller(&self, token: &str) -> Option<Caller> {
        let shown = hash(token);
        let operator = self.operator(&shown);
        let other = self.others.iter().fold(None, |found, (known, caller)| {
            let same: bool = known.ct_eq(&shown).into();
            if same { Some(caller) } else { found }
        });
        operator.or_else(|| other.cloned())
    }

    /// The operator, if this is the hash of the operator's token.
    pub(super) fn operator(&self, shown: &[u8; 32]) -> Option<Caller> {
        let same = self
            .bootstrap
            .is_some_and(|known| known.ct_eq(shown).into());
        same.then(Caller::operator)
    }

    /// Who sent this `Authorization` header: `Bearer …`, the scheme in any case (RFC 9110 §11.1).
    pub fn bearer(&self, authorization: &str) -> Option<Caller> {
        let (scheme, token) = authorization.split_once(' ')?;
        let token = token.trim();
        let fits = (1..=MAX_TOKEN_BYTES).contains(&token.len());
        (scheme.eq_ignore_ascii_case("bearer") && fits)
            .then(|| self.caller(token))
            .flatten()
    }
}

pub(super) fn hash(token: &str) -> [u8; 32] {
    blake3::derive_key("skimwatch api token v1", token.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_token_opens() {
        for (name, set, shown, opens) in [
            ("right", Some("secret"), "secret", true),
            ("wrong", Some("secret"), "Secret", false),
            ("longer", Some("secret"), "secret ", false),
            ("none set", None, "secret", false),
            ("none set, none shown", None, "", false),
            ("empty set", Some(""), "", false),
        ] {
            let caller = Authenticator::new(set).caller(shown);
            assert_eq!(caller.is_some(), opens, "{name}");
        }
    }

    #[test]
    fn an_added_token_is_its_callers_and_no_operators() {
        let shop = Caller {
            name: "shop".to_owned(),
            scope: Scope::Sites(std::collections::BTreeSet::new()),
        };
        let doors = Authenticator::new(Some("secret")).and("other", shop);
        let name = |token| doors.caller(token).map(|caller| caller.name);
        assert_eq!(name("secret").as_deref(), Some("operator"));
        assert_eq!(name("other").as_deref(), Some("shop"));
        assert_eq!(name("third"), None);
        let now = crate::clock::Timestamp(1);
        assert!(doors.open_session("other", now).is_none());
        assert!(doors.open_session("secret", now).is_some());
    }
}
