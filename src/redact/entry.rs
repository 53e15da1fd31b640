//! One [`Violation`] → one [`Report`].

use crate::normalize::{Destination, Directive, Disposition, Label, Subject, Violation};

use super::evidence::Cards;
use super::harmless::Harmless;
use super::report::Report;
use super::sample::MAX_SAMPLE_CHARS;
use super::url::CUT_MARK;
use super::value::Veil;
use super::word::is_word;
use super::{Redactor, body, sample};

/// Longest redacted address, path or host, in bytes.
pub const MAX_ADDRESS_BYTES: usize = 512;

/// The report type of CSP violations.
pub const CSP_VIOLATION: &str = "csp-violation";

/// Longest report type that is kept, in bytes.
pub const MAX_TYPE_BYTES: usize = 40;

impl Redactor {
    /// Hides every value of an entry that is not known to be harmless, `harmless` being what its site says.
    ///
    /// If a card number stands anywhere in it, no value keeps even its shape.
    pub fn redact(&self, violation: Violation<'_>, harmless: &Harmless) -> Report {
        let policy = match &violation.subject {
            Subject::CspViolation { policy, .. } => self.policies.intern(policy, &self.key),
            Subject::Other { .. } => None,
        };
        let cards = Cards::of(&violation, policy.as_ref());
        let veil = Veil {
            key: &self.key,
            harmless,
            closed: cards.any().is_some(),
        };
        let fingerprint = self.fingerprint(&violation, policy.as_ref());
        let mut report = common(&violation, veil);
        report.fingerprint = fingerprint;
        cards.note(&mut report);
        if policy.as_ref().is_some_and(|policy| policy.cut) {
            report.labels.insert(Label::Cut);
        }
        report.policy = policy.map(|policy| policy.text);
        fill(&mut report, &violation.subject, veil);
        cap(&mut report);
        report
    }
}

/// What every entry has.
fn common(violation: &Violation<'_>, veil: Veil<'_>) -> Report {
    // The page keeps its name: what was sent off is no part of it.
    let page = veil.of_its_own(&violation.document_url);
    let (mut destination, mut host) = (String::new(), String::new());
    match &violation.destination {
        Destination::Host {
            domain,
            host: whole,
        } => {
            veil.push_host(&mut host, whole);
            veil.push_destination(&mut destination, domain, whole);
        }
        Destination::Scheme(scheme) => destination = veil.url(scheme),
        other => destination.push_str(other.as_str()),
    }
    Report {
        report_type: CSP_VIOLATION.to_owned(),
        shape: violation.shape,
        age: violation.age,
        visitor: violation.visitor,
        destination,
        host,
        directive: Directive::None,
        disposition: Disposition::Unknown,
        page_kind: violation.page_kind,
        tampering: violation.tampering,
        labels: violation.labels,
        document_host: page.host_of(&violation.document_url),
        document_path: page.path_of(&violation.document_url),
        blocked: String::new(),
        source: String::new(),
        line: 0,
        column: 0,
        sample: String::new(),
        policy: None,
        referrer_host: String::new(),
        status_code: 0,
        card_number: None,
        body: String::new(),
        fingerprint: 0,
    }
}

/// What its subject adds.
fn fill(report: &mut Report, subject: &Subject<'_>, veil: Veil<'_>) {
    match subject {
        Subject::CspViolation {
            directive,
            disposition,
            blocked_url,
            referrer,
            source_file,
            line,
            column,
            sample: code,
            status_code,
            policy: _,
        } => {
            report.directive = *directive;
            report.disposition = *disposition;
            report.blocked = veil.url(blocked_url);
            report.source = veil.of_its_own(source_file).source(source_file);
            report.line = *line;
            report.column = *column;
            report.sample = match (code.is_empty(), veil.closed) {
                (false, true) => "*".to_owned(),
                _ => sample::redact(code),
            };
            report.referrer_host = veil.host_of(referrer);
            report.status_code = *status_code;
        }
        Subject::Other { report_type, json } => {
            report.report_type = type_of(report_type);
            // A list is for one URL; a body may hold many, and a number in parts of them.
            let veil = Veil {
                harmless: Harmless::none(),
                ..veil
            };
            let (body, cut) = body::redact(json, veil);
            report.body = body;
            if cut {
                report.labels.insert(Label::Cut);
            }
        }
    }
}

/// A report type is a plain word in lower case; any other is `unknown`.
fn type_of(report_type: &str) -> String {
    let plain = report_type
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b == b'-');
    let known = plain && report_type.len() <= MAX_TYPE_BYTES && is_word(report_type);
    if known { report_type } else { "unknown" }.to_owned()
}

/// Cuts what is longer than its column should be, and labels what was cut. It is redacted already: a
/// cut reveals nothing.
fn cap(report: &mut Report) {
    let mut cut = report.sample.chars().count() >= MAX_SAMPLE_CHARS;
    let texts = [
        &mut report.destination,
        &mut report.host,
        &mut report.document_host,
        &mut report.document_path,
        &mut report.blocked,
        &mut report.source,
        &mut report.referrer_host,
    ];
    for text in texts {
        cut |= text.contains(CUT_MARK);
        if text.len() > MAX_ADDRESS_BYTES {
            text.truncate(text.floor_char_boundary(MAX_ADDRESS_BYTES));
            cut = true;
        }
    }
    if cut {
        report.labels.insert(Label::Cut);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Key;
    use super::*;
    use crate::enrich::{Browser, Family, Visitor};
    use crate::normalize::{Labels, PageKind, Tampering};
    use crate::parse::Shape;

    fn violation(blocked: &str, age: u64, client: u64) -> Violation<'static> {
        Violation {
            shape: Shape::ReportUri,
            age: Duration::from_millis(age),
            visitor: Visitor {
                client,
                network: 0,
                country: *b"  ",
                asn: 0,
                browser: Browser {
                    family: Family::Other,
                    major: 0,
                    mobile: false,
                },
            },
            destination: Destination::None,
            page_kind: PageKind::Other,
            tampering: Tampering::None,
            labels: Labels::default(),
            document_url: "https://shop.test/".into(),
            subject: Subject::CspViolation {
                directive: Directive::ConnectSrc,
                disposition: Disposition::Enforce,
                blocked_url: blocked.to_owned().into(),
                referrer: "".into(),
                source_file: "".into(),
                line: 0,
                column: 0,
                sample: "".into(),
                policy: "img-src 'self' 'nonce-a'".into(),
                status_code: 0,
            },
        }
    }

    #[test]
    fn a_repeat_has_the_same_fingerprint() {
        let redactor = Redactor::new(Key::new([3; 32]));
        let of = |blocked, age, client| {
            let mut report = redactor.redact(violation(blocked, age, client), Harmless::none());
            report.mark_repeat();
            assert!(report.labels().contains(Label::Repeat));
            report.fingerprint()
        };
        let first = of("https://a.test/?x=12", 1, 1);
        assert_eq!(first, of("https://a.test/?x=12", 60_000, 1));
        // Of the same shape, but not the same.
        assert_ne!(first, of("https://a.test/?x=13", 1, 1));
        assert_ne!(first, of("https://a.test/?x=12", 1, 2));
    }

    #[test]
    fn what_was_cut_is_labelled() {
        let redactor = Redactor::new(Key::new([3; 32]));
        let cut = |blocked: &str| {
            redactor
                .redact(violation(blocked, 0, 0), Harmless::none())
                .labels()
                .contains(Label::Cut)
        };
        assert!(!cut("https://a.test/x?y=1"));
        assert!(cut(&format!("https://a.test{}", "/x".repeat(100))));
        assert!(cut(&format!(
            "https://a.test/{}",
            "abcdefgh.abcdefgh.abcdefgh.abcdefgh/".repeat(16)
        )));
    }

    #[test]
    fn report_types_are_plain_words() {
        for (given, want) in [
            ("coep", "coep"),
            (
                "potential-permissions-policy-violation",
                "potential-permissions-policy-violation",
            ),
            ("Card4111", "unknown"),
            ("", "unknown"),
            ("mtexmtexmtex", "unknown"),
        ] {
            assert_eq!(type_of(given), want);
        }
    }
}
