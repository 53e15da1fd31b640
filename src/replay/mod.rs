//! Recorded requests → a collector: posts a file of them at a multiple of their pace.
//!
//! [`run`] reads either format (a corpus of captured requests, or a scenario's `requests.ndjson`) line
//! by line and counts the answers in a [`Summary`]. The rule: bodies go out byte for byte as recorded.

mod record;
mod send;

pub use record::{RecordError, Recorded};
pub use send::{Options, ReplayError, Summary, run};
