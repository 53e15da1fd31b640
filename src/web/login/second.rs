//! `/login/second`: the second factor of whoever has shown the password; set up here, if everybody must have one.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::account::second as setup;
use super::super::error::{self, PageError};
use super::super::frame::{self, Content, Place};
use super::super::reader::{Access, Reader};
use super::super::{Pages, access, cookies, origin, words};
use super::{check, count_wrong, enters, refusal, see_other, too_many};
use crate::registry::{Person, Stage};

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::web) struct Shown {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    code: String,
    /// The secret that was offered, if they have none yet.
    #[serde(default)]
    sealed: String,
    next: Option<String>,
    /// To begin anew as somebody else.
    #[serde(default)]
    back: bool,
}

/// Somebody who is half in.
struct Half {
    reader: Reader,
    access: Access,
    person: Person,
}

/// Whoever is half in; else where they belong.
async fn half(request: &HttpRequest) -> Result<Half, HttpResponse> {
    let reader = access::reader(request).await;
    let reader = reader.map_err(|error| error::page(&access::stranger(request), error))?;
    let to = |path: &'static str| {
        HttpResponse::SeeOther()
            .insert_header((header::LOCATION, path))
            .finish()
    };
    let access = reader.access.clone().ok_or_else(|| to("/login"))?;
    let person = access.person().cloned();
    let person = person.filter(|person| person.stage == Stage::Password);
    let person = person.ok_or_else(|| to("/"))?;
    Ok(Half {
        reader,
        access,
        person,
    })
}

/// The form.
pub(in crate::web) async fn form(request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    let half = match half(&request).await {
        Ok(half) => half,
        Err(elsewhere) => return elsewhere,
    };
    if let Some(language) = access::chosen(&request) {
        return access::keep(&request, language);
    }
    let wanted = Query::<Wanted>::from_query(request.query_string());
    let next = wanted.ok().and_then(|wanted| wanted.into_inner().next);
    page(&pages, &half, (next.as_deref(), None), StatusCode::OK).await
}

/// Somebody shows a code.
pub(in crate::web) async fn enter(
    request: HttpRequest,
    pages: Data<Pages>,
    shown: Form<Shown>,
) -> HttpResponse {
    let half = match half(&request).await {
        Ok(half) => half,
        Err(elsewhere) => return elsewhere,
    };
    let shown = shown.into_inner();
    if !origin::is_ours(&request) || !half.access.sent(&shown.csrf) {
        return error::page(&half.reader, PageError::Foreign);
    }
    if shown.back {
        return back(&request, &pages, half).await;
    }
    if let Err(wait) = check(&request, &pages) {
        return too_many(&half.reader, wait);
    }
    let (control, person) = (Data::clone(&pages), half.person.clone());
    let (code, sealed) = (shown.code, shown.sealed);
    let entered = web::block(move || {
        let (registry, vault) = (&control.registry, &control.gate.vault);
        if person.has_totp {
            let entered = registry.enter_second(vault, &person, &code)?;
            return Ok((entered, None));
        }
        let (entered, codes) = registry.accept_totp(vault, &person, (&sealed, &code, ""))?;
        Ok((entered, Some(codes)))
    })
    .await;
    let next = shown.next.as_deref();
    match entered {
        Ok(Ok((entered, None))) => enters(&request, next, &entered),
        Ok(Ok((entered, Some(codes)))) => {
            let next = next.and_then(origin::local).unwrap_or("/");
            let cookie = cookies::begin(&entered.cookie, origin::is_secure(&request));
            setup::codes_page(&half.reader, &codes, (next, Some(cookie)))
        }
        Ok(Err(error)) => {
            let (problem, status) = refusal(&half.reader, &error);
            if status == StatusCode::FORBIDDEN {
                count_wrong(&request, &pages);
            }
            page(&pages, &half, (next, Some(&problem)), status).await
        }
        Err(error) => error::page(&half.reader, error.into()),
    }
}

/// Out again, half in as they are.
async fn back(request: &HttpRequest, pages: &Data<Pages>, half: Half) -> HttpResponse {
    let control = Data::clone(pages);
    match web::block(move || control.registry.leave(&half.person)).await {
        Ok(Ok(())) => see_other("/login", cookies::end(origin::is_secure(request))),
        Ok(Err(error)) => error::page(&half.reader, error.into()),
        Err(error) => error::page(&half.reader, error.into()),
    }
}

async fn page(
    pages: &Data<Pages>,
    half: &Half,
    (next, problem): (Option<&str>, Option<&str>),
    status: StatusCode,
) -> HttpResponse {
    // Half in is not in: no navigation, no name.
    let reader = Reader {
        access: None,
        ..half.reader.clone()
    };
    let next = next.and_then(origin::local).unwrap_or("/");
    let inner = if half.person.has_totp {
        code_form(&reader, &half.access, next)
    } else {
        match setup::offer(pages, &half.person).await {
            Ok(offer) => {
                setup::offer_form(&reader, (&half.access, &offer), ("/login/second", next))
            }
            Err(error) => return error::page(&reader, error),
        }
    };
    let content = Content {
        title: reader.t(words::SECOND_FACTOR).to_owned(),
        place: Place::Login,
        body: html! {
            div class={ "card " (if half.person.has_totp { "narrow" } else { "medium-wide" }) } {
                h1 { (reader.t(words::SECOND_FACTOR)) }
                @if let Some(problem) = problem { p class="problem" role="alert" { (problem) } }
                @if !half.person.has_totp { p { (reader.t(words::SECOND_FACTOR_ASKED)) } }
                (inner)
                form method="post" action="/login/second" class="aside" {
                    input type="hidden" name="csrf" value=(half.access.csrf());
                    button class="plain" name="back" value="true" { (reader.t(words::BACK_TO_LOGIN)) }
                }
            }
        },
    };
    frame::answer(&reader, status, &content)
}

fn code_form(reader: &Reader, access: &Access, next: &str) -> Markup {
    html! {
        p { (reader.t(words::CODE_MORE)) }
        form method="post" action="/login/second" class="stack" {
            input type="hidden" name="csrf" value=(access.csrf());
            input type="hidden" name="next" value=(next);
            label for="code" { (reader.t(words::CODE)) }
            input id="code" name="code" required autofocus maxlength="32" autocomplete="one-time-code";
            button class="primary" { (reader.t(words::CONTINUE)) }
        }
    }
}
