//! The way of notices: outbox → channels. A slow receiver keeps nobody else waiting.
//!
//! Each channel has a turn of its own, and an organization some turns at a time: neither one receiver nor all those of
//! one organization take the others' places.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::pause::Pause;
use crate::clock::SharedClock;
use crate::notify::{Notifier, NotifyError};

/// Between two looks for what is to be sent.
const LOOK: Duration = Duration::from_millis(500);
/// Between two looks for what is old.
const PRUNE: Duration = Duration::from_secs(3600);
/// Most channels at a look; those that wait longest come first.
const MOST_DUE: u32 = 1000;
/// Most turns at a time, and of one organization.
const MOST_TURNS: usize = 32;
const MOST_TURNS_OF_ONE: usize = 4;

/// How long messages that are under way may take when the process ends. The receiver of one that is cut off may get it
/// again after the next start.
pub(super) const LAST_MESSAGES: Duration = Duration::from_secs(5);

/// What sends notices.
#[derive(Clone, Debug)]
pub(super) struct Handles {
    pub(super) notifier: Notifier,
    pub(super) clock: SharedClock,
    /// Turns true when the process is about to end.
    pub(super) stop: watch::Receiver<bool>,
}

/// Sends notices until it is told to stop.
pub(super) async fn run(mut handles: Handles) {
    let mut turns = Turns::default();
    let mut pause = Pause::default();
    let mut pruned = None;
    while !*handles.stop.borrow() {
        let now = handles.clock.monotonic();
        let prune = pruned.is_none_or(|at| now.saturating_sub(at) >= PRUNE);
        match turns.begin(&handles.notifier, prune).await {
            Ok(()) => {
                pause = Pause::default();
                pruned = if prune { Some(now) } else { pruned };
                turns.wait(&mut handles.stop).await;
            }
            Err(error) => pause.after("notices cannot be sent yet", &error).await,
        }
    }
    handles.notifier.stop();
    turns.end().await;
}

/// The turns that are under way.
#[derive(Default)]
struct Turns {
    /// Organizations by channel.
    busy: BTreeMap<String, String>,
    tasks: JoinSet<String>,
}

impl Turns {
    async fn begin(&mut self, notifier: &Notifier, prune: bool) -> Result<(), NotifyError> {
        notifier.look_after(prune).await?;
        for (channel, organization) in notifier.due(MOST_DUE).await? {
            let of_one = self.busy.values().filter(|it| **it == organization);
            let is_free = self.busy.len() < MOST_TURNS && of_one.count() < MOST_TURNS_OF_ONE;
            if !is_free || self.busy.contains_key(&channel) {
                continue;
            }
            let (notifier, name) = (notifier.clone(), channel.clone());
            self.busy.insert(channel, organization);
            self.tasks.spawn(async move {
                if let Err(error) = notifier.turn(&name).await {
                    tracing::error!(channel = %name, %error, "a channel has to wait");
                }
                name
            });
        }
        Ok(())
    }

    /// Waits for the next look, and takes note of the turns that end meanwhile.
    async fn wait(&mut self, stop: &mut watch::Receiver<bool>) {
        let look = tokio::time::sleep(LOOK);
        tokio::pin!(look);
        loop {
            tokio::select! {
                () = &mut look => return,
                // An error says that whoever would tell is gone.
                _ = stop.changed() => return,
                Some(ended) = self.tasks.join_next() => {
                    // A defect ends the task, which is started again with nothing busy.
                    let channel = ended.expect("a turn ends without a defect");
                    self.busy.remove(&channel);
                }
            }
        }
    }

    /// Waits for the messages that are under way.
    async fn end(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}
