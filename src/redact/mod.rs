//! [`Violation`](crate::normalize::Violation) → [`Report`]: the only way to make one.
//!
//! The promise: no value from a URL is kept as text unless it is known to be harmless, by a short list here or
//! by the site's own ([`Harmless`]). A value becomes
//! its shape (`cvv=9{3}`) and, from [`HASHED_FROM`] characters on, a keyed hash. Where a card number is
//! found, however it is written, no value of the entry keeps even that; the fact stays as
//! [`CardNumber`]. Names, path segments and host labels stay if they are words. What could not be
//! recognized is hidden with the rest: finding card numbers decides what is known, not what is hidden.
//!
//! Card numbers do pass through memory on their way here, and nowhere further.

mod addresses;
mod base64;
mod body;
mod card;
mod chain;
mod digits;
mod encodings;
mod entry;
mod evidence;
mod fingerprint;
mod folded;
mod harmless;
mod hex;
mod host;
mod key;
mod policies;
mod policy;
mod report;
mod sample;
mod shape;
mod url;
mod value;
mod word;

use std::hash::BuildHasher as _;

use foldhash::quality::RandomState;

pub use addresses::MAX_REMEMBERED_BYTES;
pub use body::{MAX_BODY_BYTES, MAX_DEPTH, MAX_READ_BYTES};
pub use encodings::{MAX_PERCENT_ROUNDS, MAX_TRIES};
pub use entry::{CSP_VIOLATION, MAX_ADDRESS_BYTES, MAX_TYPE_BYTES};
pub use harmless::{Harmless, HarmlessError, MAX_HARMLESS, MAX_HARMLESS_NAME, MAX_HARMLESS_VALUE};
pub use host::MAX_LABELS;
pub use key::Key;
pub use policies::{MAX_KEPT_BYTES, MAX_POLICIES, PolicyText};
pub use policy::MAX_POLICY_BYTES;
pub use report::{CardNumber, Report};
pub use sample::MAX_SAMPLE_CHARS;
pub use shape::MAX_RUNS;
pub use url::{CUT_MARK, MAX_PAIRS, MAX_SEGMENTS};
pub use value::{HASHED_FROM, MAX_NAME_BYTES};
pub use word::MAX_WORD_CHARS;

/// Redacts. Shared by all workers; remembers the policies it has seen.
#[derive(Debug)]
pub struct Redactor {
    key: Key,
    /// The secret of hashes that are of this process and leave it nowhere.
    secret: RandomState,
    /// Tells what this redactor remembers from what others do.
    salt: u64,
    policies: policies::Policies,
}

impl Redactor {
    /// A redactor whose hashes are made with this key.
    pub fn new(key: Key) -> Self {
        let secret = RandomState::default();
        Self {
            key,
            salt: secret.hash_one(0),
            secret,
            policies: policies::Policies::default(),
        }
    }
}
