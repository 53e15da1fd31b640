//! Who asks: handlers find a [`Caller`](crate::registry::Caller) among the request's extensions. A request without a valid token learns nothing, not even whether its route exists.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};

use super::Api;
use super::error::ApiError;
use crate::registry::Caller;

/// Lets a request pass if it shows a valid token.
pub(super) async fn admit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match caller(&request).await {
        Ok(caller) => {
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

async fn caller(request: &ServiceRequest) -> Result<Caller, ApiError> {
    let value = request.headers().get(header::AUTHORIZATION);
    let value = value.and_then(|value| value.to_str().ok());
    let api = request.app_data::<web::Data<Api>>();
    let (Some(value), Some(api)) = (value.map(str::to_owned), api) else {
        return Err(ApiError::Unauthorized);
    };
    let authenticator = api.authenticator.clone();
    let caller = web::block(move || authenticator.bearer(&value)).await??;
    caller.ok_or(ApiError::Unauthorized)
}
