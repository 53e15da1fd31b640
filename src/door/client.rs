//! Whose request it is: the right-most address that no trusted proxy vouches for. Whoever is no trusted
//! proxy may write into its headers what it likes; none of it is believed.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::dev::RequestHead;
use ipnet::IpNet;

/// Hops of `X-Forwarded-For` that are read, from the right.
const MAX_HOPS: usize = 32;

/// The client's address. Without trusted proxies it is the peer's, whatever headers say.
pub(crate) fn address(request: &RequestHead, trusted: &[IpNet]) -> IpAddr {
    let peer = request
        .peer_addr
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    if trusted.is_empty() {
        return peer.to_canonical();
    }
    let headers = request.headers().get_all("x-forwarded-for");
    // Several headers count as one list in their order (RFC 9110 §5.3).
    let lines: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).collect();
    let hops = lines.iter().rev().flat_map(|line| line.rsplit(','));
    right_most_untrusted(peer, hops, trusted)
}

/// Whether this request was brought by a proxy whose headers are believed.
pub(crate) fn is_from_proxy(request: &HttpRequest, trusted: &[IpNet]) -> bool {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    peer.is_some_and(|peer| trusted.iter().any(|network| network.contains(&peer)))
}

fn right_most_untrusted<'a>(
    peer: IpAddr,
    hops: impl Iterator<Item = &'a str>,
    trusted: &[IpNet],
) -> IpAddr {
    let mut client = peer.to_canonical();
    for hop in hops.take(MAX_HOPS) {
        if !trusted.iter().any(|network| network.contains(&client)) {
            break;
        }
        // A hop that is no address ends the chain: the proxy before it is all we know.
        let Some(address) = parse(hop.trim()) else {
            break;
        };
        client = address.to_canonical();
    }
    client
}

/// An address as proxies write it: bare, with a port, or in brackets.
fn parse(hop: &str) -> Option<IpAddr> {
    if let Ok(address) = hop.parse() {
        return Some(address);
    }
    if let Ok(socket) = hop.parse::<std::net::SocketAddr>() {
        return Some(socket.ip());
    }
    hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_the_right_most_untrusted_address() {
        let proxies: [IpNet; 2] =
            ["127.0.0.0/8", "10.0.0.0/8"].map(|net| net.parse().expect("a network"));
        let cases = [
            ("no header", "127.0.0.1", "", "127.0.0.1"),
            (
                "peer not trusted",
                "203.0.113.9",
                "198.51.100.1",
                "203.0.113.9",
            ),
            ("one hop", "127.0.0.1", "198.51.100.1", "198.51.100.1"),
            (
                "forged on the left",
                "127.0.0.1",
                "1.1.1.1, 198.51.100.1",
                "198.51.100.1",
            ),
            (
                "two proxies",
                "127.0.0.1",
                "198.51.100.1, 10.0.0.2",
                "198.51.100.1",
            ),
            ("port", "127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            (
                "IPv6 in brackets",
                "127.0.0.1",
                "[2001:db8::1]",
                "2001:db8::1",
            ),
            (
                "mapped IPv4",
                "::ffff:127.0.0.1",
                "::ffff:198.51.100.1",
                "198.51.100.1",
            ),
            (
                "junk ends the chain",
                "127.0.0.1",
                "198.51.100.1, <b>",
                "127.0.0.1",
            ),
        ];
        for (name, peer, header, client) in cases {
            let hops = header.rsplit(',').filter(|hop| !hop.is_empty());
            let found = right_most_untrusted(peer.parse().expect("a peer"), hops, &proxies);
            assert_eq!(found.to_string(), client, "{name}");
        }
    }
}
