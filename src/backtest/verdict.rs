//! Examined requests → alerts, in order: limits, then detection, on the time of the requests.

use std::io::{self, Write};
use std::sync::Arc;

use super::Summary;
use super::alerts;
use super::examine::{Examined, Read};
use super::inputs::Inputs;
use crate::clock::{ManualClock, SharedClock, Timestamp};
use crate::detect::{Config, Detector, Kinship};
use crate::limit::{self, Gate, Limiter};
use crate::sighting::Sighting;

/// The stages that know time.
pub(super) struct Court<W> {
    clock: Option<Arc<ManualClock>>,
    limiter: Option<Limiter>,
    detector: Detector,
    out: W,
    summary: Summary,
}

impl<W: Write> Court<W> {
    pub(super) fn new(inputs: &Inputs, out: W) -> Self {
        let sites = inputs.sites.active();
        let kinship = Kinship::of(sites.map(|site| (&site.id, &*site.profile)));
        Self {
            clock: None,
            limiter: None,
            detector: Detector::new(Config::default(), kinship),
            out,
            summary: Summary::default(),
        }
    }

    /// Takes the next request.
    pub(super) fn hear(&mut self, request: Examined) -> io::Result<()> {
        self.summary.requests += 1;
        self.set_clock(request.at);
        match request.submission {
            Some(read) => self.admit(read, request.at),
            None => self.summary.refused += 1,
        }
        for finding in self.detector.advance(request.at) {
            if finding.rises {
                self.summary.alerts += 1;
                alerts::write(&mut self.out, &finding)?;
            }
        }
        Ok(())
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
                        self.detector.observe(&sighting);
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
    pub(super) fn close(mut self) -> io::Result<Summary> {
        self.out.flush()?;
        Ok(self.summary)
    }
}
