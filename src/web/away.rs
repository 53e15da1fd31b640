//! ClickHouse may be away: then a part of a page is missing, and the page says so.

use maud::{Markup, html};

use super::reader::Reader;
use super::words;
use crate::store::StoreError;

/// What ClickHouse said, if it said anything.
pub(super) fn told<T>(answer: Result<T, StoreError>) -> Option<T> {
    answer
        .inspect_err(
            |error| tracing::warn!(kind = error.kind(), %error, "a page lacks its reports"),
        )
        .ok()
}

/// The note on top of a page that lacks something; empty, but there, on one that does not.
pub(super) fn note(reader: &Reader, is_away: bool) -> Markup {
    html! {
        div id="away" data-live {
            @if is_away { p class="problem" role="status" { (reader.t(words::AWAY)) } }
        }
    }
}
