//! Newtypes for everything that is named by a string or a number.
//!
//! The type to know is [`SiteId`]: the stable name of a site in every output. A [`SiteKey`] is what
//! stands in the address that a browser posts to; keys come and go, the id stays. The rule: a value is
//! checked where it enters, and nowhere else.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Stable id of a site, in every row, metric and answer. For imported merchants, the key in the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteId(Arc<str>);

/// The key in `/r/{key}`: 1 to 64 characters of `A-Z a-z 0-9 _ -`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SiteKey(Box<str>);

/// A company that has merchants: a payment service provider, an acquirer, a merchant on its own, or the operator of
/// the installation, who is called [`OPERATOR`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganizationId(Arc<str>);

/// A shop's company, in the sense of card payments: it has one site or several.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MerchantId(Box<str>);

/// The organization that operates the installation. It is there from the beginning.
pub const OPERATOR: &str = "operator";

/// Why a string is not an id or a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id or a key is 1 to 64 characters of A-Z a-z 0-9 _ -")]
pub struct InvalidName;

/// Longest id or key, in bytes.
pub const MAX_NAME_BYTES: usize = 64;

fn check(name: &str) -> Result<(), InvalidName> {
    let fits = (1..=MAX_NAME_BYTES).contains(&name.len());
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if fits && plain {
        Ok(())
    } else {
        Err(InvalidName)
    }
}

macro_rules! name {
    ($type:ident) => {
        impl $type {
            /// Checks the characters and the length.
            ///
            /// # Errors
            /// [`InvalidName`] if it is empty, too long, or holds any other character.
            pub fn new(name: &str) -> Result<Self, InvalidName> {
                check(name).map(|()| Self(name.into()))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $type {
            type Err = InvalidName;

            fn from_str(name: &str) -> Result<Self, InvalidName> {
                Self::new(name)
            }
        }

        impl std::borrow::Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = InvalidName;

            fn try_from(name: String) -> Result<Self, InvalidName> {
                Self::new(&name)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.as_str().to_owned()
            }
        }
    };
}

name!(SiteId);
name!(SiteKey);
name!(OrganizationId);
name!(MerchantId);

impl OrganizationId {
    /// The organization that operates the installation.
    pub fn operator() -> Self {
        Self(OPERATOR.into())
    }
}

/// A text that is no identity made from a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a campaign or an alert is 16 hexadecimal digits")]
pub struct InvalidDigest;

/// Bytes of a hash that an identity shows.
const DIGEST_BYTES: usize = 8;

macro_rules! digest {
    ($(#[$meta:meta])* $type:ident, $context:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(Box<str>);

        impl $type {
            fn of_subject(subject: &str) -> Self {
                let hash = blake3::derive_key($context, subject.as_bytes());
                let digits = hash.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}"));
                Self(digits.collect::<String>().into())
            }

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $type {
            type Err = InvalidDigest;

            fn from_str(text: &str) -> Result<Self, InvalidDigest> {
                let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
                if text.len() == 2 * DIGEST_BYTES && text.bytes().all(hexadecimal) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidDigest)
                }
            }
        }

        impl TryFrom<String> for $type {
            type Error = InvalidDigest;

            fn try_from(text: String) -> Result<Self, InvalidDigest> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(id: $type) -> Self {
                id.0.into()
            }
        }
    };
}

digest!(
    /// Identity of a campaign: 16 hexadecimal digits, a hash of what it is about, so that two detectors name
    /// it alike.
    CampaignId,
    "skimwatch campaign v1"
);

digest!(
    /// Identity of an alert: 16 hexadecimal digits, a hash of campaign and organization.
    AlertId,
    "skimwatch alert v1"
);

impl CampaignId {
    /// The campaign that is about this destination.
    pub fn of(destination: &str) -> Self {
        Self::of_subject(destination)
    }
}

impl AlertId {
    /// The alert of this organization about this campaign.
    pub fn of(campaign: &CampaignId, organization: &str) -> Self {
        Self::of_subject(&format!("{campaign}/{organization}"))
    }
}

/// One collector: one data directory that takes reports in. Made once, kept for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CollectorId(pub Uuid);

impl fmt::Display for CollectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Identity of one use of a segment file: new at each use, written in its header, the seed of every
/// frame's checksum and of the deduplication tokens of its inserts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentId {
    /// Whose segment it is.
    pub collector: CollectorId,
    /// Grows by one each time the collector starts, so that a sequence never comes twice.
    pub epoch: u32,
    /// Grows by one with each segment of an epoch.
    pub sequence: u32,
}

impl SegmentId {
    /// Epoch and sequence as the one number stored in ClickHouse; it grows with time.
    pub fn number(self) -> u64 {
        (u64::from(self.epoch) << 32) | u64::from(self.sequence)
    }
}

/// A text that is no segment's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a segment is a UUID, a hyphen and 16 hexadecimal digits")]
pub struct InvalidSegmentId;

impl FromStr for SegmentId {
    type Err = InvalidSegmentId;

    fn from_str(text: &str) -> Result<Self, InvalidSegmentId> {
        let (collector, number) = text.rsplit_once('-').ok_or(InvalidSegmentId)?;
        let collector = collector.parse().map_err(|_malformed| InvalidSegmentId)?;
        let half = |part: Option<&str>| {
            let digits = part.ok_or(InvalidSegmentId)?;
            u32::from_str_radix(digits, 16).map_err(|_malformed| InvalidSegmentId)
        };
        let id = Self {
            collector: CollectorId(collector),
            epoch: half(number.get(..8))?,
            sequence: half(number.get(8..))?,
        };
        // Only as it is written: the text is also the name of a file.
        let canonical = id.to_string() == text;
        canonical.then_some(id).ok_or(InvalidSegmentId)
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.collector, self.number())
    }
}
