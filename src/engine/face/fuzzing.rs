//! The face without network and engine, for fuzzing: each function is one place where a stranger's bytes are read.

use std::io::{self, Read};

use actix_web::http::Uri;
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::test::TestRequest;
use actix_web::web::Bytes;
use futures_util::FutureExt as _;

use super::body::BodyReader;
use super::compression::{block, pack};
use super::form;
use super::format::Shape;
use super::input::Input;
use super::request::{Packing, Request};
use crate::engine::guard;

/// The most that a fuzzed body may unpack to; the product streams it and holds a block at a time.
const MAX_UNPACKED_BYTES: u64 = 8 << 20;

/// Line, content type and form of a request; the statement in it, if it is one.
pub fn request(uri: &str, content_type: &[u8], form: &[u8]) -> Option<String> {
    let uri: Uri = uri.parse().ok()?;
    let kind = HeaderValue::from_bytes(content_type).ok()?;
    let http = TestRequest::default()
        .uri(&uri.to_string())
        .insert_header((CONTENT_TYPE, kind))
        .to_http_request();
    let mut request = Request::read(&http, "own-id").ok()?;
    if let Some(boundary) = request.boundary.take() {
        let form = Bytes::copy_from_slice(form);
        form::take(form, boundary, &mut request)
            .now_or_never()?
            .ok()?;
    }
    Some(request.query)
}

/// Unpacks a body: as it is, as blocks, or as an LZ4 frame.
pub fn unpack(packing: u8, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let packing = match packing % 3 {
        0 => Packing::Plain,
        1 => Packing::Blocks,
        _ => Packing::Lz4Frame,
    };
    let body = BodyReader::ready(Bytes::copy_from_slice(bytes));
    let mut out = Vec::new();
    body.unpack(packing)
        .take(MAX_UNPACKED_BYTES)
        .read_to_end(&mut out)?;
    Ok(out)
}

/// A block whose checksum is right, whatever is in it.
pub fn sealed(method: u8, unpacked: u32, data: &[u8]) -> Vec<u8> {
    block(method, unpacked, data)
}

/// A reply in blocks.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    pack(bytes)
}

/// The statement and the data that begin in the URL and go on in the body.
pub fn statement(query: &str, body: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut input = Input::read(query, Box::new(io::Cursor::new(body.to_vec()))).ok()?;
    let mut data = Vec::new();
    input.data.read_to_end(&mut data).ok()?;
    Some((input.text, data))
}

/// Whether the guard lets a text pass, and a tree.
pub fn guard(sql: &str, tree: &str) -> (bool, bool) {
    let (text, tree) = guard::check_alone(sql, tree);
    (text.is_ok(), tree.is_ok())
}

/// Bytes before the rows of a chunk in this format.
pub fn header(format: &str, chunk: &[u8]) -> Option<usize> {
    match Shape::of(format) {
        Shape::Headed(header) => header.length(chunk),
        Shape::Concatenated | Shape::Whole => None,
    }
}
