//! [`Violation`](crate::normalize::Violation) → [`Report`]: the only way to make one.

mod policy;
mod report;

pub use policy::PolicyText;
pub use report::{CardNumber, Report};
