//! The one place that turns what happened into a status.

use actix_http::body::BoxBody;
use actix_http::{ConnectionType, Response, StatusCode};
use actix_web::HttpResponse;
use actix_web::http::header;

use crate::outcome::RefusedReason;

/// Seconds after which a browser or proxy may try again.
const RETRY_AFTER: &str = "5";

/// Durable, or counted durably: nothing more to say.
pub(super) fn accepted() -> Response<BoxBody> {
    let mut response = Response::new(StatusCode::NO_CONTENT);
    let (name, any) = ANY_ORIGIN;
    let any = header::HeaderValue::from_static(any);
    response.headers_mut().insert(name, any);
    response
}

/// What Chromium and Firefox ask before a cross-origin `report-to` delivery.
pub(super) fn preflight() -> Response<BoxBody> {
    HttpResponse::NoContent()
        .insert_header(ANY_ORIGIN)
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "POST"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "86400"))
        .finish()
        .into()
}

/// No address of ours.
pub(super) fn elsewhere() -> Response<BoxBody> {
    json(
        StatusCode::NOT_FOUND,
        "not_found",
        "reports go to POST /r/{key}",
    )
}

/// Not taken, and why.
pub(super) fn refused(reason: RefusedReason, message: &str) -> Response<BoxBody> {
    let mut response = json(status(reason), reason.as_str(), message);
    let headers = response.headers_mut();
    match reason {
        RefusedReason::Method => {
            headers.insert(
                header::ALLOW,
                header::HeaderValue::from_static("POST, OPTIONS"),
            );
        }
        RefusedReason::Unavailable => {
            headers.insert(
                header::RETRY_AFTER,
                header::HeaderValue::from_static(RETRY_AFTER),
            );
        }
        _ => {}
    }
    response
}

/// Not taken, and the connection is given up: where the next request on it begins is not certain, or not
/// worth finding out.
pub(super) fn hung_up(reason: RefusedReason, message: &str) -> Response<BoxBody> {
    let mut response = refused(reason, message);
    response
        .head_mut()
        .set_connection_type(ConnectionType::Close);
    response
}

fn status(reason: RefusedReason) -> StatusCode {
    match reason {
        RefusedReason::UnknownKey => StatusCode::NOT_FOUND,
        RefusedReason::RetiredKey => StatusCode::GONE,
        RefusedReason::NotJson | RefusedReason::Broken => StatusCode::BAD_REQUEST,
        RefusedReason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusedReason::Method => StatusCode::METHOD_NOT_ALLOWED,
        RefusedReason::Timeout => StatusCode::REQUEST_TIMEOUT,
        RefusedReason::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        RefusedReason::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Firefox drops a report, and sends it again, when the answer lacks this header.
const ANY_ORIGIN: (header::HeaderName, &str) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");

fn json(status: StatusCode, code: &str, message: &str) -> Response<BoxBody> {
    HttpResponse::build(status)
        .insert_header(ANY_ORIGIN)
        .json(serde_json::json!({ "error": { "code": code, "message": message } }))
        .into()
}
