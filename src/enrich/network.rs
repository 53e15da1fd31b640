//! [`Network`]: the part of an address that one household or office shares.

use std::fmt;
use std::net::IpAddr;

/// The /24 of an IPv4 address, the /48 of an IPv6 one. For memory only: its `Debug` does not show it, and
/// what is stored is its pseudonym.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    v6: bool,
    prefix: u64,
}

impl Network {
    /// The network of an address. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`) is an IPv4 address.
    pub fn of(addr: IpAddr) -> Self {
        match addr.to_canonical() {
            IpAddr::V4(v4) => Self {
                v6: false,
                prefix: u64::from(v4.to_bits() >> 8),
            },
            IpAddr::V6(v6) => Self {
                v6: true,
                prefix: first_48_bits(v6.octets()),
            },
        }
    }

    pub(super) fn to_bytes(self) -> [u8; 9] {
        let mut bytes = [u8::from(self.v6); 9];
        bytes[1..].copy_from_slice(&self.prefix.to_be_bytes());
        bytes
    }
}

fn first_48_bits([a, b, c, d, e, f, ..]: [u8; 16]) -> u64 {
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.v6 {
            "Network(v6)"
        } else {
            "Network(v4)"
        })
    }
}
