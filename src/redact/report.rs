//! What may leave memory.

use std::sync::Arc;
use std::time::Duration;

use crate::enrich::Visitor;
use crate::normalize::{Directive, Disposition, Labels, PageKind, Tampering};
use crate::parse::Shape;

/// One entry with every value hidden that is not known to be harmless. Its fields are read through
/// getters; only this module can make one.
#[derive(Clone, Debug)]
pub struct Report {
    pub(super) report_type: String,
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
