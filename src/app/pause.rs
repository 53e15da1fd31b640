//! [`Pause`]: how long to wait before another try.

use std::time::Duration;

/// Shortest and longest pause between two tries.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
/// A pause from which on somebody should know.
const LONG: Duration = Duration::from_millis(400);

/// A pause that doubles up to its cap, with jitter, so that collectors do not knock in step.
#[derive(Debug)]
pub(super) struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(PAUSE.0)
    }
}

impl Pause {
    /// Says what went wrong, and waits.
    pub(super) async fn after(
        &mut self,
        what: &'static str,
        error: &(dyn std::error::Error + Sync),
    ) {
        // A database that is just starting is no news.
        if self.0 < LONG {
            tracing::info!(%error, "{what}");
        } else {
            tracing::warn!(%error, "{what}");
        }
        let mut random = [0; 1];
        // Without random bytes the pause just has no jitter.
        let share = getrandom::fill(&mut random).map_or(1.0, |()| f64::from(random[0]) / 255.0);
        tokio::time::sleep(self.0.mul_f64(0.5 + share / 2.0)).await;
        self.0 = (self.0 * 2).min(PAUSE.1);
    }
}
