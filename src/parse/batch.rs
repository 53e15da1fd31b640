//! A body → its entries. [`read`] is the door, [`Batch`] what it hands in.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::cap::MAX_ENTRIES;
use super::entry::{Entry, Top};
use super::object::{FromObject, Object};
use super::repair::repair;
use super::{EntryCount, ParseError, RawBody, RawReport, other};
use crate::outcome::DiscardReason;

/// The entries of one submission, borrowed from its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch<'a> {
    /// At most [`MAX_ENTRIES`], in their order. An entry that is no report says so, alone.
    pub entries: Vec<Result<RawReport<'a>, DiscardReason>>,
    /// Entries that lay beyond the cap on bytes or on entries.
    pub truncated: u32,
}

/// Parses a body and hands its entries to `f`, which may keep nothing of them.
///
/// `cut` says that the body was cut at [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES) and holds this many
/// entries in all: those that are complete before the cut are read, the others are `truncated`.
///
/// Taken leniently: bytes that are not UTF-8, a byte order mark, lone surrogates, control characters and
/// wrong escapes in strings, numbers too large for any type, and whatever follows the outermost value.
///
/// # Errors
/// [`ParseError`] if it is no JSON object or array. An array that breaks in the middle without having been
/// cut is refused as a whole: no browser writes one, and entries behind the break could not be counted.
pub fn read<R>(
    body: &[u8],
    cut: Option<EntryCount>,
    f: impl FnOnce(Batch<'_>) -> R,
) -> Result<R, ParseError> {
    // Nearly every body is UTF-8, and checking that alone is several times faster than looking for what is not.
    let decoded = match simdutf8::basic::from_utf8(body) {
        Ok(text) => Cow::Borrowed(text),
        Err(_invalid) => String::from_utf8_lossy(body),
    };
    let text = decoded.strip_prefix('\u{feff}').unwrap_or(&decoded);
    let text = text.trim_start_matches([' ', '\t', '\n', '\r']);
    match text.as_bytes().first() {
        Some(b'{' | b'[') => {}
        Some(_) => return Err(ParseError::NeitherObjectNorArray),
        None => return Err(ParseError::Empty),
    }
    let text = if cut.is_some() {
        without_half_number(text)
    } else {
        text
    };
    let pass = Pass::over(text);
    if pass.may_be_repaired(text)
        && let Cow::Owned(repaired) = repair(text)
    {
        return Pass::over(&repaired).finish(&repaired, cut).map(f);
    }
    pass.finish(text, cut).map(f)
}

/// A text that was cut may end in half a number, which the parser would call an error, not an end. A report
/// ends in a brace, so nothing of one is lost.
fn without_half_number(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_ascii_digit() || "+-.eE".contains(c))
}

/// One pass over a text: what was read before it ended, well or not.
struct Pass<'a> {
    entries: Vec<Result<RawReport<'a>, DiscardReason>>,
    seen: usize,
    error: Option<serde_json::Error>,
}

impl<'a> Pass<'a> {
    /// Quickly, and again with care if a policy was no plain text.
    fn over(text: &'a str) -> Self {
        let pass = Self::with::<true>(text);
        if pass.error.as_ref().is_some_and(serde_json::Error::is_data) {
            return Self::with::<false>(text);
        }
        pass
    }

    fn with<const QUICK: bool>(text: &'a str) -> Self {
        let mut pass = Self {
            entries: Vec::new(),
            seen: 0,
            error: None,
        };
        // Not `from_str` of the crate: that one refuses what follows the outermost value.
        let mut json = serde_json::Deserializer::from_str(text);
        pass.error = json.deserialize_any(PassVisitor::<QUICK>(&mut pass)).err();
        pass
    }

    /// Whether a repaired text might yield more. Lone surrogates in a body of another type are no error to
    /// this parser, which skips it, but would be one to whoever reads it.
    fn may_be_repaired(&self, text: &str) -> bool {
        let refused = self.error.as_ref().is_some_and(|error| !error.is_eof());
        refused || (self.holds_others() && may_hold_surrogates(text.as_bytes()))
    }

    fn holds_others(&self) -> bool {
        self.entries
            .iter()
            .flatten()
            .any(|report| matches!(report.body, RawBody::Other { .. }))
    }

    fn finish(mut self, text: &'a str, cut: Option<EntryCount>) -> Result<Batch<'a>, ParseError> {
        if let Some(error) = &self.error
            && !(cut.is_some() && error.is_eof())
        {
            return Err(ParseError::Broken {
                line: error.line(),
                column: error.column(),
            });
        }
        if self.holds_others() {
            self.fill(text);
        }
        let kept = self.entries.len();
        let all = self.seen.max(cut.unwrap_or(0) as usize);
        Ok(Batch {
            entries: self.entries,
            truncated: u32::try_from(all - kept).unwrap_or(u32::MAX),
        })
    }

    /// Gives the entries of other types their JSON text.
    fn fill(&mut self, text: &'a str) {
        for (entry, found) in self.entries.iter_mut().zip(other::bodies(text)) {
            if let Ok(report) = entry
                && let RawBody::Other { json, .. } = &mut report.body
            {
                let found = found.unwrap_or(other::TOO_MUCH);
                let fits = other::fits(found);
                *json = if fits { found } else { other::TOO_MUCH };
                report.cut |= !fits;
            }
        }
    }

    fn take<const QUICK: bool>(&mut self, entry: Option<Entry<'a, QUICK>>, top: Top) {
        self.seen += 1;
        let report = entry.ok_or(DiscardReason::Malformed);
        self.entries
            .push(report.and_then(|entry| entry.finish(top)));
    }
}

/// Half of a surrogate pair is written `\ud8…` to `\udf…`.
fn may_hold_surrogates(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"\\u").any(|at| {
        let digit = text.get(at + 2);
        digit.is_some_and(|digit| digit.eq_ignore_ascii_case(&b'd'))
    })
}

struct PassVisitor<'p, 'a, const QUICK: bool>(&'p mut Pass<'a>);

impl<'de, const QUICK: bool> Visitor<'de> for PassVisitor<'_, 'de, QUICK> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let entry = Entry::<QUICK>::from_object(map)?;
        self.0.take(Some(entry), Top::Object);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while self.0.seen < MAX_ENTRIES {
            let Some(Object(entry)) = seq.next_element::<Object<Entry<'de, QUICK>>>()? else {
                return Ok(());
            };
            self.0.take(entry, Top::Array);
        }
        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {
            self.0.seen += 1;
        }
        Ok(())
    }
}
