//! The settings and bounds of the spool.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

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

/// What an acknowledgement promises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Durability {
    /// The disk has it (`fdatasync`). Nothing that was acknowledged is lost when the process, the kernel or
    /// the power fails, as far as the disk honors flushes.
    #[default]
    Fsync,
    /// The operating system has it. Nothing that was acknowledged is lost when the process fails. When the
    /// kernel or the power fails, what was not written back is lost: typically the last 30 seconds; an error of
    /// the disk while it is written back is not noticed.
    Os,
}

/// A word that names no [`Durability`].
#[derive(Debug, thiserror::Error)]
#[error("unknown durability {0:?}; there are: fsync, os")]
pub struct UnknownDurability(String);

impl TryFrom<String> for Durability {
    type Error = UnknownDurability;

    fn try_from(word: String) -> Result<Self, UnknownDurability> {
        match word.as_str() {
            "fsync" => Ok(Self::Fsync),
            "os" => Ok(Self::Os),
            _ => Err(UnknownDurability(word)),
        }
    }
}

impl fmt::Display for Durability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fsync => "fsync: nothing acknowledged is lost at a crash of process, kernel or power",
            Self::Os => {
                "os: nothing acknowledged is lost at a crash of the process; at one of kernel or power, \
                 typically the last 30 seconds"
            }
        })
    }
}

/// Where the spool is and how large it may grow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Its own directory, made if it is not there.
    pub dir: PathBuf,
    /// Bytes of one segment file. A frame that is larger gets a larger file of its own.
    pub segment_bytes: u64,
    /// The most bytes that all segment files may take, those set aside as damaged included.
    pub max_bytes: u64,
    /// What an acknowledgement promises.
    pub durability: Durability,
    /// A segment is closed at this age, unless another one is still waiting to be taken: when ClickHouse is
    /// down, few full segments take less of the budget than many small ones.
    pub segment_age: Duration,
    /// Shortest time between the starts of two commits.
    pub max_window: Duration,
}

impl Config {
    /// The most bytes that damaged files may take of the budget: a quarter, and room for one at least. If more
    /// are set aside, the oldest are deleted, which is said in the log and counted.
    pub fn quarantine_bytes(&self) -> u64 {
        (self.max_bytes / 4).max(self.segment_bytes)
    }

    /// The defaults, in this directory.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            segment_bytes: 8 << 20,
            max_bytes: 2 << 30,
            durability: Durability::default(),
            segment_age: Duration::from_secs(1),
            max_window: Duration::from_millis(1),
        }
    }
}
