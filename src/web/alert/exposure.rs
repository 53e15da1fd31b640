//! How many page views were exposed: what is known at least, and an estimate where something was counted that is no report.

use maud::{Markup, html};

use super::super::reader::Reader;
use super::super::tiles::{tile, written};
use super::super::{when, words};
use super::{View, hits};
use crate::cases::SiteHit;

pub(super) fn section(reader: &Reader, view: &View) -> Markup {
    let sites = &view.alert.campaign.sites;
    let (through, blocked) = browsers(view, sites);
    html! {
        h2 { (reader.t(words::EXPOSURE)) }
        div class="tiles" {
            (tile(reader, Some(through), words::EXPOSED_BROWSERS))
            (tile(reader, Some(blocked), words::PROTECTED_BROWSERS))
            @if let Some(views) = estimate(view, sites) {
                (written(reader, &words::about_figure(reader.language, &when::number(views)), words::EXPOSED_VIEWS))
            }
        }
        p class="quiet" { (reader.t(words::EXPOSURE_BASIS)) }
        @if estimate(view, sites).is_some() { p class="quiet" { (reader.t(words::EXPOSURE_ESTIMATE)) } }
    }
}

/// Browsers that may have let it through, and those at merchants where all of it was blocked.
fn browsers(view: &View, sites: &[SiteHit]) -> (u64, u64) {
    let mut sums = (0, 0);
    for hit in sites {
        let (clients, _) = hits::seen_by(view, hit);
        match hits::fate(view, hit) {
            Some(words::Fate::Blocked) => sums.1 += clients,
            _ => sums.0 += clients,
        }
    }
    sums
}

/// Page views that the canary counted while it was there, times the share of networks that reported it.
fn estimate(view: &View, sites: &[SiteHit]) -> Option<u64> {
    let canaries = view.canaries.as_ref()?;
    let exposed = sites.iter().filter_map(|hit| {
        let views = *canaries.get(hit.site.as_str())?;
        let whole = u64::from(hit.page_networks.max(hit.networks).max(1));
        let part = u64::from(hit.networks);
        Some(views.saturating_mul(part) / whole)
    });
    let exposed: Vec<u64> = exposed.collect();
    (!exposed.is_empty()).then(|| exposed.iter().sum())
}
