//! Is this the same entry again?

use crate::normalize::{Subject, Violation};

use super::Redactor;
use super::policy::Interned;

impl Redactor {
    /// Hash of the entry as sent. Over what redaction hides, so that two different values of one shape
    /// are no repeat; the policy goes in by its own hash, which knows no nonces.
    pub(super) fn fingerprint(&self, violation: &Violation<'_>, policy: Option<&Interned>) -> u64 {
        let mut hasher = self.key.hasher();
        let mut add = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        let visitor = &violation.visitor;
        add(&visitor.client.to_le_bytes());
        add(&visitor.network.to_le_bytes());
        add(violation.shape.as_str().as_bytes());
        add(violation.document_url.as_bytes());
        add(&policy.map_or(0, |policy| policy.text.hash).to_le_bytes());
        match &violation.subject {
            Subject::CspViolation {
                directive,
                disposition,
                blocked_url,
                referrer,
                source_file,
                line,
                column,
                sample,
                status_code,
                policy: _,
            } => {
                for text in [
                    directive.as_str(),
                    disposition.as_str(),
                    blocked_url,
                    referrer,
                    source_file,
                    sample,
                ] {
                    add(text.as_bytes());
                }
                for number in [*line, *column, u32::from(*status_code)] {
                    add(&number.to_le_bytes());
                }
            }
            Subject::Other { report_type, json } => {
                add(report_type.as_bytes());
                add(json.as_bytes());
            }
        }
        let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}
