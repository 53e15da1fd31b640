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
//! [`Config::max_window`] under load, half as often where each would hold few, so there are never more than a thousand syncs a second and never one per
//! request. Each worker is woken once per commit: the writer wakes one waiting future of a worker, and that
//! one, running on the worker, wakes the others there (see [`waiters`]). If nothing waits, nobody is woken.
//!
//! **What an acknowledgement promises** is [`Durability`]: `fsync` that the disk has it, `os` that the operating
//! system has it, each with the loss that it leaves possible.
//!
//! **When the disk says no.** After a write or a sync that failed nothing more is written to that segment: what
//! the disk holds is unknown, and a sync that is asked for again may lie. Those who waited are refused, what
//! they sent is taken back with zeros that are synced, what was acknowledged before goes out, and the next
//! commit begins a new file. Should even the zeros fail, the fate of those submissions is unknown: they are
//! delivered if the process ends before their segment is freed. That is logged and counted. A file that cannot
//! be freed, taken away or set aside is tried again each second, and counts against the budget until then.
//! A disk that takes no file is tried once a second; [`Spool::check`] says why.
//!
//! **What does not verify.** After a crash a file in which a frame verifies is a waiting segment again.
//!
//! * *Torn*: the last commit of a segment that a crash left open does not verify to its end. Nobody was told
//!   about it. What verifies of it is delivered; that it was torn is logged and counted.
//! * *Corrupt*: anything else that does not verify, in a segment that was closed, or whose end this process
//!   knows, or before its last commit, or with the head of a later commit behind it; and a file shorter than it
//!   was made. What verifies is delivered, in front of the damage and behind it. The file is kept as
//!   `*.corrupt`; it is logged and counted.
//! * *Header*: without it nothing can be verified after a restart. The file is kept, logged and counted.
//!
//! * *Unreadable*: the disk does not hand a file out at a start. It stays where it is and counts against the
//!   budget; it is logged, stands in a metric and in `skimwatch segments list`, and the next start looks at it
//!   again. Only the directory, its lock and the identity stop a start when they cannot be read.
//!
//! Kept files are part of the disk budget and have a bound in it, [`Config::quarantine_bytes`]; beyond it the
//! oldest are deleted, logged and counted. One that was mended can be named `*.seg` again before a start.
//!
//! What cannot be told: damage to the last commit alone of a segment that a crash left open looks like a torn
//! one, and if nothing of it is left at all, like none; a file cut to no bytes looks like one whose making was
//! cut off. Like every log of this kind it relies on the disk writing a sector wholly or not at all.
//!
//! **Set aside.** What ClickHouse refuses for its content is moved to `set-aside/` by [`Spool::set_aside`], out of the
//! way of those behind it, and waits there for somebody to have it [inserted again](StoredSegment).
//!
//! The rules: success is never reported after a failed sync; nothing that verifies is skipped; nothing that
//! does not verify is passed over in silence; every memory and every file has a bound. `walk` and `wounds` hold
//! that on a disk that does its worst.

mod active;
mod aside;
mod codec;
mod commit;
mod config;
mod damage;
mod disk;
mod error;
mod file;
mod folded;
mod frame;
#[cfg(fuzzing)]
pub mod fuzzing;
mod header;
mod identity;
mod log;
mod look;
mod pending;
mod policies;
mod pool;
mod queue;
mod read;
mod recover;
mod refused;
pub mod row;
mod scan;
mod segment;
mod segments;
mod shared;
pub mod shown;
mod slot;
mod submission;
mod trouble;
mod unread;
mod waiters;
mod writer;

pub use aside::{AsideError, Record, Refusal};
pub use commit::Append;
pub use config::{
    Config, Durability, MAX_FRAME_BYTES, MAX_PENDING_BYTES, MAX_READY_FILES, MAX_REFUSED_SITES,
    MIN_SEGMENT_BYTES, UnknownDurability,
};
pub use error::{AppendError, FreeError, OpenError, ReadError};
pub use folded::MAX_FOLDED_OF_SITE;
pub use log::Spool;
pub use look::{StoredSegment, StoredSegments, segments_set_aside, waiting_segments};
pub use policies::{MAX_NEW_POLICIES_OF_SITE, MAX_POLICIES, POLICY_WINDOW};
pub use read::{OutcomeCount, SegmentContents};
pub use segment::Segment;
pub use submission::Submission;

#[cfg(test)]
mod faulty;
#[cfg(test)]
mod hardships;
#[cfg(test)]
mod starts;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod volatile;
#[cfg(test)]
mod walk;
#[cfg(test)]
mod wounds;
