//! Weights and thresholds, all in one place. They are set by hand and checked on recorded scenarios.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How the detector judges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Points from which a finding is worth a look.
    pub medium: f64,
    /// Points from which it is worth a call, at two unrelated merchants.
    pub high: f64,
    /// Points from which it is worth waking somebody.
    pub critical: f64,
    /// What a single merchant needs beyond [`high`](Self::high).
    pub alone: f64,
    /// A site that has reported for less than this has no history that something could be new to.
    #[serde(rename = "settled_after_seconds", with = "seconds")]
    pub settled_after: Duration,
    /// Something first seen longer ago than this is not new any more.
    #[serde(rename = "new_for_seconds", with = "seconds")]
    pub new_for: Duration,
    /// What a sighting is worth at a site without history.
    pub unsettled: f64,
    /// What each kind of evidence weighs.
    pub weights: Weights,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            medium: 2.6,
            high: 3.6,
            critical: 5.6,
            alone: 1.5,
            settled_after: Duration::from_secs(24 * 3600),
            new_for: Duration::from_secs(10 * 24 * 3600),
            unsettled: 0.3,
            weights: Weights::default(),
        }
    }
}

/// Points of the kinds of evidence: log-odds, positive if they speak for an attack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// For each doubling of the merchants where it is new and follows the page.
    pub doubling: f64,
    /// It follows visitors at more merchants than it follows pages.
    pub follows_visitors: f64,
    /// One browser family.
    pub one_family: f64,
    /// Three families or more, phones among them.
    pub many_families: f64,
    /// On payment pages only.
    pub payment_only: f64,
    /// On other pages too.
    pub other_pages: f64,
    /// Nothing is loaded from it.
    pub sends_only: f64,
    /// Forms go there.
    pub forms: f64,
    /// Script, style, font and frame come from it.
    pub widget: f64,
    /// A tag manager brought it.
    pub tag_manager: f64,
    /// An extension is named as its source.
    pub extension: f64,
    /// The same file of the shops' own is its source.
    pub shared_script: f64,
    /// Card numbers in an encoding.
    pub hidden_cards: f64,
    /// Card numbers in plain digits: order numbers look like them.
    pub plain_cards: f64,
    /// The pages that it is on hide it in a flood.
    pub hidden_in_flood: f64,
    /// For each merchant that has had it for long.
    pub known: f64,
    /// For each merchant that allows it.
    pub allowed: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            doubling: 1.3,
            follows_visitors: -2.0,
            one_family: -1.5,
            many_families: 0.7,
            payment_only: 0.6,
            other_pages: -1.5,
            sends_only: 0.8,
            forms: 0.8,
            widget: -1.2,
            tag_manager: -1.0,
            extension: -2.0,
            shared_script: 0.6,
            hidden_cards: 2.5,
            plain_cards: 1.4,
            hidden_in_flood: 2.5,
            known: -0.5,
            allowed: -0.8,
        }
    }
}

/// Merchants that have it for long or allow it count up to this many.
pub(super) const MOST_HARMLESS: u32 = 3;

/// A duration as settings have it: whole seconds.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(span: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(span.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_secs)
    }
}
