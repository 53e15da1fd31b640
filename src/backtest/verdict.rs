//! Examined requests → alerts, in order: limits, then detection, on the time of the requests.

use std::sync::Arc;

use super::error::BacktestError;
use super::examine::{Examined, Read};
use super::inputs::Inputs;
use super::panel::Panel;
use super::{Outcome, Summary, Trial};
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::limit::{self, Gate, Limiter};
use crate::sighting::Sighting;
use crate::store::Observer as _;

/// The stages that know time.
pub(super) struct Court<'a> {
    clock: Option<Arc<ManualClock>>,
    limiter: Option<Limiter>,
    panel: Panel<'a>,
    summary: Summary,
}

impl<'a> Court<'a> {
    pub(super) fn new(trial: &'a Trial, inputs: &Inputs) -> Result<Self, BacktestError> {
        Ok(Self {
            clock: None,
            limiter: None,
            panel: Panel::new(trial, &inputs.sites)?,
            summary: Summary::default(),
        })
    }

    /// Takes the next request.
    pub(super) fn hear(&mut self, request: Examined) -> Result<(), BacktestError> {
        self.summary.requests += 1;
        self.set_clock(request.at);
        match request.submission {
            Some(read) => self.admit(read, request.at),
            None => self.summary.refused += 1,
        }
        self.panel.advance(request.at);
        self.panel.check()
    }

    /// The clock starts with the first request.
    fn set_clock(&mut self, at: Timestamp) {
        match &self.clock {
            Some(clock) => clock.set(at),
            None => {
                let clock = ManualClock::at(at);
                let shared: SharedClock = Arc::clone(&clock) as SharedClock;
                self.limiter = Some(Limiter::new(limit::Config::default(), shared));
                self.clock = Some(clock);
            }
        }
    }

    fn admit(&mut self, read: Read, at: Timestamp) {
        let Some(limiter) = &self.limiter else { return };
        let site = &read.site;
        let visit = limiter.visit(&site.id, site.rate, read.network);
        if visit.gate() == Gate::Fold {
            self.summary.received += 1;
            self.summary.folded += 1;
            return;
        }
        let mut uncharged = read.truncated;
        self.summary.received += u64::from(read.truncated);
        for entry in read.entries {
            self.summary.received += 1;
            let Ok(report) = entry else {
                uncharged += 1;
                continue;
            };
            match visit.quota(report) {
                Ok(admitted) => {
                    self.summary.stored += 1;
                    if let Some(sighting) = Sighting::of(admitted.report(), &site.id, at) {
                        self.panel.observe(&sighting);
                    }
                }
                Err(_) => self.summary.folded += 1,
            }
        }
        if uncharged > 0 {
            visit.charge(uncharged);
        }
    }

    /// Writes what is left.
    pub(super) fn close(self) -> Result<(Summary, Outcome), BacktestError> {
        Ok((self.summary, self.panel.close()?))
    }
}
