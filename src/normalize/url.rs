//! Cutting a URL into its parts. [`UrlParts`] is the type to know.
//!
//! By hand, because what arrives is often no URL: WebKit doubles the authority of a URL that carried
//! userinfo or a fragment, and anybody may post anything. The rule: nothing is refused, nothing is
//! decoded, what is odd is said by `malformed`.

/// The parts of an address with an authority, as slices of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UrlParts<'a> {
    /// Scheme without the colon, as sent; empty for `//host/path`.
    pub scheme: &'a str,
    /// Host without port, brackets or trailing dots, as sent; empty if there is none.
    pub host: &'a str,
    /// Digits of the port, empty if not said or the scheme's own.
    pub port: &'a str,
    /// Path with its leading slash, or empty.
    pub path: &'a str,
    /// Query without the question mark, or empty.
    pub query: &'a str,
    /// The authority was not one that a browser writes.
    pub malformed: bool,
}

/// Schemes whose URLs lead to a host on the network.
const NETWORK_SCHEMES: [&str; 5] = ["https", "http", "wss", "ws", "ftp"];

/// The scheme of `https://…`, `data:…` or of a bare word such as `blob`, and what follows it.
///
/// The rest is empty for a bare word. `None` if the text does not begin with a scheme.
pub fn scheme_of(text: &str) -> Option<(&str, &str)> {
    let end = text
        .bytes()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')))
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    match rest.strip_prefix(':') {
        Some(rest) => Some((word, rest)),
        None if rest.is_empty() => Some((word, "")),
        None => None,
    }
}

impl<'a> UrlParts<'a> {
    /// Cuts an address that leads to a host; `None` for every other text.
    pub fn of(text: &'a str) -> Option<Self> {
        let text = text.trim_ascii();
        let (scheme, rest) = cut_scheme(text)?;
        // Browsers read a backslash as a slash; a URL that still has one was not written by them.
        let ends = |b: u8| matches!(b, b'/' | b'?' | b'#' | b'\\');
        let end = rest.bytes().position(ends).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (path, query) = cut_tail(tail);
        let authority = Authority::of(authority);
        let port = match authority.port {
            port if is_default_port(scheme, port) => "",
            port => port,
        };
        Some(Self {
            scheme,
            host: authority.host,
            port,
            path,
            query,
            malformed: authority.malformed || tail.starts_with('\\'),
        })
    }
}

/// The scheme, and what follows its slashes.
fn cut_scheme(text: &str) -> Option<(&str, &str)> {
    // Nearly every address; the general way takes it byte by byte.
    if let Some(rest) = text.strip_prefix("https://") {
        return Some((&text[..5], rest));
    }
    if let Some(rest) = text.strip_prefix("//") {
        return Some(("", rest));
    }
    let (scheme, rest) = scheme_of(text)?;
    is_network_scheme(scheme).then_some((scheme, rest.strip_prefix("//")?))
}

/// The pieces of a text between marks, all of them ASCII; at least one. As `split` on characters, by bytes.
pub fn pieces(text: &str, is_mark: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let end = whole.bytes().position(&is_mark);
        rest = end.map(|end| &whole[end + 1..]);
        Some(end.map_or(whole, |end| &whole[..end]))
    })
}

/// Whether a URL of this scheme leads to a host on the network.
pub fn is_network_scheme(scheme: &str) -> bool {
    NETWORK_SCHEMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme))
}

fn cut_tail(tail: &str) -> (&str, &str) {
    let end = |mark, text: &str| memchr::memchr(mark, text.as_bytes());
    let tail = end(b'#', tail).map_or(tail, |at| &tail[..at]);
    end(b'?', tail).map_or((tail, ""), |at| (&tail[..at], &tail[at + 1..]))
}

fn is_default_port(scheme: &str, port: &str) -> bool {
    matches!(
        (scheme.len(), port),
        // https and wss; http and ws; the letters were checked before.
        (5, "443") | (4, "80") | (2, "80")
    ) || (scheme.len() == 3
        && port
            == if scheme.eq_ignore_ascii_case("ftp") {
                "21"
            } else {
                "443"
            })
}

struct Authority<'a> {
    host: &'a str,
    port: &'a str,
    malformed: bool,
}

impl<'a> Authority<'a> {
    fn of(authority: &'a str) -> Self {
        if is_plain_host(authority) {
            return Self {
                host: authority,
                port: "",
                malformed: false,
            };
        }
        let (userinfo, host_port) = match authority.rsplit_once('@') {
            Some((_, rest)) => (true, rest),
            None => (false, authority),
        };
        let (host, rest) = match host_port.strip_prefix('[') {
            Some(inner) => inner.split_once(']').unwrap_or((inner, "")),
            None => host_port.split_at(host_port.find(':').unwrap_or(host_port.len())),
        };
        let after = rest.strip_prefix(':').unwrap_or(rest);
        let digits = after
            .bytes()
            .position(|b| !b.is_ascii_digit())
            .unwrap_or(after.len());
        // WebKit's doubled authority: `evil.test:443evil.test`. The first host is the one.
        let (port, left_over) = after.split_at(digits);
        let legal = legal_host(host);
        Self {
            host: legal.trim_end_matches('.'),
            port: if port.len() <= 5 { port } else { "" },
            malformed: userinfo
                || !left_over.is_empty()
                || port.len() > 5
                || legal.len() != host.len()
                || legal.trim_end_matches('.').is_empty()
                || legal.len() > MAX_HOST_BYTES,
        }
    }
}

/// Whether it is but a host, as nearly every one is written.
fn is_plain_host(authority: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    (1..=MAX_HOST_BYTES).contains(&authority.len())
        && authority.bytes().all(plain)
        && !authority.ends_with('.')
}

/// Longest host name in the DNS, in bytes.
pub const MAX_HOST_BYTES: usize = 253;

/// The beginning of a host that has none of the forbidden domain code points of the URL standard; all of
/// it, if a browser wrote it. `=` is no forbidden one, so that base64 is a label.
fn legal_host(host: &str) -> &str {
    let forbidden = |c: char| {
        c.is_control() || matches!(c, ' ' | '<' | '>' | '^' | '|' | '%' | '@' | '[' | ']')
    };
    let end = host.find(forbidden).unwrap_or(host.len());
    host.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (&str, &str, &str, &str, bool) {
        let url = UrlParts::of(text).expect("an address with a host");
        (url.host, url.port, url.path, url.query, url.malformed)
    }

    #[test]
    fn addresses_are_cut() {
        for (text, want) in [
            ("https://a.test", ("a.test", "", "", "", false)),
            (
                "https://a.test:443/c?x=1#y",
                ("a.test", "", "/c", "x=1", false),
            ),
            ("wss://a.test:8443/ws", ("a.test", "8443", "/ws", "", false)),
            ("wss://a.test:443/ws", ("a.test", "", "/ws", "", false)),
            ("http://a.test:80?q", ("a.test", "", "", "q", false)),
            ("https://[::1]:8443/c", ("::1", "8443", "/c", "", false)),
            ("https://a.test./s.js", ("a.test", "", "/s.js", "", false)),
            ("//a.test/p", ("a.test", "", "/p", "", false)),
            ("https://u:p@a.test/p", ("a.test", "", "/p", "", true)),
            (
                "https://4111111111111111:cvv123@evil.test:443evil.test/c",
                ("evil.test", "", "/c", "", true),
            ),
            (
                "https://shop.test:8443shop.test:8443/c",
                ("shop.test", "8443", "/c", "", true),
            ),
            (
                "https://u@v@a.test:99999999/",
                ("a.test", "", "/", "", true),
            ),
            ("https://a.test%2fb/", ("a.test", "", "/", "", true)),
            (
                "https://a.test\\@b.test/",
                ("a.test", "", "\\@b.test/", "", true),
            ),
            ("https:///x", ("", "", "/x", "", true)),
        ] {
            assert_eq!(parts(text), want, "{text}");
        }
    }

    #[test]
    fn other_texts_have_no_host() {
        for text in [
            "",
            "inline",
            "data:text/html,x",
            "chrome-extension://abc/x",
            "/p",
            "https:",
            "a b",
        ] {
            assert_eq!(UrlParts::of(text), None, "{text}");
        }
    }

    #[test]
    fn schemes_are_told_with_and_without_colon() {
        assert_eq!(scheme_of("blob"), Some(("blob", "")));
        assert_eq!(scheme_of("wss:"), Some(("wss", "")));
        assert_eq!(scheme_of("com.lge.browser"), Some(("com.lge.browser", "")));
        assert_eq!(scheme_of("data:text/html"), Some(("data", "text/html")));
        assert_eq!(scheme_of("<anonymous code>"), None);
        assert_eq!(scheme_of("/path"), None);
    }
}
