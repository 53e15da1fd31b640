//! Which campaign hit which merchant: where several meet, somebody has more than one problem, or one problem has several names.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::foreign::foreign;
use super::super::names::Names;
use super::super::reader::Reader;
use super::super::{when, words};
use crate::cases::{Alert, SiteHit};
use crate::ids::SiteId;

/// Most campaigns and merchants that are shown.
const MOST_CAMPAIGNS: usize = 8;
const MOST_MERCHANTS: usize = 15;

/// Merchants, those of the most campaigns first, and what each campaign did there.
pub(super) struct Matrix<'a> {
    alerts: &'a [Alert],
    rows: Vec<(&'a SiteId, Vec<Option<&'a SiteHit>>)>,
    left_out: usize,
}

impl<'a> Matrix<'a> {
    /// Of the first of these alerts.
    pub(super) fn of(alerts: &'a [Alert]) -> Self {
        let alerts = alerts.get(..MOST_CAMPAIGNS).unwrap_or(alerts);
        let mut rows: BTreeMap<&SiteId, Vec<Option<&SiteHit>>> = BTreeMap::new();
        for (place, alert) in alerts.iter().enumerate() {
            for hit in &alert.campaign.sites {
                let row = rows.entry(&hit.site);
                let row = row.or_insert_with(|| vec![None; alerts.len()]);
                if let Some(cell) = row.get_mut(place) {
                    *cell = Some(hit);
                }
            }
        }
        let mut rows: Vec<_> = rows.into_iter().collect();
        rows.sort_by_key(|(_, row)| {
            let first = row.iter().flatten().map(|hit| hit.first_seen).min();
            (std::cmp::Reverse(row.iter().flatten().count()), first)
        });
        let left_out = rows.len().saturating_sub(MOST_MERCHANTS);
        rows.truncate(MOST_MERCHANTS);
        Self {
            alerts,
            rows,
            left_out,
        }
    }

    /// The merchants that it shows.
    pub(super) fn sites(&self) -> impl Iterator<Item = &'a SiteId> {
        self.rows.iter().map(|(site, _)| *site)
    }

    /// Nothing if there is no campaign.
    pub(super) fn show(&self, reader: &Reader, names: &Names) -> Markup {
        if self.rows.is_empty() {
            return html! {};
        }
        html! {
            h2 id="matrix-title" { (reader.t(words::MATRIX)) }
            div class="scroll" tabindex="0" {
                table class="matrix" aria-labelledby="matrix-title" {
                    thead { tr {
                        th scope="col" { (reader.t(words::MERCHANT)) }
                        @for alert in self.alerts {
                            th scope="col" class="destination" {
                                a href={ "/alerts/" (alert.id) } { (foreign(&alert.campaign.destination)) }
                            }
                        }
                    } }
                    tbody {
                        @for (site, row) in &self.rows {
                            tr {
                                th scope="row" { (names.link(site.as_str())) }
                                @for (alert, hit) in self.alerts.iter().zip(row) { (cell(reader, alert, *hit)) }
                            }
                        }
                    }
                }
            }
            @if self.left_out > 0 { p class="quiet under" { (words::more(reader.language, self.left_out)) } }
        }
    }
}

fn cell(reader: &Reader, alert: &Alert, hit: Option<&SiteHit>) -> Markup {
    let Some(hit) = hit else {
        return html! { td class="quiet" { span class="hidden" { (reader.t(words::NOT_HIT)) } } };
    };
    html! {
        td class={ "hit " (alert.campaign.severity.as_str()) } {
            (when::moment(hit.first_seen))
            @if hit.card_number { " " span class="tag bad" { (reader.t(words::CARD_NUMBER)) } }
        }
    }
}
