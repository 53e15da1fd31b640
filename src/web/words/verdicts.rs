//! Which text stands for a word of rows: verdicts, reasons, what became of a notice.

use super::Text;
use super::messages::{
    APPROVAL_WITHDRAWN, APPROVED_THEN, BLOCK_WITHDRAWN, BLOCKED_THEN, DELIVERY_GIVEN_UP,
    DELIVERY_HELD, DELIVERY_SENT, DELIVERY_WAITING, REASON_BROKEN, REASON_CANARY, REASON_ENCODING,
    REASON_LOST, REASON_MALFORMED, REASON_METHOD, REASON_NOT_JSON, REASON_RETIRED_KEY,
    REASON_TIMEOUT, REASON_TOO_LARGE, REASON_TRUNCATED, REASON_UNAVAILABLE, REASON_UNKNOWN_KEY,
};
use crate::trust::Verdict;

/// What somebody decided.
pub(in crate::web) fn decided(verdict: Verdict, is_withdrawn: bool) -> Text {
    match (verdict, is_withdrawn) {
        (Verdict::Approved, false) => APPROVED_THEN,
        (Verdict::Approved, true) => APPROVAL_WITHDRAWN,
        (Verdict::Blocked, false) => BLOCKED_THEN,
        (Verdict::Blocked, true) => BLOCK_WITHDRAWN,
    }
}

/// Why an entry was not kept, or not acknowledged. None of a newer program's reason.
pub(in crate::web) fn reason(word: &str) -> Option<Text> {
    Some(match word {
        "truncated" => REASON_TRUNCATED,
        "malformed" => REASON_MALFORMED,
        "canary" => REASON_CANARY,
        "lost" => REASON_LOST,
        "unknown_key" => REASON_UNKNOWN_KEY,
        "retired_key" => REASON_RETIRED_KEY,
        "not_json" => REASON_NOT_JSON,
        "too_large" => REASON_TOO_LARGE,
        "method" => REASON_METHOD,
        "timeout" => REASON_TIMEOUT,
        "broken" => REASON_BROKEN,
        "encoding" => REASON_ENCODING,
        "unavailable" => REASON_UNAVAILABLE,
        _ => return None,
    })
}

/// What became of a notice.
pub(in crate::web) fn delivery_state(word: &str) -> Text {
    match word {
        "sent" => DELIVERY_SENT,
        "held" => DELIVERY_HELD,
        "given-up" => DELIVERY_GIVEN_UP,
        _ => DELIVERY_WAITING,
    }
}
