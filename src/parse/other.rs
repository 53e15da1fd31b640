//! The JSON text of the bodies that are no CSP violations.
//!
//! Such a body is known for what it is only after its `type`, which Chromium writes behind it. So they are
//! fetched in a second pass, over the few submissions that hold any.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::cap::{MAX_ENTRIES, MAX_OTHER_BYTES, MAX_OTHER_DEPTH};
use super::object::{FromObject, Known, Name, Object};

/// What is kept of a body that is too large or too deep.
pub(super) const TOO_MUCH: &str = "null";

/// The `body` of each entry in its order, as far as the text goes.
pub(super) fn bodies(text: &str) -> Vec<Option<&str>> {
    let mut bodies = Vec::new();
    // An error says what the first pass has said already; what came before it counts.
    drop(serde_json::Deserializer::from_str(text).deserialize_any(TopVisitor(&mut bodies)));
    bodies
}

/// Whether a body is small and shallow enough to be kept, and whoever reads it can: a number may be beyond
/// every type, which skipping it does not show.
pub(super) fn fits(json: &str) -> bool {
    json.len() <= MAX_OTHER_BYTES
        && depth(json.as_bytes()) <= MAX_OTHER_DEPTH
        && serde_json::from_str::<serde_json::Value>(json).is_ok()
}

/// Levels of nesting of a JSON text.
fn depth(json: &[u8]) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => now += 1,
            b'}' | b']' if !in_string => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

struct Body<'a>(Option<&'a RawValue>);

struct BodyKey;

impl Known for BodyKey {
    fn of(name: &str) -> Option<Self> {
        (name == "body").then_some(Self)
    }
}

impl<'de> FromObject<'de> for Body<'de> {
    fn from_object<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut body = None;
        while let Some(Name(key)) = map.next_key()? {
            match key {
                Some(BodyKey) => body = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Self(body))
    }
}

struct TopVisitor<'b, 'a>(&'b mut Vec<Option<&'a str>>);

impl<'de> Visitor<'de> for TopVisitor<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Body(body) = Body::from_object(map)?;
        self.0.push(body.map(RawValue::get));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while self.0.len() < MAX_ENTRIES {
            let Some(Object(body)) = seq.next_element::<Object<Body<'de>>>()? else {
                break;
            };
            self.0
                .push(body.and_then(|Body(raw)| raw.map(RawValue::get)));
        }
        super::loose::skip_seq(seq)
    }
}
