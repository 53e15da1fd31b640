//! Bodies, read strictly: JSON and no other type, of a length that any honest one keeps.

use std::time::Duration;

use actix_web::web::Payload;
use actix_web::{HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;

use super::error::ApiError;

/// Longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 16 * 1024;

/// Until a body must be there.
const DEADLINE: Duration = Duration::from_secs(10);

/// What went wrong, in characters: a message may repeat names from the body.
const MAX_MESSAGE_CHARS: usize = 200;

/// The body as `T`.
pub(super) async fn json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<T, ApiError> {
    if !request
        .content_type()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(ApiError::MediaType);
    }
    let whole = tokio::time::timeout(DEADLINE, payload.to_bytes_limited(MAX_BODY_BYTES));
    let body = match whole.await {
        Ok(Ok(Ok(body))) => body,
        Ok(Ok(Err(error))) => return refuse(&error),
        Ok(Err(_too_long)) => return Err(ApiError::TooLarge),
        Err(late) => return refuse(&late),
    };
    serde_json::from_slice(&body).or_else(|error| refuse(&error))
}

fn refuse<T>(error: &dyn std::fmt::Display) -> Result<T, ApiError> {
    let message = error.to_string().chars().take(MAX_MESSAGE_CHARS).collect();
    Err(ApiError::Body(message))
}
