//! Card numbers as hex digits: `34313131…`, or with one mark between the bytes, `34:31:31:31…`.

use super::digits;
use super::encodings::MAX_TRIES;
use super::report::CardNumber;

/// Bytes that are decoded together: a number with separators fits.
const MAX_BYTES: usize = 48;

/// The first card number that stands in these bytes as hex.
pub(super) fn find(bytes: &[u8]) -> Option<CardNumber> {
    memchr::memchr_iter(b'3', bytes)
        .filter_map(|at| {
            let rest = bytes.get(at..)?;
            Some((rest, step(rest)?))
        })
        .take(MAX_TRIES)
        .find_map(|(rest, step)| {
            let mut decoded = [0; MAX_BYTES];
            let len = decode(rest, step, &mut decoded);
            digits::find(decoded.get(..len)?)
        })
        .map(|card| CardNumber {
            encoding: "hex",
            ..card
        })
}

/// Characters from one byte to the next, if the first three are the hex of digits.
fn step(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'3', b'0'..=b'9', b'3', b'0'..=b'9', b'3', b'0'..=b'9', ..] => Some(2),
        [
            b'3',
            b'0'..=b'9',
            mark,
            b'3',
            b'0'..=b'9',
            again,
            b'3',
            b'0'..=b'9',
            ..,
        ] => (mark == again && !mark.is_ascii_alphanumeric()).then_some(3),
        _ => None,
    }
}

/// Decodes as far as the pattern goes; gives the bytes written.
fn decode(bytes: &[u8], step: usize, out: &mut [u8]) -> usize {
    let mark = bytes.get(2);
    let value = |chunk: &[u8]| {
        let text = std::str::from_utf8(chunk.get(..2)?).ok()?;
        // A sign is no hex digit, but this would take it for one.
        let plain = text.bytes().all(|b| b.is_ascii_hexdigit());
        plain.then(|| u8::from_str_radix(text, 16).ok()).flatten()
    };
    let mut len = 0;
    for (chunk, place) in bytes.chunks(step).zip(out) {
        let Some(value) = value(chunk) else { break };
        *place = value;
        len += 1;
        if step == 3 && chunk.get(2) != mark {
            break;
        }
    }
    len
}
