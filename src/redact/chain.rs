//! Is there a card number in these groups of digits?
//!
//! [`Chain`] is the type to know: groups with little between them, in the order in which they stood. It
//! asks of a number in several groups that somebody would write it so.

use super::card;
use super::report::CardNumber;

/// Most digits of a chain that are looked at together; what follows begins a new chain.
const MAX_CHAIN_DIGITS: usize = 96;

/// How two groups of digits are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// A space or a mark: `4111-1111`.
    Mark,
    /// A letter: more often than not the groups are parts of a hash.
    Letter,
    /// They are parts of a path or a query: `/4111/1111`, `a=4111&b=1111`.
    Part,
}

impl Joint {
    /// By the character that follows a group.
    pub(super) fn of(bytes: &[u8]) -> Self {
        match bytes.first() {
            Some(b'/') => Self::Part,
            Some(b) if b.is_ascii_alphabetic() => Self::Letter,
            _ => Self::Mark,
        }
    }
}

/// Groups of digits that may belong together.
pub(super) struct Chain {
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
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn is_full(&self) -> bool {
        self.len == MAX_CHAIN_DIGITS
    }

    /// Takes a digit in; `before` counts if it is the first.
    pub(super) fn push(&mut self, digit: u8, before: Joint) {
        if self.is_empty() {
            self.before = before;
        }
        if let Some(place) = self.digits.get_mut(self.len) {
            *place = digit;
            self.len += 1;
        }
    }

    pub(super) fn end_group(&mut self, joint: Joint) {
        let end = u8::try_from(self.len).unwrap_or(u8::MAX);
        if let Some(group) = self.groups.get_mut(self.closed) {
            *group = (end, joint);
            self.closed += 1;
        }
    }

    /// Looks for a card number and empties the chain.
    pub(super) fn take_card(&mut self, after: Joint) -> Option<CardNumber> {
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
        (14..=19).rev().find_map(|length| {
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
