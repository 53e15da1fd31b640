//! `/api/v1/sites/{site}/keys/{key}`: a key is taken out of use.

use actix_web::web::{Bytes, Data, Path, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::error::ApiError;
use super::once::{self, Write};
use super::{Api, params};
use crate::ids::{SiteId, SiteKey};
use crate::registry::Caller;
use crate::role::Right;

pub(super) const PATH: &str = "/sites/{site}/keys/{key}";

/// Retire a key, for ever
///
/// Browsers that still post to it are told so with 410.
#[utoipa::path(delete, path = PATH, operation_id = "retireKey", tag = "merchants",
    params(("site" = String, Path, description = "The site", max_length = 64),
        ("key" = String, Path, description = "The key", max_length = 64)),
    extensions(("x-right" = json!("manage"))),
    responses((status = 204, description = "It is retired")))]
pub(super) async fn delete(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    params::none(&request)?;
    let (site, key): (SiteId, SiteKey) = (params::known(&path.0)?, params::known(&path.1)?);
    let write = Write {
        request: &request,
        author: &author,
        body: &Bytes::new(),
    };
    let (by, scope) = (author.clone(), caller.scope.clone());
    let outcome = write.make(&api, move |api| {
        let site = api
            .registry
            .site(&scope, &site)?
            .ok_or(ApiError::NotFound)?;
        if !site.record.keys.iter().any(|it| it.key == key) {
            return Err(ApiError::NotFound);
        }
        Ok(api.registry.retire_key(&scope, &key, &by)?)
    });
    Ok(once::nothing(&outcome.await?))
}
