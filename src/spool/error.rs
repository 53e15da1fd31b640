//! What can go wrong, and what to do.

use std::io;
use std::path::PathBuf;

use crate::ids::SegmentId;

/// Why the spool could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error(
        "the spool in {dir} is in use by another process: stop that one, or give this one a data directory of its own"
    )]
    Locked {
        /// The spool's directory.
        dir: PathBuf,
    },
    /// A file or the directory cannot be used.
    #[error(
        "cannot {doing} {path}: {source}; the spool's directory must be writable for this user and its disk must have room"
    )]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The identity file cannot be read.
    #[error(
        "{path} does not hold a collector's identity: restore it from a copy, or delete it to start as a new collector (segments already there are still delivered)"
    )]
    Identity {
        /// The file.
        path: PathBuf,
    },
    /// A segment file of another version of this program.
    #[error(
        "{path} was written in version {version} of the segment format, which this program does not know: start the version that wrote it until its segments are delivered"
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The sizes contradict each other.
    #[error(
        "a spool of {max_bytes} bytes cannot hold two segments of {segment_bytes} bytes (at least {least}): raise the first or lower the second"
    )]
    Sizes {
        /// As configured.
        max_bytes: u64,
        /// As configured.
        segment_bytes: u64,
        /// [`MIN_SEGMENT_BYTES`](super::MIN_SEGMENT_BYTES).
        least: u64,
    },
}

/// Why a submission was not made durable. None of it will be stored; the browser should be told 503.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The writer cannot keep up.
    #[error("the spool's writer has too much waiting: the disk is too slow for this load")]
    Busy,
    /// The disk budget is used up.
    #[error(
        "the spool is full: ClickHouse takes too little, or the spool's size limit is too small"
    )]
    Full,
    /// Writing or syncing failed.
    #[error("the spool could not be written: see the log for what the disk said")]
    Failed,
    /// The frame would be larger than [`MAX_FRAME_BYTES`](super::MAX_FRAME_BYTES).
    #[error("the submission is too large for the spool")]
    TooLarge,
    /// The spool was closed.
    #[error("the spool is closed: the process is shutting down")]
    Closed,
}

impl AppendError {
    /// The word in metrics: what there was too little of.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Full => "full",
            Self::Failed => "disk",
            Self::TooLarge => "frame",
            Self::Closed => "closed",
        }
    }
}

/// Why a segment could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("cannot read segment {id} from {path}: {source}")]
    Io {
        /// The segment.
        id: SegmentId,
        /// Its file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file no longer holds the segment.
    #[error("{path} does not hold segment {id}: it was freed already, or is not ours any more")]
    Gone {
        /// The segment.
        id: SegmentId,
        /// Its file.
        path: PathBuf,
    },
}

/// Why a segment could not be freed. That is tried again; until it succeeds, a restart delivers it again.
#[derive(Debug, thiserror::Error)]
pub enum FreeError {
    /// No such segment is waiting.
    #[error("segment {0} is not one of the spool's: it was freed already")]
    Unknown(SegmentId),
    /// The file cannot be written.
    #[error(
        "cannot mark {path} as free: {source}; until that succeeds, a restart delivers its segment again"
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
