//! What a request's head may be, beyond what the framework refuses: more than one length, a length beside
//! chunks, spaces in names, folded lines, control characters, more than 96 headers.

use actix_http::RequestHead;
use actix_web::http::header;

use crate::outcome::RefusedReason;

/// Bytes of a path and all headers. A browser sends less than 2 KiB, and up to twice 8 KiB of cookies where the
/// door stands on the shop's own host.
pub const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Why the request is not even looked at.
pub(super) fn check(head: &RequestHead) -> Option<(RefusedReason, &'static str)> {
    if length(head) > MAX_HEAD_BYTES {
        return Some((RefusedReason::TooLarge, "the head is larger than 32 KiB"));
    }
    // The framework would take all that follows for the body, whatever length the request gives: a proxy before
    // us, which goes by the length, would send it the next client's request.
    let upgrade = head.headers().get(header::UPGRADE);
    let changes = upgrade.is_some_and(|to| to.as_bytes().eq_ignore_ascii_case(b"websocket"));
    changes.then_some((RefusedReason::Broken, "reports are sent with plain HTTP"))
}

fn length(head: &RequestHead) -> usize {
    let uri = head
        .uri
        .path_and_query()
        .map_or(0, |path| path.as_str().len());
    let headers = head.headers().iter();
    uri + headers
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum::<usize>()
}
