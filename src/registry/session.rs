//! Sessions of people's browsers. [`Session`] is what a valid cookie stands for.
//!
//! Those of users are rows, see [`people`](super::people). Of one that the operator's token began nothing is kept: its
//! cookie says when it ends, and a keyed hash says that we said so. The key comes from the token, so that a new token
//! ends every session that the old one began, and so does the first operator who can log in.

use std::time::Duration;

use subtle::ConstantTimeEq as _;

use super::caller::Caller;
use super::error::RegistryError;
use super::people::{Person, Stage};
use super::token::{Authenticator, MAX_TOKEN_BYTES, hash};
use crate::clock::Timestamp;
use crate::ids::OPERATOR;

/// How long a session lasts.
pub const SESSION_LIFE: Duration = Duration::from_secs(12 * 3600);

/// Longest cookie that is looked at.
pub const MAX_SESSION_BYTES: usize = 128;

/// Whoever showed a valid cookie.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who that is.
    pub caller: Caller,
    /// What the forms of this session carry, so that no other page can send them.
    pub csrf: String,
    /// The user; none if the operator's token began it.
    pub person: Option<Person>,
}

impl Authenticator {
    /// The value of a cookie for whoever shows the operator's token, as long as it counts. Other tokens open none. May
    /// block on the disk.
    ///
    /// # Errors
    /// [`RegistryError`] if the control state cannot be read.
    pub fn open_session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<String>, RegistryError> {
        let fits = (1..=MAX_TOKEN_BYTES).contains(&token.len());
        if !fits || self.operator(&hash(token))?.is_none() {
            return Ok(None);
        }
        Ok(self.sealed(now))
    }

    /// The session that a cookie's value stands for. `is_used` says that somebody is at it, not a page that renews
    /// itself. May block on the disk.
    ///
    /// # Errors
    /// [`RegistryError`] if the control state cannot be read.
    pub fn session(
        &self,
        cookie: &str,
        now: Timestamp,
        is_used: bool,
    ) -> Result<Option<Session>, RegistryError> {
        if cookie.is_empty() || cookie.len() > MAX_SESSION_BYTES {
            return Ok(None);
        }
        match cookie.split_once('.') {
            Some((expiry, shown)) => self.of_token(now, (expiry, shown)),
            None => self.registry.user_session(cookie, is_used),
        }
    }

    fn sealed(&self, now: Timestamp) -> Option<String> {
        let life = i64::try_from(SESSION_LIFE.as_millis()).ok()?;
        let expiry = now.0.checked_add(life)?.to_string();
        let seal = self.seal(&expiry)?;
        Some(format!("{expiry}.{}", seal.to_hex()))
    }

    fn of_token(
        &self,
        now: Timestamp,
        (expiry, shown): (&str, &str),
    ) -> Result<Option<Session>, RegistryError> {
        let keys = self.seal(expiry).zip(self.session_key("skimwatch csrf v1"));
        let Some(((seal, key), shown)) = keys.zip(blake3::Hash::from_hex(shown).ok()) else {
            return Ok(None);
        };
        let genuine = bool::from(seal.as_bytes().ct_eq(shown.as_bytes()));
        let lasts = expiry.parse::<i64>().is_ok_and(|expiry| now.0 < expiry);
        if !genuine || !lasts || !self.takes_bootstrap()? {
            return Ok(None);
        }
        let csrf = blake3::keyed_hash(&key, seal.as_bytes());
        Ok(Some(Session {
            caller: Caller::operator(OPERATOR),
            csrf: csrf.to_hex().to_string(),
            person: None,
        }))
    }

    fn seal(&self, expiry: &str) -> Option<blake3::Hash> {
        let key = self.session_key("skimwatch session v1")?;
        Some(blake3::keyed_hash(&key, expiry.as_bytes()))
    }

    fn session_key(&self, context: &'static str) -> Option<[u8; 32]> {
        self.bootstrap
            .map(|token| blake3::derive_key(context, &token))
    }
}

impl Session {
    /// Whether a form carried what this session's forms carry.
    pub fn sent(&self, csrf: &str) -> bool {
        self.csrf.as_bytes().ct_eq(csrf.as_bytes()).into()
    }

    /// Whether all was shown that is asked for.
    pub fn is_full(&self) -> bool {
        let person = self.person.as_ref();
        person.is_none_or(|person| person.stage == Stage::Full)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;
    use crate::registry::Registry;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn doors(token: Option<&str>) -> (Authenticator, tempfile::TempDir) {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("control.sqlite");
        let registry = Registry::open(&file, ManualClock::at(NOW)).expect("a registry");
        (Authenticator::new(token, Arc::new(registry)), dir)
    }

    fn opened(doors: &Authenticator, token: &str, at: Timestamp) -> Option<String> {
        doors.open_session(token, at).expect("read")
    }

    fn found(doors: &Authenticator, cookie: &str, at: Timestamp) -> Option<Session> {
        doors.session(cookie, at, true).expect("read")
    }

    #[test]
    fn a_session_lasts_its_time_and_no_longer() {
        let (doors, _dir) = doors(Some("secret"));
        let cookie = opened(&doors, "secret", NOW).expect("the right token");
        let life = i64::try_from(SESSION_LIFE.as_millis()).expect("small");
        for (after, lasts) in [(0, true), (life - 1, true), (life, false)] {
            let session = found(&doors, &cookie, Timestamp(NOW.0 + after));
            assert_eq!(session.is_some(), lasts, "{after}");
        }
    }

    #[test]
    fn only_what_we_said_counts() {
        let (doors, _dir) = doors(Some("secret"));
        let cookie = opened(&doors, "secret", NOW).expect("the right token");
        let (expiry, seal) = cookie.split_once('.').expect("two parts");
        let later = expiry.replace('1', "2");
        for (name, shown) in [
            ("empty", String::new()),
            ("no seal", expiry.to_owned()),
            ("later", format!("{later}.{seal}")),
            ("cut", cookie[..cookie.len() - 1].to_owned()),
            ("longer", format!("{cookie}0")),
            ("sign", format!("+{cookie}")),
            ("endless", "1".repeat(5000)),
        ] {
            assert!(found(&doors, &shown, NOW).is_none(), "{name}");
        }
        for token in [None, Some(""), Some("another")] {
            let (other, _dir) = self::doors(token);
            assert!(found(&other, &cookie, NOW).is_none(), "{token:?}");
        }
        for token in ["", "Secret", "secret ", &"x".repeat(5000)] {
            assert!(opened(&doors, token, NOW).is_none(), "{token}");
        }
    }

    #[test]
    fn forms_belong_to_their_session() {
        let (doors, _dir) = doors(Some("secret"));
        let session = |at| {
            let cookie = opened(&doors, "secret", at).expect("the right token");
            found(&doors, &cookie, at).expect("fresh")
        };
        let (one, other) = (session(NOW), session(Timestamp(NOW.0 + 1)));
        assert!(one.sent(&one.csrf) && other.sent(&other.csrf));
        assert!(!one.sent(&other.csrf) && !one.sent("") && !one.sent(&one.csrf[1..]));
    }
}
