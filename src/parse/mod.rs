//! Bytes → [`RawReport`]: what a browser said, borrowed from the body and believed in nothing.
//!
//! [`read`] is the one door. The shape is decided by the body, never by the `Content-Type`. One odd field
//! never costs the entry, one odd entry never costs the batch; only what is no JSON object or array, or
//! breaks off in the middle without having been cut by us, is a [`ParseError`].

mod batch;
mod cap;
mod count;
mod entry;
mod error;
mod loose;
mod object;
mod other;
mod raw;
mod repair;
mod violation;

pub use batch::{Batch, read};
pub use cap::{
    MAX_BODY_BYTES, MAX_DRAIN_BYTES, MAX_ENTRIES, MAX_OTHER_BYTES, MAX_OTHER_DEPTH,
    MAX_SAMPLE_BYTES, MAX_TYPE_BYTES, MAX_URL_BYTES, MAX_USER_AGENT_BYTES, MAX_WORD_BYTES,
};
pub use count::{EntryCount, EntryCounter};
pub use error::ParseError;
pub use raw::{RawBody, RawReport, RawViolation, Shape, Text};
