//! What is open about a site: what somebody has to look at or to do.

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::{when, words};
use super::View;
use crate::cases::State;
use crate::sites::KeyState;
use crate::store::Reporting;

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let questions = questions(reader, view);
    html! {
        @if !questions.is_empty() {
            h2 { (reader.t(words::QUESTIONS)) }
            ul { @for question in questions { li { (question) } } }
        }
    }
}

fn questions(reader: &Reader, view: &View) -> Vec<Markup> {
    let record = &view.entry.record;
    let mut found = Vec::new();
    let open = view.alerts.iter().filter(|it| it.state != State::Closed);
    let open = open.count();
    if open > 0 {
        found.push(html! { a href="#alerts" { (words::unresolved(reader.language, open)) } });
    }
    let activity = view.activity.as_ref().map(|it| it.get(record.id.as_str()));
    match activity {
        Some(None) => {
            found.push(html! { a href="#setup" { (reader.t(words::NEVER_REPORTED_MORE)) } })
        }
        Some(Some(it)) if it.reporting == Reporting::Silent => {
            found.push(html! { (reader.t(words::SITE_SILENT)) });
        }
        _ => {}
    }
    if !record.keys.iter().any(|it| it.state == KeyState::Active) {
        found.push(html! { (reader.t(words::NO_KEY)) });
    }
    for at in view.entry.retiring.values() {
        found.push(html! { (reader.t(words::KEY_RETIRES)) " " (when::moment(*at)) });
    }
    if record.checkout_paths.is_empty() {
        found.push(html! { (reader.t(words::NO_CHECKOUT_PATHS)) });
    }
    found
}
