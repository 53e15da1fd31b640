//! Which campaign a destination that is newly raised belongs to: [`campaign_of`].
//!
//! The rules: merchants in common decide, and when they were hit; never a name, a script or one merchant alone. A
//! well-known service is in the way of many merchants, so it brings nothing together. The same findings in the
//! same order give the same campaigns.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rusqlite::{Transaction, params};
use serde_json::json;

use super::queries;
use super::triage::Cause;
use crate::finding::{Finding, Hit};
use crate::ids::CampaignId;
use crate::registry::RegistryError;
use crate::services;

/// Merchants that two destinations have in common at least.
const SHARED: usize = 2;

/// Two destinations of one campaign begin at a merchant within this, in milliseconds.
const BEGINS_WITHIN: i64 = 7 * DAY;

/// One that takes the other's place begins within this of the other's last report, in milliseconds.
const FOLLOWS_WITHIN: i64 = DAY;

const DAY: i64 = 24 * 3_600_000;

/// A campaign that has merchants in common with the finding.
#[derive(Default)]
struct Candidate {
    raised_at: i64,
    /// Whether one of its members is used alike.
    is_alike: bool,
    /// All merchants where it was seen.
    num_sites: u32,
    /// Common merchants where both begin at about the same time.
    beginning: usize,
    /// Common merchants where one begins when the other ends.
    following: usize,
}

/// The campaign that a finding belongs to which no campaign knows yet, if there is one.
pub(super) fn campaign_of(
    change: &Transaction<'_>,
    finding: &Finding,
) -> Result<Option<CampaignId>, RegistryError> {
    // After an erasure its own campaign may be left, going by another of its destinations.
    let is_left = change
        .prepare_cached(queries::STANDING)?
        .exists([finding.campaign.as_str()])?;
    if is_left {
        return Ok(Some(finding.campaign.clone()));
    }
    let num_sites = finding.hits.len();
    if num_sites < SHARED || services::find(&finding.destination).is_some() {
        return Ok(None);
    }
    let candidates = candidates(change, finding)?;
    let fitting = candidates.into_iter().filter(|(_, it)| it.fits(num_sites));
    let best = fitting.max_by_key(|(id, it)| {
        let shared = it.beginning.max(it.following);
        (shared, Reverse((it.raised_at, id.clone())))
    });
    best.map(|(campaign, _)| id(campaign)).transpose()
}

/// The id that a text is.
pub(super) fn id(text: String) -> Result<CampaignId, RegistryError> {
    let damaged = |it: &str| RegistryError::Damaged(format!("campaign {it}"));
    CampaignId::try_from(text.clone()).map_err(|_cause| damaged(&text))
}

fn candidates(
    change: &Transaction<'_>,
    finding: &Finding,
) -> Result<BTreeMap<String, Candidate>, RegistryError> {
    let sites: BTreeMap<&str, &Hit> = finding
        .hits
        .iter()
        .map(|hit| (hit.site.as_str(), hit))
        .collect();
    let names = json!(sites.keys().collect::<Vec<_>>()).to_string();
    let since = finding.first_seen.0 - BEGINS_WITHIN;
    let mut statement = change.prepare_cached(queries::CANDIDATES)?;
    let mut rows = statement.query(params![names, finding.kind.as_str(), since])?;
    let mut found: BTreeMap<String, Candidate> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (destination, account): (String, String) = (row.get(4)?, row.get(5)?);
        if account.is_empty() && services::find(&destination).is_some() {
            continue;
        }
        let (site, first, last): (String, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let Some(hit) = sites.get(site.as_str()) else {
            continue;
        };
        let candidate = found.entry(row.get(0)?).or_default();
        candidate.raised_at = row.get(6)?;
        candidate.num_sites = row.get(7)?;
        candidate.is_alike = row.get(8)?;
        candidate.compare(hit, (first, last));
    }
    for campaign in found.keys().cloned().collect::<Vec<_>>() {
        if is_harmless(change, &campaign)? {
            found.remove(&campaign);
        }
    }
    Ok(found)
}

/// Whether people of any organization found that it was no attack: what comes later is for them to look at once more.
fn is_harmless(change: &Transaction<'_>, campaign: &str) -> Result<bool, RegistryError> {
    let mut statement = change.prepare_cached(queries::CAUSES)?;
    let mut causes = statement.query([campaign])?;
    while let Some(row) = causes.next()? {
        let cause: String = row.get(0)?;
        if !Cause::of_word(&cause).is_some_and(Cause::is_attack) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Candidate {
    fn compare(&mut self, hit: &Hit, (first, last): (i64, i64)) {
        let within = |a: i64, b: i64, most: i64| a.abs_diff(b) <= most.unsigned_abs();
        if within(hit.first_seen.0, first, BEGINS_WITHIN) {
            self.beginning += 1;
        }
        if within(hit.first_seen.0, last, FOLLOWS_WITHIN)
            || within(first, hit.last_seen.0, FOLLOWS_WITHIN)
        {
            self.following += 1;
        }
    }

    /// Either at half of the merchants of the smaller one, or as its successor.
    fn fits(&self, num_sites: usize) -> bool {
        let all = usize::try_from(self.num_sites).unwrap_or(usize::MAX);
        let half = num_sites.min(all).div_ceil(2);
        let begins = self.beginning >= SHARED.max(half);
        begins || (self.is_alike && self.following >= SHARED)
    }
}
