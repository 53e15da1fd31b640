//! Frames → segment files: opens a segment when there is none, closes it when it is full.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::active::Active;
use super::error::AppendError;
use super::pool::PoolError;
use super::shared::Shared;
use crate::metrics;

/// Why a commit failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(transparent)]
    Pool(#[from] PoolError),
    #[error("no room for a segment of {bytes} bytes within the spool's budget")]
    TooLarge { bytes: u64 },
    #[error("cannot write to segment file {path}: {source}; the segment is given up")]
    Io { path: String, source: io::Error },
    #[error("all sequence numbers of this start are used: restart the process")]
    Exhausted,
}

impl WriteError {
    /// The word in metrics.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Pool(PoolError::Full { .. }) | Self::TooLarge { .. } => "full",
            Self::Pool(PoolError::Io { .. }) | Self::Io { .. } => "disk",
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
}

impl Segments {
    /// No segment is open yet.
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            active: None,
            sequence: 0,
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
        let result = active.commit(frames);
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
            Err(source) => Err(self.give_up(active, source)),
        }
    }

    /// Closes the open segment, if one is, and hands it on.
    pub(super) fn close(&mut self) {
        if let Some(active) = self.active.take() {
            self.shared.queue.push(active.close());
        }
    }

    fn open(&mut self, frames: usize) -> Result<Active, WriteError> {
        let shared = &self.shared;
        let sequence = self.sequence.checked_add(1).ok_or(WriteError::Exhausted)?;
        let mut file = shared.pool.take()?;
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
        let (now, monotonic) = (shared.clock.now(), shared.clock.monotonic());
        Ok(Active::new(id, file, now, monotonic))
    }

    fn give_up(&self, active: Active, source: io::Error) -> WriteError {
        match active.give_up() {
            Ok(segment) => {
                let error = io_error(&segment.path, source);
                self.shared.queue.push(segment);
                error
            }
            Err(file) => {
                self.shared.pool.delete(&file.path, file.bytes);
                io_error(&file.path, source)
            }
        }
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
    /// Goes on in this segment.
    pub(super) fn set_active(&mut self, active: Active) {
        self.active = Some(active);
    }

    /// Lets the open segment's file take no more writes.
    pub(super) fn break_active(&mut self) {
        self.active = self.active.take().map(Active::broken);
    }
}
