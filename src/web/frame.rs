//! What stands around every page: head, navigation, language, footer.

use std::future::{Future, ready};

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream::{self, StreamExt as _};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::access::encoded;
use super::assets::{ICON, LIVE, LOGIN, STYLE};
use super::reader::Reader;
use super::words;
use crate::language::Language;
use crate::role::Right;

/// What a page says.
pub(super) struct Content {
    /// Its name, for the window and the history.
    pub(super) title: String,
    /// Where it is.
    pub(super) place: Place,
    /// The rest.
    pub(super) body: Markup,
}

/// Where a page is in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Overview,
    Alerts,
    Sites,
    Destinations,
    Reports,
    Status,
    People,
    Account,
    Login,
    Elsewhere,
}

/// The page as an answer.
pub(super) fn answer(reader: &Reader, status: StatusCode, content: &Content) -> HttpResponse {
    head(reader, status).body(page(reader, content).into_string())
}

fn head(reader: &Reader, status: StatusCode) -> HttpResponseBuilder {
    let mut head = HttpResponse::build(status);
    head.content_type("text/html; charset=utf-8")
        .insert_header(("Content-Language", reader.language.tag()))
        .insert_header(("Vary", "Cookie, Accept-Language"));
    head
}

/// Where the rest of a page goes. No stranger's text can be it: theirs is escaped.
const REST: &str = "<!-- the rest -->";

/// The page as an answer whose end is still read: the browser shows what is there, and that more is coming, also without
/// a script.
pub(super) fn streamed(
    reader: &Reader,
    content: Content,
    rest: impl Future<Output = Markup> + 'static,
) -> HttpResponse {
    let body = html! {
        (content.body)
        // It shows as long as nothing stands behind it.
        p class="loading" role="status" { (reader.t(words::LOADING)) }
        (PreEscaped(REST))
    };
    let page = page(reader, &Content { body, ..content }).into_string();
    let (first, last) = page.split_once(REST).unwrap_or((&page, ""));
    let (first, last) = (Bytes::from(first.to_owned()), Bytes::from(last.to_owned()));
    let rest = async move { Bytes::from(rest.await.into_string()) };
    let pieces = stream::once(ready(first))
        .chain(stream::once(rest))
        .chain(stream::once(ready(last)));
    head(reader, StatusCode::OK).streaming(pieces.map(Ok::<_, actix_web::Error>))
}

fn page(reader: &Reader, content: &Content) -> Markup {
    let script = if content.place == Place::Login {
        &LOGIN
    } else {
        &LIVE
    };
    html! {
        (DOCTYPE)
        html lang=(reader.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (content.title) " · Skimwatch" }
                link rel="icon" type="image/svg+xml" href=(ICON.path());
                link rel="stylesheet" href=(STYLE.path());
                script src=(script.path()) defer {}
            }
            body {
                a class="skip" href="#main" { (reader.t(words::SKIP)) }
                (header(reader, content.place))
                main id="main" { (content.body) }
                footer {
                    p { (reader.t(words::FOOTER)) }
                    // Whoever is not in yet sees no times.
                    @if content.place != Place::Login { p data-local=(reader.t(words::LOCAL_TIMES)) { (reader.t(words::TIMES)) } }
                }
            }
        }
    }
}

fn header(reader: &Reader, place: Place) -> Markup {
    let tabs = [
        (Place::Overview, "/", words::OVERVIEW, Right::Read),
        (Place::Alerts, "/alerts", words::ALERTS, Right::Read),
        (Place::Sites, "/sites", words::MERCHANTS, Right::Read),
        (
            Place::Destinations,
            "/destinations",
            words::DESTINATIONS_TAB,
            Right::Read,
        ),
        (Place::Reports, "/reports", words::REPORTS_TAB, Right::Read),
        (Place::Status, "/status", words::STATUS_TAB, Right::Read),
        (Place::People, "/people", words::PEOPLE, Right::Manage),
    ];
    html! {
        header class="top" {
            a class="brand" href="/" { img src=(ICON.path()) alt="" width="24" height="24"; "Skimwatch" }
            @if let Some(access) = &reader.access {
                nav aria-label=(reader.t(words::NAVIGATION)) {
                    @for (at, path, text, right) in tabs {
                        @if access.caller().role.may(right) { a href=(path) aria-current=[(at == place).then_some("page")] { (reader.t(text)) } }
                    }
                }
                div class="who" {
                    (languages(reader))
                    @if access.person().is_some() {
                        a href="/account" title=(access.caller().name)
                            aria-current=[(place == Place::Account).then_some("page")] { (reader.t(words::MY_ACCOUNT)) }
                    }
                    form method="post" action="/logout" {
                        input type="hidden" name="csrf" value=(access.csrf());
                        button class="plain" { (reader.t(words::LOG_OUT)) }
                    }
                }
            } @else {
                div class="who" { (languages(reader)) }
            }
        }
    }
}

fn languages(reader: &Reader) -> Markup {
    let names = [(Language::En, "English"), (Language::Ja, "日本語")];
    html! {
        div class="languages" {
            @for (language, name) in names {
                @if language == reader.language {
                    span aria-current="true" lang=(language) { (name) }
                } @else {
                    a href=(switch(&reader.path, language)) lang=(language) hreflang=(language) { (name) }
                }
            }
        }
    }
}

/// The same page, asked for in a language.
fn switch(path: &str, language: Language) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
    let kept: String = kept.map(|pair| format!("{pair}&")).collect();
    let path = super::origin::local(path).unwrap_or("/");
    format!("{path}?{kept}lang={}", encoded(language.tag()))
}
