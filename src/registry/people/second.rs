//! The second factor: codes of an app that change every half minute (RFC 6238), and codes that stand in for them.
//!
//! The rule: each counts once. A secret that is offered is kept nowhere; it comes back sealed with the first code.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::json;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::account::own_deed;
use super::enter::{Entered, let_in};
use super::error::PeopleError;
use super::sessions::{self, Person, Stage};
use super::user::{self, User, count};
use super::vault::{Purpose, Vault};
use super::{guesses, queries};
use crate::clock::Timestamp;
use crate::registry::{Registry, RegistryError};

/// Codes that stand in for a lost app, of which each counts once.
pub const RECOVERY_CODES: usize = 10;

/// Bytes of a secret: what RFC 4226 §4 recommends.
const SECRET_BYTES: usize = 20;

/// Bytes of a code that stands in.
const CODE_BYTES: usize = 10;

/// Longest sealed secret that is looked at.
const MAX_SEALED_BYTES: usize = 256;

const SECRET: &str = "totp";
const OFFER: &str = "totp offer";

/// A secret that somebody may take as their second factor.
#[derive(Clone)]
pub struct Offer {
    /// The secret, sealed; it comes back with the first code.
    pub sealed: String,
    /// What the app reads from a picture.
    pub uri: String,
    /// What is typed into an app that reads no picture.
    pub secret: String,
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Offer").finish_non_exhaustive()
    }
}

impl Registry {
    /// Offers a secret to whoever has none. Nothing is written down.
    ///
    /// # Errors
    /// [`PeopleError::Totp`] if they have one.
    pub fn offer_totp(&self, vault: &Vault, person: &Person) -> Result<Offer, PeopleError> {
        let user = self.user(&person.id)?.ok_or(PeopleError::NoUser)?;
        if user.has_totp {
            return Err(PeopleError::Totp);
        }
        let mut secret = [0; SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(RegistryError::Random)?;
        let sealed = vault.seal(&secret, purpose(OFFER, &user))?;
        let totp = app(&secret, &user.email)?;
        Ok(Offer {
            sealed: URL_SAFE_NO_PAD.encode(sealed),
            uri: totp.to_url().map_err(|_shape| PeopleError::Email)?,
            secret: totp.secret().to_base32(),
        })
    }

    /// Takes an offered secret as second factor, if the code shows that their app has it, and the password that it is
    /// they. All their sessions end, and one begins. Also: the codes that stand in for it.
    ///
    /// # Errors
    /// [`PeopleError::WrongCode`], [`PeopleError::Wrong`], [`PeopleError::Waits`], [`PeopleError::Totp`] if they have
    /// one already, [`PeopleError::Sealed`] if it was offered to somebody else.
    pub fn accept_totp(
        &self,
        vault: &Vault,
        person: &Person,
        (sealed, code, password): (&str, &str, &str),
    ) -> Result<(Entered, Vec<String>), PeopleError> {
        let user = self.user(&person.id)?.ok_or(PeopleError::NoUser)?;
        let sealed = Some(sealed).filter(|it| it.len() <= MAX_SEALED_BYTES);
        let sealed = sealed.and_then(|it| URL_SAFE_NO_PAD.decode(it).ok());
        let secret = vault.open(&sealed.ok_or(PeopleError::Sealed)?, purpose(OFFER, &user))?;
        // Whoever is half in has just shown it.
        if person.stage == Stage::Full {
            self.confirm_password(&user, password)?;
        }
        let seconds = u64::try_from(self.clock.now().0 / 1000).unwrap_or(0);
        let step = app(&secret, &user.email)?.check(code.trim(), seconds);
        let step = step.ok_or(PeopleError::WrongCode)?;
        let sealed = vault.seal(&secret, purpose(SECRET, &user))?;
        self.change(|change, journal| {
            let user = user::one(change, Timestamp(journal.at()), &person.id)?;
            let user = user.filter(|user| user.is_active && !user.has_totp);
            let user = user.ok_or(PeopleError::Totp)?;
            if change.execute(queries::END_SESSION, [person.session])? == 0 {
                return Err(PeopleError::Totp);
            }
            let step = i64::try_from(step).unwrap_or(i64::MAX);
            change.execute(queries::SET_TOTP, params![user.id, sealed, step])?;
            let codes = renew(change, &user.id)?;
            sessions::end_all(change, &user.id, None)?;
            guesses::forget(change, &user.email)?;
            journal.note(&own_deed(&user, "user.totp-added", json!({})))?;
            Ok((let_in(change, journal, (&user, "totp"))?, codes))
        })
    }

    /// Makes other codes that stand in for the app, for whoever shows a code.
    ///
    /// # Errors
    /// [`PeopleError::WrongCode`] or [`PeopleError::Waits`].
    pub fn renew_recovery_codes(
        &self,
        vault: &Vault,
        person: &Person,
        code: &str,
    ) -> Result<Vec<String>, PeopleError> {
        self.with_code((vault, person), code, |change, user, journal| {
            journal.note(&own_deed(user, "user.recovery-codes-made", json!({})))?;
            renew(change, &user.id)
        })
    }

    /// Goes without a second factor from now on, for whoever shows a code. All sessions but this one end.
    ///
    /// # Errors
    /// [`PeopleError::WrongCode`] or [`PeopleError::Waits`].
    pub fn remove_totp(
        &self,
        vault: &Vault,
        person: &Person,
        code: &str,
    ) -> Result<(), PeopleError> {
        self.with_code((vault, person), code, |change, user, journal| {
            forget(change, &user.id)?;
            sessions::end_all(change, &user.id, Some(&person.session))?;
            let detail = json!({ "email": user.email });
            journal.note(&own_deed(user, "user.totp-removed", detail))?;
            Ok(())
        })
    }

    /// How many codes that stand in are left.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn recovery_codes_left(&self, person: &Person) -> Result<u32, PeopleError> {
        Ok(count(&self.lock(), queries::CODE_COUNT, &person.id)?)
    }

    /// A change of whoever shows a code.
    fn with_code<T>(
        &self,
        (vault, person): (&Vault, &Person),
        code: &str,
        work: impl FnOnce(
            &Connection,
            &User,
            &mut crate::registry::Journal<'_>,
        ) -> Result<T, PeopleError>,
    ) -> Result<T, PeopleError> {
        let user = self.user(&person.id)?.ok_or(PeopleError::NoUser)?;
        self.begin_guess(&user.email)?;
        self.change(|change, journal| {
            let user = user::one(change, Timestamp(journal.at()), &person.id)?;
            let user = user.filter(|user| user.is_active && user.has_totp);
            let user = user.ok_or(PeopleError::Totp)?;
            take(change, (vault, &user), (code, journal.at()))?;
            guesses::forget(change, &user.email)?;
            work(change, &user, journal)
        })
    }
}

fn purpose<'a>(of: &'static str, user: &'a User) -> Purpose<'a> {
    let whose = user.id.as_str();
    Purpose { of, whose }
}

/// The codes of a secret, as every app makes them: six digits, half a minute, SHA-1. One step to either side counts.
fn app(secret: &[u8], email: &str) -> Result<Totp, PeopleError> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(1)
        .with_secret(secret)
        .with_account_name(email)
        .with_issuer(Some("Skimwatch"))
        .build()
        .map_err(|_shape| PeopleError::Sealed)
}

/// Takes a code of the app or one that stands in for it, within a change, so that it counts no more. Which it was.
pub(super) fn take(
    change: &Connection,
    (vault, user): (&Vault, &User),
    (code, now): (&str, i64),
) -> Result<&'static str, PeopleError> {
    let code: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(64)
        .collect();
    if code.len() != 6 {
        let values = params![user.id, hash(&code.to_ascii_lowercase(), &user.id)];
        let taken = change.execute(queries::TAKE_CODE, values)? > 0;
        return taken
            .then_some("recovery code")
            .ok_or(PeopleError::WrongCode);
    }
    let sealed: Option<Vec<u8>> = change
        .prepare_cached(queries::TOTP_OF_USER)?
        .query_row([&user.id], |row| row.get(0))
        .optional()?
        .flatten();
    let secret = vault.open(
        &sealed.ok_or(PeopleError::WrongCode)?,
        purpose(SECRET, user),
    )?;
    let seconds = u64::try_from(now / 1000).unwrap_or(0);
    let step = app(&secret, &user.email)?.check(&code, seconds);
    let step = i64::try_from(step.ok_or(PeopleError::WrongCode)?).unwrap_or(i64::MAX);
    let is_new = change.execute(queries::TAKE_STEP, params![user.id, step])? > 0;
    is_new.then_some("totp").ok_or(PeopleError::WrongCode)
}

/// No second factor any more, within a change.
pub(super) fn forget(change: &Connection, id: &str) -> Result<(), RegistryError> {
    let nothing: Option<Vec<u8>> = None;
    change.execute(queries::SET_TOTP, params![id, nothing, 0])?;
    change.execute(queries::FORGET_CODES, [id])?;
    Ok(())
}

/// Other codes that stand in, within a change.
fn renew(change: &Connection, id: &str) -> Result<Vec<String>, PeopleError> {
    change.execute(queries::FORGET_CODES, [id])?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; CODE_BYTES];
        getrandom::fill(&mut bytes).map_err(RegistryError::Random)?;
        let code = Secret::from(bytes).to_base32().to_ascii_lowercase();
        change.execute(queries::ADD_CODE, params![id, hash(&code, id)])?;
        let parts: Vec<&str> = [0, 4, 8, 12]
            .iter()
            .filter_map(|&at| code.get(at..at + 4))
            .collect();
        codes.push(parts.join("-"));
    }
    Ok(codes)
}

fn hash(code: &str, user: &str) -> [u8; 32] {
    let bytes = [user.as_bytes(), b"\0", code.as_bytes()].concat();
    blake3::derive_key("skimwatch recovery code v1", &bytes)
}
