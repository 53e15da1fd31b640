//! What a request asks for, apart from its body. [`Request`] is the type to know.
//!
//! The URL's keys are those of ClickHouse's HTTP interface: `query`, `database`, `default_format`, `param_x`, and settings.
//! Keys that only a server with sessions and users knows are read and let go.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::web::Query;

use crate::engine::guard::is_open_database;
use crate::engine::result::{Code, Exception};

/// Parameters and settings in one request.
pub(super) const MAX_KEYS: usize = 1_000;

/// Keys that mean nothing here: sessions, users, buffering. `log_comment` is how the face finds its own statements.
const IGNORED: &[&str] = &[
    "session_id",
    "session_timeout",
    "session_check",
    "wait_end_of_query",
    "buffer_size",
    "client_protocol_version",
    "role",
    "user",
    "password",
    "quota_key",
    "stacktrace",
    "close_session",
    "enable_http_compression",
    "http_zlib_compression_level",
    "send_progress_in_http_headers",
    "http_headers_progress_interval_ms",
    "http_write_exception_in_output_format",
    "cancel_http_readonly_queries_on_client_close",
    "log_comment",
];

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// As it is.
    Plain,
    /// ClickHouse's blocks (`decompress=1`).
    Blocks,
    /// An LZ4 frame (`Content-Encoding: lz4`).
    Lz4Frame,
}

/// A request without its body.
#[derive(Debug)]
pub(super) struct Request {
    /// GET and HEAD change nothing.
    pub(super) read_only: bool,
    /// The URL's part of the statement.
    pub(super) query: String,
    pub(super) params: Vec<(String, String)>,
    pub(super) settings: Vec<(String, String)>,
    pub(super) database: Option<String>,
    pub(super) default_format: Option<String>,
    /// The client's name for the statement, or one of ours.
    pub(super) query_id: String,
    pub(super) packing: Packing,
    /// Whether the reply shall be packed in ClickHouse's blocks (`compress=1`).
    pub(super) compress: bool,
    /// The boundary of a multipart body.
    pub(super) boundary: Option<String>,
}

impl Request {
    /// Reads line and headers of a request. `id` names the statement if the client does not.
    pub(super) fn read(http: &HttpRequest, id: &str) -> Result<Self, Exception> {
        let header = |name: &str| http.headers().get(name)?.to_str().ok().map(str::to_owned);
        let mut request = Self {
            read_only: matches!(*http.method(), Method::GET | Method::HEAD),
            query: String::new(),
            params: Vec::new(),
            settings: Vec::new(),
            database: header("X-ClickHouse-Database"),
            default_format: header("X-ClickHouse-Format"),
            query_id: header("X-ClickHouse-Query-Id").unwrap_or_else(|| id.to_owned()),
            packing: Packing::Plain,
            compress: false,
            boundary: header(CONTENT_TYPE.as_str())
                .filter(|kind| kind.starts_with("multipart/"))
                .and_then(|kind| multer::parse_boundary(kind).ok()),
        };
        let pairs = Query::<Vec<(String, String)>>::from_query(http.query_string())
            .map_err(|error| bad(format_args!("The URL cannot be read: {error}")))?;
        let mut blocks = false;
        for (key, value) in pairs.into_inner() {
            match key.as_str() {
                "decompress" => blocks = is_on(&value),
                "compress" => request.compress = is_on(&value),
                _ => request.take(key, value)?,
            }
        }
        request.packing = packing(header(CONTENT_ENCODING.as_str()).as_deref(), blocks)?;
        request.check()?;
        Ok(request)
    }

    /// Takes one key of the URL, or one part of a multipart body.
    pub(super) fn take(&mut self, key: String, value: String) -> Result<(), Exception> {
        if self.params.len() + self.settings.len() >= MAX_KEYS {
            return Err(bad(format_args!(
                "More than {MAX_KEYS} parameters and settings"
            )));
        }
        match key.as_str() {
            "query" => self.query.push_str(&value),
            "database" => self.database = Some(value),
            "default_format" => self.default_format = Some(value),
            "query_id" => {
                if !value.is_empty() {
                    self.query_id = value;
                }
            }
            _ if IGNORED.contains(&key.as_str()) => {}
            _ => match key.strip_prefix("param_") {
                Some(name) => self.params.push((name.to_owned(), value)),
                None => self.settings.push((key, value)),
            },
        }
        Ok(())
    }

    /// Names go into statements of the face's own, so they must be names.
    pub(super) fn check(&self) -> Result<(), Exception> {
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if let Some((key, _)) = self.settings.iter().find(|(key, _)| !is_name(key)) {
            return Err(bad(format_args!("{key:?} is not the name of a setting")));
        }
        if let Some(format) = self
            .default_format
            .as_deref()
            .filter(|format| !is_name(format))
        {
            return Err(bad(format_args!("{format:?} is not the name of a format")));
        }
        match self.database.as_deref() {
            Some(database)
                if !database.is_empty() && database != "default" && !is_open_database(database) =>
            {
                Err(Exception::new(
                    Code::AccessDenied,
                    format_args!("The database {database:?} is not open: use skimwatch or system"),
                ))
            }
            _ => Ok(()),
        }
    }
}

fn packing(encoding: Option<&str>, blocks: bool) -> Result<Packing, Exception> {
    match (encoding, blocks) {
        (None | Some("" | "identity"), false) => Ok(Packing::Plain),
        (None | Some("" | "identity"), true) => Ok(Packing::Blocks),
        (Some("lz4"), false) => Ok(Packing::Lz4Frame),
        (Some("lz4"), true) => Err(bad("Content-Encoding and decompress=1 exclude each other")),
        (Some(other), _) => Err(bad(format_args!(
            "Content-Encoding {other:?} is not supported: send lz4 or plain"
        ))),
    }
}

fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true")
}

fn bad(message: impl std::fmt::Display) -> Exception {
    Exception::new(Code::BadArguments, message)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(uri: &str, headers: &[(&'static str, &'static str)]) -> Result<Request, Exception> {
        let mut request = TestRequest::with_uri(uri).method(Method::POST);
        for header in headers {
            request = request.append_header(*header);
        }
        Request::read(&request.to_http_request(), "own-id")
    }

    #[test]
    fn keys_go_where_they_belong() {
        let request = read(
            "/?query=SELECT+%7Bx:Int%7D&param_x=1&max_threads=1&session_id=s&query_id=q&database=skimwatch&default_format=Native&decompress=1",
            &[],
        )
        .unwrap();
        assert_eq!(request.query, "SELECT {x:Int}");
        assert_eq!(request.params, [("x".to_owned(), "1".to_owned())]);
        assert_eq!(
            request.settings,
            [("max_threads".to_owned(), "1".to_owned())]
        );
        assert_eq!(request.query_id, "q");
        assert_eq!(request.database.as_deref(), Some("skimwatch"));
        assert_eq!(request.default_format.as_deref(), Some("Native"));
        assert_eq!(request.packing, Packing::Blocks);
        assert!(!request.read_only);
    }

    #[test]
    fn what_cannot_be_served_is_refused() {
        for (uri, headers) in [
            ("/?a%27b=1", &[][..]),
            ("/?default_format=a%27", &[]),
            ("/?database=other", &[]),
            ("/", &[("Content-Encoding", "gzip")]),
            ("/", &[("Content-Encoding", "zstd")]),
            ("/?decompress=1", &[("Content-Encoding", "lz4")]),
        ] {
            assert!(read(uri, headers).is_err(), "{uri} {headers:?}");
        }
    }
}
