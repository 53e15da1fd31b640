//! Moments and figures as people read them.

use maud::{Markup, html};

use super::reader::Reader;
use super::words;
use crate::clock::Timestamp;
use crate::language::in_groups;

/// How exactly moments are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grain {
    Minute,
    /// Where minutes would make one of what came one after the other.
    Second,
}

impl Grain {
    /// A moment. The script turns it into the reader's own time zone.
    pub(super) fn moment(self, at: Timestamp) -> Markup {
        html! { time datetime=(at) data-seconds[self == Self::Second] { (self.text(at)) } }
    }

    /// The same, and how long ago that is.
    pub(super) fn moment_ago(self, reader: &Reader, at: Timestamp) -> Markup {
        html! { (self.moment(at)) " " span class="quiet" { "(" (words::ago(reader.language, reader.now.0 - at.0)) ")" } }
    }

    /// Milliseconds from one moment to another, as whoever subtracts what is shown finds them.
    pub(super) fn between(self, from: Timestamp, to: Timestamp) -> i64 {
        let unit = match self {
            Self::Minute => 60_000,
            Self::Second => 1000,
        };
        (to.0.div_euclid(unit) - from.0.div_euclid(unit)) * unit
    }

    /// A moment where no element may stand.
    pub(super) fn text(self, at: Timestamp) -> String {
        let text = at.to_string().replace('T', " ");
        let end = match self {
            Self::Minute => 16,
            Self::Second => 19,
        };
        format!("{} UTC", text.get(..end).unwrap_or(&text))
    }
}

/// A moment to the minute.
pub(super) fn moment(at: Timestamp) -> Markup {
    Grain::Minute.moment(at)
}

/// The same where the day is plain.
pub(super) fn clock(at: Timestamp) -> Markup {
    let text = text(at);
    html! { time datetime=(at) data-clock { (text.get(11..).unwrap_or(&text)) } }
}

/// The same, and how long ago that is.
pub(super) fn moment_ago(reader: &Reader, at: Timestamp) -> Markup {
    Grain::Minute.moment_ago(reader, at)
}

/// A moment where no element may stand.
pub(super) fn text(at: Timestamp) -> String {
    Grain::Minute.text(at)
}

/// A number in groups of three digits.
pub(super) fn number(number: impl Into<u64>) -> String {
    in_groups(&number.into().to_string())
}

/// The same, of what may be too much to count.
pub(super) fn counted(figure: Option<u64>) -> String {
    figure.map_or_else(|| "–".to_owned(), number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures() {
        for (value, shown) in [
            (0_u64, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(number(value), shown);
        }
        let at = Timestamp(951_782_405_001);
        assert_eq!(text(at), "2000-02-29 00:00 UTC");
        assert_eq!(Grain::Second.text(at), "2000-02-29 00:00:05 UTC");
        let before = Timestamp(at.0 - 5002);
        assert_eq!(Grain::Second.between(before, at), 6000);
        assert_eq!(Grain::Minute.between(before, at), 60_000);
    }
}
