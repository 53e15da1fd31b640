//! `/api/v1/tokens/{id}`: a token is taken out of use.

use actix_web::web::{Bytes, Data, Path, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::error::ApiError;
use super::once::{self, Write};
use super::{Api, tokens};
use crate::registry::{Caller, RegistryError};
use crate::role::Right;

pub(super) const PATH: &str = "/tokens/{id}";

/// Revoke a token, for ever
#[utoipa::path(delete, path = PATH, operation_id = "revokeToken", tag = "organizations",
    params(tokens::Params, ("id" = String, Path, description = "Its `id`")),
    extensions(("x-right" = json!("manage"))),
    responses((status = 204, description = "It counts no more")))]
pub(super) async fn delete(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    id: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    let organization = tokens::organization(&request, &api, &caller).await?;
    let (id, role) = (id.into_inner(), caller.role);
    let write = Write {
        request: &request,
        author: &author,
        body: &Bytes::new(),
    };
    let by = author.clone();
    let outcome = write.make(&api, move |api| {
        let all = api.registry.tokens(&organization)?;
        let token = all.into_iter().find(|token| token.id == id);
        let token = token.ok_or(RegistryError::NoToken)?;
        if !role.may_give(token.role) {
            return Err(ApiError::Role(token.role.as_str()));
        }
        Ok(api.registry.revoke_token(&organization, &id, &by)?)
    });
    Ok(once::nothing(&outcome.await?))
}
