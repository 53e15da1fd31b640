//! Replies as ClickHouse's clients expect them. [`Reply`] is the type to know.
//!
//! An error before the first byte is a status other than 200 with `X-ClickHouse-Exception-Code`. An error after it is a
//! trailer that repeats the tag of the `X-ClickHouse-Exception-Tag` header, and then a broken connection, so that a client
//! which knows nothing of trailers does not take half a result for a whole one.

use std::io;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream;
use tokio::sync::mpsc::Receiver;

use super::auth::Denied;
use super::compression::pack;
use super::format::content_type;
use super::job::Event;
use super::request::Request;
use crate::engine::result::{Code, Cost, Exception};

/// How long a trailer gets to leave before its connection breaks.
const TRAILER_FLUSH: Duration = Duration::from_millis(50);
const CODE: &str = "X-ClickHouse-Exception-Code";

/// The parts of a reply that are known before the statement runs.
#[derive(Debug)]
pub(super) struct Reply {
    query_id: String,
    compress: bool,
}

/// The body of a reply on its way.
struct Sending {
    events: Receiver<Event>,
    tag: String,
    compress: bool,
    broken: bool,
}

impl Reply {
    pub(super) fn new(request: &Request) -> Self {
        Self {
            query_id: request.query_id.clone(),
            compress: request.compress,
        }
    }

    /// Waits for the statement's start or failure, and answers.
    pub(super) async fn send(self, mut events: Receiver<Event>) -> HttpResponse {
        let (format, cost) = match events.recv().await {
            Some(Event::Start { format, cost }) => (format, cost),
            Some(Event::Failed(exception)) => return failed(&exception, Some(&self.query_id)),
            Some(Event::Chunk(_) | Event::Done) | None => {
                let exception =
                    Exception::new(Code::Logical, "The statement ended without a result");
                return failed(&exception, Some(&self.query_id));
            }
        };
        let tag = tag();
        let mut builder = HttpResponse::Ok();
        common(&mut builder, Some(&self.query_id));
        builder
            .insert_header(("X-ClickHouse-Format", format.as_str()))
            .insert_header(("X-ClickHouse-Summary", summary(cost)))
            .insert_header(("X-ClickHouse-Exception-Tag", tag.as_str()))
            .content_type(content_type(&format));
        let sending = Sending {
            events,
            tag,
            compress: self.compress,
            broken: false,
        };
        builder.streaming(stream::unfold(sending, next))
    }
}

async fn next(mut sending: Sending) -> Option<(io::Result<Bytes>, Sending)> {
    let broken = || io::Error::new(io::ErrorKind::ConnectionAborted, "the result is incomplete");
    if sending.broken {
        // An error makes actix drop what it has not written yet.
        tokio::time::sleep(TRAILER_FLUSH).await;
        return Some((Err(broken()), sending));
    }
    let bytes = match sending.events.recv().await {
        Some(Event::Chunk(bytes)) if sending.compress => Ok(pack(&bytes).into()),
        Some(Event::Chunk(bytes)) => Ok(bytes),
        Some(Event::Failed(exception)) => {
            sending.broken = true;
            Ok(trailer(&sending.tag, &exception))
        }
        Some(Event::Done) => return None,
        Some(Event::Start { .. }) | None => Err(broken()),
    };
    Some((bytes, sending))
}

/// `\r\n__exception__\r\nTAG\r\nMESSAGE\nLENGTH TAG\r\n__exception__\r\n`, as `WriteBufferFromHTTPServerResponse` writes it.
fn trailer(tag: &str, exception: &Exception) -> Bytes {
    let message = format!("{}\n", exception.text);
    let length = message.len();
    format!("\r\n__exception__\r\n{tag}\r\n{message}{length} {tag}\r\n__exception__\r\n").into()
}

/// Sixteen letters that no result holds by chance.
fn tag() -> String {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // Without randomness the tag is only easier to guess; it guards against accidents, not against enemies.
        bytes = *b"0123456789abcdef";
    }
    bytes
        .iter()
        .map(|byte| char::from(b'a' + byte % 26))
        .collect()
}

fn summary(cost: Cost) -> String {
    format!(
        "{{\"read_rows\":\"{}\",\"read_bytes\":\"{}\",\"written_rows\":\"{}\",\"written_bytes\":\"{}\",\
         \"total_rows_to_read\":\"0\",\"result_rows\":\"{}\",\"result_bytes\":\"0\"}}",
        cost.rows_read, cost.bytes_read, cost.rows_written, cost.bytes_written, cost.result_rows,
    )
}

fn common(builder: &mut HttpResponseBuilder, query_id: Option<&str>) {
    builder
        .insert_header(("X-ClickHouse-Server-Display-Name", "skimwatch"))
        .insert_header(("X-ClickHouse-Timezone", "UTC"));
    // A client's own name for its statement may hold what no header can.
    if let Some(id) = query_id.and_then(|id| HeaderValue::from_str(id).ok()) {
        builder.insert_header(("X-ClickHouse-Query-Id", id));
    }
}

/// An error before the first byte.
pub(super) fn failed(exception: &Exception, query_id: Option<&str>) -> HttpResponse {
    let mut builder = HttpResponse::build(status(exception.code));
    common(&mut builder, query_id);
    if exception.code == 202 {
        builder.insert_header((RETRY_AFTER, "1"));
    }
    builder
        .insert_header((CODE, exception.code.to_string()))
        .content_type("text/plain; charset=UTF-8")
        .body(format!("{}\n", exception.text))
}

/// A request that is turned away at the door.
pub(super) fn denied(denied: Denied) -> HttpResponse {
    let exception = Exception::new(Code::AuthenticationFailed, denied);
    HttpResponse::build(denied.status())
        .insert_header((CODE, exception.code.to_string()))
        .content_type("text/plain; charset=UTF-8")
        .body(format!("{}\n", exception.text))
}

/// The reply to `/ping`.
pub(super) fn ok() -> HttpResponse {
    plain(StatusCode::OK, "Ok.\n")
}

/// A short text.
pub(super) fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=UTF-8")
        .body(text)
}

/// The status for an error, as ClickHouse's `exceptionCodeToHTTPStatus` gives it. Clients retry on 503.
fn status(code: u32) -> StatusCode {
    match code {
        // Arguments, syntax, types, settings, parameters.
        6 | 26 | 27 | 36 | 38 | 41 | 42 | 43 | 53 | 62 | 69 | 70 | 72 | 115 | 117 | 271 | 452
        | 456 | 457 => StatusCode::BAD_REQUEST,
        // Unknown function, column, table, database.
        46 | 47 | 60 | 81 => StatusCode::NOT_FOUND,
        159 | 160 => StatusCode::REQUEST_TIMEOUT,
        202 => StatusCode::SERVICE_UNAVAILABLE,
        307 => StatusCode::PAYLOAD_TOO_LARGE,
        497 | 516 => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trailer_is_the_one_that_clients_look_for() {
        let exception = Exception::new(Code::Cancelled, "Gone");
        let text = "Code: 394. DB::Exception: Gone. (QUERY_WAS_CANCELLED)\n";
        let expected = format!(
            "\r\n__exception__\r\ntagtagtagtagtagt\r\n{text}{} tagtagtagtagtagt\r\n__exception__\r\n",
            text.len()
        );
        assert_eq!(trailer("tagtagtagtagtagt", &exception), expected);
    }

    #[test]
    fn tags_differ_and_are_letters() {
        let (one, two) = (tag(), tag());
        assert_ne!(one, two);
        assert!(one.len() == 16 && one.bytes().all(|byte| byte.is_ascii_lowercase()));
    }

    #[test]
    fn a_summary_is_an_object_of_strings() {
        let cost = Cost {
            rows_written: 3,
            ..Cost::default()
        };
        let parsed: std::collections::BTreeMap<String, String> =
            serde_json::from_str(&summary(cost)).unwrap();
        assert_eq!(parsed["written_rows"], "3");
    }
}
