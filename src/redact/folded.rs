//! Base64 in lower case: so browsers write host names, and the base64 of digits loses nothing by it.
//!
//! Each of the four characters that stand for three digits has few values, and no two of them fold
//! together. Of a number with separators that does not hold: it is hidden, and not recognized.

use super::base64::is_folded_of_digits;
use super::digits;
use super::encodings::MAX_TRIES;
use super::report::CardNumber;

/// Groups of three digits that a number has at least, and those that are looked at together.
const GROUPS: std::ops::RangeInclusive<usize> = 3..=8;

const SECOND: &[u8] = b"dtjz";
const THIRD: &[u8] = b"aeimquycgk";
const FOURTH: &[u8] = b"wxyz012345";
/// The third character if a letter follows the second digit.
const THIRD_BEFORE_LETTER: &[u8] = b"bfjnrvzdhl";
/// The second character by the low bits of the last digit, whatever follows it.
const LAST: [&[u8]; 4] = [b"abcdefgh", b"qrstuvwx", b"ghijklmn", b"wxyz0123"];

/// The first card number that stands in these bytes as base64 in lower case.
pub(super) fn find(bytes: &[u8]) -> Option<CardNumber> {
    memchr::memchr3_iter(b'm', b'n', b'o', bytes)
        .filter(|&at| is_start(bytes, at))
        .take(MAX_TRIES)
        .find_map(|at| in_row(bytes, at))
        .map(|card| CardNumber {
            encoding: "base64",
            ..card
        })
}

/// Whether a row of groups begins here, long enough for a number.
fn is_start(bytes: &[u8], at: usize) -> bool {
    let group = |at: usize| {
        let bytes = bytes.get(at..).unwrap_or_default();
        is_folded_of_digits(bytes) && group(bytes).is_some()
    };
    (0..*GROUPS.start()).all(|n| group(at + 4 * n)) && !at.checked_sub(4).is_some_and(group)
}

fn in_row(bytes: &[u8], at: usize) -> Option<CardNumber> {
    let groups: Vec<[u8; 3]> = (0..*GROUPS.end())
        .map_while(|n| group(bytes.get(at + 4 * n..)?))
        .collect();
    let before = at.checked_sub(4).and_then(|start| bytes.get(start..at));
    let mut row = before.map(head).unwrap_or_default();
    let heads = row.len();
    row.extend(groups.iter().flatten());
    let rest = bytes.get(at + 4 * groups.len()..).unwrap_or_default();
    (0..=heads).find_map(|skip| {
        tails(rest).iter().find_map(|tail| {
            let digits = row.iter().skip(skip).chain(tail);
            let text: Vec<u8> = digits.map(|digit| b'0' + digit).collect();
            digits::find(&text)
        })
    })
}

fn place(byte: u8, among: &[u8]) -> Option<u8> {
    let at = among.iter().position(|&b| b == byte)?;
    u8::try_from(at).ok()
}

fn first(a: u8, low: u8) -> Option<u8> {
    let digit = 4 * place(a, b"mno")? + low;
    (digit <= 9).then_some(digit)
}

/// The three digits that the bytes begin with.
fn group(bytes: &[u8]) -> Option<[u8; 3]> {
    let &[a, b, c, d] = bytes.first_chunk::<4>()?;
    Some([
        first(a, place(b, SECOND)?)?,
        place(c, THIRD)?,
        place(d, FOURTH)?,
    ])
}

/// One or two digits at the end of four characters.
fn head(four: &[u8]) -> Vec<u8> {
    let &[_, b, c, d] = four else {
        return Vec::new();
    };
    let two = place(b, SECOND).and(place(c, THIRD));
    two.into_iter().chain(place(d, FOURTH)).collect()
}

/// What the digits behind the last group may be: two, one, or none.
fn tails(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut tails = Vec::new();
    if let &[a, b, rest @ ..] = &bytes {
        let last = rest
            .first()
            .and_then(|&c| place(c, THIRD).or_else(|| place(c, THIRD_BEFORE_LETTER)));
        let two = place(*b, SECOND).and_then(|low| Some(vec![first(*a, low)?, last?]));
        tails.extend(two);
        let lows = (0..).zip(LAST).filter(|(_, set)| set.contains(b));
        tails.extend(lows.filter_map(|(low, _)| Some(vec![first(*a, low)?])));
    }
    tails.push(Vec::new());
    tails
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;

    use super::*;

    #[test]
    fn every_length_at_every_place_of_a_group() {
        for pan in [
            "4222222222222",
            "30569309025904",
            "378282246310005",
            "4111111111111111",
            "6212345678901234569",
        ] {
            for before in ["", "x", "ab", "pan"] {
                for after in ["", "|", "&12", "\"}"] {
                    let text = STANDARD_NO_PAD.encode(format!("{before}{pan}{after}"));
                    let found = find(text.to_lowercase().as_bytes());
                    let length = found.map(|card| usize::from(card.length));
                    assert_eq!(length, Some(pan.len()), "{before}{pan}{after}");
                }
            }
        }
    }

    #[test]
    fn words_are_none() {
        for text in ["monitoring", "ndexmtexmtex", "www.mozilla.org", ""] {
            assert_eq!(find(text.as_bytes()), None, "{text}");
        }
    }
}
