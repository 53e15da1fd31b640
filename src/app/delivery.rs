//! The way out of the log: segment after segment into ClickHouse, the oldest first.
//!
//! While many wait, two are on their way at once: one is read and sent while the other waits for ClickHouse's
//! disk. Nothing that reads them relies on their order (see [`Cursors`](crate::store::Cursors)).

use std::sync::Arc;

use tokio::task::{JoinError, JoinSet};

use super::outlet::Outlet;
use super::warmup::Warmup;
use crate::clock::SharedClock;
use crate::spool::Spool;
use crate::store::Store;

/// From so many segments on that are not in ClickHouse, two are on their way at once.
const MANY: usize = 4;

/// Delivers until the log is closed and empty.
pub(super) async fn run(spool: Arc<Spool>, store: Store, clock: SharedClock, warmup: Arc<Warmup>) {
    let outlet = Arc::new(Outlet::new(Arc::clone(&spool), store, clock));
    outlet.wait_for_schema().await;
    warmup.done();
    // Ends its tasks when this one is ended.
    let mut under_way = JoinSet::new();
    loop {
        let most = 1 + usize::from(spool.num_held() > MANY);
        while under_way.len() >= most {
            say_if_failed(under_way.join_next().await);
        }
        let Some(segment) = spool.next_segment().await else {
            break;
        };
        under_way.spawn(Arc::clone(&outlet).bring(segment));
    }
    while !under_way.is_empty() {
        say_if_failed(under_way.join_next().await);
    }
}

fn say_if_failed(ended: Option<Result<(), JoinError>>) {
    if let Some(Err(error)) = ended {
        tracing::error!(%error, "a delivery ended by a defect; its segment comes again after a restart");
    }
}
