//! What was erased stays erased: rows that come in late are erased again. [`run`] looks after that for as long
//! as the process runs; [`apply`] is one erasure, also for commands.
//!
//! Runs where the control state is. Segments may come in from any collector, so it asks ClickHouse, whose commit
//! marks say what came in, and not the log.

use std::net::IpAddr;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::pause::Pause;
use super::{keys, paths};
use crate::clock::{SharedClock, Timestamp};
use crate::config::Config;
use crate::enrich::Enricher;
use crate::erasure::IN_FORCE;
use crate::registry::{RecordedErasure, Registry};
use crate::spool::Spool;
use crate::store::{Covered, Store, Unfinished};

/// Between two looks: how long what comes in late may stay, at most and beside the time that erasing takes.
pub const LATE_LOOK: Duration = Duration::from_secs(10);

/// So many looks after something was erased, what freed segments left behind is overwritten: by the last of
/// them, the segment that was on its way is freed.
const SCRUBS: u32 = 2;

/// Who stands in the audit log for what came in late.
const ACTOR: &str = "eraser";

/// What erasing is connected to.
#[derive(Clone)]
pub(super) struct Handles {
    pub(super) store: Store,
    pub(super) registry: Arc<Registry>,
    pub(super) clock: SharedClock,
    /// The log, if this process has one.
    pub(super) spool: Option<Arc<Spool>>,
}

/// Erases again what comes in late, for as long as the process runs.
pub(super) async fn run(handles: Handles) {
    let mut watch = Watch {
        handles,
        seen: 0,
        horizon: Timestamp::default(),
        scrubs: 0,
    };
    let mut pause = Pause::default();
    loop {
        match watch.look().await {
            Ok(()) => {
                pause = Pause::default();
                tokio::time::sleep(LATE_LOOK).await;
            }
            Err(error) => {
                let what = "what was erased is not looked after yet";
                pause.after(what, &*error).await;
            }
        }
    }
}

struct Watch {
    handles: Handles,
    /// Erasures up to this number were looked for in all rows since the start.
    seen: i64,
    /// Of what came in, only marks that were set since are new.
    horizon: Timestamp,
    /// Scrubs of the log that are to come.
    scrubs: u32,
}

impl Watch {
    async fn look(&mut self) -> anyhow::Result<()> {
        let Handles {
            store,
            registry,
            clock,
            spool,
        } = self.handles.clone();
        let since = clock.now().minus(IN_FORCE);
        let of_file = Arc::clone(&registry);
        let erasures = spawn_blocking(move || {
            of_file.forget_clients(since)?;
            of_file.erasures(since)
        });
        let erasures = erasures.await??;
        if erasures.is_empty() {
            return Ok(());
        }
        // Before the looks: what comes in meanwhile is new the next time.
        let lately = store.came_in(self.horizon).await?;
        for one in &erasures {
            let is_new = one.id > self.seen;
            let may_be_late = lately.earliest.is_some_and(|at| at <= one.erasure.until);
            let horizon = Some(self.horizon);
            if is_new || (may_be_late && !store.covered(&one.erasure, horizon).await?.is_empty()) {
                self.scrubs = SCRUBS;
                let covered = apply((&store, &registry), one, ACTOR, |_| {}).await?;
                let (erasure, reports) = (one.id, covered.reports);
                tracing::info!(erasure, reports, "looked for what an erasure covers");
            }
            self.seen = self.seen.max(one.id);
        }
        self.horizon = lately.horizon;
        if let Some(spool) = spool.filter(|_| self.scrubs > 0) {
            self.scrubs -= 1;
            spawn_blocking(move || spool.scrub()).await?;
        }
        Ok(())
    }
}

/// Erases from ClickHouse what an erasure covers, takes down that it was done, and returns what it was.
///
/// # Errors
/// If ClickHouse does not do it now, or the control state cannot be written. Doing it again is safe.
pub async fn apply(
    (store, registry): (&Store, &Arc<Registry>),
    recorded: &RecordedErasure,
    actor: &'static str,
    told: impl Fn(Unfinished),
) -> anyhow::Result<Covered> {
    let covered = store.erase(&recorded.erasure, told).await?;
    if !covered.is_empty() || !recorded.is_applied {
        let (registry, id) = (Arc::clone(registry), recorded.id);
        let rows = (!covered.is_empty()).then(|| rows(&covered));
        spawn_blocking(move || registry.erasure_applied(id, rows.as_ref(), actor)).await??;
    }
    Ok(covered)
}

/// How many rows of each table, for the audit log.
pub fn rows(covered: &Covered) -> Value {
    json!({
        "reports": covered.reports, "report_outcomes": covered.outcomes, "canaries": covered.canaries,
    })
}

/// The pseudonym that a client has now: under the key of this data directory's current period. Those of earlier
/// periods cannot be computed any more, by design: their keys are destroyed.
///
/// # Errors
/// If clients are not told apart here, or no collector ever ran on this data directory.
pub fn client_pseudonym(
    config: &Config,
    (address, user_agent): (IpAddr, &str),
    now: Timestamp,
) -> anyhow::Result<NonZeroU64> {
    anyhow::ensure!(
        config.enrich.keep_client,
        "enrich.keep_client is off: no row says which client it is of"
    );
    let dir = paths::keys_dir(config);
    anyhow::ensure!(
        dir.exists(),
        "{} is missing, and with it the key of pseudonyms: run this where browsers post to, or give the pseudonym with --id",
        dir.display()
    );
    let key = keys::Pseudonyms::open(&dir, now)?.key();
    // As the door reads the header.
    let is_plain = |b: u8| b == b'\t' || (b' '..=b'~').contains(&b);
    let user_agent = user_agent.trim();
    let user_agent = match user_agent.bytes().all(is_plain) {
        true => user_agent,
        false => "",
    };
    let visitor = Enricher::none().visitor(address, user_agent, &key);
    NonZeroU64::new(visitor.client).context("a client's pseudonym is never 0")
}
