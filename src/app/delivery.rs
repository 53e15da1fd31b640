//! The way out of the log: segment after segment into ClickHouse, the oldest first.
//!
//! A segment is freed only when ClickHouse has made it durable; until then it is tried again under the
//! same tokens, so that trying twice stores once.

use std::sync::Arc;
use std::time::Duration;

use super::warmup::Warmup;
use crate::clock::SharedClock;
use crate::metrics::{self, Kind};
use crate::spool::{Segment, Spool};
use crate::store::{Attempt, Delivery, Store};

/// Shortest and longest pause between two tries.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Delivers until the log is closed and empty.
pub(super) async fn run(spool: Arc<Spool>, store: Store, clock: SharedClock, warmup: Arc<Warmup>) {
    let mut pause = Pause::default();
    while let Err(error) = store.migrate().await {
        pause
            .after("the schema cannot be brought up to date yet", &error)
            .await;
    }
    warmup.done();
    while let Some(segment) = spool.next_segment().await {
        let started = clock.monotonic();
        deliver(&spool, &store, segment).await;
        let took = clock.monotonic().saturating_sub(started);
        metrics::get()
            .store_insert_seconds
            .observe(took.as_secs_f64());
    }
}

async fn deliver(spool: &Spool, store: &Store, segment: Segment) {
    let mut pause = Pause::default();
    let id = segment.id;
    let contents = loop {
        match segment.contents() {
            Ok(contents) => break contents,
            Err(error) => pause.after("a segment cannot be read yet", &error).await,
        }
    };
    let mut delivery = Delivery::of(&contents, Attempt::First);
    loop {
        match store.deliver(&delivery).await {
            Ok(_) => break,
            Err(error) => {
                delivery.attempt = Attempt::Again;
                let kind = Kind { kind: error.kind() };
                metrics::get()
                    .store_insert_failures
                    .get_or_create(&kind)
                    .inc();
                pause
                    .after("a segment is not in ClickHouse yet", &error)
                    .await;
            }
        }
    }
    if let Err(error) = spool.free(id) {
        tracing::error!(%error, segment = %id, "a delivered segment cannot be freed; it comes again after a restart and is then recognized");
    }
}

/// A pause that doubles up to its cap, with jitter, so that collectors do not knock in step.
struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(PAUSE.0)
    }
}

impl Pause {
    async fn after(&mut self, what: &'static str, error: &(dyn std::error::Error + Sync)) {
        tracing::warn!(%error, "{what}");
        let mut random = [0; 1];
        // Without random bytes the pause just has no jitter.
        let share = getrandom::fill(&mut random).map_or(1.0, |()| f64::from(random[0]) / 255.0);
        tokio::time::sleep(self.0.mul_f64(0.5 + share / 2.0)).await;
        self.0 = (self.0 * 2).min(PAUSE.1);
    }
}
