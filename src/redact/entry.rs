//! One [`Violation`] → one [`Report`].

use std::borrow::Cow;

use crate::normalize::{Destination, Directive, Disposition, Label, Subject, Violation};

use super::addresses::{Form, Sights};
use super::evidence::Cards;
use super::harmless::Harmless;
use super::report::Report;
use super::sample::MAX_SAMPLE_CHARS;
use super::url::{CUT_MARK, word_of};
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
        let sights = Sights::of(&violation, self.salt);
        let cards = Cards::of(&violation, &sights, policy.as_ref());
        let veil = Veil {
            key: &self.key,
            harmless,
            closed: cards.any().is_some(),
        };
        let mut report = common(&violation, &sights, veil);
        report.fingerprint = self.fingerprint(&violation, &sights, policy.as_ref());
        cards.note(&mut report);
        if policy.as_ref().is_some_and(|policy| policy.cut) {
            report.labels.insert(Label::Cut);
        }
        report.policy = policy.map(|policy| policy.text);
        fill(&mut report, &violation.subject, &sights, veil);
        cap(&mut report);
        report
    }
}

/// What every entry has.
fn common(violation: &Violation<'_>, sights: &Sights<'_>, veil: Veil<'_>) -> Report {
    // The page keeps its name: what was sent off is no part of it.
    let document = &sights.document;
    let page = veil.of_its_own(document.address.as_str());
    let (destination, host) = destination(&violation.destination, sights, veil);
    Report {
        report_type: CSP_VIOLATION.into(),
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
        document_host: document.shown(Form::Host, page),
        document_path: document.shown(Form::Path, page),
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

/// The destination, and its host if it is one.
fn destination(destination: &Destination, sights: &Sights<'_>, veil: Veil<'_>) -> (String, String) {
    let host = match (destination.host(), destination) {
        (Some(host), _) => host,
        (None, Destination::Scheme(scheme)) => return (word_of(scheme).to_owned(), String::new()),
        (None, other) => return (other.as_str().to_owned(), String::new()),
    };
    // Nearly always that of the blocked URL, which may have been shown before.
    if let Some(sent) = &sights.sent
        && sent.blocked.address.host() == Some(host)
    {
        let shown = |form| sent.blocked.shown(form, veil);
        return (shown(Form::Domain), shown(Form::Host));
    }
    let (mut domain, mut name) = (String::new(), String::new());
    veil.push_domain(&mut domain, host);
    veil.push_host(&mut name, host);
    (domain, name)
}

/// What its subject adds.
fn fill(report: &mut Report, subject: &Subject<'_>, sights: &Sights<'_>, veil: Veil<'_>) {
    match subject {
        Subject::CspViolation {
            directive,
            disposition,
            line,
            column,
            sample: code,
            status_code,
            ..
        } => {
            report.directive = *directive;
            report.disposition = *disposition;
            if let Some(sent) = &sights.sent {
                let script = veil.of_its_own(sent.source.address.as_str());
                report.blocked = sent.blocked.shown(Form::Url, veil);
                report.source = sent.source.shown(Form::Source, script);
                report.referrer_host = sent.referrer.shown(Form::Host, veil);
            }
            report.line = *line;
            report.column = *column;
            report.sample = match (code.is_empty(), veil.closed) {
                (false, true) => "*".to_owned(),
                _ => sample::redact(code),
            };
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
fn type_of(report_type: &str) -> Cow<'static, str> {
    let plain = report_type
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b == b'-');
    if plain && report_type.len() <= MAX_TYPE_BYTES && is_word(report_type) {
        Cow::Owned(report_type.to_owned())
    } else {
        Cow::Borrowed("unknown")
    }
}

/// Cuts what is longer than its column should be, and labels what was cut. It is redacted already: a
/// cut reveals nothing.
fn cap(report: &mut Report) {
    // No text of fewer bytes has as many characters.
    let mut cut = report.sample.len() >= MAX_SAMPLE_CHARS
        && report.sample.chars().count() >= MAX_SAMPLE_CHARS;
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
        cut |= !text.is_ascii() && text.contains(CUT_MARK);
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
    use crate::normalize::{Address, Labels, PageKind, Tampering};
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
            document: "https://shop.test/".into(),
            subject: Subject::CspViolation {
                directive: Directive::ConnectSrc,
                disposition: Disposition::Enforce,
                blocked: Address::new(blocked.to_owned().into()),
                referrer: "".into(),
                source: "".into(),
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
