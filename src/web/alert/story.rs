//! What happened, in a paragraph, and what to do about it, step by step.

use maud::{Markup, html};

use super::super::foreign::{code, foreign};
use super::super::reader::{Access, Reader};
use super::super::{when, words};
use super::{View, hits};
use crate::cases::{Alert, State};
use crate::finding::FindingKind;
use crate::role::Role;

pub(super) fn what_happened(reader: &Reader, view: &View) -> Markup {
    html! {
        h2 { (reader.t(words::WHAT_HAPPENED)) }
        div class="lead" { (facts(reader, view).paragraphs(reader.language)) }
    }
}

/// For a merchant what they do themselves; for whoever looks after many also what to tell them. Of an alert that is closed,
/// why it was and what was done.
pub(super) fn what_to_do(reader: &Reader, (access, view): (&Access, &View)) -> Markup {
    let kind = view.alert.campaign.kind;
    let is_merchant = matches!(access.caller().role, Role::Merchant | Role::MerchantReader);
    if view.alert.state == State::Closed {
        return what_was_done(reader, &view.alert);
    }
    html! {
        h2 { (reader.t(words::TO_DO)) }
        @if is_merchant {
            (for_merchant(reader, kind))
        } @else {
            (for_provider(reader, view))
            details { summary { (reader.t(words::TELL_MERCHANT)) } (for_merchant(reader, kind)) }
        }
    }
}

fn what_was_done(reader: &Reader, alert: &Alert) -> Markup {
    html! {
        h2 { (reader.t(words::WHY_CLOSED)) }
        @if let Some(cause) = alert.cause { p { strong { (reader.t(words::cause(cause))) } } }
        @if !alert.note.is_empty() {
            h3 { (reader.t(words::NOTE)) }
            // A note may have lines; each is shown for itself, so that none hides the next.
            blockquote class="note" { @for line in alert.note.lines() { p { (foreign(line)) } } }
        }
    }
}

fn for_merchant(reader: &Reader, kind: FindingKind) -> Markup {
    html! { ol { @for step in words::merchant_steps(kind) { li { (reader.t(step)) } } } }
}

fn for_provider(reader: &Reader, view: &View) -> Markup {
    let steps = words::steps(view.alert.campaign.kind);
    html! {
        p {
            (reader.t(words::FOR_WHOM))
            @if view.alert.state == State::Open { (reader.gap()) (reader.t(words::TO_DO_FIRST)) }
        }
        ol {
            @for (i, step) in steps.into_iter().enumerate() {
                li {
                    (reader.t(step))
                    @if let (words::LOOK_STEP, Some((script, merchants))) = (i, script(view)) {
                        (reader.gap()) (words::look_at(reader.language, &script, merchants))
                    }
                }
            }
        }
    }
}

/// The shops' own script that the browsers of the most merchants name.
fn script(view: &View) -> Option<(Markup, u64)> {
    let most = view.sources.as_ref()?.first()?;
    Some((code(&most.path), most.sites))
}

fn facts(reader: &Reader, view: &View) -> words::Facts {
    let campaign = &view.alert.campaign;
    let sites = &campaign.sites;
    let spread = match sites.as_slice() {
        [first, .., last] => Some(view.grain.between(first.first_seen, last.first_seen)),
        _ => None,
    };
    let figures = sites.iter().map(|hit| hits::seen_by(view, hit));
    let (clients, networks) = figures.fold((0, 0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    let fates = view.spread.as_ref().map(|_| {
        let fates = sites.iter().filter_map(|hit| hits::fate(view, hit));
        words::Fates::of(fates)
    });
    words::Facts {
        kind: campaign.kind,
        destination: html! { strong class="destination" { (foreign(&campaign.destination)) } },
        account: campaign.account.as_deref().map(code),
        more_destinations: campaign.members.len().saturating_sub(1),
        merchants: sites.len(),
        others: campaign.others,
        first: sites.first().map(|hit| view.names.link(hit.site.as_str())),
        since: view.grain.moment(campaign.first_seen),
        spread: spread.map(|ms| words::span(reader.language, ms)),
        seen_by: (when::number(clients), when::number(networks)),
        fates,
        script: script(view),
        with_card: sites.iter().filter(|hit| hit.card_number).count(),
    }
}
