//! What may leave memory.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use crate::enrich::Visitor;
use crate::normalize::{Directive, Disposition, Label, Labels, PageKind, Tampering};
use crate::parse::Shape;

/// One entry with every value hidden that is not known to be harmless. Its fields are read through
/// getters; only this module can make one.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) report_type: Cow<'static, str>,
    pub(super) shape: Shape,
    pub(super) age: Duration,
    pub(super) visitor: Visitor,
    pub(super) destination: String,
    pub(super) host: String,
    pub(super) directive: Directive,
    pub(super) disposition: Disposition,
    pub(super) page_kind: PageKind,
    pub(super) tampering: Tampering,
    pub(super) labels: Labels,
    pub(super) document_host: String,
    pub(super) document_path: String,
    pub(super) blocked: String,
    pub(super) source: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) sample: String,
    pub(super) policy: Option<Arc<super::PolicyText>>,
    pub(super) referrer_host: String,
    pub(super) status_code: u16,
    pub(super) card_number: Option<CardNumber>,
    pub(super) body: String,
    pub(super) fingerprint: u64,
}

/// The fact that a card number stood in an entry. Never the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardNumber {
    /// The scheme, by its number range: `visa`, `mastercard`, `jcb`, `amex`, …
    pub brand: &'static str,
    /// Digits in the number.
    pub length: u8,
    /// How it was written: `plain`, `separated`, `percent`, `base64`, `hex`, `split`.
    pub encoding: &'static str,
}

macro_rules! getters {
    ($($(#[$meta:meta])* $field:ident : $type:ty),+ $(,)?) => {
        $($(#[$meta])* pub fn $field(&self) -> $type { self.$field })+
    };
}

macro_rules! text_getters {
    ($($(#[$meta:meta])* $field:ident),+ $(,)?) => {
        $($(#[$meta])* pub fn $field(&self) -> &str { &self.$field })+
    };
}

impl Report {
    text_getters! {
        /// The report type: a known one, any other plain word, or `unknown`.
        report_type,
        /// Registrable domain, else bare scheme, `inline`, `eval` or `none`.
        destination,
        /// Host of the blocked URL, its opaque labels hidden; empty if there is none.
        host,
        /// Host of the page.
        document_host,
        /// Path of the page, ids hidden; `about` or `blob` for a page without an address.
        document_path,
        /// The blocked URL: host, path, names and shapes of its query.
        blocked,
        /// The script that did it: host and path, or a scheme.
        source,
        /// First characters of inline code, without strings and digits.
        sample,
        /// Host of the referrer.
        referrer_host,
        /// JSON of any other report type's body; empty for a CSP violation.
        body,
    }

    getters! {
        /// The wire's dialect.
        shape: Shape,
        /// Time between the violation and its arrival.
        age: Duration,
        /// Who sent it.
        visitor: Visitor,
        /// The directive that was violated.
        directive: Directive,
        /// Whether the browser blocked it.
        disposition: Disposition,
        /// The page's kind.
        page_kind: PageKind,
        /// Which kind of tampering it would be.
        tampering: Tampering,
        /// What is known about it.
        labels: Labels,
        /// Line in the source, 0 if unknown.
        line: u32,
        /// Column in the source, 0 if unknown.
        column: u32,
        /// Status of the document, 0 if unknown.
        status_code: u16,
        /// The fact that a card number stood in it.
        card_number: Option<CardNumber>,
        /// Keyed hash of the entry as sent, without its age and labels: a browser that sends it again
        /// gives the same. Never stored: it is of what redaction hides.
        fingerprint: u64,
    }

    /// The redacted policy, if the entry had one.
    pub fn policy(&self) -> Option<&Arc<super::PolicyText>> {
        self.policy.as_ref()
    }

    /// Labels it as an entry that the same browser sent before.
    pub fn mark_repeat(&mut self) {
        self.labels.insert(Label::Repeat);
    }

    /// Labels it as one of many new things that came at once.
    pub fn mark_burst(&mut self) {
        self.labels.insert(Label::Burst);
    }
}

#[cfg(test)]
impl Report {
    /// A report that no browser sent, for the tests of later stages.
    pub(crate) fn made_up(destination: &str, directive: Directive) -> Self {
        use crate::enrich::{Browser, Family};
        Self {
            report_type: "csp-violation".into(),
            shape: Shape::ReportUri,
            age: Duration::from_millis(250),
            visitor: Visitor {
                client: 0x1122_3344_5566_7788,
                network: 0x99aa_bbcc_ddee_ff00,
                country: *b"JP",
                asn: 4713,
                browser: Browser {
                    family: Family::Chromium,
                    major: 152,
                    mobile: true,
                },
            },
            destination: destination.to_owned(),
            host: format!("cdn.{destination}"),
            directive,
            disposition: Disposition::Report,
            page_kind: PageKind::Checkout,
            tampering: Tampering::Js,
            labels: Labels::default(),
            document_host: "shop.example".to_owned(),
            document_path: "/checkout".to_owned(),
            blocked: format!("https://cdn.{destination}/collect?n=9{{3}}"),
            source: "https://shop.example/app.js".to_owned(),
            line: 12,
            column: 3456,
            sample: String::new(),
            policy: Some(Arc::new(super::PolicyText {
                hash: 0xfeed_face_cafe_beef,
                text: "default-src 'self'".to_owned(),
            })),
            referrer_host: "shop.example".to_owned(),
            status_code: 200,
            card_number: None,
            body: String::new(),
            fingerprint: fingerprint(destination, directive),
        }
    }

    /// The same, with another policy.
    pub(crate) fn with_policy(mut self, policy: Option<super::PolicyText>) -> Self {
        self.policy = policy.map(Arc::new);
        self
    }

    /// The same, with a card number found in it.
    pub(crate) fn with_card_number(mut self, card_number: CardNumber) -> Self {
        self.card_number = Some(card_number);
        self
    }
}

#[cfg(test)]
fn fingerprint(destination: &str, directive: Directive) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    (destination, directive).hash(&mut hasher);
    hasher.finish()
}
