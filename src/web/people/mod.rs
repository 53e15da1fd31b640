//! `/people`: who may log in for an organization, and the form that invites somebody.
//!
//! Only who may manage comes here. People of an organization see their own; the operator chooses one.

pub(super) mod link;
pub(super) mod one;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::error::{self, PageError};
use super::foreign::{foreign, visible};
use super::frame::{self, Content, Place};
use super::reader::{Access, Reader};
use super::{Pages, access as door, when, words};
use crate::ids::OrganizationId;
use crate::language::Language;
use crate::registry::{MAX_EMAIL_BYTES, MAX_NAME_CHARS, Newcomer, Organization, PeopleError, User};
use crate::role::{Right, Role};

/// Organizations among which the operator chooses without typing an id.
const CHOICES: u32 = 200;

#[derive(Deserialize)]
struct Wanted {
    organization: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Invite {
    #[serde(default)]
    csrf: String,
    organization: String,
    email: String,
    name: String,
    role: String,
    language: String,
}

/// What the page is made from.
struct View {
    organization: Organization,
    users: Vec<User>,
    /// What the operator may choose among; nothing for others.
    choices: Vec<Organization>,
}

pub(super) async fn get(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    let wanted = Query::<Wanted>::from_query(request.query_string());
    let wanted = wanted
        .ok()
        .and_then(|wanted| wanted.into_inner().organization);
    page(&pages, (&reader, &access), (wanted, None)).await
}

/// Somebody is invited.
pub(super) async fn post(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    invite: Form<Invite>,
) -> HttpResponse {
    let invite = invite.into_inner();
    let of = invite.organization.clone();
    match act(&pages, &access, invite).await {
        Ok(Ok(invitation)) => link::page(&request, (&pages, &reader), &invitation),
        Ok(Err(problem)) => page(&pages, (&reader, &access), (Some(of), Some(problem))).await,
        Err(error) => error::page(&reader, error),
    }
}

async fn act(
    pages: &Data<Pages>,
    access: &Access,
    invite: Invite,
) -> Result<Result<crate::registry::Invitation, PeopleError>, PageError> {
    if !access.sent(&invite.csrf) {
        return Err(PageError::Foreign);
    }
    let author = access.caller().author(Right::Manage)?;
    let of = chosen(access, Some(&invite.organization))?;
    let newcomer = Newcomer {
        email: invite.email,
        name: invite.name,
        role: Role::of_word(&invite.role).ok_or(PageError::Form)?,
        language: Language::of_tag(&invite.language).ok_or(PageError::Form)?,
    };
    let control = Data::clone(pages);
    let invited = web::block(move || control.registry.invite_user(&of, &newcomer, &author));
    settled(invited.await?)
}

/// What can be told on the page, and what cannot.
fn settled<T>(result: Result<T, PeopleError>) -> Result<Result<T, PeopleError>, PageError> {
    match result {
        Err(
            error @ (PeopleError::NoUser
            | PeopleError::NotYours
            | PeopleError::NotYoursToGive(_)
            | PeopleError::Registry(_)),
        ) => Err(error.into()),
        other => Ok(other),
    }
}

/// The organization that is asked for, if they may change its people.
fn chosen(access: &Access, wanted: Option<&str>) -> Result<OrganizationId, PageError> {
    let caller = access.caller();
    caller.require(Right::Manage)?;
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else {
        return Ok(caller.organization.clone());
    };
    let wanted = OrganizationId::new(wanted).map_err(|_invalid| PageError::NotFound)?;
    let may = wanted == caller.organization || caller.role.may(Right::Operate);
    may.then_some(wanted).ok_or(PageError::NotFound)
}

async fn page(
    pages: &Data<Pages>,
    (reader, access): (&Reader, &Access),
    (wanted, problem): (Option<String>, Option<PeopleError>),
) -> HttpResponse {
    let view = match load(pages, access, wanted.as_deref()).await {
        Ok(view) => view,
        Err(error) => return error::page(reader, error),
    };
    let content = Content {
        title: reader.t(words::PEOPLE).to_owned(),
        place: Place::People,
        body: body(reader, access, (&view, problem.as_ref())),
    };
    let status = problem.map_or(StatusCode::OK, |_| StatusCode::BAD_REQUEST);
    frame::answer(reader, status, &content)
}

async fn load(
    pages: &Data<Pages>,
    access: &Access,
    wanted: Option<&str>,
) -> Result<View, PageError> {
    let of = chosen(access, wanted)?;
    let operates = access.caller().role.may(Right::Operate);
    let control = Data::clone(pages);
    web::block(move || {
        let organization = control.registry.organization(&of)?;
        let choices = if operates {
            control.registry.organizations(None, CHOICES)?
        } else {
            Vec::new()
        };
        Ok(View {
            organization: organization.ok_or(PageError::NotFound)?,
            users: control.registry.users(&of)?,
            choices,
        })
    })
    .await?
}

fn body(
    reader: &Reader,
    access: &Access,
    (view, problem): (&View, Option<&PeopleError>),
) -> Markup {
    let by_token = access.person().is_none();
    html! {
        h1 { (reader.t(words::PEOPLE)) " " span class="as-of" { (foreign(&view.organization.name)) } }
        @if view.choices.len() > 1 { (choice(reader, view)) }
        @if by_token { p class="calm" { (reader.t(words::TOKEN_HINT)) } }
        @if view.users.is_empty() { p class="quiet" { (reader.t(words::NOBODY)) } }
        @else { (table(reader, &view.users)) }
        section class="card invite" {
            h2 { (reader.t(words::INVITE)) }
            @if let Some(error) = problem {
                p class="problem" role="alert" { (words::people_problem(reader.language, error, reader.now)) }
            }
            p class="quiet" { (reader.t(words::INVITE_MORE)) }
            (invite(reader, access, view))
        }
    }
}

fn choice(reader: &Reader, view: &View) -> Markup {
    html! {
        form method="get" action="/people" class="row" {
            label for="organization" { (reader.t(words::ORGANIZATION)) }
            input id="organization" name="organization" list="organizations" value=(view.organization.id)
                maxlength="64" autocomplete="off";
            datalist id="organizations" {
                @for choice in &view.choices { option value=(choice.id) { (visible(&choice.name)) } }
            }
            button { (reader.t(words::SHOW)) }
        }
    }
}

fn table(reader: &Reader, users: &[User]) -> Markup {
    html! {
        div class="scroll people" tabindex="0" {
            table {
                thead { tr {
                    th { (reader.t(words::NAME)) }
                    th { (reader.t(words::EMAIL)) }
                    th { (reader.t(words::ROLE)) }
                    th { (reader.t(words::USER_STATE)) }
                    th { (reader.t(words::SECOND_FACTOR)) }
                    th { (reader.t(words::LAST_HERE)) }
                } }
                tbody { @for user in users {
                    tr {
                        td { a href={ "/people/" (door::encoded(&user.id)) } { (foreign(&user.name)) } }
                        td { (foreign(&user.email)) }
                        td { (reader.t(words::role(user.role))) }
                        td { (state(reader, user)) }
                        td { (reader.t(if user.has_totp { words::YES } else { words::NO })) }
                        td class="when" {
                            @match user.last_seen {
                                Some(at) => (when::moment_ago(reader, at)),
                                None => span class="quiet" { (reader.t(words::NEVER)) },
                            }
                        }
                    }
                } }
            }
        }
    }
}

/// How somebody stands, as a badge.
fn state(reader: &Reader, user: &User) -> Markup {
    let (text, class) = if !user.is_active {
        (words::USER_DISABLED, "tag bad")
    } else if user.can_enter() {
        (words::USER_ACTIVE, "tag")
    } else if user.is_invited {
        (words::USER_INVITED, "tag")
    } else {
        (words::USER_LAPSED, "tag bad")
    };
    html! { span class=(class) { (reader.t(text)) } }
}

fn invite(reader: &Reader, access: &Access, view: &View) -> Markup {
    html! {
        form method="post" action="/people" class="stack" {
            input type="hidden" name="csrf" value=(access.csrf());
            input type="hidden" name="organization" value=(view.organization.id);
            label for="email" { (reader.t(words::EMAIL)) }
            input type="email" id="email" name="email" required maxlength=(MAX_EMAIL_BYTES) autocomplete="off";
            label for="name" { (reader.t(words::NAME)) }
            input id="name" name="name" required maxlength=(MAX_NAME_CHARS) autocomplete="off";
            label for="role" { (reader.t(words::ROLE)) }
            (roles(reader, access, (&view.organization.id, Role::Analyst)))
            label for="language" { (reader.t(words::LANGUAGE)) }
            select id="language" name="language" {
                @for (language, name) in [(Language::En, "English"), (Language::Ja, "日本語")] {
                    option value=(language) lang=(language) selected[language == view.organization.language] { (name) }
                }
            }
            button class="primary" { (reader.t(words::INVITE)) }
        }
    }
}

/// The roles that they may give there.
fn roles(reader: &Reader, access: &Access, (of, chosen): (&OrganizationId, Role)) -> Markup {
    let own = access.caller().role;
    let fits = |role: &Role| {
        own.may_give(*role) && (*role != Role::Operator || of.as_str() == crate::ids::OPERATOR)
    };
    html! {
        select id="role" name="role" {
            @for role in Role::ALL.into_iter().filter(fits) {
                option value=(role.as_str()) selected[role == chosen] {
                    (reader.t(words::role(role))) " – " (reader.t(words::role_more(role)))
                }
            }
        }
    }
}
