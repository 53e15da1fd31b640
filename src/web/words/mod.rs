//! Every text of the pages, English and Japanese side by side. [`Text`] is one that never changes; texts
//! with figures are functions, which take the language and decide it in one place.
//!
//! The rule: a page takes its texts from here. A text cannot be written down without its Japanese.

mod about_alert;
mod alert;
mod cases;
mod explorer;
mod fate;
mod general;
mod overview;
mod people;
mod site;
mod steps;
mod verdicts;
mod when;

pub(super) use about_alert::*;
pub(super) use alert::*;
pub(super) use cases::*;
pub(super) use explorer::*;
pub(super) use fate::*;
pub(super) use general::*;
pub(super) use overview::*;
pub(super) use people::*;
pub(super) use site::*;
pub(super) use steps::*;
pub(super) use verdicts::*;
pub(super) use when::*;

use crate::language::Language;

/// A text in every language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text {
    english: &'static str,
    japanese: &'static str,
}

impl Text {
    /// Both of it.
    pub(super) const fn new(english: &'static str, japanese: &'static str) -> Self {
        Self { english, japanese }
    }

    /// The text in one language.
    pub(super) fn of(self, language: Language) -> &'static str {
        language.pick(self.english, self.japanese)
    }
}

/// Texts by name, and a list of them for the tests.
macro_rules! texts {
    ($($name:ident: $english:literal / $japanese:literal;)+) => {
        $(pub(in crate::web) const $name: Text = Text::new($english, $japanese);)+

        #[cfg(test)]
        pub(super) const ALL: &[(&str, Text)] = &[$((stringify!($name), $name)),+];
    };
}
use texts;

#[cfg(test)]
mod tests {
    use super::{alert, cases, explorer, fate, general, overview, people, site, steps};

    #[test]
    fn each_text_is_in_its_language() {
        let all = [
            alert::ALL,
            cases::ALL,
            explorer::ALL,
            fate::ALL,
            general::ALL,
            overview::ALL,
            people::ALL,
            site::ALL,
            steps::ALL,
        ];
        for (name, text) in all.into_iter().flatten() {
            let foreign = |c: char| !c.is_ascii() && !"’“”–…·←→".contains(c);
            assert!(!text.english.is_empty(), "{name}");
            assert!(!text.english.contains(foreign), "{name}: {}", text.english);
            let japanese = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
            assert!(
                text.japanese.contains(japanese),
                "{name}: {}",
                text.japanese
            );
            let run = text
                .japanese
                .split(|c: char| !c.is_ascii())
                .map(|run| run.split_whitespace().count());
            // A name or two may stand in Latin letters; a sentence may not.
            assert!(run.max() < Some(4), "{name}: {}", text.japanese);
        }
    }
}
