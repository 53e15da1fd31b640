//! [`Vault`]: seals secrets that must be had again, so that a copy of the control state alone gives none away.
//!
//! XChaCha20-Poly1305 with a random nonce. The rule: what is sealed opens only for whom and for what it was sealed,
//! so that nobody is given a secret of somebody else by a change of rows.

use std::fmt;

use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};

use super::error::PeopleError;
use crate::registry::RegistryError;

/// Bytes of the key.
pub const VAULT_KEY_BYTES: usize = 32;

const NONCE_BYTES: usize = 24;

/// Seals and opens.
#[derive(Clone)]
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

/// For what something is sealed, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Purpose<'a> {
    /// For what.
    pub of: &'static str,
    /// Whose it is: an id.
    pub whose: &'a str,
}

impl Vault {
    /// One with this key.
    pub fn new(key: [u8; VAULT_KEY_BYTES]) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&key.into()),
        }
    }

    /// Seals a secret.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub fn seal(&self, secret: &[u8], purpose: Purpose<'_>) -> Result<Vec<u8>, PeopleError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(RegistryError::Random)?;
        let aad = purpose.bytes();
        let payload = Payload {
            msg: secret,
            aad: &aad,
        };
        let sealed = self.cipher.encrypt(&nonce.into(), payload);
        let sealed = sealed.map_err(|_opaque| PeopleError::Sealed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// [`PeopleError::Sealed`] if it was changed, or sealed for something else, for somebody else, or under another
    /// key.
    pub fn open(&self, sealed: &[u8], purpose: Purpose<'_>) -> Result<Vec<u8>, PeopleError> {
        let (nonce, msg) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(PeopleError::Sealed)?;
        let aad = purpose.bytes();
        let opened = self
            .cipher
            .decrypt(&(*nonce).into(), Payload { msg, aad: &aad });
        opened.map_err(|_opaque| PeopleError::Sealed)
    }
}

impl Purpose<'_> {
    /// No two purposes look alike: no `of` holds a zero byte.
    fn bytes(&self) -> Vec<u8> {
        [
            b"skimwatch vault v1\0",
            self.of.as_bytes(),
            b"\0",
            self.whose.as_bytes(),
        ]
        .concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: Purpose<'_> = Purpose {
        of: "totp",
        whose: "a",
    };

    #[test]
    fn what_is_sealed_opens_for_whom_it_was_sealed_and_nobody_else() {
        let vault = Vault::new([7; VAULT_KEY_BYTES]);
        let sealed = vault.seal(b"a secret", MINE).expect("random bytes");
        let again = vault.seal(b"a secret", MINE).expect("random bytes");
        assert_ne!(sealed, again);
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
        assert_eq!(vault.open(&sealed, MINE).expect("ours"), b"a secret");
        for (name, of, whose) in [
            ("another", "totp", "b"),
            ("for something else", "link", "a"),
        ] {
            let purpose = Purpose { of, whose };
            assert!(vault.open(&sealed, purpose).is_err(), "{name}");
        }
        let other = Vault::new([8; VAULT_KEY_BYTES]);
        assert!(other.open(&sealed, MINE).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open(&changed, MINE).is_err(), "{at}");
            assert!(vault.open(&sealed[..at], MINE).is_err(), "{at}");
        }
    }
}
