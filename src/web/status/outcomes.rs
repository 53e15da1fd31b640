//! What became of all that came in a day: an equation, its reasons, and the sites with the most of it.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::tiles::tile;
use super::super::{when, words};
use super::View;
use crate::store::{BusySite, Counts};

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    html! {
        h2 { (reader.t(words::WHAT_BECAME_OF_IT)) }
        p class="quiet" { (reader.t(words::EQUATION_MORE)) }
        @match &view.outcomes {
            None => { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } }
            Some(counts) => (equation(reader, counts)),
        }
        @if let Some(sites) = view.sites.as_deref().filter(|sites| !sites.is_empty()) { (busiest(reader, view, sites)) }
    }
}

fn equation(reader: &Reader, counts: &Counts) -> Markup {
    let sum = |reasons: &BTreeMap<String, u64>| reasons.values().sum::<u64>();
    let sign = |sign: &str| html! { span class="sign" aria-hidden="true" { (sign) } };
    html! {
        div class="equation" {
            (tile(reader, Some(counts.received), words::RECEIVED)) (sign("="))
            (tile(reader, Some(counts.stored), words::STORED)) (sign("+"))
            (tile(reader, Some(counts.folded), words::FOLDED)) (sign("+"))
            (tile(reader, Some(sum(&counts.discarded)), words::DISCARDED))
        }
        @if !counts.discarded.is_empty() || !counts.refused.is_empty() {
            div class="columns even" {
                (reasons(reader, words::DISCARDED, &counts.discarded))
                (reasons(reader, words::REFUSED, &counts.refused))
            }
        }
    }
}

fn reasons(reader: &Reader, title: words::Text, reasons: &BTreeMap<String, u64>) -> Markup {
    html! {
        div {
            @if !reasons.is_empty() {
                h3 { (reader.t(title)) }
                table class="dense" { tbody { @for (reason, count) in reasons { tr {
                    td { @match words::reason(reason) {
                        Some(text) => (reader.t(text)),
                        None => (super::super::foreign::code(reason)),
                    } }
                    td class="figure" { (when::number(*count)) }
                } } } }
            }
        }
    }
}

fn busiest(reader: &Reader, view: &View, sites: &[BusySite]) -> Markup {
    html! {
        h3 { (reader.t(words::BUSIEST)) }
        div class="scroll" tabindex="0" { table {
            thead { tr {
                th { (reader.t(words::MERCHANT)) }
                th class="figure" { (reader.t(words::RECEIVED)) }
                th class="figure" { (reader.t(words::STORED)) }
                th class="figure" { (reader.t(words::FOLDED)) }
                th class="figure" { (reader.t(words::DISCARDED)) }
                th class="figure" { (reader.t(words::REFUSED)) }
            } }
            tbody { @for it in sites { tr {
                td { @if it.site.is_empty() { (reader.t(words::NO_SITE)) } @else { (view.names.link(&it.site)) } }
                td class="figure" { (when::number(it.stored + it.folded + it.discarded)) }
                @for count in [it.stored, it.folded, it.discarded, it.refused] { td class="figure" { (when::number(count)) } }
            } } }
        } }
    }
}
