//! Fields that take whatever stands there.
//!
//! [`Word`] and [`Number`] never fail: a string, number, null, boolean, object or array all become a text
//! or a number, or nothing. `Option<Cow<str>>` would not do: serde never borrows for it. [`Long`] is the exception.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::Text;

/// A field that should be text.
#[derive(Debug, Default)]
pub(super) struct Word<'a> {
    /// The text, empty for null, objects and arrays.
    pub(super) text: Text<'a>,
    /// It was `null`, which Firefox writes and Chromium does not.
    pub(super) null: bool,
}

/// A field that should be a number that is not negative.
#[derive(Debug, Default)]
pub(super) struct Number {
    /// The number without its fraction; `None` for negative ones and all that is none.
    pub(super) value: Option<u64>,
    /// It was `null`.
    pub(super) null: bool,
}

impl Number {
    fn of(value: Option<u64>) -> Self {
        Self { value, null: false }
    }

    fn from_float(float: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a float saturates when cast, and it is not negative"
        )]
        Self::of((float >= 0.0).then_some(float as u64))
    }

    /// The value, or the largest `u32` if it is larger.
    pub(super) fn as_u32(&self) -> Option<u32> {
        self.value.map(|n| u32::try_from(n).unwrap_or(u32::MAX))
    }
}

/// Reads the rest of an object without recursion, however deep it is.
pub(super) fn skip_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

/// Reads the rest of an array without recursion, however deep it is.
pub(super) fn skip_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de: 'a, 'a> Deserialize<'de> for Word<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

struct WordVisitor;

fn word(text: impl Into<Cow<'static, str>>) -> Word<'static> {
    Word {
        text: text.into(),
        null: false,
    }
}

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Word<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Word<'de>, E> {
        Ok(Word {
            text: Cow::Borrowed(text),
            null: false,
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Word<'de>, E> {
        Ok(word(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Word<'de>, E> {
        Ok(Word {
            text: Cow::Borrowed(""),
            null: true,
        })
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Word<'de>, E> {
        Ok(word(if value { "true" } else { "false" }))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Word<'de>, E> {
        Ok(word(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Word<'de>, E> {
        Ok(word(number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Word<'de>, E> {
        Ok(word(number.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Word<'de>, A::Error> {
        skip_map(map).map(|()| Word::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Word<'de>, A::Error> {
        skip_seq(seq).map(|()| Word::default())
    }
}

/// A text that is most of what a report has, read several times faster than a [`Word`]: as bytes that are looked
/// at afterwards. Takes strings and null; an error of the data says that a [`Word`] is to be read there.
pub(super) struct Long<'a>(pub(super) Word<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Long<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(LongVisitor).map(Self)
    }
}

struct LongVisitor;

impl<'de> Visitor<'de> for LongVisitor {
    type Value = Word<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string without control characters")
    }

    fn visit_none<E: Error>(self) -> Result<Word<'de>, E> {
        WordVisitor.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Word<'de>, D::Error> {
        deserializer.deserialize_bytes(self)
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Word<'de>, E> {
        plain(bytes).map_or_else(
            || Err(refused()),
            |text| WordVisitor.visit_borrowed_str(text),
        )
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Word<'de>, E> {
        plain(bytes).map_or_else(|| Err(refused()), |text| WordVisitor.visit_str(text))
    }
}

fn refused<E: Error>() -> E {
    E::invalid_value(
        Unexpected::Other("half a surrogate pair or a control character"),
        &LongVisitor,
    )
}

/// Of bytes nothing was checked: neither control characters nor lone surrogates, which then are no UTF-8.
fn plain(bytes: &[u8]) -> Option<&str> {
    // All of them, without an end in the middle: so the compiler compares many at once.
    let is_controlled = bytes.iter().fold(false, |any, &b| any | (b < 0x20));
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    (!is_controlled).then_some(text)
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberVisitor)
    }
}

struct NumberVisitor;

impl<'de> Visitor<'de> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Number, E> {
        Ok(Number::of(Some(number)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Number, E> {
        Ok(Number::of(u64::try_from(number).ok()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
        Ok(Number::from_float(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        let text = text.trim();
        Ok(match (text.parse(), text.parse()) {
            (Ok(whole), _) => Number::of(Some(whole)),
            (_, Ok(float)) => Number::from_float(float),
            _ => Number::default(),
        })
    }

    fn visit_unit<E: Error>(self) -> Result<Number, E> {
        Ok(Number {
            value: None,
            null: true,
        })
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Number, E> {
        Ok(Number::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Number, A::Error> {
        skip_map(map).map(|()| Number::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Number, A::Error> {
        skip_seq(seq).map(|()| Number::default())
    }
}
