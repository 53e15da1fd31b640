//! The cookies: who looks, in which language, and how a login with a provider goes on.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::language::Language;
use crate::registry::SESSION_LIFE;

/// Who looks. Over HTTPS by a name that browsers take from this host alone, for all of it (RFC 6265bis §4.1.3.2).
pub(super) fn session(secure: bool) -> &'static str {
    if secure {
        "__Host-skimwatch_session"
    } else {
        "skimwatch_session"
    }
}

/// How a login with a provider goes on.
pub(super) fn ticket(secure: bool) -> &'static str {
    if secure {
        "__Host-skimwatch_login"
    } else {
        "skimwatch_login"
    }
}

/// In which language.
pub(super) const LANGUAGE: &str = "skimwatch_lang";

const YEAR_SECONDS: u32 = 365 * 86_400;

/// The values of a cookie, of the first few that carry its name: a neighbor on the same host may have
/// set one of its own.
pub(super) fn values<'a>(request: &'a HttpRequest, name: &'a str) -> impl Iterator<Item = &'a str> {
    let headers = request.headers().get_all(header::COOKIE);
    let texts = headers.filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';').take(64));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(move |(key, value)| (key == name).then_some(value))
        .take(4)
}

/// Begins a session.
pub(super) fn begin(value: &str, secure: bool) -> String {
    let seconds = SESSION_LIFE.as_secs();
    let name = session(secure);
    format!("{name}={value}; Max-Age={seconds}{}", attributes(secure))
}

/// Ends it.
pub(super) fn end(secure: bool) -> String {
    format!("{}=; Max-Age=0{}", session(secure), attributes(secure))
}

/// Begins a login with a provider, or ends it without a value. `Lax` lets it come back with the provider's answer.
pub(super) fn hold_ticket(value: &str, life: Duration, secure: bool) -> String {
    let seconds = if value.is_empty() { 0 } else { life.as_secs() };
    let name = ticket(secure);
    format!("{name}={value}; Max-Age={seconds}{}", attributes(secure))
}

/// Keeps a language.
pub(super) fn language(language: Language, secure: bool) -> String {
    format!(
        "{LANGUAGE}={language}; Max-Age={YEAR_SECONDS}{}",
        attributes(secure)
    )
}

fn attributes(secure: bool) -> &'static str {
    if secure {
        "; Path=/; HttpOnly; SameSite=Lax; Secure"
    } else {
        "; Path=/; HttpOnly; SameSite=Lax"
    }
}
