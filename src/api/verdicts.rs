//! `GET /api/v1/destinations/{name}/verdicts`: what is decided about a destination, and what was.

use actix_web::web::{self, Data, Path, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, params};
use crate::registry::{Caller, Decided, Trust, TrustsOf};

pub(super) const PATH: &str = "/destinations/{name}/verdicts";

#[derive(Serialize, ToSchema)]
#[schema(as = Verdicts)]
struct Answer {
    /// What holds: for every site first. Blocked counts more than approved
    verdicts: Vec<View>,
    /// What was decided, newest first
    history: Vec<View>,
}

/// What somebody decided
#[derive(Serialize, ToSchema)]
#[schema(as = DestinationVerdict)]
struct View {
    /// approved, blocked
    verdict: &'static str,
    /// Whether it was withdrawn then
    withdrawn: bool,
    /// Stable id of the site; null for every site
    site: Option<String>,
    at: Moment,
    /// Who decided; null if it was somebody of another organization
    actor: Option<String>,
    /// The reason; null if it is not the caller's to read
    why: Option<String>,
}

/// What is decided about a destination for sites that the caller sees, and what was
#[utoipa::path(get, path = PATH, operation_id = "verdicts", tag = "evidence",
    params(("name" = String, Path, description = "Registrable domain", max_length = 253)),
    responses((status = 200, description = "Verdicts", body = Answer)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    name: Path<String>,
) -> Result<HttpResponse, ApiError> {
    params::none(&request)?;
    let (name, caller) = (name.into_inner(), caller.into_inner());
    let answer = web::block(move || {
        let standing = api.registry.trusts_about(&caller.scope, &name)?;
        let decided = api.registry.decided(&caller.scope, &name)?;
        Ok::<_, ApiError>(Answer {
            verdicts: standing
                .into_iter()
                .map(|it| View::of(it, &caller))
                .collect(),
            history: decided
                .into_iter()
                .map(|it| View::then(it, &caller))
                .collect(),
        })
    });
    let answer = answer.await??;
    if answer.history.is_empty() && answer.verdicts.is_empty() {
        return Err(ApiError::NotFound);
    }
    Ok(HttpResponse::Ok().json(answer))
}

impl View {
    fn of(it: Trust, caller: &Caller) -> Self {
        let is_ours = it.of.is_told_by(it.organization.as_str(), caller);
        let knows_why = it.of.is_explained_by(it.organization.as_str(), caller);
        Self {
            verdict: it.verdict.as_str(),
            withdrawn: false,
            at: it.at.into(),
            site: site(it.of),
            actor: is_ours.then_some(it.actor),
            why: knows_why.then_some(it.why),
        }
    }

    fn then(it: Decided, caller: &Caller) -> Self {
        let is_ours = it.of.is_told_by(&it.organization, caller);
        let knows_why = it.of.is_explained_by(&it.organization, caller);
        Self {
            verdict: it.verdict.as_str(),
            withdrawn: it.is_withdrawn,
            at: it.at.into(),
            site: site(it.of),
            actor: is_ours.then_some(it.actor),
            why: knows_why.then_some(it.why),
        }
    }
}

fn site(of: TrustsOf) -> Option<String> {
    match of {
        TrustsOf::All => None,
        TrustsOf::Site(site) => Some(site.to_string()),
    }
}
