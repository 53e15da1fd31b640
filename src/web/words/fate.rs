//! Whether it was blocked or went through, in words. [`Fate`] is told of a merchant, [`Fates`] of all.

use super::messages::*;
use crate::language::Language;

/// What became of what a merchant's pages tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Fate {
    /// The browsers blocked it.
    Blocked,
    /// Both, with how many reports say so of either.
    Mixed(u64, u64),
    /// The browsers only reported it.
    Through,
    /// They do not say.
    Unknown,
}

impl Fate {
    /// Of reports that say it was blocked, and of those that say it was not. Old browsers say neither;
    /// they obey the same policy.
    pub(in crate::web) fn of(blocked: u64, through: u64) -> Self {
        match (blocked, through) {
            (0, 0) => Self::Unknown,
            (_, 0) => Self::Blocked,
            (0, _) => Self::Through,
            (blocked, through) => Self::Mixed(blocked, through),
        }
    }

    /// Whether some of it is known to have gone through.
    pub(in crate::web) fn is_bad(self) -> bool {
        matches!(self, Self::Mixed(..) | Self::Through)
    }

    /// In a table.
    pub(in crate::web) fn word(self, language: Language) -> String {
        match self {
            Self::Blocked => WAS_BLOCKED.of(language).to_owned(),
            Self::Through => WENT_THROUGH.of(language).to_owned(),
            Self::Unknown => FATE_UNKNOWN.of(language).to_owned(),
            Self::Mixed(blocked, through) => fate_mixed(language, blocked, through),
        }
    }
}

/// At how many merchants which of them happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::web) struct Fates {
    blocked: usize,
    mixed: usize,
    through: usize,
    unknown: usize,
}

impl Fates {
    /// Counts them.
    pub(in crate::web) fn of(fates: impl Iterator<Item = Fate>) -> Self {
        fates.fold(Self::default(), |mut all, fate| {
            match fate {
                Fate::Blocked => all.blocked += 1,
                Fate::Mixed(..) => all.mixed += 1,
                Fate::Through => all.through += 1,
                Fate::Unknown => all.unknown += 1,
            }
            all
        })
    }

    /// Whether browsers blocked it everywhere.
    pub(in crate::web) fn all_blocked(&self) -> bool {
        self.blocked > 0 && self.mixed + self.through + self.unknown == 0
    }

    /// One sentence about all merchants; empty if there is none.
    pub(in crate::web) fn sentence(self, language: Language) -> String {
        let parts = [
            (self.blocked, BLOCKED_CLAUSE, BLOCKED_LAST_CLAUSE),
            (self.through, THROUGH_CLAUSE, THROUGH_LAST_CLAUSE),
            (self.mixed, MIXED_CLAUSE, MIXED_LAST_CLAUSE),
            (self.unknown, UNKNOWN_CLAUSE, UNKNOWN_LAST_CLAUSE),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| part.0 > 0).collect();
        let Some((&(count, _, last), others)) = parts.split_last() else {
            return String::new();
        };
        let last = last.of(language);
        let before = others.iter().fold(None, |before, &(count, clause, _)| {
            Some(one_more(language, before, count, clause.of(language)))
        });
        let clauses = match before {
            None => clause_at_all(language, count, last),
            before => one_more(language, before, count, last),
        };
        let mut sentence = fates_sentence(language, &clauses);
        if let Some(first) = sentence.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        sentence
    }
}

/// What happened at some merchants, after what happened at others.
fn one_more(language: Language, before: Option<String>, count: usize, clause: &str) -> String {
    match before {
        None => clause_at_some(language, count, clause),
        Some(before) => clause_at_others(language, &before, count, clause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_it() {
        let all = [
            Fate::of(3, 0),
            Fate::of(0, 1),
            Fate::of(2, 5),
            Fate::of(0, 0),
        ];
        for (fates, english, japanese) in [
            (&all[..0], "", ""),
            (
                &all[..1],
                "The browser blocked it.",
                "この通信は、ブラウザーによってブロックされました。",
            ),
            (
                &[all[1], all[1]],
                "At both of them it went through, because the policy there only reports.",
                "この通信は、2加盟店すべてで、レポートのみのポリシーのためブロックされずに通過しました。",
            ),
            (
                &[all[3]; 6],
                "At all 6 of them it is not known whether it was blocked.",
                "この通信は、6加盟店すべてで、ブロックされたかどうか不明です。",
            ),
            (
                &all,
                "At 1 of them the browser blocked it; at 1 it went through, because the policy there only \
                 reports; at 1 only part of it was blocked; at 1 it is not known whether it was blocked.",
                "この通信は、1加盟店ではブラウザーによってブロックされ、1加盟店ではレポートのみのポリシーのため\
                 ブロックされずに通過し、1加盟店では一部だけがブロックされ、1加盟店ではブロックされたかどうか不明です。",
            ),
        ] {
            let found = Fates::of(fates.iter().copied());
            assert_eq!(found.sentence(Language::En), english);
            assert_eq!(found.sentence(Language::Ja), japanese);
            assert_eq!(found.all_blocked(), fates == &all[..1]);
        }
        let words = all.map(|fate| fate.word(Language::En));
        let mixed = "in part: 2 blocked, 5 went through";
        assert_eq!(words, ["blocked", "went through", mixed, "not known"]);
    }
}
