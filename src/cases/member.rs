//! [`Member`]: one destination of a campaign.

use std::cmp::Ordering;

use super::campaign::Campaign;
use crate::clock::Timestamp;
use crate::finding::{FindingKind, Reason, Severity};

/// One destination of a campaign, cut to what the reader may see.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Registrable domain.
    pub destination: String,
    /// The account there, where anybody may have one.
    pub account: Option<String>,
    /// What happens there.
    pub kind: FindingKind,
    /// The highest severity that was found.
    pub severity: Severity,
    /// The score that goes with it.
    pub score: f64,
    /// The reasons that go with it, the weightiest first.
    pub reasons: Vec<Reason>,
    /// When it was found to belong to the campaign.
    pub joined_at: Timestamp,
    /// First report of it.
    pub first_seen: Timestamp,
    /// Last report of it that the detector has told of.
    pub last_seen: Timestamp,
    /// At how many sites it was seen.
    pub sites: u32,
}

impl Campaign {
    /// The member that its severity, score and reasons are of. `None` if the reader may not see it.
    pub fn judged(&self) -> Option<&Member> {
        let is_it = |it: &&Member| {
            let order = it.score.total_cmp(&self.score);
            it.severity == self.severity && order == Ordering::Equal
        };
        self.members.iter().find(is_it)
    }
}
