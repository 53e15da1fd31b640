//! JSON text that breaks the rules in ways that real reports and hostile pages do → JSON text.
//!
//! [`repair`] runs only after the parser has refused a text, or where it would not notice. A page can make
//! its browser send a lone surrogate; a report that is thrown away for it is a place to hide.

use std::borrow::Cow;

/// What to write in place of a piece of text; `None` keeps it.
type Piece = (usize, Option<&'static str>);

/// Mends what can be mended in one walk: lone surrogates become U+FFFD, control characters in strings are
/// escaped or become U+FFFD, a backslash that begins no escape is doubled, a number that no type can hold
/// becomes null. Borrowed if nothing was mended. The result is at most three times as long.
pub(super) fn repair(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut at, mut copied, mut in_string) = (0, 0, false);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, better) = match (rest[0], in_string) {
            (b'"', _) => {
                in_string = !in_string;
                (1, None)
            }
            (b'\\', true) => escape(rest),
            (control @ 0..=0x1f, true) => (1, Some(escaped(control))),
            (_, true) => (plain(rest), None),
            (b'-' | b'0'..=b'9', false) => number(&text[at..]),
            (_, false) => (1, None),
        };
        if let Some(better) = better {
            out.push_str(&text[copied..at]);
            out.push_str(better);
            copied = at + length;
        }
        at += length;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Bytes up to the next one that means something in a string.
fn plain(rest: &[u8]) -> usize {
    rest.iter()
        .position(|&b| b == b'"' || b == b'\\' || b < 0x20)
        .unwrap_or(rest.len())
}

fn escaped(control: u8) -> &'static str {
    match control {
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        _ => "\u{fffd}",
    }
}

/// An escape, complete or not. At the very end of the text nothing is mended: it was cut there.
fn escape(rest: &[u8]) -> Piece {
    match rest.get(1) {
        None => (1, None),
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => (2, None),
        Some(b'u') => unicode_escape(rest),
        Some(_) => (1, Some("\\\\")),
    }
}

fn unicode_escape(rest: &[u8]) -> Piece {
    match unit(rest) {
        Some(0xd800..=0xdbff) => match rest.get(6..).and_then(unit) {
            Some(0xdc00..=0xdfff) => (12, None),
            _ => (6, Some("\u{fffd}")),
        },
        Some(0xdc00..=0xdfff) => (6, Some("\u{fffd}")),
        Some(_) => (6, None),
        None if rest.len() < 6 => (rest.len(), None),
        None => (1, Some("\\\\")),
    }
}

/// The UTF-16 unit that a `\uXXXX` at the start of the bytes stands for.
fn unit(bytes: &[u8]) -> Option<u16> {
    let hex = bytes.strip_prefix(b"\\u")?.get(..4)?;
    hex.iter().try_fold(0, |unit: u16, &digit| {
        let value = char::from(digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(value).ok()?)
    })
}

/// A number outside strings. `1e999` is well-formed JSON, but an error to the parser.
fn number(rest: &str) -> Piece {
    let length = rest
        .bytes()
        .position(|b| !b.is_ascii_digit() && !b"+-.eE".contains(&b))
        .unwrap_or(rest.len());
    let infinite = rest[..length]
        .parse::<f64>()
        .is_ok_and(|number| number.is_infinite());
    (length, infinite.then_some("null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_what_it_should_and_nothing_else() {
        for (name, text, expected) in [
            ("a pair", r#"["\ud83d\ude00"]"#, r#"["\ud83d\ude00"]"#),
            ("a high one alone", r#"["\ud83dx"]"#, "[\"\u{fffd}x\"]"),
            ("a low one alone", r#"["\uDE00"]"#, "[\"\u{fffd}\"]"),
            (
                "two high ones",
                r#"["\ud83d\ud83d\ude00"]"#,
                "[\"\u{fffd}\\ud83d\\ude00\"]",
            ),
            ("a raw newline", "[\"a\nb\"]", "[\"a\\nb\"]"),
            ("a raw NUL", "[\"a\0b\"]", "[\"a\u{fffd}b\"]"),
            ("DEL is allowed", "[\"\x7f\"]", "[\"\x7f\"]"),
            ("white space outside strings", "[\n\"\"\t]", "[\n\"\"\t]"),
            ("no escape", r#"["\x41\é"]"#, r#"["\\x41\\é"]"#),
            ("no hex", r#"["\u00g0 "]"#, r#"["\\u00g0 "]"#),
            (
                "an escaped backslash before u",
                r#"["\\ud83d"]"#,
                r#"["\\ud83d"]"#,
            ),
            (
                "a number out of range",
                "[1e999,-1e999,1e9]",
                "[null,null,1e9]",
            ),
            ("digits in a string", r#"["1e999"]"#, r#"["1e999"]"#),
            ("cut in an escape", r#"["\u12"#, r#"["\u12"#),
            ("cut behind a backslash", "[\"\\", "[\"\\"),
        ] {
            assert_eq!(repair(text), expected, "{name}");
        }
    }

    #[test]
    fn borrows_when_there_is_nothing_to_mend() {
        let text = r#"{"a":["\u00e9\n",1.5e3,null]}"#;
        assert!(matches!(repair(text), Cow::Borrowed(same) if same == text));
    }
}
