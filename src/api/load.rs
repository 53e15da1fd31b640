//! [`Load`]: how much is under way, so that nobody's questions keep everybody else waiting.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::ApiError;
use crate::ids::OrganizationId;
use crate::registry::OnceKey;

/// What takes a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A request, until its answer is made.
    Request,
    /// An export, until its end.
    Export,
    /// Somebody who listens for what happens to alerts.
    Listener,
}

/// How much is under way, of each kind and organization.
#[derive(Clone, Debug, Default)]
pub struct Load {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Never zero.
    seats: BTreeMap<(Kind, OrganizationId), u32>,
    running: HashSet<OnceKey>,
}

/// A seat that is taken, given back when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    load: Load,
    of: (Kind, OrganizationId),
}

/// A request with a key that is being made, until dropped.
#[derive(Debug)]
pub(super) struct Running {
    load: Load,
    key: OnceKey,
}

impl Kind {
    /// The most of one organization.
    fn most_of_one(self) -> u32 {
        match self {
            Self::Request => 16,
            Self::Export => 2,
            Self::Listener => 8,
        }
    }

    /// The most of all organizations together.
    fn most(self) -> u32 {
        match self {
            Self::Request => 256,
            Self::Export => 4,
            Self::Listener => 128,
        }
    }

    fn refusal(self) -> &'static str {
        match self {
            Self::Request => "too many requests are under way: send fewer at once",
            Self::Export => "too many exports are under way: wait for one to end",
            Self::Listener => "too many listen already: close a connection first",
        }
    }
}

impl Load {
    /// Takes a seat.
    ///
    /// # Errors
    /// [`ApiError::Busy`] if there is none.
    pub(super) fn seat(&self, kind: Kind, organization: &OrganizationId) -> Result<Seat, ApiError> {
        let of = (kind, organization.clone());
        let mut state = self.lock();
        let taken = state.seats.iter().filter(|((it, _), _)| *it == kind);
        let in_all: u32 = taken.map(|(_, taken)| taken).sum();
        let of_one = state.seats.get(&of).copied().unwrap_or(0);
        if of_one >= kind.most_of_one() || in_all >= kind.most() {
            return Err(ApiError::Busy(kind.refusal().to_owned()));
        }
        state.seats.insert(of.clone(), of_one + 1);
        drop(state);
        Ok(Seat {
            load: self.clone(),
            of,
        })
    }

    /// Begins a request with a key.
    ///
    /// # Errors
    /// [`ApiError::InProgress`] if one with this key is being made.
    pub(super) fn begin(&self, key: &OnceKey) -> Result<Running, ApiError> {
        // Their number is that of requests under way.
        if !self.lock().running.insert(key.clone()) {
            return Err(ApiError::InProgress);
        }
        Ok(Running {
            load: self.clone(),
            key: key.clone(),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut state = self.load.lock();
        match state.seats.get_mut(&self.of) {
            Some(taken) if *taken > 1 => *taken -= 1,
            _ => {
                state.seats.remove(&self.of);
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.load.lock().running.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_are_bounded_and_come_back() {
        let load = Load::default();
        let organization = |name: &str| OrganizationId::new(name).expect("a plain id");
        let (one, other) = (organization("one"), organization("other"));
        let mut taken: Vec<Seat> = Vec::new();
        while let Ok(seat) = load.seat(Kind::Export, &one) {
            taken.push(seat);
        }
        assert_eq!(taken.len(), 2);
        assert!(load.seat(Kind::Request, &one).is_ok(), "another kind");
        while let Ok(seat) = load.seat(Kind::Export, &other) {
            taken.push(seat);
        }
        assert_eq!(taken.len(), 4);
        let third = organization("third");
        assert!(load.seat(Kind::Export, &third).is_err(), "all of them");
        taken.truncate(1);
        assert!(load.seat(Kind::Export, &third).is_ok());
        taken.clear();
        assert!(load.lock().seats.is_empty());
    }
}
