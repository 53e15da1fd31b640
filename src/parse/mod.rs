//! Bytes → [`RawReport`]: what a browser said, borrowed from the body and believed in nothing.
//!
//! The shape is decided by the body, never by the `Content-Type`. One odd field never costs the entry,
//! one odd entry never costs the batch.

mod raw;

pub use raw::{RawBody, RawReport, RawViolation, Shape, Text};
