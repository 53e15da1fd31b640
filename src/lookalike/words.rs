//! Words that a name may be made of without being anybody's, and suffixes that anybody buys.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Most parts of a label that are taken apart: a name that is to be taken for another is not longer.
const MOST_PARTS: usize = 6;

static WEB: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| WEB_WORDS.split_ascii_whitespace().collect());

/// What skimmers join with a brand, and what vendors call themselves.
const WEB_WORDS: &str = "
    ajax analytic analytics api apis app asset assets auth basket beacon cache cart cdn checkout client cloud code
    collect content core css data delivery edge event events file files font fonts form gateway host id image images
    img info js lib library libs link log login logs media metric metrics min net node online order orders pay payment
    payments pixel proxy resource resources safe script scripts sdk secure secured security server service services
    shop signin site ssl stat static stats store sync tag tags track tracker tracking update updates verification
    verify web widget www";

/// The few that nobody puts behind an ordinary word by chance.
const STRICT: &str =
    "analytics api assets cdn checkout js payment payments secure static stats verify";

/// What a shop's other domains are called.
const OF_SHOPS: &str = "app basket cloud info net online shop site store web www";

/// Suffixes under which throw-away names are bought. No country's own.
const CHEAP: &str = "
    bid biz bond buzz cam cc cf cfd click club cyou date download fun ga gq host icu info link live loan lol ml
    monster online party press pw quest racing rest review sbs science shop site space store stream su tk top trade
    vip website win ws xyz";

pub(super) fn is_web(word: &str) -> bool {
    WEB.contains(bare(word))
}

pub(super) fn strict() -> impl Iterator<Item = &'static str> {
    STRICT.split_ascii_whitespace()
}

pub(super) fn is_strict(word: &str) -> bool {
    has(STRICT, bare(word))
}

/// A word of the web that a shop would not give another domain of its own.
pub(super) fn is_not_of_shops(word: &str) -> bool {
    is_web(word) && !has(OF_SHOPS, bare(word))
}

pub(super) fn is_cheap(suffix: &str) -> bool {
    has(CHEAP, suffix)
}

/// `cdn2` is a `cdn`.
pub(super) fn bare(word: &str) -> &str {
    word.trim_end_matches(|c: char| c.is_ascii_digit())
}

fn has(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split_ascii_whitespace().any(|it| it == word)
}

/// A label taken apart at its hyphens in every way: a part, and the words around it. Longer parts come first.
pub(super) fn parts(label: &str) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
    let hyphens = label.match_indices('-').map(|(at, _)| at);
    let hyphens: Vec<usize> = hyphens.take(MOST_PARTS).collect();
    let count = if hyphens.len() < MOST_PARTS {
        hyphens.len()
    } else {
        0
    };
    let cuts: Vec<(usize, usize)> = (0..=count)
        .flat_map(|first| (first..=count).rev().map(move |last| (first, last)))
        .filter(|cut| *cut != (0, count))
        .map(|(first, last)| {
            let start = first.checked_sub(1).map_or(0, |before| hyphens[before] + 1);
            (start, hyphens.get(last).copied().unwrap_or(label.len()))
        })
        .collect();
    cuts.into_iter().filter_map(move |(start, end)| {
        let (before, after) = (label.get(..start)?, label.get(end..)?);
        let around = before.split('-').chain(after.split('-'));
        Some((
            label.get(start..end)?,
            around.filter(|word| !word.is_empty()),
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_taken_apart() {
        let of = |label| -> Vec<String> {
            parts(label)
                .map(|(part, around)| format!("{part}|{}", around.collect::<Vec<_>>().join(" ")))
                .collect()
        };
        assert_eq!(of("one"), [""; 0]);
        assert_eq!(of("a-b"), ["a|b", "b|a"]);
        assert_eq!(of("a-b-c"), ["a-b|c", "a|b c", "b-c|a", "b|a c", "c|a b"]);
        assert_eq!(of("a-b-c-d-e-f-g"), [""; 0]);
    }
}
