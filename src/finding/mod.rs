//! What detection yields: [`Finding`], the reasons for it and the merchants that it is about.
//!
//! A finding is a statement about one destination at one moment. The rule: it says why, in figures that a
//! reader can check and in words that a merchant can read; its campaign's id comes from what it is about,
//! so that two detectors name it alike.

mod evidence;
mod severity;
mod words;

pub use evidence::{Evidence, Reason};
pub use severity::Severity;

use crate::clock::Timestamp;
use crate::ids::{CampaignId, SiteId};
use crate::normalize::Directive;

/// Something that a person should look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The campaign that it belongs to.
    pub campaign: CampaignId,
    /// Registrable domain, as in `reports.destination`; empty if it is about a site's reports as such.
    pub destination: String,
    /// The account there, where anybody may have one; as it is stored, so that the same one reads the same.
    pub account: Option<String>,
    /// What happens at the destination.
    pub kind: FindingKind,
    /// How urgent it is.
    pub severity: Severity,
    /// Sum of the reasons' points: log-odds that it is an attack, by weights set by hand.
    pub score: f64,
    /// Whether severity or score is higher than what was told of the destination before.
    pub rises: bool,
    /// Receipt of the report that made it so.
    pub at: Timestamp,
    /// First report of the destination at a merchant that it is new to.
    pub first_seen: Timestamp,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// Where, in the order in which they were hit.
    pub hits: Vec<Hit>,
}

/// What a destination does at one merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whose pages report it.
    pub site: SiteId,
    /// First report of it there.
    pub first_seen: Timestamp,
    /// Last report of it there.
    pub last_seen: Timestamp,
    /// Browsers that reported it there, as far as they were counted one by one; 0 if no client
    /// data is kept.
    pub clients: u32,
    /// Networks that they are in; 0 likewise.
    pub networks: u32,
    /// Networks that report anything on the same pages since it came up; 0 likewise.
    pub page_networks: u32,
    /// The directives that it broke there.
    pub directives: Vec<Directive>,
    /// Whether a card number stood in an address there.
    pub card_number: bool,
}

/// What happens at the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// Data is sent there.
    Exfiltration,
    /// Code comes from there.
    ForeignScript,
    /// The shopper is led there, or shown it in a frame.
    FakePaymentPage,
    /// No destination: what is reported of a site is flooded, or looks forged.
    SuspectReports,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Exfiltration,
        Self::ForeignScript,
        Self::FakePaymentPage,
        Self::SuspectReports,
    ];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exfiltration => "exfiltration",
            Self::ForeignScript => "foreign-script",
            Self::FakePaymentPage => "fake-payment-page",
            Self::SuspectReports => "suspect-reports",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}
