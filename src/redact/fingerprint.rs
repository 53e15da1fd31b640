//! Is this the same entry again?

use std::hash::{BuildHasher, Hash, Hasher};

use crate::normalize::{Subject, Violation};

use super::Redactor;
use super::addresses::Sights;
use super::policies::Interned;

impl Redactor {
    /// Hash of the entry as sent. Over what redaction hides, so that two different values of one shape
    /// are no repeat; the policy goes in by its own hash, which knows no nonces.
    pub(super) fn fingerprint(
        &self,
        violation: &Violation<'_>,
        sights: &Sights<'_>,
        policy: Option<&Interned>,
    ) -> u64 {
        let mut hasher = self.secret.build_hasher();
        let visitor = &violation.visitor;
        (visitor.client, visitor.network, violation.shape).hash(&mut hasher);
        policy
            .map_or(0, |policy| policy.text.hash)
            .hash(&mut hasher);
        sights.document.hash.hash(&mut hasher);
        if let Some(sent) = &sights.sent {
            (sent.blocked.hash, sent.referrer.hash, sent.source.hash).hash(&mut hasher);
        }
        match &violation.subject {
            Subject::CspViolation {
                directive,
                disposition,
                line,
                column,
                sample,
                status_code,
                ..
            } => (directive, disposition, line, column, sample, status_code).hash(&mut hasher),
            Subject::Other { report_type, json } => (report_type, json).hash(&mut hasher),
        }
        hasher.finish()
    }
}
