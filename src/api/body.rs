//! Bodies, read strictly: JSON and no other type, of a length that any honest one keeps.

use std::time::Duration;

use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// Longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024;

/// Longest body about one site, in bytes: a policy and what else is told of it.
pub(super) const MAX_SITE_BYTES: usize = 256 * 1024;

/// Longest import, in bytes.
pub(super) const MAX_IMPORT_BYTES: usize = 32 * 1024 * 1024;

/// Until a body must be there.
const DEADLINE: Duration = Duration::from_secs(30);

/// What went wrong, in characters: a message may repeat names from the body.
const MAX_MESSAGE_CHARS: usize = 200;

/// A body that says it is JSON.
pub(super) async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, ApiError> {
    read_up_to(request, payload, MAX_BODY_BYTES).await
}

/// The same, with a length of its own.
pub(super) async fn read_up_to(
    request: &HttpRequest,
    payload: Payload,
    most: usize,
) -> Result<Bytes, ApiError> {
    if !request
        .content_type()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(ApiError::MediaType("application/json"));
    }
    any(payload, most).await
}

/// A body of whatever type.
pub(super) async fn any(payload: Payload, most: usize) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(DEADLINE, payload.to_bytes_limited(most)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(error))) => refuse(&error),
        Ok(Err(_too_long)) => Err(ApiError::TooLarge(most)),
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
