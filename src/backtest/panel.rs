//! The judges of a backtest, one for each configuration: all see the same. [`Panel`] is the type to know.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::time::Duration;

use super::compare::{Raised, Raisings};
use super::error::BacktestError;
use super::{Outcome, Trial, alerts};
use crate::cases::RECORDED_FROM;
use crate::clock::{Timestamp, thread_time};
use crate::detect::{Config, Detector, Kinship};
use crate::finding::Finding;
use crate::sighting::Sighting;
use crate::sites::Sites;
use crate::store::Observer;
use crate::trust::Verdicts;

/// Those who judge, and where the alerts of the first are written.
pub(super) struct Panel<'a> {
    trial: &'a Trial,
    first: Judge,
    second: Option<Judge>,
    out: Option<BufWriter<File>>,
    alerts: u64,
    /// What kept an alert from being written. Judging cannot fail, so it is told at the next pause.
    failure: Option<io::Error>,
}

struct Judge {
    detector: Detector,
    raised: Raisings,
    /// Submissions so far.
    submissions: u64,
    /// Sightings of those that were measured, and the time that they and their judgments took.
    sightings: u64,
    busy: Duration,
}

/// One submission in so many is measured: asking the clock takes as long as taking a sighting in.
const MEASURED: u64 = 16;

impl<'a> Panel<'a> {
    /// For merchants of whom it is known which are one.
    pub(super) fn new(trial: &'a Trial, sites: &Sites) -> Result<Self, BacktestError> {
        let active = sites.active().map(|site| (&site.id, &*site.profile));
        let kinship = Kinship::of(active);
        let judge = |config: &Config| Judge {
            detector: Detector::new(config.clone(), kinship.clone()),
            raised: Raisings::new(),
            submissions: 0,
            sightings: 0,
            busy: Duration::ZERO,
        };
        let create = |path| File::create(path).map_err(BacktestError::file(path));
        Ok(Self {
            trial,
            first: judge(&trial.config),
            second: trial.against.as_ref().map(judge),
            out: trial
                .alerts
                .as_deref()
                .map(create)
                .transpose()?
                .map(BufWriter::new),
            alerts: 0,
            failure: None,
        })
    }

    /// All go by what people decided.
    pub(super) fn set_verdicts(&mut self, verdicts: &Verdicts) {
        for judge in std::iter::once(&mut self.first).chain(&mut self.second) {
            judge.detector.set_verdicts(verdicts.clone());
        }
    }

    /// Whether everything that was to be written is.
    pub(super) fn check(&mut self) -> Result<(), BacktestError> {
        match (self.failure.take(), &self.trial.alerts) {
            (Some(cause), Some(path)) => Err(BacktestError::file(path)(cause)),
            _ => Ok(()),
        }
    }

    /// Writes what is left.
    pub(super) fn close(mut self) -> Result<Outcome, BacktestError> {
        self.failure = self.out.as_mut().and_then(|out| out.flush().err());
        self.check()?;
        Ok(Outcome {
            alerts: self.alerts,
            sightings: self.first.sightings,
            busy: self.first.busy,
            raised: self.first.raised,
            against: self.second.map(|judge| judge.raised),
        })
    }
}

impl Observer for Panel<'_> {
    fn observe(&mut self, sighting: &Sighting<'_>) {
        self.first.observe(sighting);
        if let Some(second) = &mut self.second {
            second.observe(sighting);
        }
    }

    fn advance(&mut self, to: Timestamp) {
        for finding in self.first.advance(to) {
            self.alerts += 1;
            if let Some(out) = &mut self.out
                && let Err(failure) = alerts::write(out, &finding)
            {
                self.failure.get_or_insert(failure);
            }
        }
        if let Some(second) = &mut self.second {
            second.advance(to);
        }
    }
}

impl Judge {
    /// Adds what was worked since, less what asking twice takes by itself.
    fn add(&mut self, started: Duration) {
        let asked = thread_time();
        let itself = thread_time().saturating_sub(asked);
        self.busy += asked.saturating_sub(started).saturating_sub(itself);
    }

    fn observe(&mut self, sighting: &Sighting<'_>) {
        if !self.submissions.is_multiple_of(MEASURED) {
            self.detector.observe(sighting);
            return;
        }
        let started = thread_time();
        self.detector.observe(sighting);
        self.add(started);
        self.sightings += 1;
    }

    /// The findings that rise.
    fn advance(&mut self, to: Timestamp) -> Vec<Finding> {
        let is_measured = self.submissions.is_multiple_of(MEASURED);
        let started = is_measured.then(thread_time);
        let mut findings = self.detector.advance(to);
        if let Some(started) = started {
            self.add(started);
        }
        self.submissions += 1;
        findings.retain(|finding| finding.rises);
        for finding in findings.iter().filter(|it| it.severity >= RECORDED_FROM) {
            let raised = Raised::of(finding);
            let standing = self.raised.entry(finding.destination.clone());
            standing.or_insert(raised).rise(&raised);
        }
        findings
    }
}
