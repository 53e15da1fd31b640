//! A lane for each merchant: when its browsers reported the destination, and when the alert was raised.

use std::time::Duration;

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::{when, words};
use super::View;
use crate::cases::{Alert, SiteHit};
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::store::SiteSlice;

/// Most lanes.
const LANES: usize = 24;

/// Most slices of a lane.
const SLICES: i64 = 80;

/// The drawing's own units.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 24.0;

/// How far back the timeline goes.
const WINDOW: Duration = Duration::from_secs(30 * 86_400);

/// Lengths of a slice that people can add up: from a second to a day, in seconds.
const STEPS: [u64; 13] = [
    1, 5, 15, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400,
];

/// What the timeline covers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: Timestamp,
    to: Timestamp,
    pub(super) step: Duration,
}

impl Span {
    /// From the first report to the present; of a closed alert, to when it was closed.
    pub(super) fn of(alert: &Alert, now: Timestamp) -> Self {
        let campaign = &alert.campaign;
        let known = campaign
            .last_seen
            .max(alert.raised_at)
            .max(alert.changed_at);
        let end = if alert.state == crate::cases::State::Closed {
            known
        } else {
            known.max(now)
        };
        let first = campaign
            .first_seen
            .min(alert.raised_at)
            .max(end.minus(WINDOW));
        let length = end.0 - first.0;
        let fits = |step: &u64| length / (milliseconds(*step)) < SLICES - 2;
        let step = STEPS.into_iter().find(fits).unwrap_or(86_400);
        let ms = milliseconds(step);
        // One empty slice on either side, so that what stands at the edge is seen.
        Self {
            from: Timestamp((first.0 / ms - 1).max(0) * ms),
            to: Timestamp((end.0 / ms + 1) * ms),
            step: Duration::from_secs(step),
        }
    }

    fn place(&self, at: i64) -> f64 {
        share(at - self.from.0, self.to.0 - self.from.0) * WIDTH
    }
}

/// The sites that have a lane.
pub(super) fn lanes(alert: &Alert) -> Vec<SiteId> {
    let hits = alert.campaign.sites.iter().take(LANES);
    hits.map(|hit| hit.site.clone()).collect()
}

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let sites = &view.alert.campaign.sites;
    let slices = view.slices.as_deref().unwrap_or_default();
    let most = slices.iter().map(|slice| slice.reports).max().unwrap_or(1);
    html! {
        h2 { (reader.t(words::TIMELINE)) }
        figure class="timeline" {
            @for hit in sites.iter().take(LANES) { (lane(reader, view, hit, most)) }
            div class="lane foot" aria-hidden="true" {
                span {}
                div class="axis" { span { (view.grain.moment(view.span.from)) } span { (view.grain.moment(view.span.to)) } }
            }
            figcaption {
                span class="key" { span class="mark" {} (reader.t(words::RAISED_HERE)) " " (view.grain.moment(view.alert.raised_at)) }
                " " (reader.t(words::LANE_MORE))
                @if sites.len() > LANES { " " (words::more(reader.language, sites.len() - LANES)) }
            }
        }
    }
}

fn lane(reader: &Reader, view: &View, hit: &SiteHit, most: u64) -> Markup {
    let span = &view.span;
    let slices = view.slices.as_deref().unwrap_or_default();
    let own = || {
        slices
            .iter()
            .filter(|slice| slice.site == hit.site.as_str())
    };
    let last = own()
        .map(|slice| slice.at)
        .max()
        .unwrap_or(0)
        .max(hit.last_seen.0);
    let (from, to) = (span.place(hit.first_seen.0), span.place(last));
    let name = view.names.text(hit.site.as_str());
    let label = words::lane(
        reader.language,
        &name,
        &view.grain.text(hit.first_seen),
        &view.grain.text(Timestamp(last)),
    );
    html! {
        div class="lane" {
            (view.names.link(hit.site.as_str()))
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-label=(label) {
                title { (label) }
                rect class="extent" x=(unit(from)) y=(HEIGHT - 2.0) width=(unit((to - from).max(2.0))) height="2" {}
                @for slice in own() { (bar(reader, view, slice, most)) }
                rect class="raised" x=(unit(span.place(view.alert.raised_at.0))) y="0" width="2" height=(HEIGHT) {}
            }
        }
    }
}

fn bar(reader: &Reader, view: &View, slice: &SiteSlice, most: u64) -> Markup {
    let span = &view.span;
    // By the root, so that the quiet beginning is seen beside the peak.
    let part = share(
        i64::try_from(slice.reports).unwrap_or(0),
        i64::try_from(most).unwrap_or(1),
    )
    .sqrt();
    let height = (part * (HEIGHT - 2.0)).max(4.0);
    let width = span.place(span.from.0 + milliseconds(span.step.as_secs()));
    let tip = words::bar(
        reader.language,
        &view.grain.text(Timestamp(slice.at)),
        &when::number(slice.reports),
    );
    html! {
        rect class="some" x=(unit(span.place(slice.at))) y=(unit(HEIGHT - height))
            width=(unit((width - 1.5).max(2.0))) height=(unit(height)) { title { (tip) } }
    }
}

fn unit(length: f64) -> String {
    format!("{length:.1}")
}

fn milliseconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX / 1000) * 1000
}

/// Part of a whole, from 0 to 1.
#[expect(
    clippy::cast_precision_loss,
    reason = "a drawing has a thousand places at most"
)]
fn share(part: i64, whole: i64) -> f64 {
    (part as f64 / whole.max(1) as f64).clamp(0.0, 1.0)
}
