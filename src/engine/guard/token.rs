//! The tokens of a statement, cut as ClickHouse's own lexer cuts them (`src/Parsers/Lexer.cpp`). [`tokens`] is the function
//! to know.
//!
//! The rule: nothing here decides alone what a statement may do. Tokens find the clause where an INSERT's data begins and
//! a FORMAT, and are a second look at names; the first look is the engine's own parse in [`super::ast`].

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Kind {
    /// A bare name, keyword or number.
    Word,
    /// A name in backticks or double quotes.
    Quoted,
    /// A string literal.
    Text,
    /// Any other character.
    Mark,
}

/// A piece of the text, comments and blanks left out.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Token<'a> {
    pub(in crate::engine) kind: Kind,
    /// The token as written, quotes included.
    pub(in crate::engine) text: &'a str,
    /// Where it starts, in bytes.
    pub(in crate::engine) start: usize,
}

impl<'a> Token<'a> {
    /// Where it ends, in bytes.
    pub(in crate::engine) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword, in any case.
    pub(in crate::engine) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is this character.
    pub(in crate::engine) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark && self.text.starts_with(mark)
    }

    /// The name it stands for, if it is one. A quoted name keeps its escapes.
    pub(in crate::engine) fn name(&self) -> Option<&'a str> {
        match self.kind {
            Kind::Word => Some(self.text),
            Kind::Quoted => self.text.get(1..self.text.len().saturating_sub(1)),
            Kind::Text | Kind::Mark => None,
        }
    }
}

/// The tokens of a text, in order. Lazy, so that the data after an INSERT is never cut.
pub(in crate::engine) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// See [`tokens`].
#[derive(Clone, Debug)]
pub(in crate::engine) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.at += blank(&self.text[self.at..]);
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            '\'' => (Kind::Text, quoted(rest, '\'')),
            '`' | '"' => (Kind::Quoted, quoted(rest, first)),
            '$' => heredoc(rest).map_or((Kind::Mark, 1), |length| (Kind::Text, length)),
            _ if is_word(first) => (Kind::Word, word(rest)),
            _ => (Kind::Mark, first.len_utf8()),
        };
        let token = Token {
            kind,
            text: &rest[..length],
            start: self.at,
        };
        self.at += length;
        Some(token)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !(is_word(c) || c == '$'))
        .unwrap_or(rest.len())
}

/// Length of blanks and comments.
fn blank(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let skip = if rest.starts_with("--") || rest.starts_with("# ") || rest.starts_with("#!") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else {
            let is_blank = |c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}';
            rest.find(|c: char| !is_blank(c)).unwrap_or(rest.len())
        };
        if skip == 0 {
            return at;
        }
        at += skip;
    }
}

/// Length of a quoted piece: a backslash takes the next character along, a doubled quote is a quote.
fn quoted(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            let end = at + 1;
            if !rest[end..].starts_with(quote) {
                return end;
            }
            chars.next();
        }
    }
    rest.len()
}

/// Length of `$tag$ … $tag$`, if it is one.
fn heredoc(rest: &str) -> Option<usize> {
    let tag = rest[1..].find('$')? + 2;
    let inside = &rest[1..tag - 1];
    if !inside
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        return None;
    }
    let end = rest[tag..].find(&rest[..tag])?;
    Some(tag + end + tag)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_cut_as_the_engine_cuts_them() {
        for (text, expected) in [
            ("select 1", vec!["select", "1"]),
            ("a--b\nc", vec!["a", "c"]),
            ("a # b\nc #d", vec!["a", "c", "#", "d"]),
            ("a/* ' */'b'", vec!["a", "'b'"]),
            ("/* /* */ file */", vec!["file", "*", "/"]),
            ("'it''s' 'a\\'b' x", vec!["'it''s'", "'a\\'b'", "x"]),
            ("`a``b` \"c\"\"d\"", vec!["`a``b`", "\"c\"\"d\""]),
            ("$$ ' $$ x $t$ $$ $t$", vec!["$$ ' $$", "x", "$t$ $$ $t$"]),
            (
                "{a:Identifier}.b",
                vec!["{", "a", ":", "Identifier", "}", ".", "b"],
            ),
            ("'open", vec!["'open"]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = tokens(text).map(|token| token.text).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_cut_to_its_end(text in "[ -~\\n'`\"$\\\\/*é]{0,60}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.start >= end);
                prop_assert!(!token.text.is_empty());
                end = token.end();
            }
            prop_assert!(end <= text.len());
        }
    }
}
