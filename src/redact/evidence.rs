//! Where in an entry a card number stands.

use crate::normalize::{Label, Subject, Violation};

use super::addresses::Sights;
use super::encodings;
use super::policies::Interned;
use super::report::{CardNumber, Report};

/// The card numbers of an entry.
pub(super) struct Cards {
    /// Where data went or code was: evidence.
    moved: Option<CardNumber>,
    /// In the page's own address, referrer or policy: a leak, but nobody's theft.
    on_page: Option<CardNumber>,
}

impl Cards {
    pub(super) fn of(
        violation: &Violation<'_>,
        sights: &Sights<'_>,
        policy: Option<&Interned>,
    ) -> Self {
        let document = &sights.document;
        match (&violation.subject, &sights.sent) {
            (Subject::CspViolation { sample, .. }, Some(sent)) => Self {
                // A report on the page itself, such as frame-ancestors, is about the page.
                moved: encodings::find(sample).or_else(|| {
                    let is_page = sent.blocked.hash == document.hash;
                    sent.blocked.card.filter(|_| !is_page)
                }),
                on_page: (sent.source.card)
                    .or(document.card)
                    .or(sent.referrer.card)
                    .or_else(|| policy.and_then(|policy| policy.card)),
            },
            (Subject::CspViolation { sample, .. }, None) => Self {
                moved: encodings::find(sample),
                on_page: document.card,
            },
            (Subject::Other { json, report_type }, _) => Self {
                moved: encodings::find(json),
                on_page: document.card.or_else(|| encodings::find(report_type)),
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
