//! [`RawReport`](crate::parse::RawReport) → [`Violation`]: closed sets in place of text.
//!
//! Nothing is hidden yet: a `Violation` still holds what the browser sent, so it must not leave memory.
//! Only [`crate::redact`] takes one.

mod violation;

/// Longest time between a violation and its arrival that is believed: how long Chromium keeps trying.
pub const MAX_AGE: std::time::Duration = std::time::Duration::from_secs(15 * 60);

pub use violation::{
    Destination, Directive, Disposition, Label, Labels, PageKind, Subject, Tampering, Violation,
};
