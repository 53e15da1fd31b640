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
    /// All that belong to it; for now a campaign is about one.
    destinations: [&'a str; 1],
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

#[derive(Serialize)]
struct Sentence {
    code: &'static str,
    value: f64,
    weight: f64,
    text: String,
}

impl<'a> Facts<'a> {
    pub(super) fn of(campaign: &'a Campaign, language: Language) -> Self {
        let sentence = |reason: &Reason| Sentence {
            code: reason.code(),
            value: reason.value,
            weight: reason.weight,
            text: reason.text(language),
        };
        Self {
            destination: &campaign.destination,
            account: campaign.account.as_deref(),
            destinations: [&campaign.destination],
            severity: campaign.severity.as_str(),
            score: campaign.score,
            judged_at: campaign.judged_at.to_string(),
            kind: campaign.kind.as_str(),
            first_seen: campaign.first_seen.to_string(),
            last_seen: campaign.last_seen.to_string(),
            sites: campaign.sites.iter().map(|hit| &hit.site).collect(),
            others: campaign.others,
            reasons: campaign.reasons.iter().map(sentence).collect(),
        }
    }
}
