//! How many merchants report, as a bar with a legend: each part leads to those merchants.

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::{when, words};
use crate::store::Coverage;

/// Width of the drawing.
const WIDTH: f64 = 1000.0;

/// A part of the bar.
struct Part {
    /// The word in links and classes.
    word: &'static str,
    name: words::Text,
    more: words::Text,
    count: u64,
}

pub(super) fn section(reader: &Reader, (sites, found): (u64, Option<&Coverage>)) -> Markup {
    let Some(found) = found else {
        return html! {
            h2 { (reader.t(words::COVERAGE)) }
            p class="quiet" { (reader.t(words::UNKNOWN_NOW)) }
        };
    };
    let parts = parts(sites, found);
    html! {
        h2 { (reader.t(words::COVERAGE)) }
        (bar(reader, &parts))
        dl class="legend" {
            @for part in &parts {
                div {
                    dt { span class={ "key " (part.word) } {} a href={ "/sites?coverage=" (part.word) } { (reader.t(part.name)) } }
                    dd { strong { (when::number(part.count)) } " " span class="quiet" { (reader.t(part.more)) } }
                }
            }
        }
    }
}

fn parts(sites: u64, found: &Coverage) -> [Part; 4] {
    let part = |word, name, more, count| Part {
        word,
        name,
        more,
        count,
    };
    let ever = found.sending + found.silent + found.unclear;
    [
        part(
            "sending",
            words::SENDING,
            words::SENDING_MORE,
            found.sending,
        ),
        part("silent", words::SILENT, words::SILENT_MORE, found.silent),
        part(
            "unclear",
            words::UNCLEAR,
            words::UNCLEAR_MORE,
            found.unclear,
        ),
        part(
            "never",
            words::NEVER_REPORTED,
            words::NEVER_REPORTED_MORE,
            sites.saturating_sub(ever),
        ),
    ]
}

fn bar(reader: &Reader, parts: &[Part; 4]) -> Markup {
    let all: u64 = parts.iter().map(|part| part.count).sum();
    let mut at = 0.0;
    html! {
        // What it shows stands below it in words.
        svg class="stack-bar" viewBox={ "0 0 " (WIDTH) " 14" } preserveAspectRatio="none" aria-hidden="true" {
            @for part in parts {
                @let width = width(part.count, all);
                @if part.count > 0 {
                    rect class=(part.word) x=(format!("{at:.1}")) y="0" width=(format!("{width:.1}")) height="14" {
                        title { (reader.t(part.name)) ": " (when::number(part.count)) }
                    }
                }
                @let () = at += width;
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a drawing")]
fn width(count: u64, all: u64) -> f64 {
    count as f64 / all.max(1) as f64 * WIDTH
}
