//! What an alert and its campaign have in common, as answers show it.

use serde::Serialize;
use utoipa::ToSchema;

use super::moment::Moment;
use crate::cases::Campaign;
use crate::finding::Reason;
use crate::ids::SiteId;
use crate::language::Language;

/// What is known of an attack
#[derive(Serialize, ToSchema)]
#[schema(as = CampaignFacts)]
pub(super) struct Facts<'a> {
    /// Registrable domain that it was raised for
    destination: &'a str,
    /// Account at a well-known service
    account: Option<&'a str>,
    /// All that belong to it, that one first
    destinations: Vec<&'a str>,
    /// low, medium, high, critical
    severity: &'static str,
    /// The sum of the weights of its reasons
    score: f64,
    /// As of when it stands so high
    judged_at: Moment,
    /// exfiltration, fake-payment-page and others
    kind: &'static str,
    first_seen: Moment,
    last_seen: Moment,
    /// Ids of the sites where it was seen, in the order in which they were hit
    #[schema(value_type = Vec<String>)]
    sites: Vec<&'a SiteId>,
    /// Sites that the caller may not see
    others: u32,
    /// Those of the destination that stands highest, the weightiest first
    reasons: Vec<Sentence>,
}

/// A reason for the score
#[derive(Serialize, ToSchema)]
#[schema(as = Reason)]
pub(super) struct Sentence {
    /// For programs
    code: &'static str,
    /// How far it holds
    value: f64,
    /// What it adds to the score
    weight: f64,
    /// In words
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
            judged_at: campaign.judged_at.into(),
            kind: campaign.kind.as_str(),
            first_seen: campaign.first_seen.into(),
            last_seen: campaign.last_seen.into(),
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
