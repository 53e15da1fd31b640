//! The languages that people read here. [`Language`] is the type to know; every text that a person sees
//! exists in each of them, in message files that are read when the product is built, so that none can be forgotten.

mod messages;

use std::fmt;

pub(crate) use messages::{Messages, Number, Text, in_groups};

/// A language of pages, alerts and notices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// Its tag of BCP 47: `en`, `ja`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// The language of a tag, or of its first part (`ja-JP`).
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What a reader who sends this `Accept-Language` wants most (RFC 9110 §12.5.4); English if nothing fits.
    pub fn accepted(header: &str) -> Self {
        let wanted = header.split(',').take(16).filter_map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let quality = weight.trim().strip_prefix("q=").unwrap_or("0");
            let quality: f32 = quality.parse().unwrap_or(0.0);
            Self::of_tag(tag)
                .filter(|_| quality > 0.0)
                .map(|language| (language, quality))
        });
        // Of equals the first counts.
        wanted
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map_or(Self::En, |(language, _)| language)
    }

    /// One of two texts.
    pub fn pick<T>(self, english: T, japanese: T) -> T {
        match self {
            Self::En => english,
            Self::Ja => japanese,
        }
    }
}

/// Whether a character deceives whoever reads it in a stranger's text: it cannot be seen, or turns the direction of what
/// follows.
pub fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_accept() {
        for (header, want) in [
            ("", Language::En),
            ("ja", Language::Ja),
            ("ja-JP,en;q=0.8", Language::Ja),
            ("de,fr;q=0.9", Language::En),
            ("de, ja;q=0.3, en;q=0.2", Language::Ja),
            ("en;q=0.5,ja;q=0.9", Language::Ja),
            ("en,ja", Language::En),
            ("ja;q=0", Language::En),
            ("ja;q=x", Language::En),
            ("javanese", Language::En),
        ] {
            assert_eq!(Language::accepted(header), want, "{header}");
        }
    }
}
