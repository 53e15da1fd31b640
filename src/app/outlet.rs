//! [`Outlet`]: one segment on its way, to its end: into ClickHouse, or aside.
//!
//! It is freed only when ClickHouse has made it durable; until then it is tried again under the same tokens,
//! so that trying twice stores once. One that ClickHouse refuses for its content, twice, is set aside: it
//! blocks none of those behind it.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use super::pause::Pause;
use crate::clock::SharedClock;
use crate::ids::SegmentId;
use crate::metrics;
use crate::spool::{AsideError, Refusal, Segment, SegmentContents, Spool};
use crate::store::{Attempt, Delivery, Remedy, Store, StoreError};

/// A wrong verdict costs reports, so the first one is doubted.
const MOST_REFUSALS: u32 = 2;
/// A disk may fail to read once in a while.
const MOST_READS: u32 = 5;

/// Both ends of the way.
#[derive(Debug)]
pub(super) struct Outlet {
    spool: Arc<Spool>,
    store: Store,
    clock: SharedClock,
    /// Whether the schema was looked at since ClickHouse failed last: it may have come back with another.
    schema: Mutex<bool>,
}

impl Outlet {
    /// Nothing is known of the schema yet.
    pub(super) fn new(spool: Arc<Spool>, store: Store, clock: SharedClock) -> Self {
        Self {
            spool,
            store,
            clock,
            schema: Mutex::new(false),
        }
    }

    /// Has the tables made or brought up to date, as soon as ClickHouse lets us.
    pub(super) async fn wait_for_schema(&self) {
        let mut pause = Pause::default();
        while let Err(error) = self.ensure_schema().await {
            let what = "the schema cannot be brought up to date yet";
            pause.after(what, &error).await;
        }
    }

    async fn ensure_schema(&self) -> Result<(), StoreError> {
        let mut known = self.schema.lock().await;
        if !*known {
            self.store.migrate().await?;
            *known = true;
        }
        Ok(())
    }

    /// Brings a segment to its end.
    pub(super) async fn bring(self: Arc<Self>, segment: Segment) {
        let started = self.clock.monotonic();
        let id = segment.id;
        let Some(contents) = self.read(segment).await else {
            return;
        };
        match self.deliver(&contents).await {
            Ok(()) => self.free(id).await,
            Err(refused) => {
                let sites: BTreeSet<_> = contents.outcomes.iter().map(|o| &o.site).collect();
                let refusal = Refusal {
                    reason: refused.to_string(),
                    rows: contents.num_reports(),
                    sites: sites.iter().filter(|site| !site.is_empty()).count(),
                };
                self.set_aside(id, refusal).await;
            }
        }
        let took = self.clock.monotonic().saturating_sub(started);
        let seconds = &metrics::get().store_insert_seconds;
        seconds.observe(took.as_secs_f64());
    }

    /// What the segment holds; none if that cannot be read.
    async fn read(&self, segment: Segment) -> Option<SegmentContents> {
        let id = segment.id;
        let mut pause = Pause::default();
        let mut tries = 0;
        loop {
            let file = segment.clone();
            let error = match spawn_blocking(move || file.contents()).await {
                Ok(Ok(contents)) => return Some(contents),
                Ok(Err(error)) => error,
                Err(error) => {
                    let what =
                        "reading a segment ended by a defect; it comes again after a restart";
                    tracing::error!(%error, segment = %id, "{what}");
                    return None;
                }
            };
            tries += 1;
            metrics::count(&metrics::get().store_insert_failures, "read");
            if tries >= MOST_READS {
                let spool = Arc::clone(&self.spool);
                drop(spawn_blocking(move || spool.give_up(segment, &error)).await);
                return None;
            }
            pause.after("a segment cannot be read yet", &error).await;
        }
    }

    /// Tries until the segment is in ClickHouse.
    ///
    /// # Errors
    /// ClickHouse's verdict, if it refuses the segment twice for its content.
    async fn deliver(&self, contents: &SegmentContents) -> Result<(), StoreError> {
        let mut pause = Pause::default();
        let mut delivery = Delivery::of(contents, Attempt::First);
        let mut refusals = 0;
        loop {
            let error = match self.try_once(&delivery).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            *self.schema.lock().await = false;
            delivery.attempt = Attempt::Again;
            metrics::count(&metrics::get().store_insert_failures, error.kind());
            if error.remedy() == Remedy::SetAside {
                refusals += 1;
            }
            if refusals >= MOST_REFUSALS {
                return Err(error);
            }
            let what = "a segment is not in ClickHouse yet";
            pause.after(what, &error).await;
        }
    }

    async fn try_once(&self, delivery: &Delivery<'_>) -> Result<(), StoreError> {
        self.ensure_schema().await?;
        self.store.deliver(delivery).await.map(|_| ())
    }

    async fn free(&self, id: SegmentId) {
        let spool = Arc::clone(&self.spool);
        if let Ok(Err(error)) = spawn_blocking(move || spool.free(id)).await {
            tracing::error!(%error, segment = %id, "a delivered segment cannot be freed; it comes again after a restart and is then recognized");
        }
    }

    async fn set_aside(&self, id: SegmentId, refusal: Refusal) {
        let reason = refusal.reason.clone();
        let spool = Arc::clone(&self.spool);
        let kept = spawn_blocking(move || spool.set_aside(id, refusal)).await;
        say_kept(id, &reason, kept.map_err(|defect| defect.to_string()));
    }
}

fn say_kept(id: SegmentId, reason: &str, kept: Result<Result<(), AsideError>, String>) {
    let error = match kept {
        Ok(Ok(())) => {
            metrics::get().store_segments_set_aside.inc();
            tracing::error!(segment = %id, reason, "a segment was set aside: its reports are missing in ClickHouse until `skimwatch segments reinsert` brings them there");
            return;
        }
        Ok(Err(error)) => error.to_string(),
        Err(defect) => defect,
    };
    tracing::error!(error, segment = %id, reason, "a segment cannot be delivered or set aside; it stays in the log until a restart");
}
