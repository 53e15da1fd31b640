//! What people do about an alert: the forms, and what is done with them.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Data, Form, Path, ReqData};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::error::{self, PageError};
use super::super::foreign::{foreign, visible};
use super::super::reader::{Access, Reader};
use super::super::{Pages, words};
use crate::cases::{Alert, Cause, MAX_NOTE_CHARS, State, Triage};
use crate::ids::{AlertId, OrganizationId};
use crate::registry::User;
use crate::role::Right;
use crate::scope::Scope;

/// Most people that are offered to look after an alert.
const MOST_PEOPLE: usize = 500;

#[derive(Deserialize)]
pub(in crate::web) struct Deed {
    #[serde(default)]
    csrf: String,
    action: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    assignee: String,
}

/// What is done about an alert.
enum Act {
    Triage(Triage),
    Assign(String),
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
    let act = read(deed)?;
    let (caller, now) = (access.caller().clone(), reader.now);
    let author = caller.author(Right::Triage)?;
    web::block(move || {
        let by = (&author, now);
        match &act {
            Act::Triage(triage) => pages.cases.triage(&caller.scope, &id, by, triage)?,
            Act::Assign(to) => pages.cases.assign(&caller.scope, &id, by, to)?,
        }
        Ok(id)
    })
    .await?
}

fn read(deed: Deed) -> Result<Act, PageError> {
    let triage = match deed.action.as_str() {
        "assign" => return Ok(Act::Assign(deed.assignee)),
        "acknowledge" => Triage::Acknowledge,
        "contain" => Triage::Contain,
        "reopen" => Triage::Reopen,
        "close" => Triage::Close {
            cause: Cause::of_word(&deed.cause).ok_or(PageError::Form)?,
            // Browsers end lines of forms with CR LF.
            note: deed.note.replace("\r\n", "\n"),
        },
        _ => return Err(PageError::Form),
    };
    Ok(Act::Triage(triage))
}

/// Those of the reader's organization who may look after an alert. Blocks on the disk.
pub(super) fn people(pages: &Pages, scope: &Scope) -> Result<Vec<User>, PageError> {
    let organization = OrganizationId::new(scope.organization());
    let organization = organization.map_err(|_cause| PageError::Internal)?;
    let mut users = pages.registry.users(&organization)?;
    users.retain(|user| user.is_active && user.role.may(Right::Triage));
    users.truncate(MOST_PEOPLE);
    Ok(users)
}

/// The forms that fit the state.
pub(super) fn forms(
    reader: &Reader,
    access: &Access,
    (alert, people): (&Alert, &[User]),
) -> Markup {
    if !access.caller().role.may(Right::Triage) {
        return html! { h2 { (reader.t(words::RESPOND)) } (looked_after(reader, alert)) };
    }
    let path = format!("/alerts/{}", alert.id);
    let button = |action: &str, text: words::Text, class: &str| {
        html! { button name="action" value=(action) class=(class) { (reader.t(text)) } }
    };
    html! {
        h2 { (reader.t(words::RESPOND)) }
        @if people.is_empty() { (looked_after(reader, alert)) } @else { (assigning(reader, access, (alert, people))) }
        form method="post" action=(path) class="stack" {
            input type="hidden" name="csrf" value=(access.csrf());
            @if alert.state == State::Open { (button("acknowledge", words::ACKNOWLEDGE, "primary")) }
            @if alert.state < State::Contained { (button("contain", words::CONTAIN, "")) }
            @if alert.state >= State::Contained { (button("reopen", words::REOPEN, "")) }
        }
        @if alert.state < State::Closed { (closing(reader, access, &path)) }
    }
}

fn looked_after(reader: &Reader, alert: &Alert) -> Markup {
    html! {
        p { (reader.t(words::ASSIGNEE)) ": "
            @if alert.assignee.is_empty() { (reader.t(words::UNASSIGNED)) } @else { (foreign(&alert.assignee)) }
        }
    }
}

fn assigning(reader: &Reader, access: &Access, (alert, people): (&Alert, &[User])) -> Markup {
    let me = access.person().map(|person| person.id.as_str());
    let name = |user: &User| match (me == Some(&user.id), user.name.trim()) {
        (true, _) => reader.t(words::ME).to_owned(),
        (false, "") => visible(&user.email),
        (false, name) => visible(name),
    };
    html! {
        form method="post" action={ "/alerts/" (alert.id) } class="row" {
            input type="hidden" name="csrf" value=(access.csrf());
            label for="assignee" { (reader.t(words::ASSIGNEE)) }
            select id="assignee" name="assignee" {
                option value="" selected[alert.assignee.is_empty()] { (reader.t(words::UNASSIGNED)) }
                @for user in people {
                    option value=(user.email) selected[user.email == alert.assignee] { (name(user)) }
                }
            }
            button name="action" value="assign" { (reader.t(words::ASSIGN)) }
        }
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
