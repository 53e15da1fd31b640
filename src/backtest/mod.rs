//! Recorded requests, or what is stored → alerts: the live code, on event time. [`run`] and [`run_stored`] are the
//! doors; a [`Trial`] says how the detector judges, and against which other way it is held.
//!
//! Files need no database. Their bodies are examined on all cores; limits and detection see them in the order of
//! the file, so that the same files give the same alerts. The rule: nothing of the way is written a second time here.

mod alerts;
mod compare;
mod error;
mod examine;
mod inputs;
mod panel;
mod stored;
mod verdict;

pub use compare::{Change, Kind, Raised, Raisings, changes};
pub use error::BacktestError;
pub use stored::{History, run_stored};

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::detect::Config;
use examine::Examination;
use inputs::Inputs;
use verdict::Court;

/// What a backtest over files reads, and under which choice.
#[derive(Clone, Debug)]
pub struct Files {
    /// Merchants, as `skimwatch import` reads them.
    pub merchants: PathBuf,
    /// One recorded request a line, in order of arrival.
    pub requests: PathBuf,
    /// Networks in place of the IP databases.
    pub networks: Option<PathBuf>,
    /// Whether anything of the clients is kept, as `enrich.keep_client` says.
    pub keep_client: bool,
}

/// How it is judged.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The configuration.
    pub config: Config,
    /// Another one, to see what would be different.
    pub against: Option<Config>,
    /// Where the alerts of the first go, one JSON object a line.
    pub alerts: Option<PathBuf>,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Alerts of the first configuration: one for each time that a destination rose.
    pub alerts: u64,
    /// Sightings that its detector took in, and the time that they and their judgments took.
    pub sightings: u64,
    /// The time.
    pub busy: Duration,
    /// What it raised.
    pub raised: Raisings,
    /// What the other one raised.
    pub against: Option<Raisings>,
}

/// What was read of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Lines read.
    pub requests: u64,
    /// Requests whose body is no JSON, or whose site is not among the merchants.
    pub refused: u64,
    /// Entries in the others.
    pub received: u64,
    /// Entries that would have a row.
    pub stored: u64,
    /// Entries over a limit.
    pub folded: u64,
}

/// Runs over files.
///
/// # Errors
/// [`BacktestError`] names the file, and the line where there is one.
pub fn run(files: &Files, trial: &Trial) -> Result<(Summary, Outcome), BacktestError> {
    let inputs = Inputs::read(files)?;
    let requests = BufReader::with_capacity(1 << 20, open(&files.requests)?);
    let mut court = Court::new(trial, &inputs)?;
    let examination = Examination {
        inputs: &inputs,
        path: &files.requests,
    };
    examination.of(requests, |request| court.hear(request))?;
    court.close()
}

fn open(path: &Path) -> Result<File, BacktestError> {
    File::open(path).map_err(BacktestError::file(path))
}
