//! [`Campaign`]: one attack, as far as it is known.

use super::member::Member;
use crate::clock::Timestamp;
use crate::finding::{FindingKind, Reason, Severity};
use crate::ids::{CampaignId, SiteId};

/// One attack, cut to what the reader may see.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Its identity.
    pub id: CampaignId,
    /// Registrable domain that it is about: that of the first of its members.
    pub destination: String,
    /// The account there, where anybody may have one.
    pub account: Option<String>,
    /// What happens there.
    pub kind: FindingKind,
    /// The highest severity that was found of any member.
    pub severity: Severity,
    /// The score that goes with it.
    pub score: f64,
    /// The reasons that go with it, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The moment that severity, score and reasons are of: when they last rose.
    pub judged_at: Timestamp,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// First report of it.
    pub first_seen: Timestamp,
    /// Last report of it that the detector has told of; reports themselves go on.
    pub last_seen: Timestamp,
    /// Its destinations: the one that it was raised for first.
    pub members: Vec<Member>,
    /// Where it was seen, in the order in which the merchants were hit.
    pub sites: Vec<SiteHit>,
    /// Sites that the reader may not see.
    pub others: u32,
}

/// A campaign at one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteHit {
    /// Which site.
    pub site: SiteId,
    /// First report of it there.
    pub first_seen: Timestamp,
    /// Last report of it there that the detector has told of.
    pub last_seen: Timestamp,
    /// When the campaign was found to be there too.
    pub joined_at: Timestamp,
    /// Browsers, as far as they were counted one by one.
    pub clients: u32,
    /// Networks that they are in.
    pub networks: u32,
    /// Networks that report anything on the same pages since it came up; 0 if they were not counted.
    pub page_networks: u32,
    /// Directives that it broke.
    pub directives: Vec<String>,
    /// Whether a card number stood in an address.
    pub card_number: bool,
}
