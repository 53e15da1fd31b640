//! Where notices may go. The rule: an address that a tenant has set leads out of the operator's networks, by TLS; what
//! is connected to is what was checked.

use std::net::IpAddr;
use std::sync::LazyLock;

use hyper::Uri;
use ipnet::IpNet;

/// Networks that are not of the public internet (IANA's registries of special addresses), or that lead to others.
const REFUSED: [&str; 27] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    // Metadata of cloud machines is here.
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // Everything but what is given to the public.
    "::/3",
    "4000::/2",
    "8000::/1",
    "2001::/23",
    "2001:db8::/32",
    // Azure's platform, at a public address.
    "168.63.129.16/32",
    // Tunnels: what is behind them is an address of IPv4.
    "2002::/16",
    "2620:4f:8000::/48",
    "3fff::/20",
];

static NETWORKS: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    let parsed = REFUSED.iter().map(|text| text.parse());
    parsed
        .collect::<Result<_, _>>()
        .expect("the list is of networks")
});

/// Why notices do not go to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Without TLS.
    #[error("the address must begin with https://: notices are sent over TLS")]
    Plain,
    /// Into a network of somebody's own.
    #[error(
        "the address leads into a private network, where notices do not go unless notify.allow_private is set"
    )]
    Private,
}

/// Looks at an address as it is set, before its name is resolved.
///
/// # Errors
/// [`Refused`] unless private networks are allowed.
pub fn check(url: &Uri, allow_private: bool) -> Result<(), Refused> {
    if allow_private {
        return Ok(());
    }
    if url.scheme_str() != Some("https") {
        return Err(Refused::Plain);
    }
    let literal = url.host().unwrap_or_default().trim_matches(['[', ']']);
    match literal.parse() {
        Ok(ip) if !is_public(ip) => Err(Refused::Private),
        _ => Ok(()),
    }
}

/// Whether it is an address of the public internet.
pub(super) fn is_public(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    !NETWORKS.iter().any(|network| network.contains(&ip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public() {
        for (ip, expected) in [
            ("8.8.8.8", true),
            ("203.0.114.1", true),
            ("2606:4700::1111", true),
            ("2a00:1450::1", true),
            ("127.0.0.1", false),
            ("127.8.9.10", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.31.255.255", false),
            ("172.32.0.1", true),
            ("192.168.1.1", false),
            ("100.100.100.200", false),
            ("169.254.169.254", false),
            ("168.63.129.16", false),
            ("255.255.255.255", false),
            ("224.0.0.1", false),
            ("::", false),
            ("::1", false),
            ("::127.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2001:0:1::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(ip.parse().expect("an address")), expected, "{ip}");
        }
    }

    #[test]
    fn what_may_be_set() {
        for (url, expected) in [
            ("https://psp.example/hooks", Ok(())),
            ("https://8.8.8.8/", Ok(())),
            ("http://psp.example/hooks", Err(Refused::Plain)),
            ("https://127.0.0.1/", Err(Refused::Private)),
            ("https://[::1]:8443/", Err(Refused::Private)),
            (
                "https://169.254.169.254/latest/meta-data",
                Err(Refused::Private),
            ),
        ] {
            let url: Uri = url.parse().expect("an address");
            assert_eq!(check(&url, false), expected, "{url}");
            assert_eq!(check(&url, true), Ok(()), "{url}");
        }
    }
}
