//! [`Recall`]: lists of destinations, kept for a while. Finding them reads much, and every open page asks again and again.
//!
//! The rule: however many look, asking for one list takes at most a twentieth of the time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Pages;
use super::away::told;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::scope::Scope;
use crate::store::{DestinationCursor, DestinationFilter, DestinationPage, NewDestination};

/// An answer is kept this many times as long as it took.
const FACTOR: u32 = 20;

/// Shortest and longest time that an answer is kept.
const LIFE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(300));

/// Most answers that are kept: those that were asked for last.
const MOST: usize = 64;

/// The last answers.
#[derive(Debug, Default)]
pub(super) struct Recall {
    kept: Mutex<VecDeque<(Key, Slot)>>,
}

/// Whose list it is, and which: another reader's answer is asked for, never cut from this one.
type Key = (Scope, String);

/// Whoever comes while it is asked for waits for the same answer, be it that there is none.
type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

#[derive(Debug)]
struct Kept {
    until: Duration,
    page: Option<DestinationPage>,
}

impl Recall {
    /// The newest destinations in scope, of a site if one is named; none if ClickHouse does not say.
    pub(super) async fn newest(
        &self,
        pages: &Pages,
        (scope, site): (&Scope, Option<&SiteId>),
        since: Timestamp,
        limit: u32,
    ) -> Option<Vec<NewDestination>> {
        let site_name = site.map_or("", SiteId::as_str);
        let key = (scope.clone(), format!("{site_name}|{limit}"));
        let ask = async || {
            let found = pages.store.new_destinations(scope, site, since, limit);
            told(found.await).map(|destinations| DestinationPage {
                destinations,
                next: None,
            })
        };
        Some(self.page(pages, key, ask).await?.destinations)
    }

    /// A page of the destinations in scope.
    pub(super) async fn destinations(
        &self,
        pages: &Pages,
        scope: &Scope,
        (filter, after, limit): (&DestinationFilter, Option<&DestinationCursor>, u32),
    ) -> Option<DestinationPage> {
        // The moment that "new" begins with moves on; that of some minutes ago will do.
        let timeless = DestinationFilter {
            since: filter.since.map(|at| Timestamp(at.0 / 600_000)),
            ..filter.clone()
        };
        let key = (scope.clone(), format!("{timeless:?}|{after:?}|{limit}"));
        let ask = async || told(pages.store.destinations(scope, filter, after, limit).await);
        self.page(pages, key, ask).await
    }

    async fn page(
        &self,
        pages: &Pages,
        key: Key,
        ask: impl AsyncFnOnce() -> Option<DestinationPage>,
    ) -> Option<DestinationPage> {
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        let begun = pages.clock.monotonic();
        if let Some(kept) = kept.as_ref().filter(|it| begun < it.until) {
            return kept.page.clone();
        }
        let page = ask().await;
        let done = pages.clock.monotonic();
        let life = (done.saturating_sub(begun) * FACTOR).clamp(LIFE.0, LIFE.1);
        *kept = Some(Kept {
            until: done + life,
            page: page.clone(),
        });
        page
    }

    fn slot(&self, key: Key) -> Slot {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(it, _)| *it == key);
        let found = place.and_then(|place| kept.remove(place));
        let (key, slot) = found.unwrap_or_else(|| (key, Slot::default()));
        kept.push_front((key, Arc::clone(&slot)));
        kept.truncate(MOST);
        slot
    }
}
