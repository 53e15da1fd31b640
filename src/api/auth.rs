//! Who asks: handlers find a [`Caller`](crate::registry::Caller) among the request's extensions. A request without a valid token learns nothing, not even whether its route exists.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, ResponseError, web};

use super::Api;
use super::error::ApiError;

/// Lets a request pass if it shows a valid token.
pub(super) async fn admit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let caller = request
        .app_data::<web::Data<Api>>()
        .and_then(|api| api.authenticator.bearer(authorization(&request)?));
    let Some(caller) = caller else {
        // An `Err` would go past the headers that every answer carries.
        let refusal = ApiError::Unauthorized.error_response();
        return Ok(request.into_response(refusal).map_into_right_body());
    };
    request.extensions_mut().insert(caller);
    Ok(next.call(request).await?.map_into_left_body())
}

fn authorization(request: &ServiceRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    value.to_str().ok()
}
