//! Hides values. [`Veil`] is the type to know: how much of a value an entry may show.

use std::borrow::Cow;
use std::fmt::Write;

use percent_encoding::percent_decode_str;

use super::base64::has_base64_digits;
use super::encodings;
use super::harmless::Harmless;
use super::key::Key;
use super::shape::push_shape;
use super::word::{is_word, longest};

/// A value at least this long, in characters, gets a keyed hash beside its shape. Shorter ones have so
/// few possible values that whoever saw the hash often enough could tell them apart by counting.
pub const HASHED_FROM: usize = 8;

/// How an entry's values are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Veil<'k> {
    pub(super) key: &'k Key,
    /// What the site says is harmless.
    pub(super) harmless: &'k Harmless,
    /// A card number stood in the entry: values show nothing at all.
    pub(super) closed: bool,
}

impl Veil<'_> {
    /// The veil for a text that is closed by nothing but a card number in itself.
    pub(super) fn of_its_own(self, text: &str) -> Self {
        Self {
            closed: self.closed && encodings::find(text).is_some(),
            ..self
        }
    }

    /// Appends a value as shape and keyed hash: `9{16}~1a2b3c4d`.
    pub(super) fn push_value(&self, out: &mut String, value: &str) {
        self.push_shape(out, value);
        if !self.closed && value.chars().count() >= HASHED_FROM {
            // Writing to a string cannot fail.
            let _ = write!(out, "~{:08x}", self.key.short_hash(value.as_bytes()));
        }
    }

    /// Appends a value as its shape alone.
    pub(super) fn push_shape(&self, out: &mut String, value: &str) {
        match (value.is_empty(), self.closed) {
            (true, _) => {}
            (false, true) => out.push('*'),
            (false, false) => push_shape(out, &decoded(value)),
        }
    }

    /// Appends one part of a query: `name=value`, or a value alone.
    pub(super) fn push_pair(&self, out: &mut String, pair: &str) {
        let Some((name, value)) = pair.split_once('=') else {
            return self.push_value(out, pair);
        };
        let plain = decoded(name);
        let is_listed = !self.closed && self.harmless.shows(&plain, value);
        if is_listed || is_name(&plain) {
            out.push_str(&plain);
        } else {
            self.push_value(out, name);
        }
        out.push('=');
        if is_listed || (!self.closed && is_harmless(&plain, value)) {
            out.push_str(value);
        } else {
            self.push_value(out, value);
        }
    }
}

/// A text without its percent-encoding; as it is, if what it encodes is no UTF-8.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    percent_decode_str(text)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(text))
}

/// Longest name of a parameter that is shown, in bytes.
pub const MAX_NAME_BYTES: usize = 32;

/// Whether a parameter's name is a word; frameworks write `card[number]`.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME_BYTES
        && name
            .split(['[', ']'])
            .filter(|part| !part.is_empty())
            .all(is_word)
}

/// Ids of accounts at well-known services and short versions: they belong to the shop, not to the
/// shopper, and tell the shop's own tags from an attacker's. Each pattern is strict.
fn is_harmless(name: &str, value: &str) -> bool {
    match name {
        "tid" | "id" | "gtm" => is_google_id(value),
        "v" | "ver" => is_version(value),
        "ev" => matches!(
            value,
            "PageView"
                | "ViewContent"
                | "AddToCart"
                | "InitiateCheckout"
                | "AddPaymentInfo"
                | "Purchase"
        ),
        _ => false,
    }
}

/// `UA-1234567-1`, `G-ABCDE12345`, `GTM-ABC123`, `AW-123456789`.
fn is_google_id(value: &str) -> bool {
    let digits = |text: &str, most| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let letters = |text: &str, least, most| {
        (least..=most).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            && text.bytes().any(|b| b.is_ascii_uppercase())
    };
    match value.split_once('-') {
        Some(("UA", rest)) => rest
            .split_once('-')
            .is_some_and(|(account, property)| digits(account, 9) && digits(property, 2)),
        Some(("G", rest)) => letters(rest, 10, 10),
        Some(("GTM", rest)) => letters(rest, 4, 8),
        Some(("AW", rest)) => digits(rest, 10),
        _ => false,
    }
}

/// `2`, `6.4`, `3.6.0`: no part long enough to be a card's code.
fn is_version(value: &str) -> bool {
    let part =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    value.len() <= 8 && value.split('.').all(part)
}

/// Most digits in a row of a digest: of ten million digests hardly one has more.
const MAX_DIGEST_DIGITS: usize = 10;

/// `sha256-…` as in a policy or a hash report: a digest of the right length.
pub(super) fn is_digest(text: &str) -> bool {
    let Some((algorithm, digest)) = text.split_once('-') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 44,
        "sha384" => 64,
        "sha512" => 88,
        _ => return false,
    };
    let base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=');
    digest.len() == length
        && digest.bytes().all(base64)
        && encodings::find(digest).is_none()
        // A number among other digits is not found, and a digest has hardly any in a row.
        && longest(digest.as_bytes(), |b| b.is_ascii_digit()) <= MAX_DIGEST_DIGITS
        && !has_base64_digits(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(text: &str, closed: bool) -> String {
        let key = Key::new([7; 32]);
        let mut out = String::new();
        Veil {
            key: &key,
            harmless: Harmless::none(),
            closed,
        }
        .push_pair(&mut out, text);
        // The hash is the key's; its presence and length are what matters.
        match out.split_once('~') {
            Some((shape, hash)) => {
                assert_eq!(hash.len(), 8);
                format!("{shape}~")
            }
            None => out,
        }
    }

    #[test]
    fn digests() {
        for (text, want) in [
            ("sha256-o/GhOVy/xxul97QhJQNhNFogQnhBl7+zDWioGIRxx20=", true),
            ("sha256-o/GhOVy/xxul97QhJQNhNFogQnhBl7+zDWioGIRxx2=", false),
            ("sha256-o/GhOVy/xxul94111111111111111119QnhBl7+zDWi=", false),
            ("sha256-o/GhOVy/OTQxMTExMTExMTExMTExMTkQnhBl7+zDWio=", false),
        ] {
            assert_eq!(is_digest(text), want, "{text}");
        }
    }

    #[test]
    fn pairs() {
        for (text, open, closed) in [
            ("cvv=123", "cvv=9{3}", "cvv=*"),
            ("exp=12%2F29", "exp=9{2}/9{2}", "exp=*"),
            (
                "email=jane%40example.test",
                "email=a{4}@a{7}.a{4}~",
                "email=*",
            ),
            ("sid=", "sid=", "sid="),
            ("4111", "9{4}", "*"),
            ("SmFuZQ=1", "AaAaA{2}=9", "*=*"),
            ("card[number]=77", "card[number]=9{2}", "card[number]=*"),
            ("n%C3%A4me=J", "näme=A", "näme=*"),
            ("tid=G-ABCDE12345", "tid=G-ABCDE12345", "tid=*"),
            ("tid=UA-1234567-1", "tid=UA-1234567-1", "tid=*"),
            ("id=GTM-ABC123", "id=GTM-ABC123", "id=*"),
            ("id=G-1234567890", "id=A-9{10}~", "id=*"),
            ("id=G-123", "id=A-9{3}", "id=*"),
            ("v=2", "v=2", "v=*"),
            ("ver=6.4.2", "ver=6.4.2", "ver=*"),
            ("v=123", "v=9{3}", "v=*"),
            ("ev=PageView", "ev=PageView", "ev=*"),
        ] {
            assert_eq!(pair(text, false), open, "{text}");
            assert_eq!(pair(text, true), closed, "{text}");
        }
    }
}
