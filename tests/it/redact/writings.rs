//! Ways of writing a number, and places where it may stand.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use skimwatch::parse::RawBody;

use super::planted;

/// All that is promised to be noticed. What only a key or a program can undo (XOR, a cipher, an alphabet of
/// one's own) is left out: nothing could notice it, and it is hidden as every value is.
pub(super) const WAYS: [&str; 29] = [
    "plain",
    "space",
    "dash",
    "dot",
    "plus",
    "percent-20",
    "no-break-space",
    "percent-no-break-space",
    "full-width",
    "percent",
    "percent-twice",
    "base64",
    "base64-no-pad",
    "base64-url",
    "base64-url-no-pad",
    "base64-second",
    "base64-third",
    "base64-percent",
    "base64-grouped",
    "base64-json",
    "base64-with-code",
    "hex",
    "hex-upper",
    "hex-of-grouped",
    "hex-colons",
    "hex-spaces",
    "two-parameters",
    "four-parameters",
    "with-expiry",
];

/// Places of a CSP report, and those of other reports.
pub(super) fn places() -> Vec<&'static str> {
    let others = ["json-value", "other-url", "other-text", "other-name"];
    [&planted::PLACES[..], &others].concat()
}

fn grouped(number: &str, mark: &str) -> String {
    let groups: Vec<_> = number
        .as_bytes()
        .chunks(4)
        .map(|four| std::str::from_utf8(four).expect("digits"))
        .collect();
    groups.join(mark)
}

fn bytes(text: &str, mark: &str) -> String {
    let bytes: Vec<_> = text.bytes().map(|b| format!("{b:02x}")).collect();
    bytes.join(mark)
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

pub(super) fn write(number: &str, way: &str) -> String {
    let half = number.len() / 2;
    let json = || format!("{{\"number\":\"{number}\",\"cvv\":\"123\"}}");
    match way {
        "plain" => number.to_owned(),
        "space" => grouped(number, " "),
        "dash" => grouped(number, "-"),
        "dot" => grouped(number, "."),
        "plus" => grouped(number, "+"),
        "percent-20" => grouped(number, "%20"),
        "no-break-space" => grouped(number, "\u{a0}"),
        "percent-no-break-space" => grouped(number, "%C2%A0"),
        "full-width" => number
            .bytes()
            .filter_map(|b| char::from_u32(0xff10 + u32::from(b - b'0')))
            .collect(),
        "percent" => percent(number),
        "percent-twice" => percent(number).replace('%', "%25"),
        "base64" => STANDARD.encode(number),
        "base64-no-pad" => STANDARD_NO_PAD.encode(number),
        "base64-url" => URL_SAFE.encode(number),
        "base64-url-no-pad" => URL_SAFE_NO_PAD.encode(number),
        "base64-second" => STANDARD_NO_PAD.encode(format!("n{number}")),
        "base64-third" => STANDARD_NO_PAD.encode(format!("cc{number}")),
        "base64-percent" => STANDARD.encode(number).replace('=', "%3D"),
        "base64-grouped" => URL_SAFE_NO_PAD.encode(grouped(number, " ")),
        "base64-json" => URL_SAFE_NO_PAD.encode(json()),
        "base64-with-code" => STANDARD_NO_PAD.encode(format!("{number}|12/29|123|Jane Doe")),
        "hex" => bytes(number, ""),
        "hex-upper" => bytes(&grouped(number, "-"), "").to_uppercase(),
        "hex-of-grouped" => bytes(&grouped(number, " "), ""),
        "hex-colons" => bytes(number, ":"),
        "hex-spaces" => bytes(number, "%20"),
        "two-parameters" => format!("{}&b={}", &number[..half], &number[half..]),
        "four-parameters" => grouped(number, "&p="),
        "with-expiry" => format!("{number}1229123"),
        other => unreachable!("{other}"),
    }
}

/// Whether a number can be written so, and stand in this place.
pub(super) fn fits(number: &str, way: &str, place: &str) -> bool {
    // Thirteen digits are known when they stand alone: with others beside them they are an id of the shop's.
    if number.len() == 13 && way == "with-expiry" {
        return false;
    }
    match place {
        // Browsers write hosts in lower case, and a colon ends them. Of base64 only what is digits alone
        // survives that.
        "label" => !matches!(way, "base64-grouped" | "hex-colons") && !way.ends_with("parameters"),
        // One parameter is all that there is.
        "query-alone" | "path" | "path-end" | "document-path" | "source-path" | "sample"
        | "sample-string" | "userinfo" | "json-value" | "other-text" | "other-name" => {
            !way.ends_with("parameters")
        }
        _ => true,
    }
}

/// A report's body with the text at this place.
pub(super) fn body(text: &str, place: &str) -> RawBody<'static> {
    let other = |json: String| RawBody::Other {
        report_type: "coep".into(),
        json: Box::leak(json.into_boxed_str()),
    };
    match place {
        "label" => RawBody::CspViolation(planted::violation(&text.to_lowercase(), place)),
        "json-value" => {
            let json = percent(&format!("{{\"number\":\"{text}\",\"cvv\":\"123\"}}"));
            RawBody::CspViolation(planted::violation(&json, "query"))
        }
        "other-url" => other(format!(
            r#"{{"type":"corp","blockedURL":"https://evil.test/c?d={text}&v=1","disposition":"reporting"}}"#
        )),
        "other-text" => other(format!(r#"{{"message":"it was {text}","lineNumber":7}}"#)),
        "other-name" => other(format!(r#"{{"{text}":[1,{{"x":"y"}}]}}"#)),
        place => RawBody::CspViolation(planted::violation(text, place)),
    }
}
