//! What happened to an alert, event by event.

use maud::{Markup, html};

use super::super::foreign::{foreign, visible};
use super::super::reader::Reader;
use super::super::{when, words};
use super::View;
use crate::cases::{Cause, Event, State, What};
use crate::finding::Severity;

/// Newest events that are shown.
const SHOWN: usize = 100;

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let alert = &view.alert;
    let left_out = view.events.len().saturating_sub(SHOWN);
    html! {
        h2 { (reader.t(words::HISTORY)) }
        ol class="history" {
            @if left_out > 0 { li class="quiet" { (words::more(reader.language, left_out)) } }
            @for event in view.events.iter().skip(left_out) {
                li {
                    (when::moment(event.at))
                    span { (words::event(event.what, &about(reader, view, event), reader.language)) }
                    span class="quiet" { (actor(reader, &event.actor)) }
                }
            }
        }
        @if alert.state == State::Closed && !alert.note.is_empty() {
            h3 { (reader.t(words::NOTE)) }
            // A note may have lines; each is shown for itself, so that none hides the next.
            blockquote class="note" { @for line in alert.note.lines() { p { (foreign(line)) } } }
        }
    }
}

/// What an event adds, in words.
fn about(reader: &Reader, view: &View, event: &Event) -> String {
    let subject = event.subject.as_str();
    let text = match event.what {
        What::Raised | What::Worsened => Severity::of_word(subject).map(words::severity),
        What::Closed => Cause::of_word(subject).map(words::cause),
        What::SiteJoined | What::Reopened => return view.names.text(subject),
        What::Acknowledged | What::Contained => None,
    };
    text.map_or_else(|| visible(subject), |text| reader.t(text).to_owned())
}

fn actor(reader: &Reader, name: &str) -> Markup {
    match name {
        "detector" => html! { (reader.t(words::DETECTOR)) },
        "operator" => html! { (reader.t(words::OPERATOR)) },
        name => foreign(name),
    }
}
