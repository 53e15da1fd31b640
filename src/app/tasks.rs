//! Tasks that must go on for as long as the process does: [`keep`] starts one again that ends by a defect,
//! and says so.

use tokio::task::JoinSet;

use super::pause::Pause;
use crate::metrics::{self, Kind};

/// Runs a task until it ends by itself. The task ends with the future that this returns.
pub(super) async fn keep<F>(name: &'static str, start: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let kind = Kind { kind: name };
    let alive = metrics::get().tasks_alive.get_or_create(&kind).clone();
    let restarts = metrics::get().task_restarts.get_or_create(&kind).clone();
    let mut pause = Pause::default();
    // A set of one: what is in it ends when this is dropped.
    let mut task = JoinSet::new();
    loop {
        task.spawn(start());
        alive.set(1);
        let ended = task.join_next().await;
        alive.set(0);
        let Some(Err(defect)) = ended else { return };
        tracing::error!(task = name, error = %defect, "a task ended by a defect and is started again");
        restarts.inc();
        pause
            .after("a task is about to be started again", &defect)
            .await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_started_again() {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        keep("test", move || {
            let run = counted.fetch_add(1, Ordering::Relaxed);
            async move { assert!(run > 0, "the first one fails") }
        })
        .await;
        assert_eq!(runs.load(Ordering::Relaxed), 2);
        let kind = Kind { kind: "test" };
        assert_eq!(metrics::get().task_restarts.get_or_create(&kind).get(), 1);
    }
}
