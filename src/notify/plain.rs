//! Texts that strangers wrote, made harmless for wherever a notice is shown: [`foreign`] is the way to write one.
//!
//! Mail programs and chats make links of what looks like an address, and mentions of what stands in angle brackets. The
//! rule: nothing becomes a link that we did not make one, and nobody is called who is not meant.

use crate::language::deceives;

/// Longest text of a stranger's that is told whole, in characters.
const MAX_TOLD_CHARS: usize = 120;

/// The text without what cannot be seen, what turns directions, and what programs make links or mentions of:
/// `evil[.]example`.
pub(super) fn foreign(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let mut chars = text.trim().chars().peekable();
    let (mut told, mut before) = (0, ' ');
    while let Some(c) = chars.next() {
        told += 1;
        if told > MAX_TOLD_CHARS {
            shown.push('…');
            break;
        }
        let follows = chars.peek().copied().unwrap_or(' ');
        match c {
            // In a name, a line's end is a space.
            '\n' | '\r' | '\t' => shown.push(' '),
            c if deceives(c) => shown.push('\u{fffd}'),
            '<' => shown.push('‹'),
            '>' => shown.push('›'),
            '.' | '。' | '．' | '｡' if before.is_alphanumeric() && follows.is_alphanumeric() => {
                shown.push('[');
                shown.push(c);
                shown.push(']');
            }
            ':' if follows == '/' => shown.push_str("[:]"),
            '@' => shown.push_str("[@]"),
            c => shown.push(c),
        }
        before = c;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_a_link_or_a_call() {
        for (text, told) in [
            ("evil.example", "evil[.]example"),
            ("a.b.c.example.", "a[.]b[.]c[.]example."),
            ("東京ショップ", "東京ショップ"),
            ("株式会社A。B店", "株式会社A[。]B店"),
            ("https://evil.example/x", "https[:]//evil[.]example/x"),
            (
                "<!channel> <@U1> <https://evil.example|pay>",
                "‹!channel› ‹[@]U1› ‹https[:]//evil[.]example|pay›",
            ),
            ("@everyone", "[@]everyone"),
            ("a@evil.example", "a[@]evil[.]example"),
            ("Shop\r\nBcc: x", "Shop  Bcc: x"),
            ("moc.\u{202e}live", "moc.\u{fffd}live"),
            ("No. 1", "No. 1"),
        ] {
            assert_eq!(foreign(text), told, "{text}");
        }
        assert_eq!(
            foreign(&"x".repeat(500)).chars().count(),
            MAX_TOLD_CHARS + 1
        );
    }
}
