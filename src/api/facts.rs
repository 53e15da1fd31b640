//! What an alert and its campaign have in common, as answers show it.

use serde::Serialize;

use crate::cases::Campaign;
use crate::finding::Reason;
use crate::ids::SiteId;
use crate::language::Language;

/// A campaign without its name. Moments are written as RFC 3339.
#[derive(Serialize)]
pub(super) struct Facts<'a> {
    destination: &'a str,
    account: Option<&'a str>,
    /// All that belong to it, that one first.
    destinations: Vec<&'a str>,
    severity: &'static str,
    score: f64,
    judged_at: String,
    kind: &'static str,
    first_seen: String,
    last_seen: String,
    sites: Vec<&'a SiteId>,
    /// Sites that the caller may not see.
    others: u32,
    reasons: Vec<Sentence>,
}

/// A reason, in words too.
#[derive(Serialize)]
pub(super) struct Sentence {
    code: &'static str,
    value: f64,
    weight: f64,
    text: String,
}

impl<'a> Facts<'a> {
    pub(super) fn of(campaign: &'a Campaign, language: Language) -> Self {
        Self {
            destination: &campaign.destination,
            account: campaign.account.as_deref(),
            destinations: destinations(campaign),
            severity: campaign.severity.as_str(),
            score: campaign.score,
            judged_at: campaign.judged_at.to_string(),
            kind: campaign.kind.as_str(),
            first_seen: campaign.first_seen.to_string(),
            last_seen: campaign.last_seen.to_string(),
            sites: campaign.sites.iter().map(|hit| &hit.site).collect(),
            others: campaign.others,
            reasons: Sentence::all(&campaign.reasons, language),
        }
    }
}

/// Each once: a service may be there with several accounts.
fn destinations(campaign: &Campaign) -> Vec<&str> {
    let mut all = vec![campaign.destination.as_str()];
    for member in &campaign.members {
        if !all.contains(&member.destination.as_str()) {
            all.push(&member.destination);
        }
    }
    all
}

impl Sentence {
    pub(super) fn all(reasons: &[Reason], language: Language) -> Vec<Self> {
        let sentence = |reason: &Reason| Self {
            code: reason.code(),
            value: reason.value,
            weight: reason.weight,
            text: reason.text(language),
        };
        reasons.iter().map(sentence).collect()
    }
}
