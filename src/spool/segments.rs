//! Frames → segment files: opens a segment when there is none, closes it when it is full.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::active::Active;
use super::error::AppendError;
use super::pool::PoolError;
use super::shared::Shared;
use crate::metrics::{self, Kind};

/// How long no file is made after one could not be.
const REST: Duration = Duration::from_secs(1);

/// Why a commit failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(transparent)]
    Pool(#[from] PoolError),
    #[error("no room for a segment of {bytes} bytes within the spool's budget")]
    TooLarge { bytes: u64 },
    #[error("cannot write to segment file {path}: {source}; the segment is given up")]
    Io { path: String, source: io::Error },
    #[error("no segment file could be made a moment ago; that is tried again soon")]
    Resting,
    #[error("all sequence numbers of this start are used: restart the process")]
    Exhausted,
}

impl WriteError {
    /// The word in metrics.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Pool(PoolError::Full { .. }) | Self::TooLarge { .. } => "full",
            Self::Pool(PoolError::Io { .. }) | Self::Io { .. } | Self::Resting => "disk",
            Self::Exhausted => "exhausted",
        }
    }

    /// What those are told who wait for the commit.
    pub(super) fn answer(&self) -> AppendError {
        match self.kind() {
            "full" => AppendError::Full,
            _ => AppendError::Failed,
        }
    }
}

/// The segment being written and those before it.
#[derive(Debug)]
pub(super) struct Segments {
    shared: Arc<Shared>,
    active: Option<Active>,
    sequence: u32,
    /// Until when no file is made, because none could be: a disk that is full is not helped by being filled and
    /// emptied again for every commit.
    resting: Option<Duration>,
    /// Commits whose fate is unknown: refused, and perhaps on the disk.
    doubts: u64,
}

impl Segments {
    /// No segment is open yet.
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            active: None,
            sequence: 0,
            resting: None,
            doubts: 0,
        }
    }

    /// How long the open segment has been open, if one is.
    pub(super) fn age(&self) -> Option<Duration> {
        let now = self.shared.clock.monotonic();
        let active = self.active.as_ref()?;
        Some(now.saturating_sub(active.opened))
    }

    /// Makes frames durable, all in one segment. After an error in writing or syncing what the disk holds is
    /// unknown, so the segment is given up: what was durable in it before is delivered, nothing else.
    pub(super) fn commit(&mut self, frames: &mut [u8]) -> Result<(), WriteError> {
        let fits = |active: &Active| active.has_room(frames.len());
        if !self.active.as_ref().is_none_or(fits) {
            self.close();
        }
        let mut active = match self.active.take() {
            Some(active) => active,
            None => self.open(frames.len())?,
        };
        let clock = &self.shared.clock;
        let begun = clock.monotonic();
        let result = active.commit(frames, self.shared.config.durability);
        let took = clock.monotonic().saturating_sub(begun);
        let metrics = metrics::get();
        metrics.spool_commits.inc();
        metrics.spool_sync_seconds.observe(took.as_secs_f64());
        match result {
            Ok(()) => {
                metrics.spool_appended_bytes.inc_by(frames.len() as u64);
                self.active = Some(active);
                Ok(())
            }
            Err(source) => Err(self.give_up(active, frames.len(), source)),
        }
    }

    /// Closes the open segment, if one is, and hands it on.
    pub(super) fn close(&mut self) {
        if let Some(active) = self.active.take() {
            self.shared.queue.push(active.close(&self.shared.disk));
        }
    }

    /// Whether a commit would find a file that takes writes. Asked after one did not.
    pub(super) fn probe(&mut self) -> Result<(), WriteError> {
        self.resting = None;
        match self.active {
            Some(_) => Ok(()),
            None => self.shared.pool.probe().map_err(WriteError::from),
        }
    }

    fn open(&mut self, frames: usize) -> Result<Active, WriteError> {
        let shared = &self.shared;
        let sequence = self.sequence.checked_add(1).ok_or(WriteError::Exhausted)?;
        let now = shared.clock.monotonic();
        if self.resting.is_some_and(|until| now < until) {
            return Err(WriteError::Resting);
        }
        let mut file = match shared.pool.take() {
            Err(error @ PoolError::Io { .. }) => {
                self.resting = Some(now + REST);
                return Err(error.into());
            }
            file => file?,
        };
        let bytes = Active::file_bytes(frames);
        if bytes > file.bytes {
            if !shared.pool.grow(bytes - file.bytes) {
                let returned = shared.pool.give_back(&file.path, file.bytes);
                returned.map_err(|source| io_error(&file.path, source))?;
                return Err(WriteError::TooLarge { bytes });
            }
            file.bytes = bytes;
        }
        self.sequence = sequence;
        let id = shared.identity.segment(sequence);
        Ok(Active::new(id, file, shared.clock.now(), now))
    }

    /// What was acknowledged in the segment goes out; what was just refused must not come back after a crash.
    fn give_up(&mut self, active: Active, frames: usize, source: io::Error) -> WriteError {
        let shared = &self.shared;
        if active.is_empty() {
            let file = active.into_file();
            let error = io_error(&file.path, source);
            drop(file.file);
            if !shared.pool.bury(&file.path, file.bytes) {
                self.doubt();
            }
            return error;
        }
        let taken_back = active.take_back(frames);
        let segment = active.into_segment(&shared.disk);
        let error = io_error(&segment.path, source);
        if let Err(error) = taken_back {
            tracing::error!(id = %segment.id, %error, "a commit that was refused cannot be taken back: it may be delivered, should the process end before its segment is");
            self.doubt();
        }
        self.shared.queue.push(segment);
        error
    }

    fn doubt(&mut self) {
        self.doubts += 1;
        let kind = Kind { kind: "unknown" };
        let failures = &metrics::get().spool_commit_failures;
        failures.get_or_create(&kind).inc();
    }
}

fn io_error(path: &Path, source: io::Error) -> WriteError {
    WriteError::Io {
        path: path.display().to_string(),
        source,
    }
}

#[cfg(test)]
impl Segments {
    /// Commits whose fate is unknown.
    pub(super) fn doubts(&self) -> u64 {
        self.doubts
    }
}
