//! Findings → campaigns → alerts, and what people do about them. [`Cases`] is the type to know.
//!
//! A campaign belongs to the installation and has one destination or several; an [`Alert`] is one campaign for one organization, and the unit
//! of triage. The rules: a finding that comes again changes nothing, so a detector may start over; what is
//! closed has a cause; what was erased is not taken down again; every read takes a [`Scope`](crate::scope::Scope), and sites outside it do not show.

mod alert;
mod assign;
mod campaign;
mod cluster;
mod cursor;
mod deadlines;
mod erase;
mod error;
mod event;
mod feed;
mod inboxes;
mod ledger;
mod member;
mod performance;
mod queries;
mod read;
mod record;
mod tally;
mod triage;

pub use alert::{Alert, State};
pub use campaign::{Campaign, SiteHit};
pub use cursor::{Cursor, InvalidCursor};
pub use deadlines::{Deadline, Deadlines, Late};
pub use erase::Traces;
pub use error::CasesError;
pub use event::{Event, What};
pub use feed::{Feed, MAX_FEED, News};
pub use member::Member;
pub use performance::{Figures, MAX_COUNTED, Performance, Spread};
pub use read::{AlertFilter, AlertPage, MAX_PAGE};
pub use record::Recorded;
pub use tally::{MAX_WAITING, Waiting};
pub use triage::{Cause, MAX_NOTE_CHARS, Triage};

use std::sync::Arc;

use crate::finding::Severity;
use crate::registry::Registry;

/// Findings below this stay in the detector: they are worth a place in a ranking, not a person's time.
pub const RECORDED_FROM: Severity = Severity::Medium;

/// Campaigns and alerts, in the control state. Its methods block on the disk.
#[derive(Clone, Debug)]
pub struct Cases {
    registry: Arc<Registry>,
    deadlines: Deadlines,
}

impl Cases {
    /// Those of this control state. They may wait as long as by default.
    pub fn new(registry: Arc<Registry>) -> Self {
        Self::within(registry, Deadlines::default())
    }

    /// The same, and how long they may wait for people.
    pub fn within(registry: Arc<Registry>, deadlines: Deadlines) -> Self {
        Self {
            registry,
            deadlines,
        }
    }
}
