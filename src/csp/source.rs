//! Source expressions (CSP Level 3 §2.3.1).

use super::hash::is_nonce;

/// One source expression, told by its form. Quotes and the colon of a scheme are taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source<'a> {
    /// `'self'`, `'none'`, `'unsafe-inline'`, `'strict-dynamic'` and all else in quotes.
    Keyword(&'a str),
    /// `'nonce-…'`: the nonce.
    Nonce(&'a str),
    /// `'sha256-…'`, `'sha384-…'`, `'sha512-…'`: algorithm and digest.
    Hash(&'a str),
    /// `https:`, `data:`, `blob:`.
    Scheme(&'a str),
    /// A host, with or without scheme, wildcard, port and path; also `*`.
    Host(&'a str),
}

impl<'a> Source<'a> {
    /// Tells which form an expression has.
    pub fn of(token: &'a str) -> Self {
        let quoted = token
            .strip_prefix('\'')
            .and_then(|rest| rest.strip_suffix('\''));
        match quoted {
            Some(inner) if is_nonce(token) => Self::Nonce(&inner[6..]),
            Some(inner) if is_hash(inner) => Self::Hash(inner),
            Some(inner) => Self::Keyword(inner),
            None => match token.strip_suffix(':') {
                Some(scheme) if is_scheme(scheme) => Self::Scheme(scheme),
                _ => Self::Host(token),
            },
        }
    }
}

fn is_hash(inner: &str) -> bool {
    inner.get(..7).is_some_and(|start| {
        ["sha256-", "sha384-", "sha512-"]
            .iter()
            .any(|algorithm| start.eq_ignore_ascii_case(algorithm))
    })
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_forms_apart() {
        for (token, expected) in [
            ("'self'", Source::Keyword("self")),
            ("'unsafe-inline'", Source::Keyword("unsafe-inline")),
            ("'NONCE-r4nd'", Source::Nonce("r4nd")),
            ("'nonce-'", Source::Nonce("")),
            ("'sha384-abc='", Source::Hash("sha384-abc=")),
            ("https:", Source::Scheme("https")),
            ("*", Source::Host("*")),
            ("*.a.test:8443", Source::Host("*.a.test:8443")),
            ("a.test:", Source::Scheme("a.test")),
            ("[::1]:", Source::Host("[::1]:")),
            ("'self", Source::Host("'self")),
            ("'", Source::Host("'")),
            ("", Source::Host("")),
        ] {
            assert_eq!(Source::of(token), expected, "{token}");
        }
    }
}
