//! `/invitation`: whoever has a link sets a password. The code stands behind the `#`, which no browser sends and no log
//! keeps; the script puts it into the form.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use maud::html;
use serde::Deserialize;

use super::super::error::{self, PageError};
use super::super::frame::{self, Content, Place};
use super::super::reader::Reader;
use super::super::{Pages, access, cookies, origin, words};
use super::{check, count_wrong, refusal, see_other, too_many};
use crate::registry::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS};

/// Longest code that is looked at.
const MAX_CODE_BYTES: usize = 64;

#[derive(Deserialize)]
pub(in crate::web) struct Chosen {
    code: String,
    password: String,
    again: String,
}

/// The form.
pub(in crate::web) async fn form(request: HttpRequest) -> HttpResponse {
    if let Some(language) = access::chosen(&request) {
        return access::keep(&request, language);
    }
    page(&access::stranger(&request), ("", None), StatusCode::OK)
}

/// Somebody chooses a password.
pub(in crate::web) async fn accept(
    request: HttpRequest,
    pages: Data<Pages>,
    chosen: Form<Chosen>,
) -> HttpResponse {
    let reader = access::stranger(&request);
    if !origin::is_ours(&request) {
        return error::page(&reader, PageError::Foreign);
    }
    if let Err(wait) = check(&request, &pages) {
        return too_many(&reader, wait);
    }
    let chosen = chosen.into_inner();
    let code = chosen.code.trim().to_owned();
    if chosen.password != chosen.again {
        let problem = reader.t(words::NOT_THE_SAME);
        return page(&reader, (&code, Some(problem)), StatusCode::BAD_REQUEST);
    }
    let (control, shown) = (Data::clone(&pages), code.clone());
    let accept = move || control.registry.accept_invitation(&shown, &chosen.password);
    match pages.gate.hashing(accept).await {
        Ok(Ok(())) => see_other("/login?set=true", cookies::end(origin::is_secure(&request))),
        Ok(Err(error)) => {
            let (problem, status) = refusal(&reader, &error);
            if status == StatusCode::FORBIDDEN {
                count_wrong(&request, &pages);
            }
            page(&reader, (&code, Some(&problem)), status)
        }
        Err(error) => error::page(&reader, error),
    }
}

fn page(
    reader: &Reader,
    (code, problem): (&str, Option<&str>),
    status: StatusCode,
) -> HttpResponse {
    let password = |id: &'static str, text| {
        html! {
            label for=(id) { (reader.t(text)) }
            input type="password" id=(id) name=(id) required minlength=(MIN_PASSWORD_CHARS)
                maxlength=(MAX_PASSWORD_BYTES) autocomplete="new-password";
        }
    };
    let content = Content {
        title: reader.t(words::SET_PASSWORD).to_owned(),
        place: Place::Login,
        body: html! {
            div class="card narrow" {
                h1 { (reader.t(words::SET_PASSWORD)) }
                p { (reader.t(words::SET_PASSWORD_MORE)) }
                @if let Some(problem) = problem { p class="problem" role="alert" { (problem) } }
                form method="post" action="/invitation" class="stack" id="invitation" {
                    label for="code" { (reader.t(words::INVITATION_CODE)) }
                    input id="code" name="code" required maxlength=(MAX_CODE_BYTES) value=(code) autocomplete="off";
                    (password("password", words::NEW_PASSWORD))
                    (password("again", words::NEW_PASSWORD_AGAIN))
                    p class="quiet" { (words::password_rule(reader.language)) }
                    button class="primary" { (reader.t(words::SET_IT)) }
                }
            }
        },
    };
    frame::answer(reader, status, &content)
}
