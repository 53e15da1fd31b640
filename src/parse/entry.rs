//! One entry of a submission: which kind of object it is, and what it reports.

use serde::de::{IgnoredAny, MapAccess};

use super::cap::{MAX_TYPE_BYTES, MAX_URL_BYTES, MAX_USER_AGENT_BYTES, clip};
use super::loose::{Number, Word};
use super::object::{FromObject, Known, Name, Object};
use super::violation::{Fields, Spelled};
use super::{RawBody, RawReport, Shape, Text};
use crate::outcome::DiscardReason;

/// An entry's keys as they come; [`Entry::finish`] decides what it is once all have been seen, for `type`
/// may stand behind `body`.
#[derive(Debug, Default)]
pub(super) struct Entry<'a, const QUICK: bool> {
    report_type: Text<'a>,
    url: Text<'a>,
    user_agent: Text<'a>,
    age_ms: Option<u64>,
    fields: Fields<'a, QUICK>,
    wrapper: Wrapper,
    attempts: bool,
    body_after_type: bool,
    cut: bool,
}

/// Where the violation's fields stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wrapper {
    /// Beside the entry's own keys.
    #[default]
    Absent,
    /// In `body`.
    Body,
    /// In `csp-report`.
    CspReport,
}

/// Whether the body's outermost value is the entry itself or an array of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Top {
    Object,
    Array,
}

enum Key {
    CspReport,
    Body,
    Type,
    Url,
    UserAgent,
    Age,
    Attempts,
    Flat(Spelled),
}

impl Known for Key {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "csp-report" | "cspReport" | "csp_report" => Self::CspReport,
            "body" => Self::Body,
            "type" => Self::Type,
            "url" => Self::Url,
            "user_agent" | "userAgent" | "user-agent" => Self::UserAgent,
            "age" => Self::Age,
            "attempts" => Self::Attempts,
            _ => return Spelled::of(name).map(Self::Flat),
        })
    }
}

impl<'de, const QUICK: bool> FromObject<'de> for Entry<'de, QUICK> {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut entry = Entry::default();
        while let Some(Name(key)) = map.next_key()? {
            match key {
                Some(key) => entry.read(key, &mut map)?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(entry)
    }
}

impl<'a, const QUICK: bool> Entry<'a, QUICK> {
    fn read<A: MapAccess<'a>>(&mut self, key: Key, map: &mut A) -> Result<(), A::Error> {
        match key {
            Key::CspReport => self.wrap(Wrapper::CspReport, map.next_value()?),
            Key::Body => {
                self.body_after_type = !self.report_type.is_empty();
                self.wrap(Wrapper::Body, map.next_value()?);
            }
            Key::Type => self.report_type = self.text(map, MAX_TYPE_BYTES)?,
            Key::Url => self.url = self.text(map, MAX_URL_BYTES)?,
            Key::UserAgent => self.user_agent = self.text(map, MAX_USER_AGENT_BYTES)?,
            Key::Age => self.age_ms = map.next_value::<Number>()?.value,
            Key::Attempts => {
                map.next_value::<IgnoredAny>()?;
                self.attempts = true;
            }
            Key::Flat(key) if self.wrapper == Wrapper::Absent => self.fields.read(key, map)?,
            Key::Flat(_) => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn text<A: MapAccess<'a>>(&mut self, map: &mut A, max: usize) -> Result<Text<'a>, A::Error> {
        let mut text = map.next_value::<Word<'a>>()?.text;
        self.cut |= clip(&mut text, max);
        Ok(text)
    }

    /// `csp-report` outranks `body`, and both outrank what stands beside them.
    fn wrap(&mut self, wrapper: Wrapper, Object(fields): Object<Fields<'a, QUICK>>) {
        if wrapper == Wrapper::CspReport || self.wrapper != Wrapper::CspReport {
            self.wrapper = wrapper;
            self.fields = fields.unwrap_or_default();
        }
    }

    /// Decides what the entry is. The JSON text of a body that is no CSP violation is still empty: it can
    /// only be taken once the type is known, in a pass of its own.
    pub(super) fn finish(self, top: Top) -> Result<RawReport<'a>, DiscardReason> {
        let shape = self.shape(top);
        let cut = self.cut | self.fields.cut;
        let csp = self.wrapper == Wrapper::CspReport
            || matches!(&*self.report_type, "csp-violation" | "");
        let body = if csp && self.fields.telling {
            RawBody::CspViolation(self.fields.violation)
        } else if !csp && self.wrapper == Wrapper::Body {
            RawBody::Other {
                report_type: self.report_type,
                json: "",
            }
        } else {
            return Err(DiscardReason::Malformed);
        };
        Ok(RawReport {
            shape,
            age_ms: self.age_ms,
            url: self.url,
            user_agent: self.user_agent,
            body,
            cut,
        })
    }

    fn shape(&self, top: Top) -> Shape {
        match self.wrapper {
            Wrapper::Absent => Shape::Flat,
            Wrapper::CspReport if !self.fields.dashed => Shape::Flat,
            Wrapper::CspReport if self.fields.disposed => Shape::ReportUri,
            Wrapper::CspReport => Shape::ReportUriWebKit,
            Wrapper::Body if top == Top::Object || self.attempts => Shape::ReportToWebKit,
            Wrapper::Body if self.body_after_type || self.fields.null => Shape::ReportToFirefox,
            Wrapper::Body => Shape::ReportToChromium,
        }
    }
}
