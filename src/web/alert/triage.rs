//! What people do about an alert: the forms, and what is done with them.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Data, Form, Path, ReqData};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::{self, PageError};
use super::super::reader::{Access, Reader};
use super::super::{Pages, words};
use crate::cases::{Alert, Cause, MAX_NOTE_CHARS, State, Triage};
use crate::ids::AlertId;
use crate::role::Right;

#[derive(Deserialize)]
pub(in crate::web) struct Deed {
    #[serde(default)]
    csrf: String,
    action: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    note: String,
}

/// Somebody does something about an alert.
pub(in crate::web) async fn post(
    id: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    deed: Form<Deed>,
) -> HttpResponse {
    match act(&id, pages, &access, deed.into_inner(), &reader).await {
        Ok(id) => HttpResponse::SeeOther()
            .insert_header((header::LOCATION, format!("/alerts/{id}")))
            .finish(),
        Err(error) => error::page(&reader, error),
    }
}

async fn act(
    id: &str,
    pages: Data<Pages>,
    access: &Access,
    deed: Deed,
    reader: &Reader,
) -> Result<AlertId, PageError> {
    if !access.sent(&deed.csrf) {
        return Err(PageError::Foreign);
    }
    let id: AlertId = id.parse().map_err(|_cause| PageError::NotFound)?;
    let triage = triage(deed)?;
    let (caller, now) = (access.caller().clone(), reader.now);
    let author = caller.author(Right::Triage)?;
    web::block(move || {
        let by = (&author, now);
        pages.cases.triage(&caller.scope, &id, by, &triage)?;
        Ok(id)
    })
    .await?
}

fn triage(deed: Deed) -> Result<Triage, PageError> {
    match deed.action.as_str() {
        "acknowledge" => Ok(Triage::Acknowledge),
        "contain" => Ok(Triage::Contain),
        "reopen" => Ok(Triage::Reopen),
        "close" => Ok(Triage::Close {
            cause: Cause::of_word(&deed.cause).ok_or(PageError::Form)?,
            // Browsers end lines of forms with CR LF.
            note: deed.note.replace("\r\n", "\n"),
        }),
        _ => Err(PageError::Form),
    }
}

/// The forms that fit the state.
pub(super) fn forms(reader: &Reader, access: &Access, alert: &Alert) -> Markup {
    let path = format!("/alerts/{}", alert.id);
    let button = |action: &str, text: words::Text, class: &str| {
        html! { button name="action" value=(action) class=(class) { (reader.t(text)) } }
    };
    html! {
        h2 { (reader.t(words::RESPOND)) }
        form method="post" action=(path) class="stack" {
            input type="hidden" name="csrf" value=(access.csrf());
            @if alert.state == State::Open { (button("acknowledge", words::ACKNOWLEDGE, "primary")) }
            @if alert.state < State::Contained { (button("contain", words::CONTAIN, "")) }
            @if alert.state >= State::Contained { (button("reopen", words::REOPEN, "")) }
        }
        @if alert.state < State::Closed { (closing(reader, access, &path)) }
    }
}

fn closing(reader: &Reader, access: &Access, path: &str) -> Markup {
    html! {
        form method="post" action=(path) class="stack" {
            h3 { (reader.t(words::CLOSE_MORE)) }
            input type="hidden" name="csrf" value=(access.csrf());
            label for="cause" { (reader.t(words::CAUSE)) }
            select id="cause" name="cause" required {
                option value="" { (reader.t(words::CHOOSE)) }
                @for cause in Cause::ALL { option value=(cause.as_str()) { (reader.t(words::cause(cause))) } }
            }
            label for="note" { (reader.t(words::NOTE)) }
            textarea id="note" name="note" rows="4" maxlength=(MAX_NOTE_CHARS) required aria-describedby="note-more" {}
            p class="quiet" id="note-more" { (reader.t(words::NOTE_MORE)) }
            button name="action" value="close" { (reader.t(words::CLOSE)) }
        }
    }
}
