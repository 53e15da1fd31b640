//! Passwords: which are good enough, and their hashes. Making or checking one takes tens of milliseconds and 19 MiB:
//! whoever calls bounds how many are at it at once.

use std::sync::LazyLock;

use argon2::password_hash::{Error as HashError, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use super::error::PeopleError;
use crate::registry::RegistryError;

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 12;

/// Most bytes of a password.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// Memory of one hash in KiB, passes and lanes: what OWASP asks for at least.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Stands for the password of whoever is not there, so that nobody can tell by the time it takes. It is the hash of
/// nothing that is known.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2tpbXdhdGNoL25vYm9keQ$\
                       u3Zr0H1wq8Vt5nXoYk2mEaJd7fGs9bLc4pRxTiWzQhM";

/// Those of at least [`MIN_PASSWORD_CHARS`] that are tried first: of public lists of leaked ones, in small letters.
const COMMON: &str = include_str!("common.txt");

static HASHER: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// Whether a password is good enough for whoever has this address.
pub(super) fn check(password: &str, email: &str) -> Result<(), PeopleError> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(PeopleError::LongPassword);
    }
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(PeopleError::ShortPassword);
    }
    let plain = password.trim().to_lowercase();
    let (local, _) = email.split_once('@').unwrap_or((email, ""));
    let mut letters = plain.chars();
    let first = letters.next();
    let is_one_letter = letters.all(|letter| Some(letter) == first);
    let is_common = COMMON.lines().any(|line| line == plain);
    // An address with a few digits behind is the address.
    let bare = plain.trim_matches(|c: char| !c.is_alphabetic());
    if is_common
        || is_one_letter
        || [plain.as_str(), bare]
            .iter()
            .any(|it| [email, local].contains(it))
    {
        return Err(PeopleError::CommonPassword);
    }
    Ok(())
}

/// The hash to keep.
pub(super) fn hash(password: &str) -> Result<String, PeopleError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(RegistryError::Random)?;
    let hash = HASHER.hash_password_with_salt(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// Whether it is the password of a kept hash; of nobody's if there is none, which takes as long and is wrong.
pub(super) fn verify(password: &str, kept: Option<&str>) -> Result<bool, PeopleError> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Ok(false);
    }
    match HASHER.verify_password(password.as_bytes(), kept.unwrap_or(NOBODYS)) {
        Ok(()) => Ok(kept.is_some()),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_what_owasp_asks_for_and_fits_its_password_alone() {
        let kept = hash("correct horse battery").expect("hashed");
        assert!(
            kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{kept}"
        );
        assert_ne!(kept, hash("correct horse battery").expect("hashed"));
        let is = |password, kept| verify(password, kept).expect("a hash");
        assert!(is("correct horse battery", Some(&kept)));
        assert!(!is("correct horse batter", Some(&kept)));
        assert!(!is("correct horse battery", None));
        assert!(!is("", None) && !is(&"x".repeat(MAX_PASSWORD_BYTES + 1), Some(&kept)));
        assert!(verify("correct horse battery", Some("no hash")).is_err());
    }

    #[test]
    fn passwords_that_are_tried_first_are_refused() {
        for (password, word) in [
            ("short", "ShortPassword"),
            ("ありがとうございます", "ShortPassword"),
            ("ありがとうございます。また明日", "good"),
            ("            ", "CommonPassword"),
            ("Password1234", "CommonPassword"),
            ("aaaaaaaaaaaaaaaa", "CommonPassword"),
            ("somebody@example.com", "CommonPassword"),
            ("Somebody@Example.com1!", "CommonPassword"),
            ("somebody2026", "CommonPassword"),
            ("correct horse battery", "good"),
            (&"x1".repeat(600), "LongPassword"),
        ] {
            let got = check(password, "somebody@example.com");
            let got = got.map_or_else(|error| format!("{error:?}"), |()| "good".to_owned());
            assert_eq!(got, word, "{password}");
        }
        for line in COMMON.lines() {
            assert!(
                line.chars().count() >= MIN_PASSWORD_CHARS && line == line.to_lowercase(),
                "{line}"
            );
        }
    }
}
