//! [`Name`]: a registrable domain in its two parts, in the letters that a person sees.

use std::borrow::Cow;

/// A registrable domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) domain: &'a str,
    /// What its owner chose, without punycode.
    pub(super) label: Cow<'a, str>,
    pub(super) suffix: &'a str,
    /// Its suffix is a hosting company's: whoever has a free account has the name.
    pub(super) is_hosted: bool,
}

impl<'a> Name<'a> {
    /// The registrable domain of a host in lower case; `None` if it has none.
    pub(super) fn of(host: &'a str) -> Option<Self> {
        let domain = psl::domain_str(host)?;
        let suffix = psl::suffix(domain.as_bytes())?;
        let (label, rest) = domain.split_once('.')?;
        // An unknown suffix is a name that no DNS has, or an address.
        let is_hosted = match suffix.typ()? {
            psl::Type::Icann => false,
            psl::Type::Private => true,
        };
        let label = match label.strip_prefix("xn--") {
            Some(encoded) => Cow::Owned(idna::punycode::decode_to_string(encoded)?),
            None => Cow::Borrowed(label),
        };
        Some(Self {
            domain,
            label,
            suffix: rest,
            is_hosted,
        })
    }
}
