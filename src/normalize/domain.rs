//! A registrable domain as people write it → as `reports.destination` has it.

use content_security_policy::url::Host;

use super::destination::registrable_domain;
use super::url::MAX_HOST_BYTES;

/// Why a text is no registrable domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRegistrable {
    /// No host name at all.
    #[error("{0:?} is no domain: write vendor.example, without scheme, port, path or *")]
    NoName(String),
    /// An IP address.
    #[error("{0} is an IP address and no domain")]
    Address(String),
    /// Everybody registers below it.
    #[error("{0} is a public suffix: everybody may have a name below it")]
    Suffix(String),
    /// A name below a registrable domain.
    #[error(
        "{name} is a name below {domain}, and reports are judged by whole domains: write {domain} if all of it is meant"
    )]
    Below {
        /// What was written.
        name: String,
        /// The registrable domain that it is below.
        domain: String,
    },
}

/// Reads a registrable domain, in Unicode or Punycode and in any case, and writes it as browsers do.
///
/// # Errors
/// [`NotRegistrable`] says what it is instead.
pub fn registrable(text: &str) -> Result<String, NotRegistrable> {
    let no_name = || NotRegistrable::NoName(text.chars().take(80).collect());
    let name = match Host::parse(text.trim().trim_end_matches('.')) {
        Ok(Host::Domain(name)) => name,
        Ok(address) => return Err(NotRegistrable::Address(address.to_string())),
        Err(_) => return Err(no_name()),
    };
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_plain);
    if name.len() > MAX_HOST_BYTES || !name.split('.').all(is_label) {
        return Err(no_name());
    }
    if psl::domain_str(&name).is_none() {
        return Err(NotRegistrable::Suffix(name));
    }
    match registrable_domain(&name) {
        domain if domain == name => Ok(name),
        domain => Err(NotRegistrable::Below {
            domain: domain.to_owned(),
            name,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write() {
        let long = format!("{}.example", "a".repeat(260));
        for (name, text, want) in [
            ("plain", "vendor.example", Ok("vendor.example")),
            ("case and dot", " Vendor.Example. ", Ok("vendor.example")),
            ("Unicode", "日本語.jp", Ok("xn--wgv71a119e.jp")),
            ("Punycode", "xn--wgv71a119e.jp", Ok("xn--wgv71a119e.jp")),
            ("two labels of suffix", "shop.co.jp", Ok("shop.co.jp")),
            ("private suffix", "me.workers.dev", Ok("me.workers.dev")),
            ("empty", "", Err("is no domain")),
            ("a dot", ".", Err("is no domain")),
            ("address", "https://vendor.example", Err("is no domain")),
            ("port", "vendor.example:443", Err("is no domain")),
            ("path", "vendor.example/a", Err("is no domain")),
            ("wildcard", "*.vendor.example", Err("is no domain")),
            ("empty label", "a..example", Err("is no domain")),
            ("space", "a b.example", Err("is no domain")),
            ("too long", &long, Err("is no domain")),
            ("IPv4", "203.0.113.7", Err("is an IP address")),
            ("IPv4, written oddly", "0x7f.1", Err("is an IP address")),
            ("IPv6", "[2001:db8::7]", Err("is an IP address")),
            ("suffix", "co.jp", Err("is a public suffix")),
            (
                "suffix of a provider",
                "workers.dev",
                Err("is a public suffix"),
            ),
            ("one label", "localhost", Err("is a public suffix")),
            (
                "below one",
                "cdn.vendor.example",
                Err("write vendor.example if all"),
            ),
        ] {
            match (registrable(text), want) {
                (Ok(found), Ok(want)) => assert_eq!(found, want, "{name}"),
                (Err(found), Err(want)) => {
                    assert!(found.to_string().contains(want), "{name}: {found}");
                }
                (found, _) => unreachable!("{name}: {found:?}"),
            }
        }
    }
}
