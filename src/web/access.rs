//! Who looks: handlers find a [`Reader`] and an [`Access`] among the request's
//! extensions. Whoever is not known is sent to the login, whatever they asked for.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{self, Data};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};

use super::error::PageError;
use super::reader::{Access, Reader};
use super::{Pages, cookies, error, origin};
use crate::language::Language;

/// A page that renews itself says so: nobody is at it.
const RENEWAL: &str = "x-skimwatch-renewal";

/// Lets a request pass if it shows a session or a token, and if no other page sent it.
pub(super) async fn admit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match settle(request.request()).await {
        Ok((reader, access)) => {
            request.extensions_mut().insert(reader);
            request.extensions_mut().insert(access);
            Ok(next.call(request).await?.map_into_left_body())
        }
        // An `Err` would go past the headers that every answer carries.
        Err(refusal) => Ok(request.into_response(*refusal).map_into_right_body()),
    }
}

/// Who looks; else the answer that they get instead of a page.
async fn settle(request: &HttpRequest) -> Result<(Reader, Access), Box<HttpResponse>> {
    let reader = reader(request)
        .await
        .map_err(|error| error::page(&stranger(request), error))?;
    let Some(access) = reader.access.clone() else {
        return Err(to_login(request, "/login").into());
    };
    let is_leaving = request.path() == "/logout";
    if !access.is_full() && !is_leaving {
        return Err(to_login(request, "/login/second").into());
    }
    let is_read = [Method::GET, Method::HEAD].contains(request.method());
    if !is_read && !origin::is_ours(request) {
        return Err(error::page(&reader, PageError::Foreign).into());
    }
    match chosen(request) {
        Some(language) if is_read => Err(keep(request, language).into()),
        _ => Ok((reader, access)),
    }
}

/// Whoever sent this, known or not.
pub(super) async fn reader(request: &HttpRequest) -> Result<Reader, PageError> {
    let access = access(request).await?;
    let of_person = access.as_ref().and_then(Access::person);
    let of_person = of_person.map(|person| person.language);
    let mut reader = stranger(request);
    reader.language = language(request, of_person);
    reader.access = access;
    Ok(reader)
}

/// Whoever sent this, as if nobody knew them.
pub(super) fn stranger(request: &HttpRequest) -> Reader {
    let pages = request.app_data::<Data<Pages>>();
    let now = pages.map(|pages| pages.clock.now()).unwrap_or_default();
    let path = request.uri().path_and_query();
    Reader {
        access: None,
        language: language(request, None),
        now,
        path: path.map_or("/", |path| path.as_str()).to_owned(),
    }
}

/// Looks for the session or the token in the control state, off this thread.
async fn access(request: &HttpRequest) -> Result<Option<Access>, PageError> {
    let Some(pages) = request.app_data::<Data<Pages>>() else {
        return Ok(None);
    };
    let (doors, now) = (pages.authenticator.clone(), pages.clock.now());
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let Ok(value) = value.to_str().map(str::to_owned) else {
            return Ok(None);
        };
        let caller = web::block(move || doors.bearer(&value)).await??;
        return Ok(caller.map(Access::Token));
    }
    let name = cookies::session(origin::is_secure(request));
    let shown: Vec<String> = cookies::values(request, name).map(str::to_owned).collect();
    if shown.is_empty() {
        return Ok(None);
    }
    let is_used = !request.headers().contains_key(RENEWAL) && request.path() != "/live";
    let session = web::block(move || {
        for cookie in &shown {
            if let Some(session) = doors.session(cookie, now, is_used)? {
                return Ok(Some(session));
            }
        }
        Ok::<_, PageError>(None)
    });
    Ok(session.await??.map(Access::Session))
}

/// What this browser was told to show, else what the user reads, else what the browser asks for.
fn language(request: &HttpRequest, of_person: Option<Language>) -> Language {
    let kept = cookies::values(request, cookies::LANGUAGE).find_map(Language::of_tag);
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    let accepted = accepted.and_then(|value| value.to_str().ok());
    kept.or(of_person)
        .unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()))
}

/// What `?lang=` asks for.
pub(super) fn chosen(request: &HttpRequest) -> Option<Language> {
    let mut pairs = request.query_string().split('&').take(32);
    pairs.find_map(|pair| Language::of_tag(pair.strip_prefix("lang=")?))
}

/// Keeps the language, and sends the reader to the same page without the question.
pub(super) fn keep(request: &HttpRequest, language: Language) -> HttpResponse {
    let pairs = request.query_string().split('&');
    let rest: Vec<&str> = pairs.filter(|pair| !pair.starts_with("lang=")).collect();
    let path = request.path();
    let target = if rest.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", rest.join("&"))
    };
    let cookie = cookies::language(language, origin::is_secure(request));
    HttpResponse::build(StatusCode::SEE_OTHER)
        .insert_header((header::LOCATION, origin::local(&target).unwrap_or("/")))
        .insert_header((header::SET_COOKIE, cookie))
        .finish()
}

/// The login or its second step, which leads back to where somebody wanted to go.
fn to_login(request: &HttpRequest, login: &str) -> HttpResponse {
    let wanted = request.uri().path_and_query().map(|path| path.as_str());
    let wanted = wanted.filter(|_| request.method() == Method::GET);
    let target = match wanted.and_then(origin::local) {
        None | Some("/") => login.to_owned(),
        Some(path) => format!("{login}?next={}", encoded(path)),
    };
    HttpResponse::build(StatusCode::SEE_OTHER)
        .insert_header((header::LOCATION, target))
        .finish()
}

/// A text as the value of a parameter.
pub(super) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
