//! The merchants that were hit, in order.

use maud::{Markup, html};

use super::super::foreign::code;
use super::super::reader::Reader;
use super::super::{when, words};
use super::{SHOWN, View};
use crate::cases::SiteHit;

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let campaign = &view.alert.campaign;
    let left_out = campaign.sites.len().saturating_sub(SHOWN) + campaign.others as usize;
    html! {
        h2 { (reader.t(words::HIT_IN_ORDER)) }
        div class="scroll" tabindex="0" {
            table class="hits" {
                thead { tr {
                    th class="figure" { "#" }
                    th { (reader.t(words::MERCHANT)) }
                    th { (reader.t(words::FIRST_REPORT)) }
                    th class="figure" { (reader.t(words::AFTER_FIRST)) }
                    th class="figure" { (reader.t(words::BROWSERS)) }
                    th class="figure" { (reader.t(words::NETWORKS)) }
                    th { (reader.t(words::DIRECTIVES)) }
                    th { (reader.t(words::FATE)) }
                    th { (reader.t(words::CARD_NUMBER)) }
                    th class="figure" { (reader.t(words::REPORTS)) }
                } }
                tbody {
                    @for (i, hit) in campaign.sites.iter().take(SHOWN).enumerate() { (line(reader, view, (i, hit))) }
                }
            }
        }
        @if left_out > 0 { p class="quiet under" { (words::more(reader.language, left_out)) } }
        @if campaign.sites.iter().any(|hit| hit.page_networks > 0) {
            p class="quiet under" { (reader.t(words::NETWORKS_MORE)) }
        }
    }
}

fn line(reader: &Reader, view: &View, (place, hit): (usize, &SiteHit)) -> Markup {
    let first = view
        .alert
        .campaign
        .sites
        .first()
        .map_or(hit.first_seen, |hit| hit.first_seen);
    let now = view
        .spread
        .as_ref()
        .map(|spread| spread.get(hit.site.as_str()));
    let (clients, networks) = seen_by(view, hit);
    let fate = fate(view, hit);
    html! {
        tr {
            td class="figure" { (place + 1) }
            td { (view.names.link(hit.site.as_str())) }
            td class="when" { (view.grain.moment(hit.first_seen)) }
            td class="figure" {
                @if place == 0 { "–" } @else { "+" (words::span(reader.language, view.grain.between(first, hit.first_seen))) }
            }
            td class="figure" { (when::number(clients)) }
            td class="figure" { (of_page(reader, hit, networks)) }
            td class="words" { @for directive in &hit.directives { (code(directive)) " " } }
            td class={ "fate" @if fate.is_some_and(words::Fate::is_bad) { " bad" } } {
                @match fate {
                    Some(fate) => { (fate.word(reader.language)) }
                    None => { "–" }
                }
            }
            td class="when" {
                @if hit.card_number { strong class="bad" { (reader.t(words::CARD_SEEN)) } }
                @else { span class="quiet" { (reader.t(words::CARD_NOT_SEEN)) } }
            }
            td class="figure" {
                @match now {
                    Some(row) => { (when::number(row.map_or(0, |row| row.reports))) }
                    None => { "–" }
                }
            }
        }
    }
}

/// Networks, and of how many: both as detection counted them, or the share would not be one. Without the second, as
/// many as are known.
fn of_page(reader: &Reader, hit: &SiteHit, networks: u64) -> String {
    if hit.page_networks == 0 {
        return when::number(networks);
    }
    let (part, whole) = (hit.networks, hit.page_networks.max(hit.networks));
    let (part, whole) = (
        when::number(u64::from(part)),
        when::number(u64::from(whole)),
    );
    words::part_of(reader.language, &part, &whole)
}

/// What became of it at a merchant, if that can be read now.
pub(super) fn fate(view: &View, hit: &SiteHit) -> Option<words::Fate> {
    let stored = view.spread.as_ref()?.get(hit.site.as_str());
    Some(stored.map_or(words::Fate::Unknown, |row| {
        words::Fate::of(row.enforced, row.reported)
    }))
}

/// Browsers and networks at a merchant. The detector tells now and then, the database at once: the higher
/// figure is the newer one.
pub(super) fn seen_by(view: &View, hit: &SiteHit) -> (u64, u64) {
    let spread = view.spread.as_ref();
    let stored = spread.and_then(|spread| spread.get(hit.site.as_str()));
    let clients = stored.and_then(|row| row.clients).unwrap_or(0);
    let networks = stored.and_then(|row| row.networks).unwrap_or(0);
    (
        clients.max(hit.clients.into()),
        networks.max(hit.networks.into()),
    )
}
