//! What the second gate hands on.

use crate::normalize::Directive;
use crate::redact::Report;

/// A report that may be stored. Only this module can make one.
#[derive(Debug)]
pub struct Admitted(Report);

impl Admitted {
    pub(super) fn new(report: Report) -> Self {
        Self(report)
    }

    /// The report.
    pub fn report(&self) -> &Report {
        &self.0
    }
}

/// What is left of an entry that was folded after parsing: enough for the detector's denominators.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Folded {
    /// Where the data would have gone, as in the row it did not get.
    pub destination: String,
    /// The directive that was violated.
    pub directive: Directive,
}
