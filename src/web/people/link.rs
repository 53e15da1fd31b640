//! The link with which somebody sets a password, shown once to whoever passes it on.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use maud::html;

use super::super::access::encoded;
use super::super::foreign::foreign;
use super::super::frame::{self, Content, Place};
use super::super::reader::Reader;
use super::super::{Pages, origin, when, words};
use crate::registry::Invitation;

/// The page that shows it.
pub(super) fn page(
    request: &HttpRequest,
    (pages, reader): (&Pages, &Reader),
    invitation: &Invitation,
) -> HttpResponse {
    let user = &invitation.user;
    let base = pages
        .gate
        .public_url
        .clone()
        .unwrap_or_else(|| origin::own(request));
    let link = format!("{base}/invitation#code={}", invitation.code);
    let content = Content {
        title: reader.t(words::LINK).to_owned(),
        place: Place::People,
        body: html! {
            div class="card medium-wide" {
                h1 { (reader.t(words::LINK)) }
                p { (words::link_more(reader.language, &user.email)) }
                div class="copyable" {
                    button type="button" class="copy" data-copy="#link" data-done=(reader.t(words::COPIED)) {
                        (reader.t(words::COPY))
                    }
                    pre id="link" tabindex="0" { (foreign(&link)) }
                }
                p class="quiet" { (reader.t(words::LINK_UNTIL)) " " (when::moment(invitation.expires_at)) }
                p { a class="button" href={ "/people?organization=" (encoded(user.organization.as_str())) } {
                    (reader.t(words::BACK_TO_PEOPLE))
                } }
            }
        },
    };
    frame::answer(reader, StatusCode::OK, &content)
}
