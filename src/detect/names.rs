//! What a name alone says of a destination.

/// Endings under which names cost next to nothing, and of which registries' abuse reports list the most.
const CHEAP: [&str; 34] = [
    "bond", "buzz", "cc", "cf", "cfd", "click", "club", "cyou", "fun", "ga", "gq", "icu", "info",
    "life", "link", "live", "lol", "ml", "monster", "online", "pw", "quest", "rest", "sbs", "shop",
    "site", "space", "store", "su", "tk", "top", "vip", "world", "xyz",
];

/// Whether a name ends as throw-away names do.
pub(super) fn is_cheap(domain: &str) -> bool {
    let ending = domain.rsplit('.').next().unwrap_or_default();
    CHEAP.binary_search(&ending).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        assert!(CHEAP.is_sorted());
        for (domain, want) in [
            ("a.top", true),
            ("a.xyz", true),
            ("a.com", false),
            ("top.jp", false),
            ("", false),
        ] {
            assert_eq!(is_cheap(domain), want, "{domain}");
        }
    }
}
