//! How much is taken of a body, and kept of a field. What is longer is cut and marked, never refused.

use std::borrow::Cow;

use super::Text;

/// Bytes of a body that are parsed. 100 reports, which is all that Chromium queues, with 20 KB each fit in.
pub const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;

/// Bytes of a body that are read at all, beyond [`MAX_BODY_BYTES`] only to count entries.
pub const MAX_DRAIN_BYTES: usize = 16 * 1024 * 1024;

/// Entries of one submission that are kept. Chromium queues at most 100 for the whole browser.
pub const MAX_ENTRIES: usize = 500;

/// Bytes kept of a URL. Browsers send 100 KB ones uncut.
pub const MAX_URL_BYTES: usize = 16 * 1024;

/// Bytes kept of inline code. Browsers cut at 40 characters, twice that for a Trusted Types sink.
pub const MAX_SAMPLE_BYTES: usize = 1024;

/// Bytes kept of `violated-directive`, which in old browsers is a directive's whole text.
pub const MAX_WORD_BYTES: usize = 4 * 1024;

/// Bytes kept of the name of a report type; the longest known one has 38.
pub const MAX_TYPE_BYTES: usize = 64;

/// Bytes kept of a user agent.
pub const MAX_USER_AGENT_BYTES: usize = 512;

/// Bytes of the `body` of a report that is no CSP violation. A larger one is kept as `null`.
pub const MAX_OTHER_BYTES: usize = 128 * 1024;

/// Levels of nesting in the `body` of a report that is no CSP violation. A deeper one is kept as `null`,
/// so that whoever reads it may do so by recursion.
pub const MAX_OTHER_DEPTH: usize = 32;

/// Cuts a text at a character, and says whether it did.
pub(super) fn clip(text: &mut Text<'_>, max: usize) -> bool {
    if text.len() <= max {
        return false;
    }
    let end = text.floor_char_boundary(max);
    match text {
        Cow::Borrowed(slice) => *slice = &slice[..end],
        Cow::Owned(string) => string.truncate(end),
    }
    true
}
