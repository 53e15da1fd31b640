//! [`Source`]: which kind of script was named as the one that did it.

use crate::normalize::registrable_domain;

/// Which kind of script was named as the one that did it. A page can forge it, so it is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// None was named.
    None,
    /// An extension's scheme, or Firefox's name for its code.
    Extension,
    /// A file of the shop's own: its path.
    OwnFile(&'a str),
    /// A tag manager's script.
    TagManager,
    /// A script of the destination's own.
    Destination,
    /// Any other.
    Other,
}

/// Hosts that serve tag managers.
const TAG_MANAGERS: [&str; 6] = [
    "www.googletagmanager.com",
    "tagmanager.yahoo.co.jp",
    "s.yjtag.jp",
    "tags.tiqcdn.com",
    "assets.adobedtm.com",
    "cdn.mxpnl.com",
];

/// Endings of files that are scripts. The page itself is named as well: for inline code.
const SCRIPTS: [&str; 3] = [".js", ".mjs", ".cjs"];

impl<'a> Source<'a> {
    /// The kind of a redacted source (host and path, or a scheme), on a page of this host, for a request to this
    /// registrable domain.
    pub fn of(source: &'a str, document_host: &str, destination: &str) -> Self {
        if source.is_empty() {
            return Self::None;
        }
        let Some(end) = source.find('/') else {
            return Self::of_word(source);
        };
        let (host, path) = source.split_at(end);
        // Firefox adds who made the code: `/a.js > eval`.
        let path = path.split_once(" > ").map_or(path, |(path, _)| path);
        if TAG_MANAGERS.contains(&host) {
            Self::TagManager
        } else if host == document_host && SCRIPTS.iter().any(|ending| path.ends_with(ending)) {
            Self::OwnFile(path)
        } else if registrable_domain(host) == destination {
            Self::Destination
        } else {
            Self::Other
        }
    }

    fn of_word(source: &str) -> Self {
        if source.ends_with("-extension") || source == crate::normalize::ANONYMOUS_CODE {
            Self::Extension
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_sources() {
        for (source, want) in [
            ("", Source::None),
            ("chrome-extension", Source::Extension),
            ("moz-extension", Source::Extension),
            ("<anonymous code>", Source::Extension),
            ("blob", Source::Other),
            ("shop.example/cart", Source::Other),
            ("shop.example/js/a.js", Source::OwnFile("/js/a.js")),
            ("shop.example/js/a.js > eval", Source::OwnFile("/js/a.js")),
            ("cdn.example/a.js", Source::Other),
            ("js.vendor.example/sdk.js", Source::Destination),
            ("www.googletagmanager.com/gtm.js", Source::TagManager),
        ] {
            assert_eq!(
                Source::of(source, "shop.example", "vendor.example"),
                want,
                "{source}"
            );
        }
    }
}
