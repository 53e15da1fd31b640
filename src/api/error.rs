//! What callers are told when they do not get an answer: `{"error": {"code", "message"}}`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::cases::CasesError;
use crate::registry::{NotAllowed, RegistryError};
use crate::store::{Remedy, StoreError};

/// Seconds after which it is worth asking again.
const RETRY_AFTER: &str = "5";

/// Why a caller does not get an answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No token, or one that nobody was given.
    #[error("send a valid token: Authorization: Bearer …")]
    Unauthorized,
    /// Whoever asks may see this, but not do that.
    #[error(transparent)]
    Forbidden(#[from] NotAllowed),
    /// A parameter cannot be used.
    #[error("{name}: {what}")]
    Parameter {
        /// Which one.
        name: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The query string cannot be read, or names what does not exist.
    #[error("the query string cannot be used: {0}")]
    Query(String),
    /// The body cannot be used.
    #[error("the body cannot be used: {0}")]
    Body(String),
    /// The body is longer than any that can be used.
    #[error("the body is longer than {max} bytes", max = super::MAX_BODY_BYTES)]
    TooLarge,
    /// The body is no JSON.
    #[error("send JSON: Content-Type: application/json")]
    MediaType,
    /// What is asked for does not follow from how things stand.
    #[error("{0}")]
    Conflict(String),
    /// No such route, or nothing of that name that the caller may see.
    #[error("there is nothing here; see /api/v1/openapi.json")]
    NotFound,
    /// Another method than these.
    #[error("this is not answered here; {0} is")]
    Method(&'static str),
    /// ClickHouse does not answer now.
    #[error("the reports cannot be read now, try again later: {0}")]
    Unavailable(#[source] StoreError),
    /// A fault on this side.
    #[error("something went wrong on this side; the log says what")]
    Internal,
}

impl ApiError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::Parameter { .. } | Self::Query(_) | Self::Body(_) => "bad_request",
            Self::TooLarge => "too_large",
            Self::MediaType => "unsupported_media_type",
            Self::Conflict(_) => "conflict",
            Self::NotFound => "not_found",
            Self::Method(_) => "method_not_allowed",
            Self::Unavailable(_) => "unavailable",
            Self::Internal => "internal",
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Parameter { .. } | Self::Query(_) | Self::Body(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::Unauthorized => {
                response.insert_header((header::WWW_AUTHENTICATE, r#"Bearer realm="skimwatch""#));
            }
            Self::Method(allowed) => {
                response.insert_header((header::ALLOW, *allowed));
            }
            Self::Unavailable(_) => {
                response.insert_header((header::RETRY_AFTER, RETRY_AFTER));
            }
            _ => {}
        }
        let message = self.to_string();
        response.json(json!({ "error": { "code": self.code(), "message": message } }))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::warn!(kind = error.kind(), %error, "a read of the API failed");
        match error.remedy() {
            Remedy::Retry => Self::Unavailable(error),
            Remedy::SetAside => Self::Internal,
        }
    }
}

impl From<RegistryError> for ApiError {
    fn from(error: RegistryError) -> Self {
        tracing::error!(%error, "the control state cannot be read");
        Self::Internal
    }
}

impl From<CasesError> for ApiError {
    fn from(error: CasesError) -> Self {
        match error {
            CasesError::Registry(error) => error.into(),
            CasesError::NoAlert(_) => Self::NotFound,
            CasesError::State { .. } => Self::Conflict(error.to_string()),
            CasesError::LongNote | CasesError::NoNote => Self::Body(error.to_string()),
        }
    }
}

impl From<actix_web::error::BlockingError> for ApiError {
    fn from(_: actix_web::error::BlockingError) -> Self {
        Self::Internal
    }
}
