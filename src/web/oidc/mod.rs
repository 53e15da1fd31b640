//! Logins with a provider of OpenID Connect: the authorization code flow with PKCE, state and nonce.
//!
//! The rule: what comes back counts for the browser that began, within ten minutes, and for nobody who is not here
//! already.

mod client;
mod provider;
mod ticket;

use actix_web::http::header;
use actix_web::web::{self, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

pub use provider::{Provider, ProviderError, ProviderSettings};

use super::error::{self, PageError};
use super::{Pages, access, cookies, login, origin};
use ticket::{TICKET_LIFE, Ticket};

/// Where the provider sends browsers back to.
pub(super) const CALLBACK: &str = "/login/provider/callback";

/// Longest code or state that is looked at.
const MAX_VALUE_BYTES: usize = 4096;

#[derive(Deserialize)]
struct Wanted {
    next: Option<String>,
}

/// What comes back.
#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    /// Who says it (RFC 9207).
    iss: Option<String>,
    error: Option<String>,
}

/// Somebody goes to the provider.
pub(super) async fn begin(request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    let reader = access::stranger(&request);
    let Some(provider) = &pages.gate.provider else {
        return error::page(&reader, PageError::NotFound);
    };
    let wanted = Query::<Wanted>::from_query(request.query_string());
    let next = wanted.ok().and_then(|wanted| wanted.into_inner().next);
    let next = next.as_deref().and_then(origin::local).unwrap_or("/");
    let begun = match provider.begin(pages.clock.monotonic()).await {
        Ok(begun) => begun,
        Err(error) => return error::page(&reader, refused(&error)),
    };
    let ticket = Ticket {
        state: begun.state,
        nonce: begun.nonce,
        verifier: begun.verifier,
        next: next.to_owned(),
        begun_at: pages.clock.now().0,
    };
    let Ok(sealed) = ticket.seal(&pages.gate.vault) else {
        return error::page(&reader, PageError::Internal);
    };
    let cookie = cookies::hold_ticket(&sealed, TICKET_LIFE, origin::is_secure(&request));
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, begun.address))
        .insert_header((header::SET_COOKIE, cookie))
        .finish()
}

/// Somebody comes back from there. Whatever comes of it, the ticket is used up.
pub(super) async fn end(request: HttpRequest, pages: Data<Pages>) -> HttpResponse {
    let reader = access::stranger(&request);
    if let Err(wait) = login::check(&request, &pages) {
        return login::too_many(&reader, wait);
    }
    let mut answer = match settle(&request, &pages).await {
        Ok(answer) => answer,
        Err(error) => {
            // Each may have asked the provider something.
            login::count_wrong(&request, &pages);
            error::page(&reader, error)
        }
    };
    let cookie = cookies::hold_ticket("", TICKET_LIFE, origin::is_secure(&request));
    if let Ok(cookie) = header::HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

async fn settle(request: &HttpRequest, pages: &Data<Pages>) -> Result<HttpResponse, PageError> {
    let provider = pages.gate.provider.as_ref().ok_or(PageError::NotFound)?;
    let answer = Query::<Answer>::from_query(request.query_string());
    let answer = answer
        .map_err(|_shape| PageError::ProviderAnswer)?
        .into_inner();
    let ticket = held(request, pages, &answer)?;
    if answer.error.is_some() {
        return Err(PageError::ProviderRefused);
    }
    let fits = |code: &String| (1..=MAX_VALUE_BYTES).contains(&code.len());
    let code = answer.code.filter(fits).ok_or(PageError::ProviderAnswer)?;
    let at = pages.clock.monotonic();
    let shown = (answer.iss.as_deref(), code);
    let identity = provider
        .end(shown, (ticket.nonce, ticket.verifier), at)
        .await;
    let identity = identity.map_err(|error| refused(&error))?;
    let control = Data::clone(pages);
    let entered = web::block(move || control.registry.enter_linked(&identity)).await??;
    Ok(login::enters(request, Some(&ticket.next), &entered))
}

/// What this browser began with, if the answer is to that.
fn held(request: &HttpRequest, pages: &Pages, answer: &Answer) -> Result<Ticket, PageError> {
    let state = answer.state.as_deref();
    let state = state.filter(|state| state.len() <= MAX_VALUE_BYTES);
    let state = state.ok_or(PageError::ProviderAnswer)?;
    let name = cookies::ticket(origin::is_secure(request));
    let now = pages.clock.now();
    cookies::values(request, name)
        .filter_map(|sealed| Ticket::open(sealed, &pages.gate.vault, now))
        .find(|ticket| ticket.state.as_bytes().ct_eq(state.as_bytes()).into())
        .ok_or(PageError::ProviderAnswer)
}

fn refused(error: &ProviderError) -> PageError {
    tracing::warn!(%error, "a login with the provider failed");
    match error {
        ProviderError::Answer(_) => PageError::ProviderAnswer,
        ProviderError::Settings(_) | ProviderError::Away(_) => PageError::ProviderAway,
    }
}
