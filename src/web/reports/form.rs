//! The form that asks for reports, and what is asked for, field by field.

use maud::{Markup, html};

use super::super::foreign::visible;
use super::super::reader::Reader;
use super::super::words::{self, Text};
use super::ask::{Asked, Field, Wrong};

/// Fields that most people need, and the others.
const FIRST: [Field; 7] = [
    Field::Range,
    Field::From,
    Field::To,
    Field::Site,
    Field::Destination,
    Field::PageKind,
    Field::Directive,
];
const MORE: [Field; 9] = [
    Field::Disposition,
    Field::Card,
    Field::Host,
    Field::Browser,
    Field::Country,
    Field::Network,
    Field::Label,
    Field::Type,
    Field::Policy,
];

pub(super) fn form(reader: &Reader, asked: &Asked, wrong: &Wrong) -> Markup {
    let is_more = asked.has_any(&MORE) || MORE.iter().any(|field| wrong.contains_key(field));
    html! {
        form method="get" action="/reports" class="filters" role="search" aria-label=(reader.t(words::FILTER)) {
            @if !wrong.is_empty() { p class="problem" role="alert" { (reader.t(words::FILTER_WRONG)) } }
            div class="fields" { @for field in FIRST { (entry(reader, asked, wrong, field)) } }
            details open[is_more] {
                summary { (reader.t(words::MORE_FILTERS)) }
                div class="fields" { @for field in MORE { (entry(reader, asked, wrong, field)) } }
            }
            div class="acts" {
                button class="primary" { (reader.t(words::SHOW_REPORTS)) }
                a href="/reports" { (reader.t(words::RESET_FILTER)) }
                p class="quiet" { (reader.t(words::SHARED_BY_ADDRESS)) }
            }
        }
    }
}

fn entry(reader: &Reader, asked: &Asked, wrong: &Wrong, field: Field) -> Markup {
    let (name, problem) = (field.name(), wrong.get(&field));
    let about = problem.map(|_| format!("{name}-wrong"));
    let value = asked.value(field);
    let kinds = field.words();
    html! {
        div {
            label for=(name) { (reader.t(label(field))) }
            @if kinds.is_empty() {
                input id=(name) name=(name) value=(value) type=(kind(field, problem.is_some())) step=[is_moment(field).then_some("1")]
                    maxlength="512" autocomplete="off" spellcheck="false" aria-invalid=[problem.map(|_| "true")]
                    aria-describedby=[about.as_deref()];
            } @else {
                select id=(name) name=(name) aria-invalid=[problem.map(|_| "true")] aria-describedby=[about.as_deref()] {
                    @if field != Field::Range { option value="" { (reader.t(words::ANY)) } }
                    @else if !kinds.contains(&value) { option value="" selected { (reader.t(words::LAST_MONTH)) } }
                    @for &word in kinds.iter().filter(|word| !word.is_empty()) { option value=(word) selected[word == value] { (shown(reader, field, word)) } }
                    // A word that is none is not lost either.
                    @if !value.is_empty() && !kinds.contains(&value) { option value=(value) selected { (visible(value)) } }
                }
            }
            @if let Some(problem) = problem { span class="wrong" id=[about.as_deref()] { (reader.t(*problem)) } }
        }
    }
}

fn is_moment(field: Field) -> bool {
    matches!(field, Field::From | Field::To)
}

/// A value that is no moment would be lost in a field for moments.
fn kind(field: Field, is_wrong: bool) -> &'static str {
    if is_moment(field) && !is_wrong {
        "datetime-local"
    } else {
        "text"
    }
}

pub(super) fn label(field: Field) -> Text {
    match field {
        Field::Site => words::MERCHANT_WITH_ID,
        Field::Destination => words::DESTINATION,
        Field::Host => words::HOST,
        Field::Directive => words::DIRECTIVE,
        Field::Disposition => words::DISPOSITION,
        Field::PageKind => words::PAGE_KIND,
        Field::Type => words::REPORT_TYPE,
        Field::Label => words::LABEL,
        Field::Browser => words::BROWSER,
        Field::Country => words::COUNTRY_CODE,
        Field::Network => words::NETWORK,
        Field::Card => words::CARD_IN_REPORT,
        Field::Policy => words::POLICY_HASH,
        Field::Range => words::TIME_RANGE,
        Field::From => words::FROM_UTC,
        Field::To => words::TO_UTC,
    }
}

/// A word of a closed set, as people call it.
pub(super) fn shown(reader: &Reader, field: Field, word: &str) -> String {
    let text = match (field, word) {
        (Field::PageKind, kind) => words::page_kind(kind),
        (Field::Disposition, "enforce") => words::ENFORCED,
        (Field::Disposition, "report") => words::REPORTED_ONLY,
        (Field::Disposition, _) => words::NOT_SAID,
        (Field::Card, "true") => words::WITH_CARD,
        (Field::Card, _) => words::WITHOUT_CARD,
        (Field::Range, "1h") => words::LAST_HOUR,
        (Field::Range, "24h") => words::LAST_DAY,
        (Field::Range, "7d") => words::LAST_WEEK,
        (Field::Range, "30d") => words::LAST_MONTH,
        (Field::Range, "90d") => words::LAST_QUARTER,
        (Field::Browser, family) => return words::browser(reader.language, family).to_owned(),
        _ => return visible(word),
    };
    reader.t(text).to_owned()
}

/// What is asked for: each can be taken out.
pub(super) fn chips(reader: &Reader, asked: &Asked) -> Markup {
    html! {
        @if asked.set().next().is_some() {
            ul class="chips" aria-label=(reader.t(words::FILTER)) {
                @for (field, value) in asked.set() {
                    li {
                        a href=(asked.with(field, "").address("/reports", &[])) title=(reader.t(words::TAKE_OUT)) {
                            (reader.t(label(field))) ": " bdi { (shown(reader, field, value)) } " ×"
                        }
                    }
                }
            }
        }
    }
}
