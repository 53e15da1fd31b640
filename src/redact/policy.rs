//! The policy of a page, redacted once.

/// A policy without nonces, report endpoints and secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText {
    /// Hash of what the policy says; the same whatever its nonces.
    pub hash: u64,
    /// The redacted text.
    pub text: String,
}
