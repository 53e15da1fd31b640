//! [`Failure`]: why a try did not succeed, and what follows from that.

use std::time::Duration;

/// Why a try did not succeed. The words name no path, which may be a secret.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) why: String,
}

/// What follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Another try may succeed, if the receiver says so after this time.
    Again(Option<Duration>),
    /// The receiver will never take this message.
    Refused,
    /// The receiver wants no message any more.
    Gone,
}

impl Failure {
    pub(super) fn again(why: impl Into<String>) -> Self {
        Self {
            kind: Kind::Again(None),
            why: why.into(),
        }
    }

    /// What an answer with this status means, and when to try again if it says so.
    pub(super) fn of_status(status: u16, retry_after: Option<Duration>) -> Self {
        let (kind, meaning) = match status {
            410 => (Kind::Gone, "the receiver wants nothing any more"),
            // What is wrong is wrong with this message.
            400 | 413 | 415 | 422 => (Kind::Refused, "the receiver does not take this message"),
            401 | 403 => (Kind::Again(None), "the receiver does not let us in"),
            404 => (Kind::Again(None), "there is no receiver at this address"),
            300..400 => (
                Kind::Again(None),
                "the receiver sends us elsewhere, where notices do not go",
            ),
            408 | 425 | 429 | 503 => (Kind::Again(retry_after), "the receiver asks for patience"),
            _ => (Kind::Again(None), "the receiver failed"),
        };
        Self {
            kind,
            why: format!("status {status}: {meaning}"),
        }
    }
}
