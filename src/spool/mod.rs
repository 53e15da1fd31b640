//! The log between a browser's 204 and ClickHouse. [`Spool`] is the type to know.
//!
//! A [`Submission`] is appended as one frame, wholly there or not at all, and its future resolves when the
//! frame is durable. Frames stand in [segment](Segment) files; a closed segment goes out through
//! [`Spool::next_segment`], is inserted as one batch, and comes back by [`Spool::free`].
//!
//! **What a segment file holds.** A [header] of one page with the segment's identity, then frames.
//! Files are filled with zeros when they are made and used again, so that a commit changes no metadata of the
//! file system. The identity seeds the marker and the checksum of every frame: what an earlier life of the
//! file left behind never verifies.
//!
//! **Group commit.** Workers encode on their own thread and copy into a shared buffer; one writer thread
//! writes and syncs what has gathered. A commit starts at once after a quiet moment, and at most once in
//! [`Config::max_window`] under load, so there are never more than a thousand syncs a second and never one per
//! request. Each worker is woken once per commit: the writer wakes one waiting future of a worker, and that
//! one, running on the worker, wakes the others there (see [`waiters`]). If nothing waits, nobody is woken.
//!
//! **After a crash.** A file whose first frame verifies is a waiting segment again. A torn tail (the last
//! commit, which nobody was told about) is cut and reported. Damage before the last commit is reported as
//! corruption: what still verifies is delivered, and the file is kept as `*.corrupt`. Like every log of this
//! kind it relies on the disk writing a sector wholly or not at all.
//!
//! The rules: success is never reported after a failed sync; nothing that verifies is skipped; every memory
//! and every file has a bound.

mod active;
mod codec;
mod commit;
mod config;
mod error;
mod frame;
#[cfg(fuzzing)]
pub mod fuzzing;
mod header;
mod identity;
mod log;
mod pending;
mod policies;
mod pool;
mod queue;
mod read;
mod recover;
mod refused;
pub mod row;
mod segment;
mod segments;
mod shared;
mod slot;
mod submission;
mod waiters;
mod writer;

pub use commit::Append;
pub use config::{
    Config, MAX_FRAME_BYTES, MAX_PENDING_BYTES, MAX_READY_FILES, MAX_REFUSED_SITES,
    MIN_SEGMENT_BYTES,
};
pub use error::{AppendError, FreeError, OpenError, ReadError};
pub use log::Spool;
pub use policies::{MAX_POLICIES, POLICY_WINDOW};
pub use read::{OutcomeCount, SegmentContents};
pub use segment::Segment;
pub use submission::Submission;

#[cfg(test)]
mod tests;
