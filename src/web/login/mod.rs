//! In and out: a password, a second factor, an invitation, or the operator's token becomes a session.
//!
//! The rule: every step brings another cookie, and whoever is refused learns no more than how long to wait.

pub(super) mod invitation;
pub(super) mod second;

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, Form, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::error::{self, PageError};
use super::frame::{self, Content, Place};
use super::reader::{Access, Reader};
use super::{Pages, access, cookies, origin, words};
use crate::door;
use crate::registry::{
    Entered, MAX_EMAIL_BYTES, MAX_PASSWORD_BYTES, MAX_TOKEN_BYTES, PeopleError, Stage,
};

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
    #[serde(default)]
    set: bool,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    #[serde(default)]
    token: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Exit {
    #[serde(default)]
    csrf: String,
}

/// What the page says besides its form.
#[derive(Clone, Copy, Default)]
struct Told<'a> {
    next: Option<&'a str>,
    problem: Option<&'a str>,
    note: Option<words::Text>,
}

/// The form.
pub(super) async fn form(request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    if let Some(language) = access::chosen(&request) {
        return access::keep(&request, language);
    }
    let wanted = Query::<Wanted>::from_query(request.query_string());
    let wanted = wanted.ok().map(Query::into_inner);
    let set = wanted.as_ref().is_some_and(|wanted| wanted.set);
    let told = Told {
        next: wanted.as_ref().and_then(|wanted| wanted.next.as_deref()),
        note: set.then_some(words::PASSWORD_SET),
        problem: None,
    };
    page(&request, &pages, StatusCode::OK, told).await
}

/// Somebody shows a password, or the operator's token.
pub(super) async fn enter(
    request: HttpRequest,
    pages: Data<Pages>,
    entry: Form<Entry>,
) -> HttpResponse {
    let stranger = access::stranger(&request);
    if !origin::is_ours(&request) {
        return error::page(&stranger, PageError::Foreign);
    }
    if let Err(wait) = check(&request, &pages) {
        return too_many(&stranger, wait);
    }
    let entry = entry.into_inner();
    let next = entry.next.as_deref();
    let shown = (entry.email.clone(), entry.password.clone());
    let result = if entry.token.is_empty() {
        with_password(&pages, shown).await
    } else {
        with_token(&pages, entry.token.trim().to_owned()).await
    };
    let (problem, status) = match result {
        Ok(Ok(entered)) => return enters(&request, next, &entered),
        Ok(Err(Refused::Token)) => (
            stranger.t(words::WRONG_TOKEN).to_owned(),
            StatusCode::FORBIDDEN,
        ),
        Ok(Err(Refused::Person(error))) => refusal(&stranger, &error),
        Err(error) => return error::page(&stranger, error),
    };
    if status == StatusCode::FORBIDDEN {
        count_wrong(&request, &pages);
    }
    let told = Told {
        next,
        problem: Some(&problem),
        note: None,
    };
    page(&request, &pages, status, told).await
}

enum Refused {
    Token,
    Person(PeopleError),
}

async fn with_token(
    pages: &Data<Pages>,
    token: String,
) -> Result<Result<Entered, Refused>, PageError> {
    let (doors, now) = (pages.authenticator.clone(), pages.clock.now());
    let cookie = web::block(move || doors.open_session(&token, now)).await??;
    let entered = |cookie| Entered {
        cookie,
        stage: Stage::Full,
        language: crate::language::Language::default(),
    };
    Ok(cookie.map(entered).ok_or(Refused::Token))
}

async fn with_password(
    pages: &Data<Pages>,
    (email, password): (String, String),
) -> Result<Result<Entered, Refused>, PageError> {
    if email.len() > MAX_EMAIL_BYTES || password.len() > MAX_PASSWORD_BYTES {
        return Ok(Err(Refused::Person(PeopleError::Wrong)));
    }
    let control = Data::clone(pages);
    let enter = move || {
        let shown = (email.as_str(), password.as_str());
        control.registry.enter(shown, control.gate.asks_totp)
    };
    Ok(pages.gate.hashing(enter).await?.map_err(Refused::Person))
}

/// What is said to whoever is refused, and the status.
fn refusal(reader: &Reader, error: &PeopleError) -> (String, StatusCode) {
    let status = match error {
        PeopleError::Waits(_) => StatusCode::TOO_MANY_REQUESTS,
        PeopleError::Wrong | PeopleError::WrongCode | PeopleError::Invitation => {
            StatusCode::FORBIDDEN
        }
        PeopleError::Registry(_) | PeopleError::Hash(_) | PeopleError::Sealed => {
            tracing::error!(%error, "somebody cannot be let in");
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::BAD_REQUEST,
    };
    (
        words::people_problem(reader.language, error, reader.now),
        status,
    )
}

/// Whether the network that asks may show something now.
pub(super) fn check(request: &HttpRequest, pages: &Pages) -> Result<(), Duration> {
    let address = door::address(request.head(), &pages.trusted_proxies);
    pages.attempts.check(address, pages.clock.monotonic())
}

pub(super) fn count_wrong(request: &HttpRequest, pages: &Pages) {
    let address = door::address(request.head(), &pages.trusted_proxies);
    if pages.attempts.count_wrong(address, pages.clock.monotonic()) {
        tracing::warn!("a wrong password, code or token was shown at the login");
    }
}

pub(super) fn too_many(reader: &Reader, wait: Duration) -> HttpResponse {
    let mut answer = error::page(reader, PageError::TooMany);
    let seconds = HeaderValue::from(wait.as_secs());
    answer.headers_mut().insert(header::RETRY_AFTER, seconds);
    answer
}

/// On to the page that somebody wanted, or to the second factor.
pub(super) fn enters(request: &HttpRequest, next: Option<&str>, entered: &Entered) -> HttpResponse {
    let next = next.and_then(origin::local).unwrap_or("/");
    let target = match entered.stage {
        Stage::Full => next.to_owned(),
        Stage::Password => format!("/login/second?next={}", access::encoded(next)),
    };
    see_other(
        &target,
        cookies::begin(&entered.cookie, origin::is_secure(request)),
    )
}

/// Somebody leaves, from whichever step.
pub(super) async fn leave(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    exit: Form<Exit>,
) -> HttpResponse {
    if !access.sent(&exit.csrf) {
        return error::page(&reader, PageError::Foreign);
    }
    if let Some(person) = access.person().cloned() {
        let ended = web::block(move || pages.registry.leave(&person)).await;
        if let Err(error) = ended.map_err(PageError::from).and_then(|it| Ok(it?)) {
            return error::page(&reader, error);
        }
    }
    see_other("/login", cookies::end(origin::is_secure(&request)))
}

fn see_other(path: &str, cookie: String) -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER)
        .insert_header((header::LOCATION, path))
        .insert_header((header::SET_COOKIE, cookie))
        .finish()
}

async fn page(
    request: &HttpRequest,
    pages: &Data<Pages>,
    status: StatusCode,
    told: Told<'_>,
) -> HttpResponse {
    // Whoever is here may be somebody else than before.
    let reader = access::stranger(request);
    let doors = pages.authenticator.clone();
    let takes_token = match web::block(move || doors.takes_bootstrap()).await {
        Ok(Ok(takes)) => takes,
        Ok(Err(error)) => return error::page(&reader, error.into()),
        Err(error) => return error::page(&reader, error.into()),
    };
    let next = told.next.and_then(origin::local).unwrap_or("/");
    let content = Content {
        title: reader.t(words::LOG_IN).to_owned(),
        place: Place::Login,
        body: html! {
            div class="card narrow" {
                h1 { (reader.t(words::LOG_IN)) }
                @if let Some(problem) = told.problem { p class="problem" role="alert" { (problem) } }
                @if let Some(note) = told.note { p class="calm" role="status" { (reader.t(note)) } }
                (password_form(&reader, next))
                @if let Some(provider) = &pages.gate.provider {
                    p class="or" {
                        a class="button" href={ "/login/provider?next=" (access::encoded(next)) } {
                            (words::log_in_with(reader.language, provider.name()))
                        }
                    }
                }
                @if takes_token { (token_form(&reader, next)) }
            }
        },
    };
    frame::answer(&reader, status, &content)
}

fn password_form(reader: &Reader, next: &str) -> Markup {
    html! {
        form method="post" action="/login" class="stack" id="login" {
            input type="hidden" name="next" value=(next);
            label for="email" { (reader.t(words::EMAIL)) }
            input type="email" id="email" name="email" required autofocus
                maxlength=(MAX_EMAIL_BYTES) autocomplete="username";
            label for="password" { (reader.t(words::PASSWORD)) }
            input type="password" id="password" name="password" required
                maxlength=(MAX_PASSWORD_BYTES) autocomplete="current-password";
            button class="primary" { (reader.t(words::LOG_IN)) }
        }
    }
}

/// For whoever sets the installation up, until an operator can log in.
fn token_form(reader: &Reader, next: &str) -> Markup {
    html! {
        details class="aside" open {
            summary { (reader.t(words::FIRST_TIME)) }
            p class="quiet" { (reader.t(words::LOG_IN_MORE)) }
            form method="post" action="/login" class="stack" id="login-token" {
                input type="hidden" name="next" value=(next);
                label for="token" { (reader.t(words::TOKEN)) }
                input type="password" id="token" name="token" required
                    maxlength=(MAX_TOKEN_BYTES) autocomplete="off";
                button { (reader.t(words::LOG_IN)) }
            }
        }
    }
}
