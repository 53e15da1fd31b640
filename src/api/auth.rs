//! Who asks: handlers find a [`Caller`] among the request's extensions. A request without a valid token learns nothing,
//! not even whether its route exists.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};

use super::Api;
use super::error::ApiError;
use super::load::{Kind, Seat};
use crate::registry::Caller;

/// Lets a request pass if it shows a valid token.
pub(super) async fn admit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match caller(&request).await {
        Ok((caller, _seat)) => {
            request.extensions_mut().insert(caller);
            Ok(next.call(request).await?.map_into_left_body())
        }
        // An `Err` would go past the headers that every answer carries.
        Err(refusal) => {
            let refusal = refusal.error_response();
            Ok(request.into_response(refusal).map_into_right_body())
        }
    }
}

/// Who asks, and their seat until the answer is made.
async fn caller(request: &ServiceRequest) -> Result<(Caller, Seat), ApiError> {
    let api = request.app_data::<web::Data<Api>>();
    let (Some(value), Some(api)) = (shown(request.headers()), api) else {
        return Err(ApiError::Unauthorized);
    };
    let authenticator = api.authenticator.clone();
    let caller = web::block(move || authenticator.bearer(&value)).await??;
    let caller = caller.ok_or(ApiError::Unauthorized)?;
    let seat = api.load.seat(Kind::Request, &caller.organization)?;
    Ok((caller, seat))
}

/// What is shown to be let in.
pub(super) fn shown(headers: &header::HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?;
    value.to_str().ok().map(str::to_owned)
}
