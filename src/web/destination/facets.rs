//! What stands in the reports of a destination: pages, directives, browsers, countries, scripts.

use maud::{Markup, html};

use super::super::access::encoded;
use super::super::foreign::{code, foreign};
use super::super::reader::Reader;
use super::super::when;
use super::super::words::{self, Text};
use crate::clock::Timestamp;
use crate::store::{Facet, FacetValue, MAX_VALUES};

/// Of all reports, whenever they came.
pub(super) fn ever(reader: &Reader, name: &str, values: Option<&[FacetValue]>) -> Markup {
    if values.is_some_and(<[_]>::is_empty) {
        return html! {};
    }
    html! {
        h2 { (reader.t(words::WHAT_STANDS_THERE)) }
        @if values.is_none() { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } }
        div class="facets" {
            (facet(reader, name, (Facet::PageKind, words::PAGE_KINDS), values))
            (facet(reader, name, (Facet::Directive, words::DIRECTIVES), values))
            (facet(reader, name, (Facet::Disposition, words::DISPOSITION), values))
        }
    }
}

/// Of those since a moment.
pub(super) fn lately(
    reader: &Reader,
    (name, since): (&str, Timestamp),
    values: Option<&[FacetValue]>,
) -> Markup {
    if values.is_some_and(<[_]>::is_empty) {
        return html! {};
    }
    html! {
        h2 { (reader.t(words::SINCE)) " " (when::moment(since)) }
        @if values.is_none() { p class="quiet" { (reader.t(words::UNKNOWN_NOW)) } }
        div class="facets" {
            (facet(reader, name, (Facet::Host, words::HOST), values))
            (facet(reader, name, (Facet::Page, words::PAGE), values))
            (facet(reader, name, (Facet::Source, words::SOURCE), values))
            (facet(reader, name, (Facet::Browser, words::BROWSER), values))
            (facet(reader, name, (Facet::Country, words::COUNTRY), values))
        }
    }
}

fn facet(
    reader: &Reader,
    name: &str,
    (facet, title): (Facet, Text),
    values: Option<&[FacetValue]>,
) -> Markup {
    let of_it = values.unwrap_or_default().iter();
    let of_it: Vec<&FacetValue> = of_it
        .filter(|it| it.is_of(facet) && !it.value.is_empty())
        .collect();
    html! {
        @if !of_it.is_empty() {
            div {
                h3 { (reader.t(title)) }
                table class="dense" {
                    thead { tr {
                        th { span class="hidden" { (reader.t(title)) } }
                        th class="figure" { (reader.t(words::MERCHANTS_HIT)) }
                        th class="figure" { (reader.t(words::REPORTS)) }
                    } }
                    tbody { @for it in &of_it { tr {
                        td { (value(reader, facet, it)) }
                        td class="figure" { (when::number(it.sites)) }
                        td class="figure" { (count(name, facet, it)) }
                    } } }
                }
                @if of_it.len() >= MAX_VALUES as usize { p class="quiet" { (reader.t(words::MOST_FREQUENT)) } }
            }
        }
    }
}

fn value(reader: &Reader, facet: Facet, it: &FacetValue) -> Markup {
    let text = match (facet, it.value.as_str()) {
        (Facet::PageKind, kind) => words::page_kind(kind),
        (Facet::Disposition, "enforce") => words::ENFORCED,
        (Facet::Disposition, "report") => words::REPORTED_ONLY,
        (Facet::Disposition, _) => words::NOT_SAID,
        (Facet::Browser, family) => return foreign(words::browser(reader.language, family)),
        (Facet::Country, country) => return foreign(country),
        (_, text) => return code(text),
    };
    html! { (reader.t(text)) }
}

/// How many; where the explorer can be asked for them, it leads there.
fn count(name: &str, facet: Facet, it: &FacetValue) -> Markup {
    let field = match facet {
        Facet::Directive => "directive",
        Facet::Disposition => "disposition",
        Facet::PageKind => "page_kind",
        Facet::Browser => "browser",
        Facet::Country => "country",
        Facet::Host => "host",
        Facet::Page | Facet::Source => return html! { (when::number(it.reports)) },
    };
    let (name, value) = (encoded(name), encoded(&it.value));
    let address = format!("/reports?destination={name}&{field}={value}&range=90d");
    html! { a href=(address) { (when::number(it.reports)) } }
}
