//! [`RawReport`] → [`Violation`]: closed sets in place of text.
//!
//! Nothing is hidden yet: a `Violation` still holds what the browser sent, so it must not leave memory.
//! Only [`crate::redact`] takes one. The rule: no text is refused, no label hides an entry.

mod address;
mod csp;
mod destination;
mod directive;
mod domain;
mod labels;
mod noise;
mod other;
mod page;
mod profile;
mod url;
mod violation;
mod words;

use std::time::Duration;

use crate::enrich::{Family, Visitor};
use crate::parse::{RawBody, RawReport, Shape, Text};

/// Longest time between a violation and its arrival that is believed: how long Chromium keeps trying.
pub const MAX_AGE: Duration = Duration::from_secs(15 * 60);

pub use address::{Address, Host, MAX_ADDRESSES};
pub use destination::{MAX_SCHEME_BYTES, is_ip, registrable_domain};
pub use domain::{NotRegistrable, registrable};
pub use labels::ANONYMOUS_CODE;
pub use other::MAX_SEARCHED_BYTES;
pub use page::MAX_SEGMENTS;
pub use profile::Profile;
pub use url::{MAX_HOST_BYTES, UrlParts, is_network_scheme, pieces, scheme_of};
pub use violation::{
    Destination, Directive, Disposition, Label, Labels, PageKind, Subject, Tampering, Violation,
};

/// Decides what an entry is: its destination, directive, page kind and labels, by the site's profile.
pub fn normalize<'a>(raw: RawReport<'a>, visitor: Visitor, profile: &Profile) -> Violation<'a> {
    let entry = Entry {
        shape: raw.shape,
        age: Duration::from_millis(raw.age_ms.unwrap_or(0)).min(MAX_AGE),
        visitor,
        url: raw.url,
    };
    let mut violation = match raw.body {
        RawBody::CspViolation(body) => csp::violation(entry, body, profile),
        RawBody::Other { report_type, json } => other::violation(entry, report_type, json, profile),
    };
    if visitor.browser.family == Family::Bot {
        violation.labels.insert(Label::Bot);
    }
    if raw.cut {
        violation.labels.insert(Label::Cut);
    }
    violation
}

/// What every entry has, whatever it reports.
struct Entry<'a> {
    shape: Shape,
    age: Duration,
    visitor: Visitor,
    url: Text<'a>,
}
