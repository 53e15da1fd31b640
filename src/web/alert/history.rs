//! What happened to an alert, event by event.

use maud::{Markup, html};

use super::super::foreign::{foreign, visible};
use super::super::reader::Reader;
use super::super::words;
use super::View;
use crate::cases::{Cause, Event, Late, What};
use crate::finding::Severity;

/// Newest events that are shown.
const SHOWN: usize = 100;

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let left_out = view.events.len().saturating_sub(SHOWN);
    html! {
        h2 { (reader.t(words::HISTORY)) }
        ol class="history" {
            @if left_out > 0 { li class="quiet" { (words::more(reader.language, left_out)) } }
            @for event in view.events.iter().skip(left_out) {
                li {
                    (view.grain.moment(event.at))
                    span { (text(reader, view, event)) }
                    span class="quiet" { (actor(reader, &event.actor)) }
                }
            }
        }
    }
}

fn text(reader: &Reader, view: &View, event: &Event) -> String {
    let about = about(reader, view, event);
    match (event.what, first(view)) {
        (What::Raised, Some((first, more))) => {
            words::raised_at(reader.language, &about, &first, more)
        }
        _ => words::event(event.what, &about, reader.language),
    }
}

/// The first merchant, and how many more there were when the alert was raised. Whoever sees only some of
/// them does not know which was the first.
fn first(view: &View) -> Option<(String, usize)> {
    let campaign = &view.alert.campaign;
    let mut at_once = campaign
        .sites
        .iter()
        .filter(|hit| campaign.others == 0 && hit.joined_at <= view.alert.raised_at);
    let first = at_once.next()?;
    Some((view.names.text(first.site.as_str()), at_once.count()))
}

/// What an event adds, in words.
fn about(reader: &Reader, view: &View, event: &Event) -> String {
    let subject = event.subject.as_str();
    let text = match event.what {
        What::Raised | What::Worsened => Severity::of_word(subject).map(words::severity),
        What::Closed => Cause::of_word(subject).map(words::cause),
        What::Overdue => Late::of_word(subject).map(words::late),
        What::SiteJoined | What::Reopened => return view.names.text(subject),
        What::MemberJoined | What::Acknowledged | What::Contained | What::Assigned => None,
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
