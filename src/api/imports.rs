//! `/api/v1/imports/sites`: many sites at once, with a verdict for each line.

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data, Payload, ReqData};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::load::Kind;
use super::once::Write;
use super::{Api, body, params};
use crate::ids::OPERATOR;
use crate::registry::{
    Bulk, BulkAnswer, Caller, Done, Keys, Line, Outcome, RegistryError, Verdict, lines_of_csv,
    lines_of_json,
};
use crate::role::Right;

pub(super) const PATH: &str = "/imports/sites";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// For this organization; for the operator, others have but their own
    organization: Option<String>,
    /// `true`: only say what would happen
    #[param(value_type = Option<bool>)]
    dry_run: Option<String>,
}

/// Sites as `exports/sites` writes them
#[derive(ToSchema)]
#[schema(as = Import)]
#[expect(dead_code, reason = "it stands in the description")]
struct File {
    /// 1
    #[schema(example = 1)]
    format: Option<u32>,
    /// Each with a `key`, what the organization calls the site, and what is told of it
    #[schema(value_type = Vec<Object>, example = json!([{"key": "M-4711", "name": "Shop", "domains": ["shop.example"]}]))]
    merchants: Vec<serde_json::Value>,
}

/// What an import did, or would do
#[derive(Serialize, ToSchema)]
#[schema(as = ImportAnswer)]
struct Answer<'a> {
    /// Whether it was done: no dry run, and no line refused
    applied: bool,
    /// Sites that were not there before
    added: usize,
    /// Sites of which something changed
    changed: usize,
    /// Sites that were as told already
    unchanged: usize,
    /// Lines that cannot be used
    refused: usize,
    /// One for each line, in order
    verdicts: Vec<View<'a>>,
}

/// What becomes of one line
#[derive(Serialize, ToSchema)]
#[schema(as = Verdict)]
struct View<'a> {
    /// Its place: in JSON that of the merchant, from 0; in CSV the line of the file, from 1
    line: usize,
    /// Its key, as far as it can be read
    key: &'a str,
    /// The site that it is about, unless it is refused
    site: Option<&'a str>,
    /// added, changed, unchanged, refused
    verdict: &'static str,
    /// Names of the fields that change
    fields: &'a [&'static str],
    /// Why it is refused, or empty
    reason: &'a str,
}

/// Add or change many sites: all lines, or none if one is refused
///
/// Sites that no line is about stay as they are. Sent again with the same `Idempotency-Key`, an import that was done is
/// answered with 409 (`made_before`).
#[utoipa::path(post, path = PATH, operation_id = "importSites", tag = "merchants", params(Params),
    extensions(("x-right" = json!("manage")), ("x-names" = json!("organization"))),
    request_body(content((File = "application/json"), (String = "text/csv"))),
    responses((status = 200, description = "What became of each line", body = Answer<'static>)))]
pub(super) async fn post(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let author = caller.author(Right::Manage)?;
    let params: Params = params::query(&request)?;
    let dry_run = params::parsed::<bool>("dry_run", params.dry_run.as_deref())?;
    let named = params.organization.as_deref();
    let runs_all = caller.role.may(Right::Operate);
    let named = params::organization(&api, (&caller, runs_all), named).await?;
    let organization = named.unwrap_or_else(|| caller.organization.clone());
    // One at a time is in memory for each organization's seat.
    let _seat = api.load.seat(Kind::Export, &caller.organization)?;
    let is_table = request.content_type().eq_ignore_ascii_case("text/csv");
    let body = match is_table {
        true => body::any(payload, body::MAX_IMPORT_BYTES).await?,
        false => body::read_up_to(&request, payload, body::MAX_IMPORT_BYTES).await?,
    };
    let write = Write {
        request: &request,
        author: &author,
        body: &body,
    };
    let (by, body) = (author.clone(), body.clone());
    let outcome = write.make(&api, move |api| {
        let how = Bulk {
            organization: &organization,
            author: &by,
            keys: match organization.as_str() {
                OPERATOR => Keys::Given,
                _ => Keys::References,
            },
            dry_run: dry_run.unwrap_or(false),
        };
        Ok(api.registry.bulk(lines(&body, is_table)?, &how)?)
    });
    match outcome.await? {
        Done::Now(answer) => Ok(HttpResponse::build(StatusCode::OK).json(Answer::of(&answer))),
        Done::Before(_) => Err(ApiError::MadeBefore("this import".to_owned())),
    }
}

fn lines(body: &Bytes, is_table: bool) -> Result<Vec<Line>, ApiError> {
    if is_table {
        return Ok(lines_of_csv(body)?);
    }
    let text = std::str::from_utf8(body).map_err(|error| ApiError::Body(error.to_string()))?;
    lines_of_json(text).map_err(|error: RegistryError| error.into())
}

impl<'a> Answer<'a> {
    fn of(answer: &'a BulkAnswer) -> Self {
        let count = answer.count();
        Self {
            applied: answer.applied,
            added: count.added,
            changed: count.changed,
            unchanged: count.unchanged,
            refused: count.refused,
            verdicts: answer.verdicts.iter().map(View::of).collect(),
        }
    }
}

impl<'a> View<'a> {
    fn of(verdict: &'a Verdict) -> Self {
        let (word, fields, reason): (_, &[&'static str], &str) = match &verdict.outcome {
            Outcome::Added => ("added", &[], ""),
            Outcome::Changed(fields) => ("changed", fields, ""),
            Outcome::Unchanged => ("unchanged", &[], ""),
            Outcome::Refused(reason) => ("refused", &[], reason),
        };
        Self {
            line: verdict.line,
            key: &verdict.key,
            site: verdict.site.as_ref().map(|it| it.as_str()),
            verdict: word,
            fields,
            reason,
        }
    }
}
