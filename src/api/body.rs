//! Bodies, read strictly: JSON and no other type, of a length that any honest one keeps.

use std::time::Duration;

use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// Longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024;

/// Until a body must be there.
const DEADLINE: Duration = Duration::from_secs(10);

/// What went wrong, in characters: a message may repeat names from the body.
const MAX_MESSAGE_CHARS: usize = 200;

/// A body that says it is JSON.
pub(super) async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, ApiError> {
    if !request
        .content_type()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(ApiError::MediaType("application/json"));
    }
    let whole = tokio::time::timeout(DEADLINE, payload.to_bytes_limited(MAX_BODY_BYTES));
    match whole.await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(error))) => refuse(&error),
        Ok(Err(_too_long)) => Err(ApiError::TooLarge(MAX_BODY_BYTES)),
        Err(late) => refuse(&late),
    }
}

/// The body as `T`.
pub(super) fn json<T: DeserializeOwned>(body: &Bytes) -> Result<T, ApiError> {
    serde_json::from_slice(body).or_else(|error| refuse(&error))
}

fn refuse<T>(error: &dyn std::fmt::Display) -> Result<T, ApiError> {
    let message = error.to_string().chars().take(MAX_MESSAGE_CHARS).collect();
    Err(ApiError::Body(message))
}
