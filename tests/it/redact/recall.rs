//! How many of a hundred thousand numbers are noticed, and that none is left, by brand, writing and place.

use std::collections::BTreeMap;

use skimwatch::normalize::normalize;
use skimwatch::redact::{Harmless, Redactor, Report};

use super::numbers::{Dice, number};
use super::writings::{WAYS, body, fits, places, write};
use super::{columns, planted, profile, redactor, unhashed, visitor};

/// Numbers in every run, and in the long one.
const NUMBERS: u32 = 20_000;
const ALL_NUMBERS: u32 = 100_000;

/// Parts of a secret that are looked for have this many bytes.
const PART: usize = 9;

/// Numbers and misses of each category.
#[derive(Default)]
struct Tally(BTreeMap<(&'static str, String), (u32, u32)>);

impl Tally {
    fn add(&mut self, kind: &'static str, category: impl Into<String>, missed: bool) {
        let (all, misses) = self.0.entry((kind, category.into())).or_default();
        *all += 1;
        *misses += u32::from(missed);
    }

    fn lines(&self) -> String {
        let line = |((kind, category), (all, misses)): (&(&str, String), &(u32, u32))| {
            format!("{kind:>8} {category:24} {misses:>6} of {all:>6}\n")
        };
        self.0.iter().map(line).collect()
    }
}

fn numbers() -> u32 {
    let long = std::env::var_os("SKIMWATCH_TEST_LONG").is_some_and(|set| set == "1");
    if long { ALL_NUMBERS } else { NUMBERS }
}

/// The column where a part of these secrets is left, and what it says.
fn left(report: &Report, secrets: &[&str]) -> Option<String> {
    let columns = columns(report);
    // Lines and columns of the source are numbers that the browser counted.
    let shown = columns.iter().filter(|(name, _)| *name != "position");
    for (name, text) in shown.filter(|(_, text)| !text.is_empty()) {
        let text = unhashed(text).to_lowercase();
        for secret in secrets {
            let secret = secret.to_lowercase();
            let parts = secret.as_bytes().windows(PART.min(secret.len()));
            for part in parts {
                if memchr::memmem::find(text.as_bytes(), part).is_some() {
                    return Some(format!("{name}: {text}"));
                }
            }
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.contains(secrets[0]) {
            return Some(format!("{name}: {text}"));
        }
    }
    None
}

fn redact(redactor: &Redactor, text: &str, place: &str) -> Report {
    let entry = planted::entry(body(text, place));
    redactor.redact(normalize(entry, visitor(""), &profile()), Harmless::none())
}

#[test]
fn of_a_thousand_numbers_at_most_one_is_missed() {
    let (redactor, places, mut dice) = (redactor(), places(), Dice::new(1));
    let (mut tally, mut misses, mut examples) = (Tally::default(), 0, Vec::new());
    for _ in 0..numbers() {
        let (number, brand) = number(&mut dice);
        let (way, place) = loop {
            let (way, place) = (*dice.one(&WAYS), *dice.one(&places));
            if fits(&number, way, place) {
                break (way, place);
            }
        };
        let text = write(&number, way);
        let report = redact(&redactor, &text, place);
        let found = report
            .card_number()
            .map(|card| (card.brand, usize::from(card.length)));
        let missed = found != Some((brand, number.len()));
        let left = left(&report, &[&number, &text]);
        assert_eq!(left, None, "{number} as {way} in {place}");
        if missed {
            misses += 1;
            examples.push(format!("{text} in {place}: {brand}, not {found:?}"));
        }
        tally.add("brand", format!("{brand} {}", number.len()), missed);
        tally.add("writing", way, missed);
        tally.add("place", place, missed);
    }
    examples.truncate(40);
    println!("{misses} of {} missed\n{}", numbers(), tally.lines());
    assert!(
        misses * 1000 <= numbers(),
        "{misses} of {} missed\n{}\n{examples:#?}",
        numbers(),
        tally.lines()
    );
}
