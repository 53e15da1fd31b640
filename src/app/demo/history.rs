//! The week before: made requests through the real way, on a clock that is moved from one to the next.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::Tell;
use crate::app::collector::Line;
use crate::app::warmup::Warmup;
use crate::app::{Database, delivery, paths};
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::config::Config;
use crate::demo::{Posted, Script};
use crate::intake::Sender;
use crate::limit::Gate;
use crate::sites::{Lookup, SharedSites};
use crate::spool::Append;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A piece of the week.
const STEP: Duration = Duration::from_secs(6 * 3600);
/// Submissions that wait for their commit at once.
const UNDER_WAY: usize = 256;

/// Plays everything up to `until` and returns when ClickHouse has it.
///
/// # Errors
/// If the log or the database cannot be opened, or a report cannot be made durable.
pub(super) async fn play(
    config: &Config,
    script: &Script,
    until: Timestamp,
    tell: Tell,
) -> anyhow::Result<()> {
    tell("playing a week of reports through the collector");
    let database = Database::for_command(config).await?;
    let clock = ManualClock::at(script.begins());
    let shared: SharedClock = Arc::clone(&clock) as SharedClock;
    let line = Line::open(config, &shared)?;
    let warmup = Warmup::begin(&shared);
    let delivery = delivery::run(
        Arc::clone(&line.spool),
        database.store(),
        SharedClock::clone(&shared),
        warmup,
    );
    let delivery = tokio::spawn(delivery);
    let stage = Theater {
        line,
        clock,
        sites: SharedSites::open(&paths::snapshot_path(config))?,
    };
    let played = stage.play(script, until, tell).await;
    stage.line.spool.close();
    delivery.await?;
    database.stop().await;
    tell(&format!("{} reports are in ClickHouse", played?));
    Ok(())
}

struct Theater {
    line: Line,
    clock: Arc<ManualClock>,
    sites: SharedSites,
}

impl Theater {
    async fn play(&self, script: &Script, until: Timestamp, tell: Tell) -> anyhow::Result<u64> {
        let mut from = script.begins();
        let (mut played, mut days) = (0, 0);
        let mut under_way = FuturesUnordered::new();
        while from < until {
            let to = Timestamp(from.0 + millis(STEP)).min(until);
            for posted in script.between(from, to) {
                self.clock.set(posted.at);
                if let Some(append) = self.take(&posted)? {
                    under_way.push(append);
                    played += 1;
                }
                if under_way.len() >= UNDER_WAY
                    && let Some(durable) = under_way.next().await
                {
                    durable?;
                }
            }
            from = to;
            self.line.limiter.sweep();
            let passed = (from.0 - script.begins().0) / millis(DAY);
            if passed > days {
                days = passed;
                tell(&format!("  day {days} of 7"));
            }
        }
        while let Some(durable) = under_way.next().await {
            durable?;
        }
        Ok(played)
    }

    /// The same as the door does with a request; `None` if it would have refused it.
    fn take(&self, posted: &Posted) -> anyhow::Result<Option<Append>> {
        let sites = self.sites.current();
        let Lookup::Active(site) = sites.find(posted.key.as_str()) else {
            anyhow::bail!("the demo's own shop {} is not there", posted.key);
        };
        let sender = Sender {
            site,
            address: posted.address,
            user_agent: posted.user_agent,
        };
        let judge = &self.line.judge;
        let visit = judge.visit(sender);
        let submission = match visit.gate() {
            Gate::Fold => judge.fold(sender),
            Gate::Read => match judge.judge(sender, &visit, (posted.body.as_bytes(), None)) {
                Ok(submission) => submission,
                Err(_) => return Ok(None),
            },
        };
        Ok(Some(self.line.spool.append(submission)))
    }
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}
