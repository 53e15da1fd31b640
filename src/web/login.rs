//! In and out: a token becomes a session.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{Data, Form, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::html;
use serde::Deserialize;

use super::error::{self, PageError};
use super::frame::{self, Content, Place};
use super::reader::{Access, Reader};
use super::{Pages, access, cookies, origin, words};
use crate::door;
use crate::registry::MAX_TOKEN_BYTES;

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    token: String,
    next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Exit {
    #[serde(default)]
    csrf: String,
}

/// The form.
pub(super) async fn form(request: HttpRequest) -> HttpResponse {
    if let Some(language) = access::chosen(&request) {
        return access::keep(&request, language);
    }
    let wanted = Query::<Wanted>::from_query(request.query_string());
    let next = wanted.ok().and_then(|wanted| wanted.into_inner().next);
    page(&request, next.as_deref(), StatusCode::OK)
}

/// Somebody shows a token.
pub(super) async fn enter(
    request: HttpRequest,
    pages: Data<Pages>,
    entry: Form<Entry>,
) -> HttpResponse {
    if !origin::is_ours(&request) {
        return error::page(&access::reader(&request), PageError::Foreign);
    }
    let address = door::address(request.head(), &pages.trusted_proxies);
    let time = pages.clock.monotonic();
    if let Err(wait) = pages.attempts.check(address, time) {
        return too_many(&request, wait);
    }
    let token = entry.token.trim();
    let Some(session) = pages.authenticator.open_session(token, pages.clock.now()) else {
        if pages.attempts.count_wrong(address, time) {
            tracing::warn!("a wrong token was shown at the login");
        }
        return page(&request, entry.next.as_deref(), StatusCode::FORBIDDEN);
    };
    let next = entry.next.as_deref().and_then(origin::local);
    see_other(
        next.unwrap_or("/"),
        cookies::begin(&session, origin::is_secure(&request)),
    )
}

fn too_many(request: &HttpRequest, wait: Duration) -> HttpResponse {
    let mut answer = error::page(&access::reader(request), PageError::TooMany);
    let seconds = HeaderValue::from(wait.as_secs());
    answer.headers_mut().insert(header::RETRY_AFTER, seconds);
    answer
}

/// Somebody leaves.
pub(super) async fn leave(
    request: HttpRequest,
    reader: ReqData<Reader>,
    access: ReqData<Access>,
    exit: Form<Exit>,
) -> HttpResponse {
    if !access.sent(&exit.csrf) {
        return error::page(&reader, PageError::Foreign);
    }
    see_other("/login", cookies::end(origin::is_secure(&request)))
}

fn see_other(path: &str, cookie: String) -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER)
        .insert_header((header::LOCATION, path))
        .insert_header((header::SET_COOKIE, cookie))
        .finish()
}

fn page(request: &HttpRequest, next: Option<&str>, status: StatusCode) -> HttpResponse {
    let reader = Reader {
        // Whoever is here may be somebody else than before.
        access: None,
        ..access::reader(request)
    };
    let next = next.and_then(origin::local).unwrap_or("/");
    let content = Content {
        title: reader.t(words::LOG_IN).to_owned(),
        place: Place::Login,
        body: html! {
            div class="card narrow" {
                h1 { (reader.t(words::LOG_IN)) }
                p { (reader.t(words::LOG_IN_MORE)) }
                @if status != StatusCode::OK {
                    p class="problem" role="alert" { (reader.t(words::WRONG_TOKEN)) }
                }
                form method="post" action="/login" class="stack" id="login" {
                    input type="hidden" name="next" value=(next);
                    label for="token" { (reader.t(words::TOKEN)) }
                    input type="password" id="token" name="token" required autofocus
                        maxlength=(MAX_TOKEN_BYTES) autocomplete="current-password";
                    button class="primary" { (reader.t(words::LOG_IN)) }
                }
            }
        },
    };
    frame::answer(&reader, status, &content)
}
