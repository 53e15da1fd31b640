//! Counts the entries of a body that is too large to be parsed, chunk by chunk, keeping none of it.

/// Number of top-level entries of a body: 1 for an object, the elements of an array.
pub type EntryCount = u32;

/// Counts the top-level entries of a JSON body as it streams by. It checks nothing: of a broken body it
/// counts what looks like an entry, of a cut one the entry that was cut as well.
#[derive(Clone, Debug, Default)]
pub struct EntryCounter {
    entries: EntryCount,
    depth: u64,
    string: InString,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum InString {
    #[default]
    No,
    Yes,
    /// Behind a backslash.
    Escaped,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before the outermost value.
    #[default]
    Before,
    /// In the outermost array, where an entry may begin.
    Between,
    /// In the outermost array, in an entry or behind it.
    Within,
    /// Nothing that follows can be an entry.
    Done,
}

impl EntryCounter {
    /// Takes the next bytes of the body.
    pub fn feed(&mut self, chunk: &[u8]) {
        let mut rest = chunk;
        while let Some((&byte, tail)) = rest.split_first()
            && self.place != Place::Done
        {
            rest = tail;
            match self.string {
                InString::Escaped => self.string = InString::Yes,
                InString::Yes => match byte {
                    b'"' => self.string = InString::No,
                    b'\\' => self.string = InString::Escaped,
                    _ => rest = &rest[memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len())..],
                },
                InString::No => self.step(byte),
            }
        }
    }

    /// Entries so far.
    pub fn entries(&self) -> EntryCount {
        self.entries
    }

    /// Takes a byte outside strings.
    fn step(&mut self, byte: u8) {
        if self.place == Place::Before {
            return self.begin(byte);
        }
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => return,
            b',' if self.depth == 0 => {
                self.place = Place::Between;
                return;
            }
            b']' if self.depth == 0 => {
                self.place = Place::Done;
                return;
            }
            b'"' => self.string = InString::Yes,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.place == Place::Between {
            self.place = Place::Within;
            self.entries = self.entries.saturating_add(1);
        }
    }

    /// Looks for the outermost value, past white space and a byte order mark.
    fn begin(&mut self, byte: u8) {
        match byte {
            b'{' => {
                self.entries = 1;
                self.place = Place::Done;
            }
            b'[' => self.place = Place::Between,
            b' ' | b'\t' | b'\n' | b'\r' | 0xef | 0xbb | 0xbf => {}
            _ => self.place = Place::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_entries_however_the_body_is_split() {
        for (name, body, expected) in [
            ("an object", "\u{feff} {\"a\":[1,2]}", 1),
            ("an empty array", " [ ]", 0),
            ("one", "[{}]", 1),
            (
                "commas in strings and below",
                r#"[{"a":"],[\"","b":[1,2]},[3,4],"5,6"]"#,
                3,
            ),
            ("scalars", "[1,null ,\"\"]", 3),
            ("cut in an entry", r#"[{"a":1},{"b"#, 2),
            ("cut behind a comma", r#"[{"a":1},"#, 1),
            ("rubbish behind it", "[1] [2,3]", 1),
            ("no array", "7,8", 0),
            ("nothing", "", 0),
        ] {
            let mut whole = EntryCounter::default();
            whole.feed(body.as_bytes());
            let mut single = EntryCounter::default();
            for byte in body.bytes() {
                single.feed(&[byte]);
            }
            assert_eq!(
                (whole.entries(), single.entries()),
                (expected, expected),
                "{name}"
            );
        }
    }
}
