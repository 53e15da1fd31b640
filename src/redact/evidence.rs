//! Where in an entry a card number stands.

use crate::normalize::{Label, Subject, Violation};

use super::encodings;
use super::policy::Interned;
use super::report::{CardNumber, Report};

/// The card numbers of an entry.
pub(super) struct Cards {
    /// Where data went or code was: evidence.
    moved: Option<CardNumber>,
    /// In the page's own address, referrer or policy: a leak, but nobody's theft.
    on_page: Option<CardNumber>,
}

impl Cards {
    pub(super) fn of(violation: &Violation<'_>, policy: Option<&Interned>) -> Self {
        let first = |texts: &[&str]| texts.iter().find_map(|text| encodings::find(text));
        let document = &*violation.document_url;
        match &violation.subject {
            Subject::CspViolation {
                blocked_url,
                sample,
                source_file,
                referrer,
                ..
            } => Self {
                // A report on the page itself, such as frame-ancestors, is about the page.
                moved: first(&[sample])
                    .or_else(|| first(&[blocked_url]).filter(|_| blocked_url != document)),
                on_page: first(&[source_file, document, referrer])
                    .or_else(|| policy.and_then(|policy| policy.card)),
            },
            Subject::Other { json, report_type } => Self {
                moved: first(&[json]),
                on_page: first(&[document, report_type]),
            },
        }
    }

    pub(super) fn any(&self) -> Option<CardNumber> {
        self.moved.or(self.on_page)
    }

    pub(super) fn note(&self, report: &mut Report) {
        report.card_number = self.any();
        if report.card_number.is_some() {
            report.labels.insert(Label::CardNumber);
        }
        if self.moved.is_none() && self.on_page.is_some() {
            report.labels.insert(Label::CardOnPage);
        }
    }
}
