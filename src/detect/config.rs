//! Weights and thresholds, all in one place. They were set by hand on seeds 1 to 10 of the development families and are
//! checked on others (`bench/detection.sh`); `bench/results/detection-weights.md` tells what each is worth.
//!
//! The thresholds come from false alerts, not from campaigns: *high* is the smallest step of 0.2 at which fewer than 0.1
//! of 1,000 merchants have one a day (5.2: 0.16, 5.4: 0.10, 5.6: 0.05); *critical* is two points more; *medium* is where
//! 3 of 1,000 merchants have a false warning a day, which somebody can still look at.

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
    /// What looks like a service that the merchants chose is not raised high for this long.
    #[serde(rename = "patience_seconds", with = "seconds")]
    pub patience: Duration,
    /// What a sighting is worth at a site without history.
    pub unsettled: f64,
    /// Log-odds that something new is the page's doing, before anything is known of it.
    pub page_prior: f64,
    /// Points that everything begins with: most that is new is harmless.
    pub prior: f64,
    /// Points from which a finding is told at all.
    pub low: f64,
    /// Among how many detectors the destinations are split.
    pub parts: u32,
    /// Which of them this one is, from 1.
    pub part: u32,
    /// What each kind of evidence weighs.
    pub weights: Weights,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            medium: 2.6,
            high: 5.6,
            critical: 7.6,
            alone: 1.5,
            settled_after: Duration::from_secs(24 * 3600),
            new_for: Duration::from_secs(10 * 24 * 3600),
            patience: Duration::from_secs(36 * 3600),
            unsettled: 0.12,
            page_prior: -2.0,
            prior: 0.0,
            low: 0.0,
            parts: 1,
            part: 1,
            weights: Weights::default(),
        }
    }
}

impl Config {
    /// Whether a destination is judged here. All detectors see everything, as what visitors usually report is what
    /// each destination is held against; each judges its own part, and all accounts of one service are in one.
    pub(super) fn is_mine(&self, destination: &str) -> bool {
        if self.parts <= 1 {
            return true;
        }
        let hash = blake3::hash(destination.as_bytes());
        let [a, b, c, d, ..] = *hash.as_bytes();
        u32::from_le_bytes([a, b, c, d]) % self.parts + 1 == self.part
    }
}

/// Points of the kinds of evidence: log-odds, positive if they speak for an attack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// For each doubling of the merchants where it is new and follows the page.
    pub reach: f64,
    /// For each unit of log-likelihood that pages bring it about, by shares.
    pub share: f64,
    /// The same by kinds of browsers.
    pub kinds: f64,
    /// For each unit of log-likelihood that merchants were hit one after the other.
    pub burst: f64,
    /// On payment pages only.
    pub payment_only: f64,
    /// On other pages too.
    pub other_pages: f64,
    /// Mostly on pages that are shown after the payment.
    pub after_payment: f64,
    /// Nothing is loaded from it.
    pub sends_only: f64,
    /// Forms go there.
    pub forms: f64,
    /// Script, style, font and frame come from it.
    pub widget: f64,
    /// A script comes from it, and data goes there.
    pub tag: f64,
    /// A tag manager brought it.
    pub tag_manager: f64,
    /// Its own script, which was there before, brought it.
    pub itself: f64,
    /// An extension is named as its source.
    pub extension: f64,
    /// The same file of the shops' own is its source.
    pub shared_script: f64,
    /// Its name imitates that of a service, or of the shop.
    pub lookalike: f64,
    /// It is a well-known service.
    pub service: f64,
    /// It is an account on a service that anybody may use.
    pub account: f64,
    /// Its name ends as throw-away names do.
    pub cheap_name: f64,
    /// Card numbers in an encoding.
    pub hidden_cards: f64,
    /// Card numbers in plain digits: order numbers look like them.
    pub plain_cards: f64,
    /// For each unit of log-likelihood that its reports are forged.
    pub forged: f64,
    /// The pages that it is on hide it in a flood.
    pub hidden_in_flood: f64,
    /// Destinations come up by the dozen at a site: an alert without a destination.
    pub flooded: f64,
    /// Somebody blocked it: it is known to be bad.
    pub blocked: f64,
    /// For each merchant that has had it for long.
    pub known: f64,
    /// For each merchant that allows it.
    pub allowed: f64,
    /// For each merchant that allows it since it came up there.
    pub allowed_here: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            reach: 1.3,
            share: 0.3,
            kinds: 0.3,
            burst: 0.55,
            payment_only: 0.6,
            other_pages: -1.5,
            after_payment: -2.5,
            sends_only: 0.8,
            forms: 0.8,
            widget: -2.0,
            tag: -2.0,
            tag_manager: -2.0,
            itself: -1.0,
            extension: -2.0,
            shared_script: 0.3,
            lookalike: 2.0,
            service: -2.0,
            account: -0.8,
            cheap_name: 0.7,
            hidden_cards: 5.0,
            plain_cards: 1.4,
            forged: -1.0,
            hidden_in_flood: 2.5,
            flooded: 2.6,
            blocked: 8.0,
            known: -0.8,
            allowed: -0.8,
            allowed_here: -2.0,
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
