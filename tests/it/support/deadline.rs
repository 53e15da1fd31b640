//! Waiting for something that another process does.

use std::time::{Duration, Instant};

/// Asks `look` until it answers. Panics with `what` after `limit`.
#[expect(
    clippy::disallowed_methods,
    reason = "another process lives on the system's clock"
)]
pub(crate) fn within<T>(limit: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    /// Between two looks: short beside every limit, long beside a look.
    const PAUSE: Duration = Duration::from_millis(20);
    let end = Instant::now() + limit;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < end, "{what}: not within {limit:?}");
        std::thread::park_timeout(PAUSE);
    }
}
