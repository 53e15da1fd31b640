//! Figures on their own, each with what it is of.

use maud::{Markup, html};

use super::reader::Reader;
use super::when;
use super::words::{self, Text};
use crate::store::Recent;

/// A number; a dash if it cannot be read now.
pub(super) fn tile(reader: &Reader, value: Option<u64>, text: Text) -> Markup {
    let value = value.map(when::number);
    written(reader, value.as_deref().unwrap_or("–"), text)
}

/// A figure that is written already.
pub(super) fn written(reader: &Reader, value: &str, text: Text) -> Markup {
    html! {
        div class="tile" {
            span class="value" { (value) }
            span class="label" { (reader.t(text)) }
        }
    }
}

/// What came in lately.
pub(super) fn intake(reader: &Reader, recent: Option<&Recent>) -> Markup {
    html! {
        div class="tiles" {
            (tile(reader, recent.map(|it| it.minute), words::LAST_MINUTE))
            (tile(reader, recent.map(|it| it.hour), words::LAST_HOUR))
            (tile(reader, recent.map(|it| it.day), words::LAST_DAY))
        }
    }
}
