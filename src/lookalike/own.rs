//! Whether a name imitates a domain of the merchant's own, as `claires-assets.com` did.

use super::name::Name;
use super::{Likeness, Way, glyphs, slips, words};

/// Fewest letters of a domain's label that is looked for: shorter ones are in everybody's names.
const FEWEST_LETTERS: usize = 5;

/// Whether a name that is not the merchant's imitates this host of the merchant.
pub(super) fn likeness(name: &Name<'_>, own: &str) -> Option<Likeness> {
    let own = Name::of(own)?;
    way(name, &own).map(|way| Likeness {
        of: own.domain.to_owned(),
        way,
    })
}

fn way(name: &Name<'_>, own: &Name<'_>) -> Option<Way> {
    let (label, stem) = (&*name.label, &*own.label);
    if stem.chars().count() < FEWEST_LETTERS || stem.split('-').all(words::is_web) {
        return None;
    }
    if label == stem {
        // Under other suffixes it may well be the merchant's too.
        let is_other = words::is_cheap(name.suffix) && name.suffix != own.suffix;
        return is_other.then_some(Way::Suffix);
    }
    if glyphs::is_alike(label, stem) {
        return Some(Way::Confusable);
    }
    if is_joined(label, stem) {
        return Some(Way::Joined);
    }
    is_slip(label, stem).then_some(Way::Misspelled)
}

fn is_joined(label: &str, stem: &str) -> bool {
    let rest = label
        .strip_prefix(stem)
        .or_else(|| label.strip_suffix(stem));
    rest.is_some_and(|rest| words::is_strict(rest) || rest == "pay")
        || words::parts(label)
            .any(|(part, mut around)| part == stem && around.all(words::is_not_of_shops))
}

/// One slip, or a last letter too many or too few: whoever aims at one shop takes what is free.
fn is_slip(label: &str, stem: &str) -> bool {
    let (a, b) = (label.chars().count(), stem.chars().count());
    if b < slips::FEWEST_LETTERS || a.abs_diff(b) > 1 || label.chars().next() != stem.chars().next()
    {
        return false;
    }
    let last = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.chars().all(char::is_alphabetic))
    };
    last(label, stem)
        || last(stem, label)
        // Who joins words with a hyphen and who does not are two shops.
        || (label.contains('-') == stem.contains('-') && slips::of(stem).iter().any(|s| s == label))
}
