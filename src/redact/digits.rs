//! Finds card numbers among the digits of a text: in one piece, in groups, or handed out over the
//! parameters of a URL.
//!
//! [`find`] walks once over the bytes and gathers [`Chain`]s: groups of digits with little between
//! them. Full-width digits, which Japanese keyboards produce, count as digits.

use super::chain::{Chain, Joint};
use super::report::CardNumber;

/// Longest parameter name that may stand between two parts of a number, in bytes.
const MAX_NAME_BYTES: usize = 32;

/// Longest punctuation between two groups of a number, in bytes.
const MAX_GAP_BYTES: usize = 3;

/// The first card number in these bytes.
pub(super) fn find(bytes: &[u8]) -> Option<CardNumber> {
    let mut chain = Chain::default();
    let mut before = Joint::Mark;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((digit, width)) = digit(rest) {
            if chain.is_full()
                && let Some(card) = chain.take_card(Joint::Mark)
            {
                return Some(card);
            }
            chain.push(digit, before);
            at += width;
            continue;
        }
        before = Joint::of(rest);
        if chain.is_empty() {
            // Nothing is to be joined: on to the next digit.
            let others = rest.iter().position(is_lead).unwrap_or(rest.len()).max(1);
            before = Joint::of(&rest[others - 1..]);
            at += others;
            continue;
        }
        match Gap::before_digit(rest) {
            Some(gap) => {
                chain.end_group(gap.joint);
                at += gap.width;
            }
            None => {
                if let Some(card) = chain.take_card(before) {
                    return Some(card);
                }
                at += 1;
            }
        }
    }
    chain.take_card(Joint::Mark)
}

/// Whether a text is too poor in digits to hold a card number, in itself or percent-encoded.
pub(super) fn count(bytes: &[u8]) -> usize {
    // Sums of bytes, which no chunk overflows, are added many at a time.
    let of_chunk = |chunk: &[u8]| chunk.iter().map(|b| u8::from(is_lead(b))).sum::<u8>();
    bytes
        .chunks(128)
        .map(|chunk| usize::from(of_chunk(chunk)))
        .sum()
}

/// Whether a digit may begin here.
fn is_lead(b: &u8) -> bool {
    b.is_ascii_digit() || *b == FULL_WIDTH_LEAD
}

const FULL_WIDTH_LEAD: u8 = 0xEF;

/// The value of the digit that the bytes begin with, and its width.
fn digit(bytes: &[u8]) -> Option<(u8, usize)> {
    match *bytes {
        [b @ b'0'..=b'9', ..] => Some((b - b'0', 1)),
        [FULL_WIDTH_LEAD, 0xBC, b @ 0x90..=0x99, ..] => Some((b - 0x90, 3)),
        _ => None,
    }
}

/// What stands between two groups of digits.
struct Gap {
    width: usize,
    joint: Joint,
}

impl Gap {
    /// The gap that the bytes begin with, if a digit follows it.
    fn before_digit(bytes: &[u8]) -> Option<Self> {
        let gap = Self::parameter(bytes).or_else(|| Self::punctuation(bytes))?;
        digit(bytes.get(gap.width..)?).map(|_| gap)
    }

    /// `&name=`
    fn parameter(bytes: &[u8]) -> Option<Self> {
        let name = bytes
            .strip_prefix(b"&")
            .or_else(|| bytes.strip_prefix(b";"))?;
        let end = name
            .iter()
            .take(MAX_NAME_BYTES + 1)
            .position(|&b| b == b'=')?;
        let name = name.get(..end)?;
        let is_name = name
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.[]%".contains(b));
        // More digits than `card_no12`: not between the groups but one of them.
        (is_name && count(name) <= 2).then_some(Self {
            width: end + 2,
            joint: Joint::Part,
        })
    }

    /// Any one character, or a little punctuation.
    fn punctuation(bytes: &[u8]) -> Option<Self> {
        let plain = |b: &&u8| b.is_ascii_punctuation() || b.is_ascii_whitespace();
        let width = match bytes
            .iter()
            .take(MAX_GAP_BYTES + 1)
            .take_while(plain)
            .count()
        {
            0 => char_width(*bytes.first()?),
            n if n <= MAX_GAP_BYTES => n,
            _ => return None,
        };
        let joint = if bytes.get(..width)?.contains(&b'/') {
            Joint::Part
        } else {
            Joint::of(bytes)
        };
        Some(Self { width, joint })
    }
}

fn char_width(lead: u8) -> usize {
    match lead {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(text: &str) -> Option<&'static str> {
        find(text.as_bytes()).map(|card| card.encoding)
    }

    #[test]
    fn numbers_are_found() {
        for (text, want) in [
            ("pan=4111111111111111&exp=12/29", "plain"),
            ("4111 1111 1111 1111", "separated"),
            ("x-4111-1111-1111-1111-12-29", "separated"),
            ("4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1", "separated"),
            ("3782 822463 10005", "separated"),
            ("4111, 1111, 1111, 1111", "separated"),
            ("4111a1111b1111c1111", "separated"),
            ("p1=4111&p2=1111&p3=1111&p4=1111", "split"),
            ("a=41111&b=1111111&c=1111", "split"),
            ("/4111/1111/1111/1111/", "split"),
            ("/12/41/111111/11111111/", "split"),
            ("41111111111111111229123", "plain"),
            ("6214567890123456741229123", "plain"),
            ("626588300803616321229123", "plain"),
            ("17000000000004111111111111111", "plain"),
            ("\u{ff14}\u{ff11}\u{ff11}\u{ff11}111111111111", "plain"),
        ] {
            assert_eq!(encoding(text), Some(want), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "",
            "12345",
            "cid=1234567890.1700000000",
            "4111 1111 1111 1112",
            "2025-11-23T08:51:58.123Z",
            "a=4111&b=x&c=111111111111",
            "4111 -- -- 1111 1111 1111",
            "192.168.10.25:15871",
            "ti=3667815&mid=902228c43a347b5c399c132136863afe",
            "sid=22716517274135b34ce5c5f50d999e93",
            "/4bad1a575095fd36209e50237a5160c7/main.js",
            "o=4193386828783731",
            "1111111111111114",
        ] {
            assert_eq!(find(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_long_row_is_searched_to_its_end() {
        let text = format!("{}&pan=4111111111111111", "7-".repeat(200));
        assert_eq!(encoding(&text), Some("plain"));
        assert_eq!(
            encoding(&format!("{}x 4111111111111111", "9".repeat(500))),
            Some("plain")
        );
    }
}
