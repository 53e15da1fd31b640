//! The settings and bounds of the spool.

use std::path::PathBuf;
use std::time::Duration;

/// Smallest segment: a header and room for some frames.
pub const MIN_SEGMENT_BYTES: u64 = 16 << 10;
/// The largest frame. A submission's frame is about as large as its body, which is 2 MiB at most.
pub const MAX_FRAME_BYTES: usize = 64 << 20;
/// Bytes that may wait for the writer before [`AppendError::Busy`](super::AppendError::Busy).
pub const MAX_PENDING_BYTES: usize = 16 << 20;
/// Free files that are kept to be used again; the rest are deleted.
pub const MAX_READY_FILES: usize = 4;
/// Sites whose refusals are counted between two flushes; those of further sites count without a site.
pub const MAX_REFUSED_SITES: usize = 16 << 10;

/// Where the spool is and how large it may grow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Its own directory, made if it is not there.
    pub dir: PathBuf,
    /// Bytes of one segment file. A frame that is larger gets a larger file of its own.
    pub segment_bytes: u64,
    /// The most bytes that all segment files may take.
    pub max_bytes: u64,
    /// A segment is closed at this age, unless another one is still waiting to be taken: when ClickHouse is
    /// down, few full segments take less of the budget than many small ones.
    pub segment_age: Duration,
    /// Shortest time between the starts of two commits.
    pub max_window: Duration,
}

impl Config {
    /// The defaults, in this directory.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            segment_bytes: 8 << 20,
            max_bytes: 2 << 30,
            segment_age: Duration::from_secs(1),
            max_window: Duration::from_millis(1),
        }
    }
}
