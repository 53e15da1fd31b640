//! Hides what the body of any other report type carries. It stays JSON, with the same keys.
//!
//! Strings that are addresses are hidden as URLs, those with a closed vocabulary stay, all others are
//! hidden as samples. Numbers of three digits or more stay only where a browser counts with them.

use serde_json::{Map, Value};

use super::base64::has_base64_digits;
use super::sample;
use super::url::CUT_MARK;
use super::value::{Veil, is_digest, is_name};
use super::word::MAX_WORD_CHARS;

/// Longest redacted body, in bytes.
pub const MAX_BODY_BYTES: usize = 4 * 1024;

/// Longest body that is read at all, in bytes.
pub const MAX_READ_BYTES: usize = 64 * 1024;

/// Deepest nesting that is kept.
pub const MAX_DEPTH: usize = 6;

/// The redacted body, always JSON, and whether something was left out.
pub(super) fn redact(json: &str, veil: Veil<'_>) -> (String, bool) {
    if json.len() > MAX_READ_BYTES {
        return ("{}".to_owned(), true);
    }
    let value = serde_json::from_str(json);
    let mut body = Body {
        veil,
        out: String::new(),
        cut: false,
    };
    match value {
        Ok(value) => body.push(None, &value, 0),
        Err(_) => body.out.push_str("{}"),
    }
    (body.out, body.cut)
}

struct Body<'k> {
    veil: Veil<'k>,
    out: String,
    cut: bool,
}

impl Body<'_> {
    fn push(&mut self, key: Option<&str>, value: &Value, depth: usize) {
        match value {
            Value::Object(_) | Value::Array(_) if depth == MAX_DEPTH => {
                self.cut = true;
                self.out.push_str("null");
            }
            Value::Object(members) => self.push_object(members, depth),
            Value::Array(items) => self.push_array(key, items, depth),
            Value::String(text) => {
                let shown = self.string(key, text);
                self.push_string(&shown);
            }
            Value::Number(number) => {
                let text = number.to_string();
                if is_harmless_number(key, &text) {
                    self.out.push_str(&text);
                } else {
                    let mut shape = String::new();
                    self.veil.push_shape(&mut shape, &text);
                    self.push_string(&shape);
                }
            }
            Value::Bool(_) | Value::Null => self.out.push_str(&value.to_string()),
        }
    }

    fn push_object(&mut self, members: &Map<String, Value>, depth: usize) {
        self.out.push('{');
        for (key, value) in members {
            self.push_member(depth, |body| {
                let mut shown = String::new();
                if is_name(key) {
                    shown.push_str(key);
                } else {
                    body.veil.push_value(&mut shown, key);
                }
                body.push_string(&shown);
                body.out.push(':');
                body.push(Some(key), value, depth + 1);
            });
        }
        self.out.push('}');
    }

    fn push_array(&mut self, key: Option<&str>, items: &[Value], depth: usize) {
        self.out.push('[');
        for item in items {
            self.push_member(depth, |body| body.push(key, item, depth + 1));
        }
        self.out.push(']');
    }

    /// Writes a member with its comma, and takes it back if it does not fit.
    fn push_member(&mut self, depth: usize, write: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        // What opened before this member must still be closed.
        let room = MAX_BODY_BYTES - MAX_DEPTH + depth.min(MAX_DEPTH) - 1;
        if start >= room {
            self.cut = true;
            return;
        }
        if !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
        write(self);
        if self.out.len() > room {
            self.out.truncate(start);
            self.cut = true;
        }
    }

    fn push_string(&mut self, text: &str) {
        self.out.push_str(&Value::from(text).to_string());
    }

    fn string(&self, key: Option<&str>, text: &str) -> String {
        let key = key.unwrap_or("");
        if text.is_empty()
            || (key == "hash" && is_digest(text))
            || (key == "server_ip" && crate::normalize::is_ip(text))
        {
            return text.to_owned();
        }
        if is_vocabulary(key) && is_phrase(text) {
            return text.to_owned();
        }
        if is_address(key) || text.contains("://") && !text.contains(' ') {
            return self.veil.url(&text.into());
        }
        if self.veil.closed {
            return "*".to_owned();
        }
        let mut shown = sample::redact(text);
        if shown.chars().count() == sample::MAX_SAMPLE_CHARS {
            shown.push(CUT_MARK);
        }
        shown
    }
}

fn is_address(key: &str) -> bool {
    [
        "URL",
        "Url",
        "url",
        "sourceFile",
        "srcAttribute",
        "referrer",
    ]
    .iter()
    .any(|end| key.ends_with(end))
}

/// Keys whose strings browsers take from a closed set.
fn is_vocabulary(key: &str) -> bool {
    matches!(
        key,
        "type"
            | "disposition"
            | "destination"
            | "phase"
            | "id"
            | "policyId"
            | "featureId"
            | "reason"
            | "visibility_state"
            | "effectivePolicy"
            | "property"
            | "protocol"
            | "method"
    )
}

/// Letters, `-`, `_`, `/`, `.` and spaces with hardly a digit.
fn is_phrase(text: &str) -> bool {
    let letters =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b' ' | b'/' | b'.');
    text.len() <= 2 * MAX_WORD_CHARS
        && text.bytes().all(letters)
        && text.bytes().filter(u8::is_ascii_digit).count() <= 2
        && !has_base64_digits(text)
}

/// Counters and codes, and any number of at most two digits.
fn is_harmless_number(key: Option<&str>, text: &str) -> bool {
    let counts = matches!(
        key,
        Some(
            "status_code"
                | "statusCode"
                | "lineNumber"
                | "columnNumber"
                | "line_number"
                | "column_number"
                | "elapsed_time"
                | "sampling_fraction"
        )
    );
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits <= if counts { 7 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::super::encodings;
    use super::super::harmless::Harmless;
    use super::super::key::Key;
    use super::*;

    fn body(json: &str) -> String {
        let key = Key::new([1; 32]);
        let veil = Veil {
            key: &key,
            harmless: Harmless::none(),
            closed: encodings::find(json).is_some(),
        };
        redact(json, veil).0
    }

    #[test]
    fn bodies() {
        for (json, want) in [
            (
                r#"{"type":"corp","blockedURL":"https://a.test/p?x=1234567","disposition":"reporting","destination":""}"#,
                r#"{"blockedURL":"https://a.test/p?x=9{7}","destination":"","disposition":"reporting","type":"corp"}"#,
            ),
            (
                r#"{"blockedURL":"https://a.test/p?pan=4111111111111111&cvv=123","cvv":123,"note":"Jane"}"#,
                r#"{"blockedURL":"https://a.test/p?pan=*&cvv=*","cvv":"*","note":"*"}"#,
            ),
            (
                r#"{"cvv":123,"lineNumber":1234,"n":12,"x":4111.5}"#,
                r#"{"cvv":"9{3}","lineNumber":1234,"n":12,"x":"9{4}.9"}"#,
            ),
            (
                r#"{"hash":"sha256-o/GhOVy/xxul97QhJQNhNFogQnhBl7+zDWioGIRxx20=","is_top_level":true,"a":null}"#,
                r#"{"a":null,"hash":"sha256-o/GhOVy/xxul97QhJQNhNFogQnhBl7+zDWioGIRxx20=","is_top_level":true}"#,
            ),
            (
                r#"{"jane@example.test":{"x":["say 'Jane' 4111"]}}"#,
                r#"{"a{4}@a{7}.a{4}":{"x":["say '' #"]}}"#,
            ),
            (r#"{"type":"4111 1111"}"#, r##"{"type":"# #"}"##),
            (
                r#"{"server_ip":"192.0.2.1"}"#,
                r#"{"server_ip":"192.0.2.1"}"#,
            ),
            ("[[[[[[[[1]]]]]]]]", "[[[[[[null]]]]]]"),
            ("{", "{}"),
            ("", "{}"),
            ("7", "7"),
        ] {
            let key = unhashed(&body(json));
            assert_eq!(key, want, "{json}");
        }
    }

    fn unhashed(text: &str) -> String {
        let mut parts = text.split('~');
        let first = parts.next().unwrap_or("").to_owned();
        parts.fold(first, |out, part| out + part.get(8..).unwrap_or(""))
    }

    #[test]
    fn large_bodies_stay_json() {
        for json in [
            format!("[{}1]", "\"word\",".repeat(5_000)),
            format!("{{\"a\":[{}1]}}", "[[[\"word\"]]],".repeat(3_000)),
            format!(
                "{{{}\"z\":1}}",
                (0..3_000)
                    .map(|n| format!("\"k{n}\":1,"))
                    .collect::<String>()
            ),
        ] {
            let key = Key::new([1; 32]);
            let (out, cut) = redact(
                &json,
                Veil {
                    key: &key,
                    harmless: Harmless::none(),
                    closed: false,
                },
            );
            assert!(cut && out.len() <= MAX_BODY_BYTES, "{}", out.len());
            serde_json::from_str::<Value>(&out).expect("JSON");
        }
    }
}
