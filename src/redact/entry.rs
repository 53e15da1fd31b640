//! One [`Violation`] → one [`Report`].

use crate::normalize::{Destination, Directive, Disposition, Label, Subject, Violation};

use super::policy::Interned;
use super::report::{CardNumber, Report};
use super::value::Veil;
use super::word::is_word;
use super::{Redactor, body, encodings, sample};

/// Longest redacted address, path or host, in bytes.
pub const MAX_ADDRESS_BYTES: usize = 512;

/// The report type of CSP violations.
pub const CSP_VIOLATION: &str = "csp-violation";

/// Longest report type that is kept, in bytes.
pub const MAX_TYPE_BYTES: usize = 40;

impl Redactor {
    /// Hides every value of an entry that is not known to be harmless.
    ///
    /// If a card number stands anywhere in it, no value keeps even its shape.
    pub fn redact(&self, violation: Violation<'_>) -> Report {
        let policy = match &violation.subject {
            Subject::CspViolation { policy, .. } => self.policies.intern(policy, &self.key),
            Subject::Other { .. } => None,
        };
        let cards = Cards::of(&violation, policy.as_ref());
        let veil = Veil {
            key: &self.key,
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

    /// Hash of the entry as sent. Over what redaction hides, so that two different values of one shape
    /// are no repeat; the policy goes in by its own hash, which knows no nonces.
    fn fingerprint(&self, violation: &Violation<'_>, policy: Option<&Interned>) -> u64 {
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

/// The card numbers of an entry.
struct Cards {
    /// Where data went or code was: evidence.
    moved: Option<CardNumber>,
    /// In the page's own address, referrer or policy: a leak, but nobody's theft.
    on_page: Option<CardNumber>,
}

impl Cards {
    fn of(violation: &Violation<'_>, policy: Option<&Interned>) -> Self {
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

    fn any(&self) -> Option<CardNumber> {
        self.moved.or(self.on_page)
    }

    fn note(&self, report: &mut Report) {
        report.card_number = self.any();
        if report.card_number.is_some() {
            report.labels.insert(Label::CardNumber);
        }
        if self.moved.is_none() && self.on_page.is_some() {
            report.labels.insert(Label::CardOnPage);
        }
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

/// Cuts what is longer than its column should be. It is redacted already: a cut reveals nothing.
fn cap(report: &mut Report) {
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
        if text.len() > MAX_ADDRESS_BYTES {
            text.truncate(text.floor_char_boundary(MAX_ADDRESS_BYTES));
            report.labels.insert(Label::Cut);
        }
    }
}
