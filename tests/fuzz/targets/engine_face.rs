//! What clients of the embedded engine send. The first byte says what the rest is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use skimwatch::engine::fuzzing::{guard, header, packed, request, sealed, statement, unpack};

/// Formats whose chunks have a header.
const HEADED: [&str; 6] = [
    "RowBinaryWithNames",
    "RowBinaryWithNamesAndTypes",
    "CSVWithNames",
    "CSVWithNamesAndTypes",
    "TSVWithNames",
    "TabSeparatedWithNamesAndTypes",
];

/// Characters that begin a string, a name, a comment or a heredoc.
const OPENING: [char; 8] = ['\'', '"', '`', '$', '-', '#', '/', '\\'];

/// The text up to a line break, and what follows it.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|&b| b == b'\n').unwrap_or(data.len());
    (&data[..end], data.get(end + 1..).unwrap_or_default())
}

fn requests(data: &[u8]) {
    let (uri, rest) = line(data);
    let (kind, form) = line(rest);
    if let Ok(uri) = std::str::from_utf8(uri) {
        request(uri, kind, form);
    }
}

fn blocks(data: &[u8]) {
    let [method, a, b, rest @ ..] = data else {
        return;
    };
    let block = sealed(*method, u32::from(u16::from_le_bytes([*a, *b])), rest);
    if let Ok(bytes) = unpack(1, &block) {
        assert_eq!(bytes.len(), usize::from(u16::from_le_bytes([*a, *b])));
    }
    assert_eq!(unpack(1, &packed(rest)).ok().as_deref(), Some(rest));
}

fn statements(data: &[u8]) {
    let (query, body) = line(data);
    let Ok(query) = std::str::from_utf8(query) else {
        return;
    };
    let Some((text, rest)) = statement(query, body) else {
        return;
    };
    // Nothing is lost between the statement and its data.
    let found = [text.as_bytes(), rest.as_slice()].concat();
    let joined = [query.as_bytes(), body].concat();
    let apart = [query.as_bytes(), b"\n", body].concat();
    assert!(found == joined || found == apart, "{query:?}: {text:?}");
}

fn guards(data: &[u8]) {
    let (tree, sql) = line(data);
    let sql = String::from_utf8_lossy(sql);
    // Lines of the tree stand apart by a mark that needs no escape.
    let tree = String::from_utf8_lossy(tree).replace('|', "\n");
    guard(&sql, &tree);
    if !sql.contains(OPENING) {
        let planted = format!("{sql} file('/etc/passwd')");
        assert!(!guard(&planted, "").0, "{planted} passes");
        let planted = format!("{tree}\n Function file (children 1)");
        assert!(!guard("", &planted).1, "{planted} passes");
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&kind, data)) = data.split_first() else {
        return;
    };
    match kind % 8 {
        0 | 1 => requests(data),
        2 => blocks(data),
        3 | 4 => statements(data),
        5 => guards(data),
        6 => {
            for format in HEADED {
                let length = header(format, data);
                assert!(length.is_none_or(|length| length <= data.len()));
            }
        }
        // An error is an answer.
        _ => drop(unpack(kind / 8, data)),
    }
});
