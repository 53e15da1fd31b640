//! Keyed pseudonyms. Without the key they cannot be turned back into addresses by trying all of them.

use std::fmt;
use std::net::IpAddr;

use super::Network;

/// The key of one period of pseudonyms; a [`Ratchet`](super::Ratchet) gives it.
#[derive(Clone)]
pub struct PseudonymKey([u8; 32]);

impl PseudonymKey {
    /// Takes 32 random bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Pseudonym of an address and its user agent; never 0. The address must be canonical.
    pub(super) fn client(&self, addr: IpAddr, user_agent: &str) -> u64 {
        let mut hasher = self.hasher(b"client");
        match addr {
            IpAddr::V4(v4) => hasher.update(&[4]).update(&v4.octets()),
            IpAddr::V6(v6) => hasher.update(&[6]).update(&v6.octets()),
        };
        first(hasher.update(user_agent.as_bytes()))
    }

    /// Pseudonym of a network; never 0.
    pub(super) fn network(&self, network: Network) -> u64 {
        first(self.hasher(b"network").update(&network.to_bytes()))
    }

    fn hasher(&self, what: &[u8]) -> blake3::Hasher {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(what);
        hasher
    }
}

/// 0 in a row means that no client data is kept.
fn first(hasher: &blake3::Hasher) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h]).max(1)
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}
