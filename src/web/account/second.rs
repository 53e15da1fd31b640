//! `/account/second`: a second factor is set up. The same form stands at the login, if everybody must have one.

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Data, Form, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, PreEscaped, html};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Deserialize;

use super::super::error::{self, PageError};
use super::super::frame::{self, Content, Place};
use super::super::reader::{Access, Reader};
use super::super::{Pages, cookies, origin, words};
use crate::registry::{MAX_PASSWORD_BYTES, Offer, Person};

#[derive(Deserialize)]
pub(in crate::web) struct Taken {
    #[serde(default)]
    csrf: String,
    sealed: String,
    code: String,
    #[serde(default)]
    password: String,
}

pub(in crate::web) async fn get(
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    page(&pages, (&reader, &access), None).await
}

/// Somebody takes what was offered.
pub(in crate::web) async fn post(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    taken: Form<Taken>,
) -> HttpResponse {
    let taken = taken.into_inner();
    if !access.sent(&taken.csrf) {
        return error::page(&reader, PageError::Foreign);
    }
    let Some(person) = access.person().cloned() else {
        return error::page(&reader, PageError::NoAccount);
    };
    let control = Data::clone(&pages);
    let accept = move || {
        let shown = (
            taken.sealed.as_str(),
            taken.code.as_str(),
            taken.password.as_str(),
        );
        control
            .registry
            .accept_totp(&control.gate.vault, &person, shown)
    };
    match pages.gate.hashing(accept).await {
        Ok(Ok((entered, codes))) => {
            let cookie = cookies::begin(&entered.cookie, origin::is_secure(&request));
            codes_page(&reader, &codes, ("/account", Some(cookie)))
        }
        Ok(Err(error)) => {
            let problem = words::people_problem(reader.language, &error, reader.now);
            page(&pages, (&reader, &access), Some(&problem)).await
        }
        Err(error) => error::page(&reader, error),
    }
}

/// A fresh offer.
pub(in crate::web) async fn offer(
    pages: &Data<Pages>,
    person: &Person,
) -> Result<Offer, PageError> {
    let (control, person) = (Data::clone(pages), person.clone());
    let offer = move || control.registry.offer_totp(&control.gate.vault, &person);
    Ok(web::block(offer).await??)
}

async fn page(
    pages: &Data<Pages>,
    (reader, access): (&Reader, &Access),
    problem: Option<&str>,
) -> HttpResponse {
    let Some(person) = access.person() else {
        return error::page(reader, PageError::NoAccount);
    };
    let offer = match offer(pages, person).await {
        Ok(offer) => offer,
        Err(error) => return error::page(reader, error),
    };
    let content = Content {
        title: reader.t(words::SECOND_FACTOR).to_owned(),
        place: Place::Account,
        body: html! {
            div class="card medium-wide" {
                h1 { (reader.t(words::SECOND_FACTOR)) }
                @if let Some(problem) = problem { p class="problem" role="alert" { (problem) } }
                (offer_form(reader, (access, &offer), ("/account/second", "/account")))
            }
        },
    };
    let status = problem.map_or(StatusCode::OK, |_| StatusCode::BAD_REQUEST);
    frame::answer(reader, status, &content)
}

/// The picture for the app, the secret in letters, and where the first code goes.
pub(in crate::web) fn offer_form(
    reader: &Reader,
    (access, offer): (&Access, &Offer),
    (action, next): (&str, &str),
) -> Markup {
    let is_in = access.is_full();
    html! {
        p { (reader.t(words::SCAN)) }
        div class="qr" { (picture(&offer.uri)) }
        p class="quiet" { (reader.t(words::OR_TYPE)) " " code { (grouped(&offer.secret)) } }
        form method="post" action=(action) class="stack" {
            input type="hidden" name="csrf" value=(access.csrf());
            input type="hidden" name="next" value=(next);
            input type="hidden" name="sealed" value=(offer.sealed);
            label for="code" { (reader.t(words::FIRST_CODE)) }
            input id="code" name="code" required maxlength="16" inputmode="numeric" autocomplete="one-time-code";
            @if is_in {
                label for="password" { (reader.t(words::PRESENT_PASSWORD)) }
                input type="password" id="password" name="password" maxlength=(MAX_PASSWORD_BYTES)
                    autocomplete="current-password";
            }
            button class="primary" { (reader.t(words::SET_UP)) }
        }
    }
}

/// A picture that an app reads. Nothing if the address is too long for one, which ours are not.
fn picture(uri: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(uri, EcLevel::M) else {
        return html! {};
    };
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    // What stands before it is for a file of its own.
    let (_, element) = drawn.split_once("?>").unwrap_or(("", &drawn));
    PreEscaped(element.to_owned())
}

/// In groups of four, as people type.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

/// The codes that stand in for the app. They are shown this once.
pub(in crate::web) fn codes_page(
    reader: &Reader,
    codes: &[String],
    (next, cookie): (&str, Option<String>),
) -> HttpResponse {
    let content = Content {
        title: reader.t(words::RECOVERY_CODES).to_owned(),
        place: Place::Account,
        body: html! {
            div class="card medium-wide" {
                h1 { (reader.t(words::RECOVERY_CODES)) }
                p { (reader.t(words::RECOVERY_CODES_MORE)) }
                ul class="codes" { @for code in codes { li { code { (code) } } } }
                p { a class="button primary" href=(next) { (reader.t(words::CODES_KEPT)) } }
            }
        },
    };
    // The forms of the page would carry what counts no more.
    let reader = Reader {
        access: None,
        ..reader.clone()
    };
    let mut answer = frame::answer(&reader, StatusCode::OK, &content);
    let cookie = cookie.and_then(|cookie| header::HeaderValue::from_str(&cookie).ok());
    if let Some(cookie) = cookie {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}
