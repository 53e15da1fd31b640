//! CSP Level 3 policies, parsed. [`Policy`] is the type to know.
//!
//! [`hash()`] tells policies apart by what they say: two page views whose policies differ only in their
//! nonces and report addresses have the same hash.

mod hash;
mod policy;
mod source;

pub use hash::hash;
pub use policy::{Directive, MAX_DIRECTIVES, MAX_POLICY_BYTES, Policy};
pub use source::Source;
