//! Slips of the finger: a letter missing, doubled, swapped with the next, or its neighbor on the keyboard.
//!
//! The rule: the first and the last letter are right. People do not miss them, and without the first many a name is
//! an ordinary word: `query`, `static`.

/// Fewest letters of a name in which a slip is looked for: most short words are one slip away from another.
pub(super) const FEWEST_LETTERS: usize = 6;

const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// Every text that is one slip away from a name.
pub(super) fn of(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    if letters.iter().filter(|c| c.is_alphabetic()).count() < FEWEST_LETTERS {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut add = |letters: Vec<char>| found.push(letters.into_iter().collect::<String>());
    for at in 0..letters.len() {
        let letter = letters[at];
        if letter.is_alphabetic() {
            add([&letters[..=at], &letters[at..]].concat());
        }
        if at == 0 || at + 1 == letters.len() {
            continue;
        }
        add([&letters[..at], &letters[at + 1..]].concat());
        if at + 2 < letters.len() {
            let swapped = [letters[at + 1], letter];
            add([&letters[..at], &swapped, &letters[at + 2..]].concat());
        }
        for near in neighbors(letter) {
            add([&letters[..at], &[near], &letters[at + 1..]].concat());
        }
    }
    found.retain(|slip| slip != name);
    found.sort_unstable();
    found.dedup();
    found
}

/// The keys around a letter's.
fn neighbors(letter: char) -> impl Iterator<Item = char> {
    let place = ROWS.iter().enumerate().find_map(|(row, keys)| {
        let column = keys.iter().position(|key| char::from(*key) == letter)?;
        Some((row, column))
    });
    place.into_iter().flat_map(|(row, column)| {
        // Each row stands half a key to the right of the one above.
        [
            (Some(row), column.checked_sub(1)),
            (Some(row), Some(column + 1)),
            (row.checked_sub(1), Some(column)),
            (row.checked_sub(1), Some(column + 1)),
            (Some(row + 1), column.checked_sub(1)),
            (Some(row + 1), Some(column)),
        ]
        .into_iter()
        .filter_map(|(row, column)| ROWS.get(row?)?.get(column?))
        .map(|key| char::from(*key))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips() {
        let slips = of("hotjar");
        for (name, text, want) in [
            ("missing", "hotar", true),
            ("doubled", "hottjar", true),
            ("last doubled", "hotjarr", true),
            ("swapped", "hojtar", true),
            ("neighbor", "hotkar", true),
            ("first missing", "otjar", false),
            ("last missing", "hotja", false),
            ("itself", "hotjar", false),
            ("two slips", "hojr", false),
            ("far letter", "hotpar", false),
        ] {
            assert_eq!(slips.iter().any(|s| s == text), want, "{name}");
        }
        assert!(of("adyen").is_empty(), "short names have none");
        assert!(of("mul-pay").contains(&"mulpay".to_owned()));
    }

    #[test]
    fn keys() {
        let near = |letter| neighbors(letter).collect::<String>();
        assert_eq!(near('g'), "fhtyvb");
        assert_eq!(near('q'), "wa");
        assert_eq!(near('m'), "njk");
        assert_eq!(near('-'), "");
    }
}
