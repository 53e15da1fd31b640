//! What callers are told when they do not get an answer: problem details (RFC 9457), with a code for programs.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cases::CasesError;
use crate::registry::{NotAllowed, RegistryError};
use crate::store::{Remedy, StoreError};

/// The media type of a problem.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

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
    /// Nobody gives others more than they have.
    #[error(
        "the role {0} is not yours to give or to take: ask an administrator of your organization, or the operator"
    )]
    Role(&'static str),
    /// What others go by too is not the caller's to change.
    #[error("{0}")]
    Shared(String),
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
    #[error("the body is longer than {0} bytes")]
    TooLarge(usize),
    /// The body is of another type.
    #[error("a body of another type is read here: send it with Content-Type: {0}")]
    MediaType(&'static str),
    /// What is asked for does not follow from how things stand.
    #[error("{0}")]
    Conflict(String),
    /// The key of a request that was made, or is being made, with another one.
    #[error(
        "this Idempotency-Key was sent with another request: each request needs a key of its own"
    )]
    KeyReused,
    /// The same request is being made.
    #[error("the same request is being made at this moment: ask again")]
    InProgress,
    /// What was made shows once.
    #[error("this request made {0} before; what it is was shown then and is kept nowhere")]
    MadeBefore(String),
    /// No such route, or nothing of that name that the caller may see.
    #[error("there is nothing here; see /api/v1/openapi.json")]
    NotFound,
    /// Another method than these.
    #[error("this address does not take that method; it takes {0}")]
    Method(String),
    /// As many as may be are under way.
    #[error("{0}")]
    Busy(String),
    /// The answer would cost more than one answer may.
    #[error(
        "the answer would take too long to make: ask for less, such as a shorter time or one site"
    )]
    TooCostly,
    /// ClickHouse does not answer now.
    #[error("the reports cannot be read now, try again later: {0}")]
    Unavailable(#[source] StoreError),
    /// A fault on this side.
    #[error("something went wrong on this side; the log says what")]
    Internal,
}

/// What kind of problem it is, for programs. What a code means never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProblemCode)]
pub(super) enum Code {
    Unauthorized,
    Forbidden,
    BadRequest,
    TooCostly,
    NotFound,
    MethodNotAllowed,
    Conflict,
    InProgress,
    MadeBefore,
    TooLarge,
    UnsupportedMediaType,
    KeyReused,
    TooManyRequests,
    Internal,
    Unavailable,
}

/// Why there is no answer (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Names the kind of problem; nothing is to be fetched from there
    #[schema(example = "urn:skimwatch:problem:not_found")]
    r#type: String,
    /// The kind of problem, for people
    #[schema(example = "Nothing here")]
    title: &'static str,
    /// The status of the answer
    #[schema(minimum = 400, maximum = 599, example = 404)]
    status: u16,
    /// What is wrong this time, and what to do
    detail: String,
    /// The kind of problem, for programs
    code: Code,
}

impl Code {
    fn status(self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::BadRequest | Self::TooCostly => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict | Self::InProgress | Self::MadeBefore => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Unauthorized => "No valid token",
            Self::Forbidden => "Not allowed",
            Self::BadRequest => "The request cannot be used",
            Self::TooCostly => "The question is too big",
            Self::NotFound => "Nothing here",
            Self::MethodNotAllowed => "Another method is answered here",
            Self::Conflict => "It does not follow from how things stand",
            Self::InProgress => "The same request is under way",
            Self::MadeBefore => "The same request was made before",
            Self::TooLarge => "The body is too long",
            Self::UnsupportedMediaType => "The body is of another type",
            Self::KeyReused => "The key belongs to another request",
            Self::TooManyRequests => "Too much at once",
            Self::Internal => "A fault on this side",
            Self::Unavailable => "Not now",
        }
    }
}

impl ApiError {
    fn code(&self) -> Code {
        match self {
            Self::Unauthorized => Code::Unauthorized,
            Self::Forbidden(_) | Self::Role(_) | Self::Shared(_) => Code::Forbidden,
            Self::Parameter { .. } | Self::Query(_) | Self::Body(_) => Code::BadRequest,
            Self::TooLarge(_) => Code::TooLarge,
            Self::MediaType(_) => Code::UnsupportedMediaType,
            Self::Conflict(_) => Code::Conflict,
            Self::KeyReused => Code::KeyReused,
            Self::InProgress => Code::InProgress,
            Self::MadeBefore(_) => Code::MadeBefore,
            Self::NotFound => Code::NotFound,
            Self::Method(_) => Code::MethodNotAllowed,
            Self::Busy(_) => Code::TooManyRequests,
            Self::TooCostly => Code::TooCostly,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
}

impl Problem {
    fn of(error: &ApiError) -> Self {
        let code = error.code();
        let word = serde_json::to_value(code).unwrap_or_default();
        Self {
            r#type: format!(
                "urn:skimwatch:problem:{}",
                word.as_str().unwrap_or_default()
            ),
            title: code.title(),
            status: code.status().as_u16(),
            detail: error.to_string(),
            code,
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.code().status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::Unauthorized => {
                response.insert_header((header::WWW_AUTHENTICATE, r#"Bearer realm="skimwatch""#));
            }
            Self::Method(allowed) => {
                response.insert_header((header::ALLOW, allowed.as_str()));
            }
            Self::Unavailable(_) | Self::Busy(_) | Self::InProgress => {
                response.insert_header((header::RETRY_AFTER, RETRY_AFTER));
            }
            _ => {}
        }
        response.content_type(MEDIA_TYPE).json(Problem::of(self))
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_cost() {
            return Self::TooCostly;
        }
        tracing::warn!(kind = error.kind(), %error, "a read of the API failed");
        match error.remedy() {
            Remedy::Retry => Self::Unavailable(error),
            Remedy::SetAside => Self::Internal,
        }
    }
}

impl From<RegistryError> for ApiError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::NoSite(_)
            | RegistryError::NoOrganization(_)
            | RegistryError::NotShared { .. }
            | RegistryError::NoToken
            | RegistryError::NoMerchant(_)
            | RegistryError::NoKey(_) => Self::NotFound,
            RegistryError::Field(_)
            | RegistryError::NotMerchants(_)
            | RegistryError::NotTable(_)
            | RegistryError::Format(_)
            | RegistryError::TooMany(_)
            | RegistryError::Merchant { .. } => Self::Body(error.to_string()),
            RegistryError::TooManyOrganizations
            | RegistryError::TooManyTokens(_)
            | RegistryError::TooManySites
            | RegistryError::TooManyKeys(_) => Self::Conflict(error.to_string()),
            RegistryError::KeyReused => Self::KeyReused,
            RegistryError::TooManyOnce => Self::Busy(error.to_string()),
            error => {
                tracing::error!(%error, "the control state refuses the API");
                Self::Internal
            }
        }
    }
}

impl From<CasesError> for ApiError {
    fn from(error: CasesError) -> Self {
        match error {
            CasesError::Registry(error) => error.into(),
            CasesError::NoAlert(_) => Self::NotFound,
            CasesError::State { .. } => Self::Conflict(error.to_string()),
            CasesError::LongNote | CasesError::NoNote | CasesError::NoAssignee(_) => {
                Self::Body(error.to_string())
            }
        }
    }
}

impl From<actix_web::error::BlockingError> for ApiError {
    fn from(_: actix_web::error::BlockingError) -> Self {
        Self::Internal
    }
}
