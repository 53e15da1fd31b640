//! Moments and figures as people read them.

use maud::{Markup, html};

use super::reader::Reader;
use super::words;
use crate::clock::Timestamp;

/// A moment to the minute. The script turns it into the reader's own time zone.
pub(super) fn moment(at: Timestamp) -> Markup {
    html! { time datetime=(at) { (text(at)) } }
}

/// The same where the day is plain.
pub(super) fn clock(at: Timestamp) -> Markup {
    let text = text(at);
    html! { time datetime=(at) data-clock { (text.get(11..).unwrap_or(&text)) } }
}

/// The same, and how long ago that is.
pub(super) fn moment_ago(reader: &Reader, at: Timestamp) -> Markup {
    html! { (moment(at)) " " span class="quiet" { "(" (words::ago(reader.language, reader.now.0 - at.0)) ")" } }
}

/// A moment where no element may stand.
pub(super) fn text(at: Timestamp) -> String {
    let text = at.to_string().replace('T', " ");
    format!("{} UTC", text.get(..16).unwrap_or(&text))
}

/// A number in groups of three digits.
pub(super) fn number(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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
        assert_eq!(text(Timestamp(951_782_400_001)), "2000-02-29 00:00 UTC");
    }
}
