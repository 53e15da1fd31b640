//! The shop that a real browser can visit. Nothing is made up about what it reports.

use serde_json::{Value, json};

/// Key and id of the shop.
pub const DEMO_SHOP: &str = "demo-shop";

/// The policy of its pages. It is enforced: a visitor may well type in a card that is real.
pub(in crate::demo) fn policy(collector: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri {}/r/{DEMO_SHOP}",
        collector.trim_end_matches('/')
    )
}

/// As the import wants it.
pub(super) fn merchant(collector: &str, storefront: &str) -> Value {
    let host = storefront
        .rsplit_once(':')
        .map_or(storefront, |(host, _)| host);
    let mut domains = vec!["127.0.0.1", "localhost"];
    // An IPv6 address is no domain, and who opens the shop by one sees it all the same.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if !host.is_empty() && host.chars().all(plain) && !domains.contains(&host) {
        domains.push(host);
    }
    json!({
        "key": DEMO_SHOP,
        "name": "Demo shop / デモショップ",
        "domains": domains,
        "country": "JP",
        "platform": "custom",
        "checkout_paths": ["/checkout"],
        "payment": { "integration": "js", "psp": "pay-bridge.example" },
        "csp": { "scope": "checkout", "disposition": "enforce", "transport": "report-uri" },
        "policy": policy(collector),
    })
}
