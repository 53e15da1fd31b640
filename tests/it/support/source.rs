//! Rust source with what is no code taken out, for tests that read `src/`.
//!
//! The rule: a byte of the file stays at its place. What is taken out becomes spaces, so that a position
//! in the code is a position in the strings.

use std::path::{Path, PathBuf};

/// One file of `src/`, seen twice.
#[derive(Debug)]
pub(crate) struct Source {
    /// Below `src/`, with `/`: `spool/segment.rs`.
    pub(crate) path: String,
    /// The file without comments, texts of literals and items under `#[cfg(test)]`.
    pub(crate) code: String,
    /// Only the texts of string literals outside `#[cfg(test)]`.
    pub(crate) strings: String,
}

impl Source {
    /// Reads `text` as the file `path`.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let (mut code, mut strings) = split(text.as_bytes());
        while let Some(span) = test_item(&code) {
            blank(&mut code, span.clone());
            blank(&mut strings, span);
        }
        Self {
            path: path.to_owned(),
            code: String::from_utf8_lossy(&code).into_owned(),
            strings: String::from_utf8_lossy(&strings).into_owned(),
        }
    }

    /// Every file of the crate. A file named `tests.rs` is a test module.
    pub(crate) fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut paths = Vec::new();
        walk(&root, &mut paths);
        paths.sort();
        paths
            .iter()
            .filter(|path| !path.ends_with("tests.rs"))
            .map(|path| {
                let text = std::fs::read_to_string(path).expect("a source file is readable");
                let below = path.strip_prefix(&root).expect("it was found below src");
                Self::new(&below.to_string_lossy(), &text)
            })
            .collect()
    }

    /// The module it belongs to: `spool` for `spool/segment.rs` and for `spool.rs`.
    pub(crate) fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Names in the code, with the byte where each stands.
    pub(crate) fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut rest = 0;
        self.code
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map(move |word| {
                let at = rest;
                rest += word.len() + 1;
                (at, word)
            })
            .filter(|(_, word)| !word.is_empty())
    }

    /// `path:line` of a byte of it, as compilers write it.
    pub(crate) fn place(&self, at: usize) -> String {
        let line = self.code.as_bytes()[..at].iter().filter(|b| **b == b'\n');
        format!("src/{}:{}", self.path, line.count() + 1)
    }
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn blank(bytes: &mut [u8], span: std::ops::Range<usize>) {
    for byte in bytes[span].iter_mut().filter(|b| **b != b'\n') {
        *byte = b' ';
    }
}

/// Code and string texts, each as long as `text`.
fn split(text: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut code, mut strings) = (text.to_vec(), text.to_vec());
    // Other alphabets stand in comments and strings only; as code they would break words apart.
    code.iter_mut()
        .filter(|b| !b.is_ascii())
        .for_each(|b| *b = b' ');
    let mut at = 0;
    while at < text.len() {
        let (end, inner) = token(&text[at..]);
        match inner {
            Inner::Code => blank(&mut strings, at..at + end),
            Inner::Comment => {
                blank(&mut code, at..at + end);
                blank(&mut strings, at..at + end);
            }
            Inner::Text => blank(&mut code, at..at + end),
        }
        at += end;
    }
    (code, strings)
}

enum Inner {
    Code,
    Comment,
    Text,
}

/// Length and kind of what `text` begins with.
fn token(text: &[u8]) -> (usize, Inner) {
    let until = |from: usize, end: &[u8]| {
        let rest = text.get(from..).unwrap_or_default();
        let at = rest.windows(end.len()).position(|w| w == end);
        at.map_or(text.len(), |at| from + at + end.len())
    };
    if let Some((open, hashes)) = raw_string(text) {
        let mut end = vec![b'"'];
        end.resize(hashes + 1, b'#');
        return (until(open, &end), Inner::Text);
    }
    match text {
        [b'/', b'/', ..] => (until(2, b"\n"), Inner::Comment),
        [b'/', b'*', ..] => (until(2, b"*/"), Inner::Comment),
        [b'"', ..] => (quoted(text, b'"'), Inner::Text),
        // `'x'` or `'\n'` is a character; `'a` without a closing mark is a lifetime.
        [b'\'', b'\\', ..] => (quoted(text, b'\''), Inner::Text),
        [b'\'', _, b'\'', ..] => (3, Inner::Text),
        // A name is one token, so that the `r` at its end opens no raw string.
        [first, ..] if first.is_ascii_alphanumeric() || *first == b'_' => {
            let name = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
            (text.iter().take_while(name).count(), Inner::Code)
        }
        _ => (1, Inner::Code),
    }
}

/// Bytes up to the text of a raw string that begins here (`r#"`, `br"`), and how many `#` close it.
fn raw_string(text: &[u8]) -> Option<(usize, usize)> {
    let marks = text.strip_prefix(b"b").unwrap_or(text).strip_prefix(b"r")?;
    let hashes = marks.iter().take_while(|b| **b == b'#').count();
    let open = text.len() - marks.len() + hashes + 1;
    (marks.get(hashes) == Some(&b'"')).then_some((open, hashes))
}

/// Length of a literal with escapes, both marks included.
fn quoted(text: &[u8], mark: u8) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != mark {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

/// Where the first item under `#[cfg(test)]` stands, up to its closing brace or its semicolon.
fn test_item(code: &[u8]) -> Option<std::ops::Range<usize>> {
    const MARK: &[u8] = b"#[cfg(test)]";
    let from = code.windows(MARK.len()).position(|w| w == MARK)?;
    let mut depth = 0_usize;
    for (at, byte) in code.iter().enumerate().skip(from + MARK.len()) {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return Some(from..at + 1),
            b'}' => depth -= 1,
            b';' if depth == 0 => return Some(from..at + 1),
            _ => {}
        }
    }
    Some(from..code.len())
}

#[test]
fn only_code_is_code() {
    let text = r##"
        use crate::ids; // crate::comment
        /* crate::block */ fn f<'a>(x: &'a str) -> char { let var = r"C:\"; '"' }
        const A: &str = "SELECT \" crate::string"; const B: &[u8] = br#"INSERT " x"#;
        #[cfg(test)]
        mod tests { use crate::tested; fn g() { if true { } } const C: &str = "test text"; }
        use crate::clock;
    "##;
    let source = Source::new("spool/segment.rs", text);
    assert_eq!(source.module(), "spool");
    for gone in [
        "comment",
        "block",
        "string",
        "tested",
        "INSERT",
        "mod tests",
    ] {
        assert!(!source.code.contains(gone), "{gone} is no code");
    }
    for kept in ["crate::ids", "'a str", "fn f", "let var =", "crate::clock"] {
        assert!(source.code.contains(kept), "{kept} is code");
    }
    assert!(source.strings.contains("SELECT") && source.strings.contains("INSERT \" x"));
    assert!(!source.strings.contains("test text") && !source.strings.contains("ids"));
    let at = source.code.find("crate::clock").expect("it is there");
    assert_eq!(source.place(at), "src/spool/segment.rs:7");
}
