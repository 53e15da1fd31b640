//! [`Cursor`]: where a page of alerts or campaigns ended.

use std::fmt;
use std::str::FromStr;

use crate::clock::Timestamp;
use crate::ids::AlertId;

/// Where a page ended. Its text is opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) raised_at: i64,
    pub(super) id: String,
}

impl Cursor {
    pub(super) fn after(raised_at: Timestamp, id: &str) -> Self {
        Self {
            raised_at: raised_at.0,
            id: id.to_owned(),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.raised_at, self.id)
    }
}

/// A text that is not a cursor of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor: give back `next` of an earlier answer, as it was")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (raised_at, id) = text.split_once('-').ok_or(InvalidCursor)?;
        let raised_at = raised_at.parse().map_err(|_cause| InvalidCursor)?;
        // Campaigns and alerts are named alike.
        let id: AlertId = id.parse().map_err(|_cause| InvalidCursor)?;
        Ok(Self {
            raised_at,
            id: id.to_string(),
        })
    }
}
