//! A CSP violation → [`Violation`].

use crate::parse::{RawViolation, Text};

use super::address::Address;
use super::labels::{Dialect, Evidence};
use super::violation::{Label, Subject, Tampering, Violation};
use super::{Entry, Profile, destination, directive, page};

pub(super) fn violation<'a>(
    entry: Entry<'a>,
    body: RawViolation<'a>,
    profile: &Profile,
) -> Violation<'a> {
    let directive = directive::directive(&body.effective_directive, &body.violated_directive);
    let document = document(body.document_url, entry.url);
    let referrer = Address::beside(body.referrer, &document);
    let source = Address::beside(body.source_file, &document);
    let blocked = Address::beside(body.blocked_url.unwrap_or_default(), &document);
    let found = destination::of_violation(&blocked, directive, &document);
    let evidence = Evidence {
        destination: &found.destination,
        blocked: &blocked,
        source: &source,
        document: &document,
    };
    let mut labels = evidence.labels(profile);
    if found.malformed {
        labels.insert(Label::MalformedUrl);
    }
    let dialect = Dialect {
        shape: entry.shape,
        empty_field: body.sample.is_empty()
            || referrer.as_str().is_empty()
            || source.as_str().is_empty(),
    };
    if dialect.contradicts(entry.visitor.browser) {
        labels.insert(Label::ShapeConflict);
    }
    let page = page_address(&document, &referrer, profile);
    Violation {
        shape: entry.shape,
        age: entry.age,
        visitor: entry.visitor,
        page_kind: page::kind(page, profile),
        tampering: if labels.contains(Label::OwnDomain) {
            Tampering::None
        } else {
            directive::tampering(directive)
        },
        destination: found.destination,
        labels,
        document,
        subject: Subject::CspViolation {
            directive,
            disposition: directive::disposition(&body.disposition),
            blocked,
            referrer,
            source,
            line: body.line_number.unwrap_or(0),
            column: body.column_number.unwrap_or(0),
            sample: body.sample,
            policy: body.original_policy,
            status_code: body
                .status_code
                .and_then(|code| u16::try_from(code).ok())
                .unwrap_or(0),
        },
    }
}

/// The page's address: the body's, unless only the envelope names a real one.
fn document<'a>(in_body: Text<'a>, in_envelope: Text<'a>) -> Address<'a> {
    let in_body = Address::new(in_body);
    if in_body.url().is_some() {
        return in_body;
    }
    let in_envelope = Address::new(in_envelope);
    if in_body.as_str().is_empty() || in_envelope.url().is_some() {
        in_envelope
    } else {
        in_body
    }
}

/// Where the shopper was. A frame without an address (`about:blank`, `about:srcdoc`) or a blob worker
/// names none: a skimmer that borrows such a frame's `fetch` must not hide the page. Its referrer is the
/// page that made it, and counts if it is the site's.
fn page_address<'s, 'a>(
    document: &'s Address<'a>,
    referrer: &'s Address<'a>,
    profile: &Profile,
) -> &'s Address<'a> {
    match (document.host(), referrer.host()) {
        (None, Some(host)) if profile.owns(host.name) => referrer,
        _ => document,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Destination, Directive, PageKind, normalize};
    use super::*;
    use crate::enrich::{Browser, Family, Visitor};
    use crate::parse::{RawBody, RawReport, Shape};

    fn visitor() -> Visitor {
        Visitor {
            client: 1,
            network: 2,
            country: *b"JP",
            asn: 3,
            browser: Browser {
                family: Family::Chromium,
                major: 156,
                mobile: false,
            },
        }
    }

    fn report(body: RawViolation<'_>) -> RawReport<'_> {
        RawReport {
            shape: Shape::ReportToChromium,
            age_ms: Some(u64::MAX),
            url: "https://shop.test/checkout".into(),
            user_agent: "".into(),
            body: RawBody::CspViolation(body),
            cut: false,
        }
    }

    #[test]
    fn one_entry() {
        let profile = Profile::new(&["shop.test".to_owned()], &[], &[]);
        let body = RawViolation {
            blocked_url: Some("https://u:p@x.evil.test:443x.evil.test/c".into()),
            violated_directive: "form-action 'self'".into(),
            status_code: Some(70_000),
            ..RawViolation::default()
        };
        let violation = normalize(report(body), visitor(), &profile);
        assert_eq!(violation.age, Duration::from_secs(900));
        assert_eq!(violation.destination.as_str(), "evil.test");
        assert_eq!(violation.page_kind, PageKind::Checkout);
        assert_eq!(violation.tampering, Tampering::Link);
        assert!(violation.labels.contains(Label::MalformedUrl));
        let Subject::CspViolation {
            directive,
            status_code,
            ..
        } = violation.subject
        else {
            panic!("a violation");
        };
        assert_eq!((directive, status_code), (Directive::FormAction, 0));
    }

    #[test]
    fn a_frame_without_address_stands_on_the_page_that_made_it() {
        let profile = Profile::new(&["shop.test".to_owned()], &[], &[]);
        let body = |referrer: &'static str| RawViolation {
            document_url: "about".into(),
            referrer: referrer.into(),
            ..RawViolation::default()
        };
        let kind = |referrer| {
            let raw = RawReport {
                url: "about:blank".into(),
                ..report(body(referrer))
            };
            normalize(raw, visitor(), &profile).page_kind
        };
        assert_eq!(kind("https://shop.test/checkout#pay"), PageKind::Checkout);
        assert_eq!(kind("https://other.test/checkout"), PageKind::Other);
    }

    #[test]
    fn own_pages_are_no_tampering() {
        let profile = Profile::new(&["shop.test".to_owned()], &[], &[]);
        let body = RawViolation {
            blocked_url: Some("https://cdn.shop.test/x".into()),
            effective_directive: "img-src".into(),
            ..RawViolation::default()
        };
        let violation = normalize(report(body), visitor(), &profile);
        assert_eq!(violation.tampering, Tampering::None);
        assert!(matches!(violation.destination, Destination::Host { .. }));
    }
}
