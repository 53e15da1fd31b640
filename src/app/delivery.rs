//! The way out of the log: segment after segment into ClickHouse, the oldest first.
//!
//! A segment is freed only when ClickHouse has made it durable; until then it is tried again under the
//! same tokens, so that trying twice stores once.

use std::sync::Arc;

use super::pause::Pause;
use super::warmup::Warmup;
use crate::clock::SharedClock;
use crate::metrics::{self, Kind};
use crate::spool::{SegmentContents, Spool};
use crate::store::{Attempt, Delivery, Store};

/// Delivers until the log is closed and empty.
pub(super) async fn run(spool: Arc<Spool>, store: Store, clock: SharedClock, warmup: Arc<Warmup>) {
    let mut pause = Pause::default();
    while let Err(error) = store.migrate().await {
        pause
            .after("the schema cannot be brought up to date yet", &error)
            .await;
    }
    warmup.done();
    let mut unread = Pause::default();
    while let Some(segment) = spool.next_segment().await {
        let started = clock.monotonic();
        match segment.contents() {
            Ok(contents) => {
                unread = Pause::default();
                deliver(&spool, &store, &contents).await;
            }
            // It must not stand in the way of the others.
            Err(error) => {
                unread.after("a segment cannot be read", &error).await;
                spool.give_up(segment, &error);
                continue;
            }
        }
        let took = clock.monotonic().saturating_sub(started);
        metrics::get()
            .store_insert_seconds
            .observe(took.as_secs_f64());
    }
}

async fn deliver(spool: &Spool, store: &Store, contents: &SegmentContents) {
    let mut pause = Pause::default();
    let id = contents.id;
    let mut delivery = Delivery::of(contents, Attempt::First);
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
        tracing::error!(%error, segment = %id, "a delivered segment cannot be freed yet; if it comes again after a restart it is recognized");
    }
}
