//! What a hidden value looked like: [`push_shape`] writes its classes of characters and their counts.
//!
//! `9` is a digit, `a` a lower-case and `A` an upper-case letter, each with its count: `123` is `9{3}`,
//! `jane@example.test` is `a{4}@a{7}.a{4}`. Too many changes are `x` and the length: the pattern of a
//! password or of base64 would tell more than its length.

use std::fmt::Write;

/// Most runs of a shape; a value with more is mixed.
pub const MAX_RUNS: usize = 6;

/// Punctuation that is shown as it is; all other is shown as a dot.
const SHOWN: &str = "-_.:/@+,|";

/// Appends the shape of a value.
pub(super) fn push_shape(out: &mut String, value: &str) {
    let mut runs = [(' ', 0); MAX_RUNS];
    let mut used = 0usize;
    for class in value.chars().map(class) {
        if let Some(run) = used.checked_sub(1).and_then(|last| runs.get_mut(last))
            && run.0 == class
        {
            run.1 += 1;
        } else if let Some(run) = runs.get_mut(used) {
            *run = (class, 1);
            used += 1;
        } else {
            push_run(out, 'x', value.chars().count());
            return;
        }
    }
    for &(class, count) in runs.iter().take(used) {
        push_run(out, class, count);
    }
}

fn push_run(out: &mut String, class: char, count: usize) {
    out.push(class);
    if count > 1 {
        // Writing to a string cannot fail.
        let _ = write!(out, "{{{count}}}");
    }
}

fn class(c: char) -> char {
    if c.is_numeric() {
        '9'
    } else if c.is_uppercase() {
        'A'
    } else if c.is_alphabetic() {
        'a'
    } else if SHOWN.contains(c) {
        c
    } else {
        '.'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (value, want) in [
            ("", ""),
            ("1", "9"),
            ("123", "9{3}"),
            ("user99", "a{4}9{2}"),
            ("12/29", "9{2}/9{2}"),
            ("jane@example.test", "a{4}@a{7}.a{4}"),
            ("Jane Doe", "Aa{3}.Aa{2}"),
            ("２０", "9{2}"),
            ("NDExMTExMTExMTEx", "x{16}"),
            ("a{9}", "a.9."),
        ] {
            let mut out = String::new();
            push_shape(&mut out, value);
            assert_eq!(out, want, "{value}");
        }
    }
}
