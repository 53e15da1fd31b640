//! The head of the page: how urgent it is, what it is about, and when.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::access::encoded;
use super::super::alerts::{due, merchants, severity, state, title};
use super::super::foreign::code;
use super::super::reader::Reader;
use super::super::words;
use super::View;
use crate::cases::State;
use crate::clock::Timestamp;

pub(super) fn head(reader: &Reader, view: &View) -> Markup {
    let alert = &view.alert;
    let campaign = &alert.campaign;
    let count = campaign.sites.len() + campaign.others as usize;
    html! {
        header class={ "alert head " (campaign.severity.as_str()) " " (alert.state.as_str()) } id="head" data-live {
            div class="badges" {
                (severity(reader, campaign.severity)) (state(reader, alert.state)) (due(reader, alert))
            }
            h1 { (title(reader.language, campaign.kind, &campaign.destination)) }
            dl class="facts" {
                @if let Some(account) = &campaign.account {
                    div { dt { (reader.t(words::ACCOUNT)) } dd { (code(account)) } }
                }
                div { dt { (reader.t(words::SINCE)) } dd { (view.grain.moment_ago(reader, campaign.first_seen)) } }
                div { dt { (reader.t(words::RAISED)) } dd { (view.grain.moment(alert.raised_at)) (delay(reader, view)) } }
                div { dt { (reader.t(words::LAST_REPORT)) } dd { (view.grain.moment_ago(reader, last(view))) } }
                div class="whole" {
                    dt { (reader.t(words::MERCHANTS)) }
                    dd { (count) " " span class="quiet" { "(" (merchants(reader, campaign, &view.names)) ")" } }
                }
            }
            ul class="inline links" {
                @if alert.state != State::Closed { li { a class="button primary" href="#respond" { (reader.t(words::RESPOND)) } } }
                @if !campaign.destination.is_empty() {
                    li { a href={ "/destinations/" (encoded(&campaign.destination)) } { (reader.t(words::WHOLE_HISTORY)) } }
                }
            }
            p class="quiet zone" data-local=(reader.t(words::LOCAL_TIMES)) { (reader.t(words::TIMES)) }
        }
    }
}

/// How long it took to notice. To whoever sees only some of the merchants it may have begun afterwards.
fn delay(reader: &Reader, view: &View) -> Markup {
    let (first, raised) = (view.alert.campaign.first_seen, view.alert.raised_at);
    let ms = view.grain.between(first, raised);
    let text = (ms >= 0).then(|| words::span(reader.language, ms));
    html! {
        @if let Some(span) = text {
            " " span class="quiet" { "(" (words::raised_after(reader.language, &span)) ")" }
        }
    }
}

/// The last report of it, as far as it is known now.
fn last(view: &View) -> Timestamp {
    let stored = view
        .spread
        .iter()
        .flat_map(BTreeMap::values)
        .map(|row| row.last);
    let stored = stored.max().map_or(Timestamp(0), Timestamp);
    stored.max(view.alert.campaign.last_seen)
}
