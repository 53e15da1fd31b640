//! `/account`: what somebody sees and changes of their own account.

pub(super) mod second;

use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Form, Query, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use maud::{Markup, html};
use serde::Deserialize;

use super::error::{self, PageError};
use super::foreign::foreign;
use super::frame::{self, Content, Place};
use super::reader::{Access, Reader};
use super::{Pages, cookies, origin, when, words};
use crate::language::Language;
use crate::registry::{
    MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, PeopleError, Person, SessionEntry, User,
};

/// What the page is made from.
struct View {
    user: User,
    organization: String,
    sessions: Vec<SessionEntry>,
    codes_left: u32,
    asks_totp: bool,
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    done: bool,
}

#[derive(Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    csrf: String,
    action: String,
    #[serde(default)]
    present: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    language: String,
}

pub(super) async fn get(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    let wanted = Query::<Wanted>::from_query(request.query_string());
    let done = wanted.is_ok_and(|wanted| wanted.done);
    let note = if done { Note::Done } else { Note::None };
    page(&pages, (&reader, &access), note).await
}

/// Somebody changes something.
pub(super) async fn post(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
    change: Form<Change>,
) -> HttpResponse {
    let change = change.into_inner();
    if !access.sent(&change.csrf) {
        return error::page(&reader, PageError::Foreign);
    }
    let Some(person) = access.person().cloned() else {
        return error::page(&reader, PageError::NoAccount);
    };
    match act(&pages, person, change).await {
        Ok(Ok(Acted::Done)) => done(None),
        Ok(Ok(Acted::Language(language))) => done(Some(cookies::language(
            language,
            origin::is_secure(&request),
        ))),
        Ok(Ok(Acted::Codes(codes))) => second::codes_page(&reader, &codes, ("/account", None)),
        Ok(Err(problem)) => page(&pages, (&reader, &access), Note::Problem(problem)).await,
        Err(error) => error::page(&reader, error),
    }
}

fn done(cookie: Option<String>) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header(("Location", "/account?done=true"));
    if let Some(cookie) = cookie {
        answer.insert_header(("Set-Cookie", cookie));
    }
    answer.finish()
}

/// What came of it.
enum Acted {
    Done,
    Language(Language),
    /// They are shown this once.
    Codes(Vec<String>),
}

/// What is said above the page.
enum Note {
    None,
    Done,
    Problem(Problem),
}

/// Why nothing was changed.
enum Problem {
    NotTheSame,
    People(PeopleError),
}

async fn act(
    pages: &Data<Pages>,
    person: Person,
    change: Change,
) -> Result<Result<Acted, Problem>, PageError> {
    let control = Data::clone(pages);
    let acted = match change.action.as_str() {
        "password" if change.password != change.again => return Ok(Err(Problem::NotTheSame)),
        "password" => {
            let set = move || {
                let shown = (change.present.as_str(), change.password.as_str());
                control.registry.change_password(&person, shown)
            };
            pages.gate.hashing(set).await?.map(|()| Acted::Done)
        }
        "sessions" => {
            let ended = web::block(move || control.registry.end_other_sessions(&person));
            ended.await?.map(|_ended| Acted::Done)
        }
        "language" => {
            let language = Language::of_tag(&change.language).ok_or(PageError::Form)?;
            let set = web::block(move || control.registry.set_language(&person, language));
            set.await?.map(|()| Acted::Language(language))
        }
        "codes" => {
            let made = move || {
                let (registry, vault) = (&control.registry, &control.gate.vault);
                registry.renew_recovery_codes(vault, &person, &change.code)
            };
            web::block(made).await?.map(Acted::Codes)
        }
        "remove" if pages.gate.asks_totp => return Err(PageError::Forbidden),
        "remove" => {
            let remove = move || {
                let (registry, vault) = (&control.registry, &control.gate.vault);
                registry.remove_totp(vault, &person, &change.code)
            };
            web::block(remove).await?.map(|()| Acted::Done)
        }
        _ => return Err(PageError::Form),
    };
    Ok(acted.map_err(Problem::People))
}

async fn page(
    pages: &Data<Pages>,
    (reader, access): (&Reader, &Access),
    note: Note,
) -> HttpResponse {
    let Some(person) = access.person() else {
        return error::page(reader, PageError::NoAccount);
    };
    let view = match load(pages, person.clone()).await {
        Ok(view) => view,
        Err(error) => return error::page(reader, error),
    };
    let status = match &note {
        Note::Problem(Problem::People(PeopleError::Waits(_))) => StatusCode::TOO_MANY_REQUESTS,
        Note::Problem(_) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let content = Content {
        title: reader.t(words::MY_ACCOUNT).to_owned(),
        place: Place::Account,
        body: body(reader, access, (&view, &note)),
    };
    frame::answer(reader, status, &content)
}

async fn load(pages: &Data<Pages>, person: Person) -> Result<View, PageError> {
    let control = Data::clone(pages);
    web::block(move || {
        let user = control.registry.user(&person.id)?;
        let user = user.ok_or(PageError::NoAccount)?;
        let organization = control.registry.organization(&user.organization)?;
        Ok(View {
            organization: organization.map_or_else(String::new, |it| it.name),
            sessions: control.registry.sessions_of(&person)?,
            codes_left: control.registry.recovery_codes_left(&person)?,
            asks_totp: control.gate.asks_totp,
            user,
        })
    })
    .await?
}

fn body(reader: &Reader, access: &Access, (view, note): (&View, &Note)) -> Markup {
    let user = &view.user;
    html! {
        h1 { (reader.t(words::MY_ACCOUNT)) }
        (said(reader, note))
        div class="columns even" {
            div {
                section class="card" {
                    h2 { (foreign(&user.name)) }
                    dl class="facts" {
                        div { dt { (reader.t(words::EMAIL)) } dd { (foreign(&user.email)) } }
                        div { dt { (reader.t(words::ORGANIZATION)) } dd { (foreign(&view.organization)) } }
                        div { dt { (reader.t(words::ROLE)) } dd { (reader.t(words::role(user.role))) } }
                    }
                    (language(reader, access, user))
                }
                section class="card" { (password(reader, access, user)) }
            }
            div {
                section class="card" { (factor(reader, access, view)) }
                section class="card" { (sessions(reader, access, view)) }
            }
        }
    }
}

fn said(reader: &Reader, note: &Note) -> Markup {
    let problem = match note {
        Note::None => return html! {},
        Note::Done => {
            return html! { p class="calm" role="status" { (reader.t(words::DONE)) } };
        }
        Note::Problem(Problem::NotTheSame) => reader.t(words::NOT_THE_SAME).to_owned(),
        Note::Problem(Problem::People(error)) => {
            words::people_problem(reader.language, error, reader.now)
        }
    };
    html! { p class="problem" role="alert" { (problem) } }
}

fn begin(access: &Access, action: &str) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(access.csrf());
        input type="hidden" name="action" value=(action);
    }
}

fn language(reader: &Reader, access: &Access, user: &User) -> Markup {
    html! {
        form method="post" action="/account" class="stack" {
            (begin(access, "language"))
            label for="language" { (reader.t(words::LANGUAGE)) }
            select id="language" name="language" {
                @for (language, name) in [(Language::En, "English"), (Language::Ja, "日本語")] {
                    option value=(language) lang=(language) selected[language == user.language] { (name) }
                }
            }
            button { (reader.t(words::SAVE_CHANGE)) }
        }
    }
}

fn password(reader: &Reader, access: &Access, user: &User) -> Markup {
    let field = |id: &'static str, text, autocomplete: &'static str, least: usize| {
        html! {
            label for=(id) { (reader.t(text)) }
            input type="password" id=(id) name=(id) required minlength=(least)
                maxlength=(MAX_PASSWORD_BYTES) autocomplete=(autocomplete);
        }
    };
    html! {
        h2 { (reader.t(words::PASSWORD)) }
        @if user.has_password {
            form method="post" action="/account" class="stack" {
                (begin(access, "password"))
                input type="text" name="username" value=(user.email) autocomplete="username" hidden;
                (field("present", words::PRESENT_PASSWORD, "current-password", 1))
                (field("password", words::NEW_PASSWORD, "new-password", MIN_PASSWORD_CHARS))
                (field("again", words::NEW_PASSWORD_AGAIN, "new-password", MIN_PASSWORD_CHARS))
                p class="quiet" { (words::password_rule(reader.language)) }
                button { (reader.t(words::CHANGE_PASSWORD)) }
            }
        } @else {
            p { (reader.t(words::NO_PASSWORD)) }
        }
    }
}

fn factor(reader: &Reader, access: &Access, view: &View) -> Markup {
    if !view.user.has_totp {
        return html! {
            h2 { (reader.t(words::SECOND_FACTOR)) }
            p { (reader.t(words::SECOND_FACTOR_NONE)) }
            p { a class="button primary" href="/account/second" { (reader.t(words::SET_UP)) } }
        };
    }
    let form = |action: &'static str, text: words::Text| {
        let id = format!("code-{action}");
        html! {
            details {
                summary { (reader.t(text)) }
                form method="post" action="/account" class="stack" {
                    (begin(access, action))
                    label for=(id) { (reader.t(words::CODE)) }
                    input id=(id) name="code" required maxlength="32" autocomplete="one-time-code";
                    button { (reader.t(text)) }
                }
            }
        }
    };
    html! {
        h2 { (reader.t(words::SECOND_FACTOR)) }
        p { (reader.t(words::SECOND_FACTOR_SET)) " " (words::codes_left(reader.language, view.codes_left)) }
        (form("codes", words::RENEW_CODES))
        @if !view.asks_totp { (form("remove", words::REMOVE_FACTOR)) }
    }
}

fn sessions(reader: &Reader, access: &Access, view: &View) -> Markup {
    html! {
        h2 { (reader.t(words::SESSIONS)) }
        table {
            thead { tr { th { (reader.t(words::LOGGED_IN_SINCE)) } th { (reader.t(words::LAST_USED)) } } }
            tbody {
                @for session in &view.sessions {
                    tr {
                        td class="when" { (when::moment(session.begun_at)) }
                        td class="when" {
                            @if session.is_own { (reader.t(words::THIS_ONE)) }
                            @else { (when::moment_ago(reader, session.seen_at)) }
                        }
                    }
                }
            }
        }
        @if view.sessions.len() > 1 {
            form method="post" action="/account" class="stack" {
                (begin(access, "sessions"))
                button { (reader.t(words::END_OTHERS)) }
            }
        }
    }
}
