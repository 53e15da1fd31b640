//! Redacted reports of each browser, read by eye.

use std::fmt::Write;

use super::{columns, redacted, redactor};
use crate::corpus::{posts, posts_in};

/// One or two requests of each browser.
const REVIEWED: [(&str, &str, &str); 14] = [
    ("chromium", "connect-fetch-b64", "e-uri"),
    ("chromium", "connect-srcdoc", "e-uri"),
    ("chromium", "coop", "to"),
    ("chromium", "permissions", "to"),
    ("chromium", "hash-external-ro", "to"),
    ("firefox", "doc-referrer-cross", "e-to"),
    ("firefox", "script-attr-sample", "e-uri"),
    ("firefox", "ext-inline-attr", "e-to"),
    ("webkitgtk", "connect-userinfo", "e-to"),
    ("webkitgtk", "script-attr", "e-bothlegacy"),
    ("wpewebkit", "style-inline", "e-uri"),
    ("qtwebengine-102", "img-default-fallback", "e-uri"),
    ("qtwebengine-87", "script-inline-default", "e-uri"),
    ("qtwebkit", "style-attr", "e-uri"),
];

#[test]
fn a_report_of_each_browser() {
    let redactor = redactor();
    let requests: Vec<_> = posts()
        .into_iter()
        .chain(posts_in("secrets.ndjson"))
        .collect();
    let mut out = String::new();
    for (browser, case, variant) in REVIEWED {
        let request = requests
            .iter()
            .find(|r| {
                (r.browser.as_str(), r.case.as_str(), r.variant.as_str())
                    == (browser, case, variant)
            })
            .unwrap_or_else(|| panic!("a fixture of {browser} {case} {variant}"));
        let (_, report) = redacted(request, &redactor).remove(0);
        writeln!(out, "{browser} {case} {variant}").expect("strings take all");
        for (column, text) in columns(&report) {
            if !text.is_empty() {
                writeln!(out, "  {column}: {text}").expect("strings take all");
            }
        }
    }
    insta::assert_snapshot!(out);
}
