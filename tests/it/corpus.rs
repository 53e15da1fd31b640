//! The requests in `tests/fixtures/reports`.

use base64::Engine as _;
use serde::Deserialize;

/// A request that a real browser sent.
#[derive(Deserialize)]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) browser: String,
    pub(crate) case: String,
    pub(crate) variant: String,
    pub(crate) transport: String,
    method: String,
    headers: Vec<(String, String)>,
    body_b64: String,
}

impl Request {
    /// The bytes of its body.
    pub(crate) fn body(&self) -> Vec<u8> {
        base64::engine::general_purpose::STANDARD
            .decode(&self.body_b64)
            .expect("fixtures are base64")
    }

    /// The first header of this name, in lower case; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        headers
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }
}

/// All POSTs among them, in their order.
pub(crate) fn posts() -> Vec<Request> {
    posts_in("corpus.ndjson")
}

/// All POSTs of a file of requests, in their order.
pub(crate) fn posts_in(file: &str) -> Vec<Request> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/reports");
    let path = std::path::Path::new(folder).join(file);
    let text = std::fs::read_to_string(path).expect("the fixtures are there");
    let requests = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("fixtures are JSON"));
    requests
        .filter(|request: &Request| request.method == "POST")
        .collect()
}
