//! The list as a page: filters, table, what can be done to several at once.

use maud::{Markup, html};

use super::super::away;
use super::super::foreign::{code, foreign, visible};
use super::super::reader::{Access, Reader};
use super::super::{when, words};
use super::filter::{Column, Filter};
use super::{Line, List, bulk};
use crate::role::Right;

/// Most words that a filter offers.
const MOST_OFFERED: usize = 100;

/// The coverages that a filter offers.
const COVERAGES: [(&str, words::Text); 4] = [
    ("sending", words::SENDING),
    ("silent", words::SILENT),
    ("unclear", words::UNCLEAR),
    ("never", words::NEVER_REPORTED),
];

pub(super) fn body(reader: &Reader, access: &Access, list: &List) -> Markup {
    let (shown, has_more) = list.shown();
    let page = list.filter.page.max(1);
    let may_change = access.caller().role.may(Right::Manage);
    html! {
        (away::note(reader, list.is_away))
        h1 { (reader.t(words::MERCHANTS)) }
        (filters(reader, list))
        p class="quiet" role="status" {
            (words::merchants_found(reader.language, list.lines.len(), list.all))
            " " a href=(list.filter.address("/sites.csv")) { (reader.t(words::AS_CSV)) }
        }
        @if list.lines.is_empty() {
            div class="empty" { p {
                (reader.t(if list.filter.is_set() { words::NO_SUCH_SITES } else { words::NO_SITES }))
            } }
        } @else if may_change {
            form method="post" action=(list.filter.address("/sites")) {
                input type="hidden" name="csrf" value=(access.csrf());
                (table(reader, list, shown, true))
                (bulk::controls(reader))
            }
        } @else {
            div id="list" data-live { (table(reader, list, shown, false)) }
        }
        p class="pager" {
            @if page > 1 { a href=(list.filter.at_page(page - 1)) { (reader.t(words::PREVIOUS_PAGE)) } " " }
            @if has_more { a href=(list.filter.at_page(page + 1)) { (reader.t(words::NEXT_PAGE)) } }
        }
    }
}

fn filters(reader: &Reader, list: &List) -> Markup {
    let filter = &list.filter;
    html! {
        form method="get" action="/sites" class="filters" role="search" {
            div class="fields" {
                div { label for="q" { (reader.t(words::SEARCH)) } input type="search" id="q" name="q" value=(filter.q); }
                div {
                    label for="coverage" { (reader.t(words::STATUS)) }
                    select id="coverage" name="coverage" {
                        option value="" { (reader.t(words::ANY)) }
                        @for (word, text) in COVERAGES {
                            option value=(word) selected[filter.coverage == word] { (reader.t(text)) }
                        }
                    }
                }
                div {
                    label for="alerts" { (reader.t(words::ALERTS)) }
                    select id="alerts" name="alerts" {
                        option value="" { (reader.t(words::ANY)) }
                        option value="open" selected[filter.alerts == "open"] { (reader.t(words::UNRESOLVED)) }
                    }
                }
                (choice(reader, ("platform", words::PLATFORM), (&list.platforms, &filter.platform)))
                (choice(reader, ("label", words::LABEL), (&list.labels, &filter.label)))
            }
            @if !filter.sort.is_empty() { input type="hidden" name="sort" value=(filter.sort); }
            div class="acts" {
                button class="primary" { (reader.t(words::FILTER_LIST)) }
                @if filter.is_set() { a href="/sites" { (reader.t(words::RESET_FILTER)) } }
            }
        }
    }
}

/// A word out of those that there are.
fn choice(
    reader: &Reader,
    (name, text): (&str, words::Text),
    (words, chosen): (&[String], &str),
) -> Markup {
    html! {
        @if !words.is_empty() {
            div {
                label for=(name) { (reader.t(text)) }
                select id=(name) name=(name) {
                    option value="" { (reader.t(words::ANY)) }
                    @for word in words.iter().take(MOST_OFFERED) {
                        option value=(word) selected[word == chosen] { (visible(word)) }
                    }
                }
            }
        }
    }
}

fn table(reader: &Reader, list: &List, shown: &[Line], with_marks: bool) -> Markup {
    let head = |column, text, class| head(reader, &list.filter, (column, text, class));
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(reader.t(words::MERCHANTS)) {
            table {
                thead { tr {
                    @if with_marks { th scope="col" { span class="hidden" { (reader.t(words::SELECTED)) } } }
                    (head(Column::Name, words::MERCHANT, ""))
                    th scope="col" { (reader.t(words::MERCHANT_ID)) }
                    th scope="col" { (reader.t(words::STATUS)) }
                    (head(Column::Last, words::LAST_REPORT, ""))
                    (head(Column::Reports, words::REPORTS, "figure"))
                    (head(Column::Alerts, words::UNRESOLVED, "figure"))
                    th scope="col" { (reader.t(words::LABEL)) }
                } }
                tbody { @for it in shown { (line(reader, it, with_marks)) } }
            }
        }
    }
}

fn head(
    reader: &Reader,
    filter: &Filter,
    (column, text, class): (Column, words::Text, &str),
) -> Markup {
    let sorted = match filter.order() {
        (by, false) if by == column => Some("ascending"),
        (by, true) if by == column => Some("descending"),
        _ => None,
    };
    html! {
        th scope="col" class=(class) aria-sort=[sorted] { a href=(filter.sorted_by(column)) { (reader.t(text)) } }
    }
}

fn line(reader: &Reader, it: &Line, with_mark: bool) -> Markup {
    let id = it.site.id.as_str();
    html! {
        tr {
            @if with_mark {
                td { input type="checkbox" name="site" value=(id) aria-label=(visible(&it.site.name)); }
            }
            td { a href={ "/sites/" (id) } { (foreign(&it.site.name)) } }
            td { (code(id)) }
            (standing(reader, it))
            td class="figure" { @if it.unresolved > 0 { strong class="bad" { (it.unresolved) } } @else { "0" } }
            td { @for label in &it.site.labels { span class="tag" { (foreign(label)) } " " } }
        }
    }
}

/// State, last report, number of reports.
fn standing(reader: &Reader, it: &Line) -> Markup {
    let text = it
        .coverage()
        .and_then(|word| COVERAGES.into_iter().find(|(it, _)| *it == word));
    html! {
        td class="standing" { @match text {
            Some((word, text)) => { span class={ "key " (word) } {} (reader.t(text)) }
            None => { span class="quiet" { (reader.t(words::UNKNOWN_NOW)) } }
        } }
        @match it.activity {
            None => { td { "–" } td class="figure" { "–" } }
            Some(None) => { td class="quiet" { (reader.t(words::NEVER)) } td class="figure" { "0" } }
            Some(Some(found)) => {
                td class="when" { (when::moment_ago(reader, found.last)) }
                td class="figure" { (when::number(found.reports)) }
            }
        }
    }
}
