//! [`Recall`]: the newest destinations, kept for a while. Finding them reads all that is stored, and every
//! open overview asks again and again.
//!
//! The rule: however many look, asking takes at most a twentieth of the time.

use std::time::Duration;

use tokio::sync::Mutex;

use super::Pages;
use super::away::told;
use crate::clock::Timestamp;
use crate::scope::Scope;
use crate::store::NewDestination;

/// An answer is kept this many times as long as it took.
const FACTOR: u32 = 20;

/// Shortest and longest time that an answer is kept.
const LIFE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(300));

/// The last answer.
#[derive(Debug, Default)]
pub(super) struct Recall {
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    /// Whose it is: another reader's answer is asked for, never cut from this one.
    scope: Scope,
    until: Duration,
    rows: Option<Vec<NewDestination>>,
}

impl Recall {
    /// The newest destinations in scope, if ClickHouse says. Whoever comes while it is asked waits for the
    /// same answer, be it that there is none.
    pub(super) async fn destinations(
        &self,
        pages: &Pages,
        scope: &Scope,
        since: Timestamp,
        limit: u32,
    ) -> Option<Vec<NewDestination>> {
        let mut kept = self.kept.lock().await;
        let begun = pages.clock.monotonic();
        if let Some(kept) = kept
            .as_ref()
            .filter(|it| it.scope == *scope && begun < it.until)
        {
            return kept.rows.clone();
        }
        let rows = told(
            pages
                .store
                .new_destinations(scope, None, since, limit)
                .await,
        );
        let done = pages.clock.monotonic();
        let life = (done.saturating_sub(begun) * FACTOR).clamp(LIFE.0, LIFE.1);
        *kept = Some(Kept {
            scope: scope.clone(),
            until: done + life,
            rows: rows.clone(),
        });
        rows
    }
}
