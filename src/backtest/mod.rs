//! Recorded requests → alerts: the live code, from parsing to detection, on event time and without a
//! database. [`run`] is the door, [`Files`] what it reads and writes.
//!
//! Bodies are examined on all cores; limits and detection see them in the order of the file, so that the
//! same files give the same alerts. The rule: nothing of the way is written a second time here.

mod alerts;
mod error;
mod examine;
mod inputs;
mod verdict;

pub use error::BacktestError;

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use examine::Examination;
use inputs::Inputs;
use verdict::Court;

/// What a backtest reads and writes, and under which choice.
#[derive(Clone, Debug)]
pub struct Files {
    /// Merchants, as `skimwatch import` reads them.
    pub merchants: PathBuf,
    /// One recorded request a line, in order of arrival.
    pub requests: PathBuf,
    /// Networks in place of the IP databases.
    pub networks: Option<PathBuf>,
    /// Where the alerts go, one JSON object a line.
    pub alerts: PathBuf,
    /// Whether anything of the clients is kept, as `enrich.keep_client` says.
    pub keep_client: bool,
}

/// What it came to.
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
    /// Alerts written.
    pub alerts: u64,
}

/// Runs it.
///
/// # Errors
/// [`BacktestError`] names the file, and the line where there is one.
pub fn run(files: &Files) -> Result<Summary, BacktestError> {
    let inputs = Inputs::read(files)?;
    let requests = BufReader::with_capacity(1 << 20, open(&files.requests)?);
    let out = File::create(&files.alerts).map_err(BacktestError::file(&files.alerts))?;
    let mut court = Court::new(&inputs, BufWriter::new(out));
    let examination = Examination {
        inputs: &inputs,
        path: &files.requests,
    };
    examination.of(requests, |request| {
        court
            .hear(request)
            .map_err(BacktestError::file(&files.alerts))
    })?;
    court.close().map_err(BacktestError::file(&files.alerts))
}

fn open(path: &Path) -> Result<File, BacktestError> {
    File::open(path).map_err(BacktestError::file(path))
}
