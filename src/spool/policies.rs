//! Which policies have a durable row already, so that each is written once and not with every report.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::limit::Generations;

/// The most policies remembered. One that is forgotten is written again, which is harmless.
pub const MAX_POLICIES: usize = 2 * CAP;
/// A policy in use is written again after at most twice this time, so that its `seen` stays fresh.
pub const POLICY_WINDOW: Duration = Duration::from_secs(12 * 3600);

const CAP: usize = 1 << 14;

/// The hashes of policies that this process has made durable.
#[derive(Debug, Default)]
pub(super) struct Policies {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    durable: Generations<()>,
    turned: Duration,
}

impl Policies {
    /// Whether the policy has a durable row.
    pub(super) fn is_durable(&self, hash: u64) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.durable.contains(hash)
    }

    /// From now on these have one.
    pub(super) fn mark(&self, hashes: &[u64], now: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(state.turned) >= POLICY_WINDOW {
            state.durable.turn();
            state.turned = now;
        }
        for &hash in hashes {
            state.durable.insert(hash, (), CAP);
        }
    }
}
