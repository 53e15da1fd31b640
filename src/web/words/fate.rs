//! Whether it was blocked or went through, in words. [`Fate`] is told of a merchant, [`Fates`] of all.

use super::{Text, texts};
use crate::language::Language;

texts! {
    FATE: "Blocked?" / "ブロックの有無";
    WAS_BLOCKED: "blocked" / "ブロック済み";
    WENT_THROUGH: "went through" / "通過";
    FATE_UNKNOWN: "not known" / "不明";
}

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
            Self::Mixed(blocked, through) => language.pick(
                format!("in part: {blocked} blocked, {through} went through"),
                format!("一部のみ（ブロック{blocked}件、通過{through}件）"),
            ),
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
            (self.blocked, BLOCKED_PART),
            (self.through, THROUGH_PART),
            (self.mixed, MIXED_PART),
            (self.unknown, UNKNOWN_PART),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|(count, _)| *count > 0).collect();
        match (parts.as_slice(), language) {
            ([], _) => String::new(),
            (parts, Language::En) => english(parts),
            (parts, Language::Ja) => japanese(parts),
        }
    }
}

/// A clause: in English; in Japanese where another follows, and where it ends the sentence.
type Part = [&'static str; 3];

const BLOCKED_PART: Part = [
    "the browser blocked it",
    "ブラウザーによってブロックされ",
    "ブラウザーによってブロックされました",
];
const THROUGH_PART: Part = [
    "it went through, because the policy there only reports",
    "レポートのみのポリシーのためブロックされずに通過し",
    "レポートのみのポリシーのためブロックされずに通過しました",
];
const MIXED_PART: Part = [
    "only part of it was blocked",
    "一部だけがブロックされ",
    "一部だけがブロックされました",
];
const UNKNOWN_PART: Part = [
    "it is not known whether it was blocked",
    "ブロックされたかどうか不明で",
    "ブロックされたかどうか不明です",
];

fn english(parts: &[(usize, Part)]) -> String {
    let clause = |(i, (count, part)): (usize, &(usize, Part))| match (i, count, parts.len()) {
        (_, 1, 1) => part[0].to_owned(),
        (_, 2, 1) => format!("at both of them {}", part[0]),
        (_, all, 1) => format!("at all {all} of them {}", part[0]),
        (0, some, _) => format!("at {some} of them {}", part[0]),
        (_, some, _) => format!("at {some} {}", part[0]),
    };
    let clauses: Vec<String> = parts.iter().enumerate().map(clause).collect();
    let mut sentence = clauses.join("; ") + ".";
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

fn japanese(parts: &[(usize, Part)]) -> String {
    let clause = |(i, (count, part)): (usize, &(usize, Part))| {
        let end = part[if i + 1 == parts.len() { 2 } else { 1 }];
        match (count, parts.len()) {
            (1, 1) => end.to_owned(),
            (all, 1) => format!("{all}加盟店すべてで、{end}"),
            (some, _) => format!("{some}加盟店では{end}"),
        }
    };
    let clauses: Vec<String> = parts.iter().enumerate().map(clause).collect();
    format!("この通信は、{}。", clauses.join("、"))
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
