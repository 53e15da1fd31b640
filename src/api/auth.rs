//! Who asks. A request without a valid token learns nothing, not even whether its route exists.

use std::fmt;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};
use subtle::ConstantTimeEq;

use super::Api;
use super::error::ApiError;
use crate::scope::Scope;

/// Longest token that is looked at.
pub const MAX_TOKEN_BYTES: usize = 512;

/// Whoever showed a valid token. Handlers find it among the request's extensions.
#[derive(Clone, Debug)]
pub struct Caller {
    /// What they may see.
    pub scope: Scope,
}

/// Knows which tokens are valid: for now the one that the operator set, if one was set.
pub struct Authenticator {
    bootstrap: Option<[u8; 32]>,
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator").finish_non_exhaustive()
    }
}

impl Authenticator {
    /// Accepts the operator's token. Without one, or with an empty one, nobody is let in.
    pub fn new(bootstrap: Option<&str>) -> Self {
        let bootstrap = bootstrap.filter(|token| !token.is_empty());
        Self {
            bootstrap: bootstrap.map(hash),
        }
    }

    /// Who showed this token. Takes as long for a wrong one as for the right one.
    pub fn caller(&self, token: &str) -> Option<Caller> {
        let shown = hash(token);
        let operator = self
            .bootstrap
            .is_some_and(|known| known.ct_eq(&shown).into());
        operator.then_some(Caller {
            scope: Scope::Operator,
        })
    }
}

fn hash(token: &str) -> [u8; 32] {
    blake3::derive_key("skimwatch api token v1", token.as_bytes())
}

/// Lets a request pass if it shows a valid token.
pub(super) async fn admit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let caller = request
        .app_data::<web::Data<Api>>()
        .and_then(|api| api.authenticator.caller(token(&request)?));
    let Some(caller) = caller else {
        // An `Err` would go past the headers that every answer carries.
        let refusal = ApiError::Unauthorized.error_response();
        return Ok(request.into_response(refusal).map_into_right_body());
    };
    request.extensions_mut().insert(caller);
    Ok(next.call(request).await?.map_into_left_body())
}

/// The token in `Authorization: Bearer …`; the scheme in any case (RFC 9110 §11.1).
fn token(request: &ServiceRequest) -> Option<&str> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    let fits = (1..=MAX_TOKEN_BYTES).contains(&token.len());
    (scheme.eq_ignore_ascii_case("bearer") && fits).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_token_opens() {
        for (name, set, shown, opens) in [
            ("right", Some("secret"), "secret", true),
            ("wrong", Some("secret"), "Secret", false),
            ("longer", Some("secret"), "secret ", false),
            ("none set", None, "secret", false),
            ("none set, none shown", None, "", false),
            ("empty set", Some(""), "", false),
        ] {
            let caller = Authenticator::new(set).caller(shown);
            assert_eq!(caller.is_some(), opens, "{name}");
        }
    }
}
