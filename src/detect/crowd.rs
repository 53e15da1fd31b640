//! [`Crowd`]: kinds of browsers, counted. An extension lives in one kind; a page is shown to all.

use super::numbers::log_sum;
use crate::enrich::Family;
use crate::sighting::Sighting;

/// Kinds that are told apart.
const KINDS: usize = 7;

const CHROMIUM: [usize; 2] = [0, 1];
const FIREFOX: [usize; 2] = [2, 3];
const WEBKIT: [usize; 2] = [4, 5];
const REST: usize = 6;

/// Visits with which every count begins, so that a new installation has an idea of what is usual: of a hundred
/// shoppers, by kind. What is seen outweighs it within a day.
const USUAL: [u32; KINDS] = [34, 22, 4, 1, 7, 30, 2];

/// What visitors carry with them lives in one of these, so often: an extension of one browser (of a computer, as
/// phones hardly have any), software of a computer's, an app with a browser in it, a network that meddles.
const CARRIERS: [(f64, &[usize]); 8] = [
    (0.48, &[0]),
    (0.10, &[2, 3]),
    (0.05, &[4]),
    (0.06, &[5]),
    (0.13, &[0, 2, 4]),
    (0.07, &[1, 3, 5]),
    (0.06, &[1]),
    (0.05, &[0, 1, 2, 3, 4, 5, 6]),
];

/// Of a carrier's reports, so many claim another kind: user agents lie.
const STRAY: f64 = 0.05;

/// Browsers by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Crowd([u32; KINDS]);

impl Crowd {
    /// Adds the browser of a sighting.
    pub(super) fn add(&mut self, sighting: &Sighting<'_>) {
        let phone = usize::from(sighting.mobile);
        let kind = match sighting.family {
            Family::Chromium => CHROMIUM[phone],
            Family::Firefox => FIREFOX[phone],
            Family::WebKit => WEBKIT[phone],
            Family::Bot | Family::Other => REST,
            Family::Unknown => return,
        };
        self.0[kind] = self.0[kind].saturating_add(1);
    }

    /// Adds another crowd.
    pub(super) fn add_all(&mut self, other: &Self) {
        for (all, some) in self.0.iter_mut().zip(other.0) {
            *all = all.saturating_add(some);
        }
    }

    /// How many there are.
    pub(super) fn number(&self) -> u32 {
        self.0
            .iter()
            .fold(0, |sum, number| sum.saturating_add(*number))
    }

    /// How many kinds there are.
    pub(super) fn kinds(&self) -> u32 {
        super::clients::count(self.0.iter().filter(|number| **number > 0).count())
    }

    /// Log-likelihood ratio: a page that everybody is shown, against something that visitors carry with them.
    pub(super) fn page_against_carrier(&self, everybody: &Self) -> f64 {
        let seen: [f64; KINDS] =
            std::array::from_fn(|kind| f64::from(everybody.0[kind] + USUAL[kind]));
        let all: f64 = seen.iter().sum();
        let share = seen.map(|number| number / all);
        let of = |likelihood: &dyn Fn(usize) -> f64| -> f64 {
            (0..KINDS)
                .filter(|kind| self.0[*kind] > 0)
                .map(|kind| f64::from(self.0[kind]) * likelihood(kind).ln())
                .sum()
        };
        let page = of(&|kind| share[kind]);
        let carriers = CARRIERS.map(|(prior, kinds)| {
            let within: f64 = kinds.iter().map(|kind| share[*kind]).sum();
            let likelihood = |kind: usize| {
                let inside = if kinds.contains(&kind) {
                    share[kind] / within
                } else {
                    0.0
                };
                (1.0 - STRAY) * inside + STRAY * share[kind]
            };
            prior.ln() + of(&likelihood)
        });
        page - log_sum(&carriers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_carriers() {
        let everybody = Crowd::default();
        for (name, crowd, least, most) in [
            ("nobody", [0, 0, 0, 0, 0, 0, 0], -0.01, 0.01),
            ("one desktop Chromium", [1, 0, 0, 0, 0, 0, 0], -1.0, 0.0),
            ("six of them", [6, 0, 0, 0, 0, 0, 0], -7.0, -2.0),
            ("one phone", [0, 0, 0, 0, 0, 1, 0], 0.3, 1.5),
            ("three kinds", [1, 1, 0, 0, 0, 1, 0], 2.0, 3.5),
            (
                "phones only, of both kinds",
                [0, 4, 0, 0, 0, 4, 0],
                -3.0,
                0.0,
            ),
            ("Firefox only", [0, 0, 4, 0, 0, 0, 0], -11.0, -4.0),
        ] {
            let ratio = Crowd(crowd).page_against_carrier(&everybody);
            assert!((least..=most).contains(&ratio), "{name}: {ratio}");
        }
    }
}
