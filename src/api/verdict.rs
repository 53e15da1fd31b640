//! `/api/v1/destinations/{name}/verdict`: what is decided about a destination for every site.

use actix_web::web::{Bytes, Data, Path, Payload, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::once::{self, Write};
use super::{Api, body, params};
use crate::registry::{Author, Caller, RegistryError, TrustsOf};
use crate::role::Right;
use crate::trust::Verdict;

pub(super) const PATH: &str = "/destinations/{name}/verdict";

/// A verdict on a destination
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewVerdict)]
pub(super) struct Body {
    /// approved: it raises no alert, unless card numbers go there or it poses as a payment page. blocked: one report of
    /// it raises an alert
    verdict: Word,
    /// The reason, which stays in the audit log
    #[schema(min_length = 1, max_length = 500, example = "our own payment page")]
    why: String,
}

/// What is decided
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = VerdictWord)]
enum Word {
    Approved,
    Blocked,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// The reason to withdraw it, which stays in the audit log
    why: Option<String>,
}

/// Decide about a destination for every site
#[utoipa::path(put, path = PATH, operation_id = "judgeDestination", tag = "evidence",
    params(("name" = String, Path, description = "Registrable domain", max_length = 253)),
    extensions(("x-right" = json!("operate"))),
    request_body = Body,
    responses((status = 204, description = "It is decided")))]
pub(super) async fn put(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    name: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Operate)?;
    params::none(&request)?;
    let body = body::read(&request, payload).await?;
    judge((&request, &api), (&author, &body), (&name, TrustsOf::All)).await
}

/// Withdraw what was decided about a destination for every site
#[utoipa::path(delete, path = PATH, operation_id = "withdrawVerdict", tag = "evidence",
    params(("name" = String, Path, description = "Registrable domain", max_length = 253), Params),
    extensions(("x-right" = json!("operate"))),
    responses((status = 204, description = "It is withdrawn")))]
pub(super) async fn delete(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    name: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Operate)?;
    withdraw((&request, &api), &author, (&name, TrustsOf::All)).await
}

/// Decides, once.
pub(super) async fn judge(
    (request, api): (&HttpRequest, &Data<Api>),
    (author, body): (&Author, &Bytes),
    (name, of): (&str, TrustsOf),
) -> Result<HttpResponse, ApiError> {
    let Body { verdict, why } = body::json(body)?;
    let verdict = match verdict {
        Word::Approved => Verdict::Approved,
        Word::Blocked => Verdict::Blocked,
    };
    let write = Write {
        request,
        author,
        body,
    };
    let (name, by) = (name.to_owned(), author.clone());
    let outcome = write.make(api, move |api| {
        let judged = api.registry.judge(&name, (&of, verdict), (&by, &why));
        judged.map_err(refusal)
    });
    Ok(once::nothing(&outcome.await?))
}

/// Withdraws, once.
pub(super) async fn withdraw(
    (request, api): (&HttpRequest, &Data<Api>),
    author: &Author,
    (name, of): (&str, TrustsOf),
) -> Result<HttpResponse, ApiError> {
    let Params { why } = params::query(request)?;
    let write = Write {
        request,
        author,
        body: &Bytes::new(),
    };
    let (name, by) = (name.to_owned(), author.clone());
    let outcome = write.make(api, move |api| {
        let withdrawn = api.registry.withdraw(&name, &of, (&by, why.as_deref()));
        withdrawn.map_err(refusal)
    });
    Ok(once::nothing(&outcome.await?))
}

fn refusal(error: RegistryError) -> ApiError {
    match error {
        RegistryError::NotTrusted { .. } => ApiError::NotFound,
        RegistryError::NotYourVerdict { .. } => ApiError::Shared(error.to_string()),
        RegistryError::TooManyTrusts { .. } => ApiError::Conflict(error.to_string()),
        RegistryError::NoWhy | RegistryError::NotRegistrable(_) => {
            ApiError::Body(error.to_string())
        }
        error => error.into(),
    }
}
