//! The fields of a CSP violation, under every name that was ever sent.
//!
//! [`Fields`] reads one object: the inside of `csp-report`, a `body`, or a flat report without either.

use serde::de::{IgnoredAny, MapAccess};

use super::cap::{MAX_SAMPLE_BYTES, MAX_TYPE_BYTES, MAX_URL_BYTES, MAX_WORD_BYTES, clip};
use super::loose::{Long, Number, Word};
use super::object::{FromObject, Known, Name};
use super::{RawViolation, Text};
use crate::csp::MAX_POLICY_BYTES;

/// What an object said about a violation, and how it said it. `QUICK` says that its policy is read as a [`Long`].
#[derive(Debug, Default)]
pub(super) struct Fields<'a, const QUICK: bool> {
    /// The fields.
    pub(super) violation: RawViolation<'a>,
    /// A key was there without which it is no report of a violation.
    pub(super) telling: bool,
    /// A key was spelled with a dash: the `report-uri` dialect.
    pub(super) dashed: bool,
    /// A `disposition` was there.
    pub(super) disposed: bool,
    /// A value was null.
    pub(super) null: bool,
    /// A value was cut.
    pub(super) cut: bool,
}

/// A key of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Document,
    Referrer,
    Blocked,
    Effective,
    Violated,
    Policy,
    Disposition,
    Source,
    Sample,
    Line,
    Column,
    Status,
}

impl Key {
    /// CSP Level 3's names with dashes (`report-uri`), its camel-case ones (Reporting API), those of the
    /// DOM event that page scripts copy, and the same with underscores.
    fn of(name: &str) -> Option<Self> {
        // By length first: a report has a dozen of them.
        Some(match name.len() {
            6 if name == "sample" => Self::Sample,
            8 if name == "referrer" => Self::Referrer,
            10 => match name {
                "blockedURL" | "blockedURI" => Self::Blocked,
                "sourceFile" => Self::Source,
                "lineNumber" => Self::Line,
                "statusCode" => Self::Status,
                _ => return None,
            },
            11 => match name {
                "blocked-uri" | "blocked_uri" | "blocked_url" | "blocked-url" => Self::Blocked,
                "documentURL" | "documentURI" => Self::Document,
                "source-file" | "source_file" => Self::Source,
                "line-number" | "line_number" => Self::Line,
                "status-code" | "status_code" => Self::Status,
                "disposition" => Self::Disposition,
                _ => return None,
            },
            12 => match name {
                "document-uri" | "document_uri" | "document_url" | "document-url" => Self::Document,
                "columnNumber" => Self::Column,
                "scriptSample" => Self::Sample,
                _ => return None,
            },
            13 => match name {
                "column-number" | "column_number" => Self::Column,
                "script-sample" | "script_sample" => Self::Sample,
                _ => return None,
            },
            14 if name == "originalPolicy" => Self::Policy,
            15 if matches!(name, "original-policy" | "original_policy") => Self::Policy,
            17 if name == "violatedDirective" => Self::Violated,
            18 => match name {
                "violated-directive" | "violated_directive" => Self::Violated,
                "effectiveDirective" => Self::Effective,
                _ => return None,
            },
            19 if matches!(name, "effective-directive" | "effective_directive") => Self::Effective,
            _ => return None,
        })
    }

    /// No report of a violation is without any of these.
    fn is_telling(self) -> bool {
        matches!(
            self,
            Self::Document | Self::Blocked | Self::Effective | Self::Violated | Self::Policy
        )
    }
}

/// A key as it was spelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelled {
    pub(super) key: Key,
    pub(super) dashed: bool,
}

impl Known for Spelled {
    fn of(name: &str) -> Option<Self> {
        Key::of(name).map(|key| Self {
            key,
            dashed: name.contains('-'),
        })
    }
}

enum Slot<'s, 'a> {
    Text(&'s mut Text<'a>, usize),
    Number(&'s mut Option<u32>),
}

impl<'a, const QUICK: bool> Fields<'a, QUICK> {
    /// Reads the value of one key. A key that comes twice counts as it came last.
    pub(super) fn read<A: MapAccess<'a>>(
        &mut self,
        Spelled { key, dashed }: Spelled,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.telling |= key.is_telling();
        self.dashed |= dashed;
        self.disposed |= key == Key::Disposition;
        match slot(&mut self.violation, key) {
            Slot::Text(slot, max) => {
                let word: Word<'a> = match key {
                    Key::Policy if QUICK => map.next_value::<Long<'a>>()?.0,
                    _ => map.next_value()?,
                };
                *slot = word.text;
                self.cut |= clip(slot, max);
                self.null |= word.null;
            }
            Slot::Number(slot) => {
                let number: Number = map.next_value()?;
                *slot = number.as_u32();
                self.null |= number.null;
            }
        }
        Ok(())
    }
}

fn slot<'s, 'a>(v: &'s mut RawViolation<'a>, key: Key) -> Slot<'s, 'a> {
    match key {
        Key::Document => Slot::Text(&mut v.document_url, MAX_URL_BYTES),
        Key::Referrer => Slot::Text(&mut v.referrer, MAX_URL_BYTES),
        Key::Blocked => Slot::Text(v.blocked_url.get_or_insert_default(), MAX_URL_BYTES),
        Key::Effective => Slot::Text(&mut v.effective_directive, MAX_WORD_BYTES),
        Key::Violated => Slot::Text(&mut v.violated_directive, MAX_WORD_BYTES),
        Key::Policy => Slot::Text(&mut v.original_policy, MAX_POLICY_BYTES),
        Key::Disposition => Slot::Text(&mut v.disposition, MAX_TYPE_BYTES),
        Key::Source => Slot::Text(&mut v.source_file, MAX_URL_BYTES),
        Key::Sample => Slot::Text(&mut v.sample, MAX_SAMPLE_BYTES),
        Key::Line => Slot::Number(&mut v.line_number),
        Key::Column => Slot::Number(&mut v.column_number),
        Key::Status => Slot::Number(&mut v.status_code),
    }
}

impl<'de, const QUICK: bool> FromObject<'de> for Fields<'de, QUICK> {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut fields = Fields::default();
        while let Some(Name(key)) = map.next_key()? {
            match key {
                Some(key) => fields.read(key, &mut map)?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}
