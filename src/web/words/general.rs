//! Words of the rows, as people call them.

use super::Text;
use super::messages::{ADMIN, CHECKOUT, CHROMIUM, OTHER_PAGES};
use crate::language::Language;

/// What kind of page a word of the rows means.
pub(in crate::web) fn page_kind(word: &str) -> Text {
    match word {
        "checkout" => CHECKOUT,
        "admin" => ADMIN,
        _ => OTHER_PAGES,
    }
}

/// A family of browsers, as people call it.
pub(in crate::web) fn browser(language: Language, word: &str) -> &str {
    match word {
        "chromium" => CHROMIUM.of(language),
        "firefox" => "Firefox",
        "webkit" => "Safari",
        word => word,
    }
}
