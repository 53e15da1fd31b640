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
        let agent = user_agent.as_bytes();
        match addr {
            IpAddr::V4(v4) => self.of(&[b"client", &[4], &v4.octets(), agent]),
            IpAddr::V6(v6) => self.of(&[b"client", &[6], &v6.octets(), agent]),
        }
    }

    /// Pseudonym of a network; never 0.
    pub(super) fn network(&self, network: Network) -> u64 {
        self.of(&[b"network", &network.to_bytes()])
    }

    /// Keyed hash of parts; 0 in a row means that no client data is kept.
    fn of(&self, parts: &[&[u8]]) -> u64 {
        let mut room = [0; ROOM];
        let mut len = 0;
        for part in parts {
            let Some(place) = room.get_mut(len..len + part.len()) else {
                // A user agent that no browser sends.
                return first(blake3::keyed_hash(&self.0, &parts.concat()));
            };
            place.copy_from_slice(part);
            len += part.len();
        }
        first(blake3::keyed_hash(&self.0, &room[..len]))
    }
}

/// Bytes that are hashed without asking for memory.
const ROOM: usize = 384;

fn first(hash: blake3::Hash) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h]).max(1)
}

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}
