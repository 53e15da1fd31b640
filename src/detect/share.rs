//! What share of those who report anything on a page reports one thing: a page's doing, or a visitor's.

use super::numbers::{log_sum, to_f64};

/// Shares that a page brings about, and how often: always, for those who type a card, for a sample of them.
const OF_PAGES: [(f64, f64); 5] = [
    (0.07, 0.12),
    (0.2, 0.18),
    (0.45, 0.25),
    (0.7, 0.25),
    (0.93, 0.2),
];

/// Shares that visitors bring about. Those of the last two have one network where little else is reported.
const OF_VISITORS: [(f64, f64); 5] = [
    (0.004, 0.35),
    (0.015, 0.3),
    (0.05, 0.2),
    (0.15, 0.1),
    (0.4, 0.05),
];

/// Log-likelihood ratio of page against visitor, where `part` of `whole` networks report it. Whoever made it come
/// up is counted out: at a site where nobody reports it there is nothing to judge.
pub(super) fn page_against_visitor(part: usize, whole: f64) -> f64 {
    let part = to_f64(part.saturating_sub(1));
    let rest = (whole - 1.0 - part).max(0.0);
    let log = |shares: [(f64, f64); 5]| {
        log_sum(&shares.map(|(share, prior): (f64, f64)| {
            prior.ln() + part * share.ln() + rest * (1.0 - share).ln()
        }))
    };
    log(OF_PAGES) - log(OF_VISITORS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        for (name, part, whole, least, most) in [
            ("the first says nothing", 1, 1.0, -0.01, 0.01),
            ("one of many", 1, 30.0, -4.0, -1.0),
            ("two of two", 2, 2.0, 1.5, 3.0),
            ("three of five", 3, 5.0, 1.5, 3.0),
            ("three of a hundred", 3, 100.0, -3.0, 0.0),
            ("ten of a hundred", 10, 100.0, 0.0, 4.0),
            ("sixty of a hundred", 60, 100.0, 5.0, 60.0),
        ] {
            let ratio = page_against_visitor(part, whole);
            assert!((least..=most).contains(&ratio), "{name}: {ratio}");
        }
    }
}
