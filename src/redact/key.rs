//! The secret of the keyed hashes.

use std::fmt;

/// Secret of an installation. Whoever has it can test guesses of redacted values, so it stays on disk
/// beside the data, and hashes of two installations cannot be compared.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// A key of 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// First 32 bits of the keyed hash of a value: enough to see that it is the same again.
    pub(super) fn short_hash(&self, value: &[u8]) -> u32 {
        let hash = blake3::keyed_hash(&self.0, value);
        let [a, b, c, d, ..] = *hash.as_bytes();
        u32::from_le_bytes([a, b, c, d])
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
