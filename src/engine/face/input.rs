//! The statement of a request and the data that comes with it. [`Input`] is the type to know.

use std::io::{self, Cursor, Read};

use crate::engine::result::{Code, Exception};
use crate::engine::setup::MAX_QUERY_BYTES;
use crate::engine::statement::Statement;

/// A statement's text and the data that belongs to it.
pub(super) struct Input {
    pub(super) text: String,
    pub(super) statement: Statement,
    pub(super) data: Box<dyn Read + Send>,
}

impl Input {
    /// The statement begins in the URL and goes on in the body; the data of an INSERT begins where its head ends.
    pub(super) fn read(query: &str, mut body: Box<dyn Read + Send>) -> Result<Self, Exception> {
        if query.len() > MAX_QUERY_BYTES {
            return Err(too_large());
        }
        let statement = Statement::read(query, None);
        if let Statement::Insert { data, .. } = statement {
            let rest = Cursor::new(query.as_bytes()[data..].to_vec());
            return Ok(Self {
                text: query[..data].to_owned(),
                statement,
                data: Box::new(rest.chain(body)),
            });
        }
        let mut text = query.as_bytes().to_vec();
        if !text.is_empty() {
            text.push(b'\n');
        }
        let room = MAX_QUERY_BYTES + 1 - text.len().min(MAX_QUERY_BYTES);
        (&mut *body)
            .take(room as u64)
            .read_to_end(&mut text)
            .map_err(body_error)?;
        let valid = match std::str::from_utf8(&text) {
            Ok(valid) => valid,
            Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
        };
        let statement = Statement::read(valid, None);
        if let Statement::Insert { data, .. } = statement {
            let head = valid[..data].to_owned();
            let rest = Cursor::new(text.split_off(data));
            return Ok(Self {
                text: head,
                statement,
                data: Box::new(rest.chain(body)),
            });
        }
        if text.len() > MAX_QUERY_BYTES {
            return Err(too_large());
        }
        let text = String::from_utf8(text)
            .map_err(|_bytes| Exception::new(Code::Syntax, "The statement is not UTF-8"))?;
        Ok(Self {
            text,
            statement,
            data: Box::new(io::empty()),
        })
    }
}

/// Why a body ended before its end.
pub(super) fn body_error(error: io::Error) -> Exception {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Exception::new(Code::Cancelled, "The client left before the body's end")
        }
        _ => Exception::new(
            Code::CannotDecompress,
            format_args!("The body cannot be read: {error}"),
        ),
    }
}

fn too_large() -> Exception {
    Exception::new(
        Code::QueryTooLarge,
        format_args!("A statement may have {MAX_QUERY_BYTES} bytes, without the data of an INSERT"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, body: &'static [u8]) -> Result<(String, Vec<u8>), Exception> {
        let mut input = Input::read(query, Box::new(body))?;
        let mut data = Vec::new();
        input.data.read_to_end(&mut data).unwrap();
        Ok((input.text, data))
    }

    #[test]
    fn statement_and_data_are_found_wherever_they_stand() {
        for (query, body, text, data) in [
            ("select 1", &b""[..], "select 1\n", &b""[..]),
            ("", b"select 1", "select 1", b""),
            ("select", b"1", "select\n1", b""),
            (
                "INSERT INTO t FORMAT Native",
                b"\xff\n\x00",
                "INSERT INTO t FORMAT Native",
                b"\xff\n\x00",
            ),
            (
                "INSERT INTO t FORMAT TSV\n1",
                b"2",
                "INSERT INTO t FORMAT TSV\n",
                b"12",
            ),
            (
                "",
                b"INSERT INTO t FORMAT RowBinary\n\xff\xfe",
                "INSERT INTO t FORMAT RowBinary\n",
                b"\xff\xfe",
            ),
            (
                "INSERT INTO t",
                b"FORMAT TSV\n1",
                "INSERT INTO t",
                b"FORMAT TSV\n1",
            ),
        ] {
            let (found, rest) = read(query, body).unwrap();
            assert_eq!((found.as_str(), rest.as_slice()), (text, data), "{query}");
        }
    }

    #[test]
    fn only_the_data_of_an_insert_may_be_long() {
        let mut long = b"INSERT INTO t FORMAT TSV\n".to_vec();
        long.resize(MAX_QUERY_BYTES * 2, b'1');
        let (text, data) = read("", Box::leak(long.clone().into_boxed_slice())).unwrap();
        assert_eq!(text.len() + data.len(), long.len());
        let mut select = b"select ".to_vec();
        select.resize(MAX_QUERY_BYTES * 2, b'1');
        assert!(read("", Box::leak(select.into_boxed_slice())).is_err());
        assert!(read("", b"select '\xff'").is_err(), "not UTF-8");
    }
}
