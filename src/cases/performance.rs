//! [`Performance`]: whether all alerts are looked at, and how soon.

use std::collections::BTreeMap;

use rusqlite::params;

use super::alert::State;
use super::error::CasesError;
use super::read::{visible, word};
use super::triage::Cause;
use super::{Cases, queries};
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::scope::Scope;

/// Most alerts that figures are made of: the newest.
pub const MAX_COUNTED: u32 = 100_000;

/// How people deal with the alerts that were raised in some time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Performance {
    /// All severities together.
    pub all: Figures,
    /// By severity.
    pub by_severity: BTreeMap<Severity, Figures>,
    /// Closed ones by what the cause was.
    pub causes: BTreeMap<&'static str, u32>,
}

/// Figures about some alerts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many were raised.
    pub raised: u32,
    /// How many of them somebody has looked at.
    pub looked_at: u32,
    /// How many of them are closed.
    pub closed: u32,
    /// How many of those that are not closed are late.
    pub overdue: u32,
    /// Time from raised to looked at.
    pub first_look: Spread,
    /// Time from raised to closed.
    pub close: Spread,
}

/// Half and nine in ten took no longer; in milliseconds. `None` if there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// The median.
    pub half: Option<i64>,
    /// The 90th percentile.
    pub nine_in_ten: Option<i64>,
}

/// Times, until they are all there.
#[derive(Default)]
struct Times {
    look: Vec<i64>,
    close: Vec<i64>,
}

impl Cases {
    /// How the alerts in scope that were raised since a moment are dealt with.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn performance(
        &self,
        scope: &Scope,
        (since, now): (Timestamp, Timestamp),
    ) -> Result<Performance, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::PERFORMANCE)?;
        let mut rows = statement.query(params![
            visible(scope),
            scope.organization(),
            since.0,
            MAX_COUNTED
        ])?;
        let mut performance = Performance::default();
        let mut times: BTreeMap<Option<Severity>, Times> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (severity, state, cause): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let (severity, state) = (
                word(&severity, Severity::of_word)?,
                word(&state, State::of_word)?,
            );
            let (raised, opened): (i64, i64) = (row.get(3)?, row.get(4)?);
            let (looked, closed): (Option<i64>, Option<i64>) = (row.get(5)?, row.get(6)?);
            if let Some(cause) = Cause::of_word(&cause) {
                *performance.causes.entry(cause.as_str()).or_default() += 1;
            }
            let is_late = self
                .deadlines
                .is_late(severity, state, (Timestamp(opened), now));
            for severity in [None, Some(severity)] {
                let figures = performance.figures(severity);
                figures.raised += 1;
                figures.looked_at += u32::from(looked.is_some());
                figures.closed += u32::from(state == State::Closed);
                figures.overdue += u32::from(is_late);
                let times = times.entry(severity).or_default();
                times.look.extend(looked.map(|at| (at - raised).max(0)));
                times.close.extend(closed.map(|at| (at - raised).max(0)));
            }
        }
        for (severity, times) in times {
            let figures = performance.figures(severity);
            figures.first_look = Spread::of(times.look);
            figures.close = Spread::of(times.close);
        }
        Ok(performance)
    }
}

impl Performance {
    fn figures(&mut self, severity: Option<Severity>) -> &mut Figures {
        match severity {
            None => &mut self.all,
            Some(severity) => self.by_severity.entry(severity).or_default(),
        }
    }
}

impl Figures {
    /// The share of alerts that somebody has looked at, in percent; 100 if there were none to look at.
    pub fn share_looked_at(&self) -> u32 {
        (self.looked_at * 100)
            .checked_div(self.raised)
            .unwrap_or(100)
    }
}

impl Spread {
    fn of(mut times: Vec<i64>) -> Self {
        times.sort_unstable();
        // The smallest that at least this share does not exceed.
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100);
            times.get(rank.saturating_sub(1)).copied()
        };
        Self {
            half: at(50),
            nine_in_ten: at(90),
        }
    }
}
