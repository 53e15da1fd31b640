//! Texts that strangers wrote: names, destinations, addresses, notes. [`foreign`] is the way to show one.
//!
//! Escaping keeps a text from being markup. What is left are characters that cannot be seen and those
//! that turn the direction of what follows: they are shown by their number, and `<bdi>` keeps honest
//! right-to-left text to itself.

use maud::{Markup, html};

use crate::language::deceives;

/// Longest text that is shown whole, in characters.
const MAX_SHOWN_CHARS: usize = 300;

/// The text as part of a page.
pub(super) fn foreign(text: &str) -> Markup {
    html! { bdi { (visible(text)) } }
}

/// The same in the type of code.
pub(super) fn code(text: &str) -> Markup {
    html! { code { bdi { (visible(text)) } } }
}

/// The text where no element may stand: titles and attributes.
pub(super) fn visible(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => whole(text.get(..end).unwrap_or_default()) + "…",
        None => whole(text),
    }
}

/// The same, however long: for what is copied and must not lack its end.
pub(super) fn whole(text: &str) -> String {
    let shown = |c: char| {
        if deceives(c) {
            format!("‹U+{:04X}›", u32::from(c))
        } else {
            c.to_string()
        }
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hides_and_nothing_turns() {
        for (text, shown) in [
            ("東京ショップ", "東京ショップ"),
            (
                "<script>alert(\"1\")</script>",
                "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;",
            ),
            ("moc.\u{202e}example", "moc.‹U+202E›example"),
            ("pay\u{200b}pal", "pay‹U+200B›pal"),
            ("a\nb\0", "a‹U+000A›b‹U+0000›"),
            ("\u{e0041}", "‹U+E0041›"),
        ] {
            assert_eq!(foreign(text).into_string(), format!("<bdi>{shown}</bdi>"));
        }
        assert_eq!(
            visible(&"x".repeat(400)).chars().count(),
            MAX_SHOWN_CHARS + 1
        );
    }
}
