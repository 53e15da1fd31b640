//! [`NetworkTable`]: a list of networks that stands in for the databases, for recorded traffic.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// A network and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownNetwork {
    /// Its addresses.
    pub net: IpNet,
    /// Its autonomous system.
    pub asn: u32,
    /// Its country, ISO 3166-1 alpha-2.
    pub country: [u8; 2],
}

/// Networks that do not overlap, found by address.
#[derive(Clone, Debug, Default)]
pub struct NetworkTable {
    /// First address, IPv4 ones as IPv6 ones, in order.
    starts: Vec<(u128, KnownNetwork)>,
}

impl NetworkTable {
    /// A table of these. Of two that overlap, the one that begins later is found.
    pub fn new(networks: impl IntoIterator<Item = KnownNetwork>) -> Self {
        let mut starts: Vec<_> = networks
            .into_iter()
            .map(|network| (number(network.net.network()), network))
            .collect();
        starts.sort_by_key(|(start, _)| *start);
        Self { starts }
    }

    /// The network of an address.
    pub(super) fn find(&self, address: IpAddr) -> Option<&KnownNetwork> {
        let after = self
            .starts
            .partition_point(|(start, _)| *start <= number(address));
        let (_, network) = self.starts.get(after.checked_sub(1)?)?;
        network.net.contains(&address).then_some(network)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => Ipv6Addr::to_bits(v6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_network_of_an_address() {
        let network = |net: &str, asn| KnownNetwork {
            net: net.parse().expect("a network"),
            asn,
            country: *b"JP",
        };
        let table = NetworkTable::new([
            network("198.51.100.0/24", 3),
            network("192.0.2.0/25", 1),
            network("2001:db8::/32", 6),
        ]);
        for (address, want) in [
            ("192.0.2.0", Some(1)),
            ("192.0.2.127", Some(1)),
            ("192.0.2.128", None),
            ("198.51.100.255", Some(3)),
            ("0.0.0.0", None),
            ("2001:db8:1::1", Some(6)),
            ("2001:db9::", None),
        ] {
            let found = table.find(address.parse().expect("an address"));
            assert_eq!(found.map(|network| network.asn), want, "{address}");
        }
    }
}
