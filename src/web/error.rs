//! [`PageError`]: why somebody does not see what they asked for, and the page that says so.

use actix_web::http::StatusCode;
use actix_web::web::ReqData;
use actix_web::{HttpResponse, error::BlockingError};
use maud::html;

use super::frame::{self, Content, Place};
use super::reader::Reader;
use super::words::{self, Text};
use crate::cases::CasesError;
use crate::registry::{NotAllowed, PeopleError, RegistryError};

/// Why somebody does not see what they asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum PageError {
    /// There is no such page, or nothing there that they may see.
    NotFound,
    /// They may see it, but not do that.
    Forbidden,
    /// Another page sent the form, or it is older than the session.
    Foreign,
    /// The form cannot be used.
    Form,
    /// A label cannot be used.
    Label,
    /// Too many wrong tokens were shown.
    TooMany,
    /// A note is too long.
    LongNote,
    /// Somebody else was faster.
    State,
    /// They came with a token, which has no account.
    NoAccount,
    /// Too many passwords are looked at.
    Busy,
    /// The provider does not answer, or not as one.
    ProviderAway,
    /// Its answer is to nothing that we asked, or cannot be verified.
    ProviderAnswer,
    /// ClickHouse does not answer, and without it there is nothing to show.
    ReportsAway,
    /// It says no.
    ProviderRefused,
    /// Whoever it says it is, is nobody here.
    Stranger,
    /// Their address belongs to somebody whom it calls otherwise.
    LinkedElsewhere,
    /// A fault on this side.
    Internal,
}

impl PageError {
    fn status(self) -> StatusCode {
        match self {
            Self::NotFound | Self::NoAccount => StatusCode::NOT_FOUND,
            Self::Foreign
            | Self::Forbidden
            | Self::ProviderRefused
            | Self::Stranger
            | Self::LinkedElsewhere => StatusCode::FORBIDDEN,
            Self::Form | Self::Label | Self::LongNote | Self::ProviderAnswer => {
                StatusCode::BAD_REQUEST
            }
            Self::Busy | Self::ReportsAway => StatusCode::SERVICE_UNAVAILABLE,
            Self::ProviderAway => StatusCode::BAD_GATEWAY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::State => StatusCode::CONFLICT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn texts(self) -> (Text, Text) {
        match self {
            Self::NotFound => (words::NOT_FOUND, words::NOT_FOUND_MORE),
            Self::Forbidden => (words::FORBIDDEN, words::FORBIDDEN_MORE),
            Self::Foreign => (words::FOREIGN, words::FOREIGN_MORE),
            Self::Form => (words::BAD_FORM, words::BAD_FORM_MORE),
            Self::Label => (words::BAD_LABEL, words::BAD_LABEL_MORE),
            Self::TooMany => (words::TOO_MANY, words::TOO_MANY_MORE),
            Self::LongNote => (words::LONG_NOTE, words::LONG_NOTE_MORE),
            Self::State => (words::STATE_CHANGED, words::STATE_CHANGED_MORE),
            Self::NoAccount => (words::NO_ACCOUNT, words::NO_ACCOUNT_MORE),
            Self::Busy => (words::BUSY, words::BUSY_MORE),
            Self::ReportsAway => (words::REPORTS_AWAY, words::AWAY),
            Self::ProviderAway => (words::PROVIDER_AWAY, words::PROVIDER_AWAY_MORE),
            Self::ProviderAnswer => (words::PROVIDER_ANSWER, words::PROVIDER_ANSWER_MORE),
            Self::ProviderRefused => (words::PROVIDER_REFUSED, words::PROVIDER_REFUSED_MORE),
            Self::Stranger => (words::STRANGER, words::STRANGER_MORE),
            Self::LinkedElsewhere => (words::LINKED_ELSEWHERE, words::LINKED_ELSEWHERE_MORE),
            Self::Internal => (words::INTERNAL, words::INTERNAL_MORE),
        }
    }
}

/// The page that says so.
pub(super) fn page(reader: &Reader, error: PageError) -> HttpResponse {
    let (title, more) = error.texts();
    let back = match error {
        PageError::LongNote | PageError::State | PageError::Form => reader.path.as_str(),
        _ => "/",
    };
    let content = Content {
        title: reader.t(title).to_owned(),
        place: Place::Elsewhere,
        body: html! {
            div class="card medium-wide" {
                h1 { (reader.t(title)) }
                p { (reader.t(more)) }
                p { a class="button" href=(back) { (reader.t(words::BACK)) } }
            }
        },
    };
    frame::answer(reader, error.status(), &content)
}

/// The page, or the one that says why there is none.
pub(super) fn or_page(reader: &Reader, content: Result<Content, PageError>) -> HttpResponse {
    match content {
        Ok(content) => frame::answer(reader, StatusCode::OK, &content),
        Err(error) => page(reader, error),
    }
}

pub(super) async fn nowhere(reader: ReqData<Reader>) -> HttpResponse {
    page(&reader, PageError::NotFound)
}

impl From<RegistryError> for PageError {
    fn from(error: RegistryError) -> Self {
        if matches!(error, RegistryError::NoSite(_)) {
            return Self::NotFound;
        }
        tracing::error!(%error, "the control state cannot be read");
        Self::Internal
    }
}

impl From<PeopleError> for PageError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Registry(RegistryError::NoOrganization(_)) | PeopleError::NoUser => {
                Self::NotFound
            }
            PeopleError::NotYours | PeopleError::NotYoursToGive(_) => Self::Forbidden,
            PeopleError::Totp => Self::State,
            PeopleError::Stranger => Self::Stranger,
            PeopleError::Linked => Self::LinkedElsewhere,
            error => {
                tracing::error!(%error, "the people of the control state cannot be read");
                Self::Internal
            }
        }
    }
}

impl From<CasesError> for PageError {
    fn from(error: CasesError) -> Self {
        match error {
            CasesError::Registry(error) => error.into(),
            CasesError::NoAlert(_) => Self::NotFound,
            CasesError::State { .. } => Self::State,
            CasesError::LongNote => Self::LongNote,
            CasesError::NoNote | CasesError::NoAssignee(_) => Self::Form,
        }
    }
}

impl From<NotAllowed> for PageError {
    fn from(_: NotAllowed) -> Self {
        Self::Forbidden
    }
}

impl From<BlockingError> for PageError {
    fn from(_: BlockingError) -> Self {
        Self::Internal
    }
}
