//! `/people/{id}`: one user, and what may be changed of them.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form, Path, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::access::encoded;
use super::super::error::{self, PageError};
use super::super::foreign::foreign;
use super::super::frame::{self, Content, Place};
use super::super::reader::{Access, Reader};
use super::super::{Pages, when, words};
use super::{link, roles, settled, state};
use crate::registry::{Author, Invitation, PeopleError, Registry, User};
use crate::role::{Right, Role};

#[derive(Deserialize)]
pub(in crate::web) struct Change {
    #[serde(default)]
    csrf: String,
    action: String,
    #[serde(default)]
    role: String,
}

/// What came of it.
enum Changed {
    /// They stand as they are to stand.
    Done,
    /// They have a link.
    Link(Box<Invitation>),
    /// They are no more.
    Gone,
}

pub(in crate::web) async fn get(
    id: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    match load(&pages, &access, id.into_inner()).await {
        Ok(user) => page((&reader, &access), &user, None),
        Err(error) => error::page(&reader, error),
    }
}

/// Somebody changes them.
pub(in crate::web) async fn post(
    request: HttpRequest,
    id: Path<String>,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    change: Form<Change>,
) -> HttpResponse {
    let id = id.into_inner();
    let changed = act(&pages, &access, (&id, change.into_inner())).await;
    let to = |path: String| {
        HttpResponse::SeeOther()
            .insert_header(("Location", path))
            .finish()
    };
    match changed {
        Ok((_, Ok(Changed::Done))) => to(format!("/people/{}", encoded(&id))),
        Ok((user, Ok(Changed::Gone))) => to(format!(
            "/people?organization={}",
            encoded(user.organization.as_str())
        )),
        Ok((_, Ok(Changed::Link(invitation)))) => {
            link::page(&request, (&pages, &reader), &invitation)
        }
        Ok((user, Err(problem))) => page((&reader, &access), &user, Some(&problem)),
        Err(error) => error::page(&reader, error),
    }
}

/// The user, if they may change them.
async fn load(pages: &Data<Pages>, access: &Access, id: String) -> Result<User, PageError> {
    let caller = access.caller();
    caller.require(Right::Manage)?;
    let control = Data::clone(pages);
    let user = web::block(move || control.registry.user(&id)).await??;
    let user = user.ok_or(PageError::NotFound)?;
    super::chosen(access, Some(user.organization.as_str()))?;
    Ok(user)
}

async fn act(
    pages: &Data<Pages>,
    access: &Access,
    (id, change): (&str, Change),
) -> Result<(User, Result<Changed, PeopleError>), PageError> {
    if !access.sent(&change.csrf) {
        return Err(PageError::Foreign);
    }
    let author = access.caller().author(Right::Manage)?;
    let user = load(pages, access, id.to_owned()).await?;
    let (control, them) = (Data::clone(pages), user.clone());
    let changed = web::block(move || apply(&control.registry, (&them, &change), &author)).await?;
    let changed = changed.ok_or(PageError::Form)?;
    Ok((user, settled(changed)?))
}

/// Does it; nothing if there is no such change.
fn apply(
    registry: &Registry,
    (user, change): (&User, &Change),
    author: &Author,
) -> Option<Result<Changed, PeopleError>> {
    let them = (&user.organization, user.id.as_str());
    let done = |result: Result<User, PeopleError>| result.map(|_user| Changed::Done);
    Some(match change.action.as_str() {
        "role" => done(registry.set_role(them, Role::of_word(&change.role)?, author)),
        "disable" => done(registry.set_active(them, false, author)),
        "enable" => done(registry.set_active(them, true, author)),
        "reset-totp" => done(registry.reset_totp(them, author)),
        "reset" => {
            let link = registry.reset_user(them, author);
            link.map(|link| Changed::Link(Box::new(link)))
        }
        "remove" => registry.remove_user(them, author).map(|()| Changed::Gone),
        _ => return None,
    })
}

fn page(
    (reader, access): (&Reader, &Access),
    user: &User,
    problem: Option<&PeopleError>,
) -> HttpResponse {
    let content = Content {
        title: super::visible(&user.name),
        place: Place::People,
        body: html! {
            p { a href={ "/people?organization=" (encoded(user.organization.as_str())) } {
                (reader.t(words::BACK_TO_PEOPLE))
            } }
            h1 { (foreign(&user.name)) }
            @if let Some(error) = problem {
                p class="problem" role="alert" { (words::people_problem(reader.language, error, reader.now)) }
            }
            (facts(reader, user))
            @if access.caller().role.may_give(user.role) { (forms(reader, access, user)) }
        },
    };
    let status = problem.map_or(StatusCode::OK, |_| StatusCode::CONFLICT);
    frame::answer(reader, status, &content)
}

fn facts(reader: &Reader, user: &User) -> Markup {
    let yes = |it: bool| reader.t(if it { words::YES } else { words::NO });
    html! {
        section class="card" {
            dl class="facts" {
                div { dt { (reader.t(words::EMAIL)) } dd { (foreign(&user.email)) } }
                div { dt { (reader.t(words::ROLE)) } dd { (reader.t(words::role(user.role))) } }
                div { dt { (reader.t(words::USER_STATE)) } dd { (state(reader, user)) } }
                div { dt { (reader.t(words::PASSWORD)) } dd { (yes(user.has_password)) } }
                div { dt { (reader.t(words::SECOND_FACTOR)) } dd { (yes(user.has_totp)) } }
                div { dt { (reader.t(words::LINKED)) } dd { (yes(user.is_linked)) } }
                div { dt { (reader.t(words::ADDED)) } dd { (when::moment(user.created_at)) } }
            }
        }
    }
}

fn forms(reader: &Reader, access: &Access, user: &User) -> Markup {
    let path = format!("/people/{}", encoded(&user.id));
    let button = |action: &'static str, text: words::Text, more: words::Text| {
        html! {
            form method="post" action=(path) class="stack" {
                input type="hidden" name="csrf" value=(access.csrf());
                p class="quiet" { (reader.t(more)) }
                button name="action" value=(action) { (reader.t(text)) }
            }
        }
    };
    html! {
        div class="columns even" {
            section class="card" {
                h2 { (reader.t(words::ROLE)) }
                form method="post" action=(path) class="stack" {
                    input type="hidden" name="csrf" value=(access.csrf());
                    label class="hidden" for="role" { (reader.t(words::ROLE)) }
                    (roles(reader, access, (&user.organization, user.role)))
                    p class="quiet" { (reader.t(words::CHANGE_ENDS)) }
                    button name="action" value="role" { (reader.t(words::SAVE_CHANGE)) }
                }
            }
            section class="card" {
                h2 { (reader.t(words::WAY_IN)) }
                @if user.is_active { (button("reset", words::RESET, words::RESET_MORE)) }
                @if user.has_totp { (button("reset-totp", words::REMOVE_FACTOR, words::REMOVE_FACTOR_MORE)) }
                @if user.is_active { (button("disable", words::DISABLE, words::DISABLE_MORE)) }
                @else { (button("enable", words::ENABLE, words::ENABLE_MORE)) }
                details {
                    summary { (reader.t(words::REMOVE_USER)) }
                    (button("remove", words::REMOVE_USER, words::REMOVE_USER_MORE))
                }
            }
        }
    }
}
