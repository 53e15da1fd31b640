//! Finds card numbers among the digits of a text: in one piece, in groups, or handed out over the
//! parameters of a URL.
//!
//! [`find`] walks once over the bytes and gathers [`Chain`]s: groups of digits with little between
//! them. Full-width digits, which Japanese keyboards produce, count as digits.

use super::card;
use super::report::CardNumber;

/// Most digits of a chain that are looked at together; what follows begins a new chain.
const MAX_CHAIN_DIGITS: usize = 96;

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
        match Gap::before_digit(rest) {
            Some(gap) if !chain.is_empty() => {
                chain.end_group(gap.joint);
                at += gap.width;
            }
            _ => {
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
    bytes
        .iter()
        .filter(|b| b.is_ascii_digit() || **b == FULL_WIDTH_LEAD)
        .count()
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

/// How two groups of digits are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A space or a mark: `4111-1111`.
    Mark,
    /// A letter: more often than not the groups are parts of a hash.
    Letter,
    /// They are parts of a path or a query: `/4111/1111`, `a=4111&b=1111`.
    Part,
}

impl Joint {
    fn of(bytes: &[u8]) -> Self {
        match bytes.first() {
            Some(b'/') => Self::Part,
            Some(b) if b.is_ascii_alphabetic() => Self::Letter,
            _ => Self::Mark,
        }
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

/// Groups of digits that may belong together.
struct Chain {
    digits: [u8; MAX_CHAIN_DIGITS],
    len: usize,
    /// What stands before the first group.
    before: Joint,
    /// Where each group ends, and what follows it.
    groups: [(u8, Joint); MAX_CHAIN_DIGITS],
    closed: usize,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            digits: [0; MAX_CHAIN_DIGITS],
            len: 0,
            before: Joint::Mark,
            groups: [(0, Joint::Mark); MAX_CHAIN_DIGITS],
            closed: 0,
        }
    }
}

impl Chain {
    fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn is_full(&self) -> bool {
        self.len == MAX_CHAIN_DIGITS
    }

    /// Takes a digit in; `before` counts if it is the first.
    fn push(&mut self, digit: u8, before: Joint) {
        if self.is_empty() {
            self.before = before;
        }
        if let Some(place) = self.digits.get_mut(self.len) {
            *place = digit;
            self.len += 1;
        }
    }

    fn end_group(&mut self, joint: Joint) {
        let end = u8::try_from(self.len).unwrap_or(u8::MAX);
        if let Some(group) = self.groups.get_mut(self.closed) {
            *group = (end, joint);
            self.closed += 1;
        }
    }

    /// Looks for a card number and empties the chain.
    fn take_card(&mut self, after: Joint) -> Option<CardNumber> {
        if self.is_empty() {
            return None;
        }
        self.end_group(after);
        let card = if self.len < *card::DIGITS.start() {
            None
        } else {
            (0..self.closed)
                .find_map(|group| in_one_piece(self.group(group)))
                .or_else(|| (0..self.closed).find_map(|first| self.in_groups(first)))
        };
        self.len = 0;
        self.closed = 0;
        card
    }

    fn start(&self, group: usize) -> usize {
        match group
            .checked_sub(1)
            .and_then(|before| self.groups.get(before))
        {
            Some(&(end, _)) => usize::from(end),
            None => 0,
        }
    }

    fn end(&self, group: usize) -> usize {
        self.groups
            .get(group)
            .map_or(self.len, |&(end, _)| usize::from(end))
    }

    fn group(&self, group: usize) -> &[u8] {
        self.digits
            .get(self.start(group)..self.end(group))
            .unwrap_or(&[])
    }

    fn joint_after(&self, group: usize) -> Joint {
        self.groups
            .get(group)
            .map_or(Joint::Mark, |&(_, joint)| joint)
    }

    fn joint_before(&self, group: usize) -> Joint {
        group
            .checked_sub(1)
            .map_or(self.before, |before| self.joint_after(before))
    }

    /// A number made of whole groups, two or more, from this one on.
    fn in_groups(&self, first: usize) -> Option<CardNumber> {
        (first + 1..self.closed)
            .map_while(|last| {
                let digits = self.digits.get(self.start(first)..self.end(last))?;
                (digits.len() <= *card::DIGITS.end()).then_some((last, digits))
            })
            .find_map(|(last, digits)| card::number(digits, self.encoding(first, last)?))
    }

    /// How the number from one group to another is written; `None` if nobody writes one so. Times,
    /// versions, hashes and ids of analytics would pass the check digit too often.
    fn encoding(&self, first: usize, last: usize) -> Option<&'static str> {
        let joints = |kind| {
            (first..last)
                .filter(|&group| self.joint_after(group) == kind)
                .count()
        };
        let stands_alone =
            self.joint_before(first) != Joint::Letter && self.joint_after(last) != Joint::Letter;
        match (joints(Joint::Part), joints(Joint::Letter)) {
            (0, 0) => self.is_regular(first, last).then_some("separated"),
            (0, letters) => {
                let even = letters == last - first && self.length(first) == self.length(last);
                (even && stands_alone && self.is_regular(first, last)).then_some("separated")
            }
            (_, letters) => (letters == 0 && stands_alone).then_some("split"),
        }
    }

    fn length(&self, group: usize) -> usize {
        self.end(group).saturating_sub(self.start(group))
    }

    /// Whether the groups are as people and programs make them: even, the last one short, or as on
    /// American Express and Diners Club cards.
    fn is_regular(&self, first: usize, last: usize) -> bool {
        let (usual, rest) = (self.length(first), self.length(last));
        let even =
            usual <= 8 && rest <= usual && (first..last).all(|group| self.length(group) == usual);
        let grouped =
            last == first + 2 && usual == 4 && self.length(first + 1) == 6 && matches!(rest, 4 | 5);
        even || grouped
    }
}

/// A number that fills the group, stands at its beginning with a code or a date after it, or at its end
/// with a time before it.
fn in_one_piece(group: &[u8]) -> Option<CardNumber> {
    let plain = |digits: Option<&[u8]>| card::number(digits?, "plain");
    if group.len() < *card::DIGITS.start() {
        return None;
    }
    // Thirteen digits with something beside them are too often an id.
    plain(Some(group)).or_else(|| {
        [19, 16, 15, 14].into_iter().find_map(|length| {
            let rest = group.len().checked_sub(length).filter(|&rest| rest >= 3)?;
            let dated = rest == 3 || group.get(length..length + 2).is_some_and(is_month);
            let head = group.get(..length).filter(|_| dated);
            let tail = group.get(rest..).filter(|_| rest >= 10);
            plain(head).or_else(|| plain(tail))
        })
    })
}

fn is_month(digits: &[u8]) -> bool {
    matches!(digits, [0, 1..=9] | [1, 0..=2])
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
