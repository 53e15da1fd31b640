//! What lists of things that were seen at sites have in common: where and when to look, and where a page ended.

use std::fmt;
use std::str::FromStr;

use clickhouse::query::Query;

use super::conditions::Conditions;
use super::reports::InvalidCursor;
use crate::clock::Timestamp;
use crate::ids::SiteId;

/// Where and when to look. What is not set does not matter.
#[derive(Clone, Debug, Default)]
pub struct SeenFilter {
    /// At this site.
    pub site: Option<SiteId>,
    /// Received at this moment or later.
    pub since: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
}

/// Where a page ended. Its text is opaque to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenCursor {
    last: i64,
    id: u64,
}

impl SeenFilter {
    pub(super) fn add_to(&self, all: &mut Conditions) {
        let site = self.site.as_ref().map(SiteId::as_str);
        all.text("site = {site:String}", "site", site);
        all.between(self.since, self.until);
    }
}

impl SeenCursor {
    /// After everything: no page has been read.
    const BEGINNING: Self = Self {
        last: i64::MAX,
        id: u64::MAX,
    };

    pub(super) fn at(last: i64, id: u64) -> Self {
        Self { last, id }
    }

    pub(super) fn fill(cursor: Option<&Self>, query: Query) -> Query {
        let Self { last, id } = cursor.copied().unwrap_or(Self::BEGINNING);
        query.param("c_last", last).param("c_id", id)
    }
}

impl fmt::Display for SeenCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:016x}", self.last, self.id)
    }
}

impl FromStr for SeenCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (last, id) = text.split_once('-').ok_or(InvalidCursor)?;
        let hexadecimal = id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit());
        if !hexadecimal {
            return Err(InvalidCursor);
        }
        Ok(Self {
            last: last.parse().map_err(|_cause| InvalidCursor)?,
            id: u64::from_str_radix(id, 16).map_err(|_cause| InvalidCursor)?,
        })
    }
}
