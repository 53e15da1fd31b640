//! What stands in the reports of a destination: pages, directives, browsers, countries, scripts.

use maud::{Markup, html};

use super::super::access::encoded;
use super::super::foreign::{code, foreign};
use super::super::reader::Reader;
use super::super::when;
use super::super::words::{self, Text};
use super::View;
use crate::store::{Facet, FacetValue, MAX_VALUES};

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let (ever, lately) = (view.facets.as_deref(), view.lately.as_deref());
    // What cannot be read now is said on top of the page.
    if ever.is_none_or(<[_]>::is_empty) && lately.is_none_or(<[_]>::is_empty) {
        return html! {};
    }
    html! {
        h2 { (reader.t(words::WHAT_STANDS_THERE)) }
        div class="facets" {
            (facet(reader, view, (Facet::PageKind, words::PAGE_KINDS), ever))
            (facet(reader, view, (Facet::Directive, words::DIRECTIVES), ever))
            (facet(reader, view, (Facet::Disposition, words::DISPOSITION), ever))
        }
        @if lately.is_some_and(|values| !values.is_empty()) {
            h2 class="lately" { (reader.t(words::SINCE)) " " (when::moment(view.since)) }
            div class="facets" {
                (facet(reader, view, (Facet::Host, words::HOST), lately))
                (facet(reader, view, (Facet::Page, words::PAGE), lately))
                (facet(reader, view, (Facet::Source, words::SOURCE), lately))
                (facet(reader, view, (Facet::Browser, words::BROWSER), lately))
                (facet(reader, view, (Facet::Country, words::COUNTRY), lately))
            }
        }
    }
}

fn facet(
    reader: &Reader,
    view: &View,
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
                        td class="figure" { (count(view, facet, it)) }
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
fn count(view: &View, facet: Facet, it: &FacetValue) -> Markup {
    let field = match facet {
        Facet::Directive => "directive",
        Facet::Disposition => "disposition",
        Facet::PageKind => "page_kind",
        Facet::Browser => "browser",
        Facet::Country => "country",
        Facet::Host => "host",
        Facet::Page | Facet::Source => return html! { (when::number(it.reports)) },
    };
    let (name, value) = (encoded(&view.name), encoded(&it.value));
    let address = format!("/reports?destination={name}&{field}={value}&range=90d");
    html! { a href=(address) { (when::number(it.reports)) } }
}
