//! What a site folded for, within a bound: nothing deletes these counts, and whoever sends chooses the names.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::metrics;

/// The most pairs of destination and directive that the folded entries of one site are counted under, for each
/// hour of a segment. What is beyond, the rarest, is counted without a name.
pub const MAX_FOLDED_OF_SITE: usize = 64;

/// Site; outcome, reason, destination, directive; hour.
pub(super) type Key<'a> = (&'a str, [&'a str; 4], u32);

const UNNAMED: [&str; 4] = ["folded", "", "", ""];

/// Takes the names off those beyond the bound. The sums stay.
pub(super) fn bound(outcomes: &mut BTreeMap<Key<'_>, u64>) {
    let mut named: BTreeMap<(&str, u32), Vec<(u64, Key<'_>)>> = BTreeMap::new();
    for (&key, &count) in outcomes.iter() {
        let (site, words, hour) = key;
        if words != UNNAMED && words[0] == UNNAMED[0] {
            named.entry((site, hour)).or_default().push((count, key));
        }
    }
    for ((site, hour), mut pairs) in named {
        // Of two that are as frequent, the first in the order of names stays.
        pairs.sort_by_key(|(count, _)| Reverse(*count));
        for (count, key) in pairs.into_iter().skip(MAX_FOLDED_OF_SITE) {
            outcomes.remove(&key);
            let unnamed = outcomes.entry((site, UNNAMED, hour)).or_default();
            *unnamed = unnamed.saturating_add(count);
            metrics::get().spool_folded_unnamed.inc_by(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_keep_their_names_and_nothing_is_lost() {
        let names: Vec<String> = (0..1000).map(|n| format!("d{n:04}.example")).collect();
        let mut outcomes = BTreeMap::new();
        for site in ["loud", "other"] {
            for (n, name) in (1..)
                .zip(&names)
                .take(if site == "loud" { 1000 } else { 64 })
            {
                outcomes.insert((site, ["folded", "", name, "img-src"], 0), n);
            }
        }
        outcomes.insert(("loud", UNNAMED, 0), 7);
        outcomes.insert(("loud", ["stored", "", "", ""], 0), 3);
        let before: u64 = outcomes.values().sum();
        bound(&mut outcomes);
        assert_eq!(outcomes.values().sum::<u64>(), before);
        let of = |wanted| outcomes.keys().filter(|(site, ..)| *site == wanted).count();
        assert_eq!((of("loud"), of("other")), (MAX_FOLDED_OF_SITE + 2, 64));
        let most = ["folded", "", &names[999], "img-src"];
        assert_eq!(outcomes[&("loud", most, 0)], 1000);
        let unnamed: u64 = 7 + (1..=1000 - MAX_FOLDED_OF_SITE as u64).sum::<u64>();
        assert_eq!(outcomes[&("loud", UNNAMED, 0)], unnamed);
    }
}
