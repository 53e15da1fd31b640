//! Formats of a result, as far as the face must know them. [`Shape`] is the type to know.
//!
//! The engine gives a result in chunks, each a complete document. Some formats may simply be put one after another, some
//! repeat a header that has to go, and the rest cannot be streamed.

/// How chunks of a format become one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One after another.
    Concatenated,
    /// One after another, without the header of all but the first.
    Headed(Header),
    /// The whole result at once.
    Whole,
}

/// What stands before the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// So many lines, with quotes that may hold line breaks.
    Quoted(usize),
    /// So many lines.
    Lines(usize),
    /// Count, names, and types if true, each with its length before it.
    Binary(bool),
}

impl Shape {
    /// The shape of a format by its name, which ClickHouse takes in any case.
    pub(super) fn of(format: &str) -> Self {
        match format.to_ascii_lowercase().as_str() {
            "native"
            | "rowbinary"
            | "tabseparated"
            | "tsv"
            | "tabseparatedraw"
            | "tsvraw"
            | "raw"
            | "csv"
            | "jsoneachrow"
            | "jsonlines"
            | "jsonl"
            | "ndjson"
            | "jsoncompacteachrow"
            | "jsonstringseachrow"
            | "jsoncompactstringseachrow"
            | "lineasstring"
            | "tskv"
            | "null" => Self::Concatenated,
            "rowbinarywithnames" => Self::Headed(Header::Binary(false)),
            "rowbinarywithnamesandtypes" => Self::Headed(Header::Binary(true)),
            "csvwithnames" => Self::Headed(Header::Quoted(1)),
            "csvwithnamesandtypes" => Self::Headed(Header::Quoted(2)),
            "tabseparatedwithnames"
            | "tsvwithnames"
            | "jsoncompacteachrowwithnames"
            | "jsoncompactstringseachrowwithnames" => Self::Headed(Header::Lines(1)),
            "tabseparatedwithnamesandtypes"
            | "tsvwithnamesandtypes"
            | "jsoncompacteachrowwithnamesandtypes"
            | "jsoncompactstringseachrowwithnamesandtypes" => Self::Headed(Header::Lines(2)),
            _ => Self::Whole,
        }
    }
}

impl Header {
    /// Bytes of the header at the beginning of a chunk; `None` if the chunk is not as it should be.
    pub(super) fn length(self, chunk: &[u8]) -> Option<usize> {
        match self {
            Self::Lines(count) => lines(chunk, count, false),
            Self::Quoted(count) => lines(chunk, count, true),
            Self::Binary(types) => {
                let (columns, mut at) = varint(chunk, 0)?;
                let texts = columns.checked_mul(if types { 2 } else { 1 })?;
                for _ in 0..texts {
                    let (length, start) = varint(chunk, at)?;
                    at = start.checked_add(length)?;
                }
                (at <= chunk.len()).then_some(at)
            }
        }
    }
}

fn lines(chunk: &[u8], count: usize, quotes: bool) -> Option<usize> {
    let (mut left, mut inside) = (count, false);
    for (at, byte) in chunk.iter().enumerate() {
        match byte {
            b'"' if quotes => inside = !inside,
            b'\n' if !inside => {
                left -= 1;
                if left == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// An LEB128 number at a place, and the place after it.
fn varint(bytes: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(at)?;
        at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, at));
        }
    }
    None
}

/// The media type of a format, as ClickHouse sends it.
pub(super) fn content_type(format: &str) -> &'static str {
    let format = format.to_ascii_lowercase();
    let any = |parts: &[&str]| parts.iter().any(|part| format.starts_with(part));
    if any(&["tabseparated", "tsv", "tskv", "raw"]) {
        "text/tab-separated-values; charset=UTF-8"
    } else if format.starts_with("csv") {
        "text/csv; charset=UTF-8"
    } else if any(&["jsoneachrow", "jsonlines", "jsonl", "ndjson"]) || format.contains("eachrow") {
        "application/x-ndjson; charset=UTF-8"
    } else if format.starts_with("json") {
        "application/json; charset=UTF-8"
    } else if format.starts_with("xml") {
        "application/xml; charset=UTF-8"
    } else if any(&["pretty", "vertical", "markdown", "values", "lineasstring"]) {
        "text/plain; charset=UTF-8"
    } else {
        "application/octet-stream"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_measured() {
        for (format, chunk, length) in [
            ("CSVWithNames", &b"\"a\nb\",\"c\"\"d\"\n1,2\n"[..], Some(13)),
            ("CSVWithNamesAndTypes", b"\"a\"\n\"Int\"\n1\n", Some(10)),
            ("TSVWithNames", b"a\tb\n1\t2\n", Some(4)),
            ("TabSeparatedWithNamesAndTypes", b"a\nInt\n1\n", Some(6)),
            (
                "RowBinaryWithNamesAndTypes",
                b"\x01\x01a\x05Int32\x07",
                Some(9),
            ),
            ("RowBinaryWithNames", b"\x02\x01a\x01b\x07", Some(5)),
            ("RowBinaryWithNamesAndTypes", b"\x01\x7fa", None),
            (
                "RowBinaryWithNamesAndTypes",
                b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                None,
            ),
            ("TSVWithNames", b"no line", None),
        ] {
            let Shape::Headed(header) = Shape::of(format) else {
                panic!("{format} has a header")
            };
            assert_eq!(header.length(chunk), length, "{format}");
        }
    }

    #[test]
    fn documents_with_a_beginning_and_an_end_are_not_streamed() {
        for format in [
            "JSON",
            "Parquet",
            "Arrow",
            "Pretty",
            "XML",
            "Values",
            "SomethingNew",
        ] {
            assert_eq!(Shape::of(format), Shape::Whole, "{format}");
        }
        assert_eq!(Shape::of("NATIVE"), Shape::Concatenated);
    }
}
