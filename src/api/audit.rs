//! `GET /api/v1/audit`: who did what, in pages or as a file of all.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{self, Bytes, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::load::{Kind, Seat};
use super::moment::Moment;
use super::{Api, params};
use crate::registry::{AuditEntry, AuditFilter, Caller, MAX_AUDIT_PAGE, Registry};
use crate::role::Right;
use crate::scope::Scope;

pub(super) const PATH: &str = "/audit";

const DEFAULT_LIMIT: u32 = 100;

const NDJSON: &str = "application/x-ndjson";

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// Of this organization, and of the installation about its sites; for the operator, who sees all without it
    organization: Option<String>,
    /// With this number or a higher one, the oldest first
    #[param(value_type = Option<u64>)]
    from: Option<String>,
    /// `ndjson`: all entries from `from` on as a file, a JSON object on each line. So does `Accept: application/x-ndjson`
    #[param(value_type = Option<Format>, inline)]
    format: Option<String>,
    /// At most so many
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// `next` of the page before
    cursor: Option<String>,
}

#[derive(ToSchema)]
#[schema(as = AuditFormat, rename_all = "lowercase")]
#[expect(dead_code, reason = "it stands in the description")]
enum Format {
    Json,
    NdJson,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Audit)]
struct Answer {
    entries: Vec<View>,
    /// Cursor of the next page
    next: Option<String>,
}

/// Something that was done
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct View {
    /// Its number in the log of the installation, from 1. Entries of others are left out, so there may be gaps
    seq: u64,
    at: Moment,
    /// Who did it
    actor: String,
    /// In whose name
    organization: String,
    /// What was done
    #[schema(example = "alert.triaged")]
    action: String,
    /// The id of what it was done to
    subject: String,
    /// What else is worth knowing, different from action to action
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// Hash of the entry, which covers the one before it
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: String,
}

/// Who did what: the log of the organization, newest first
///
/// With `from` the oldest come first, for programs that follow the log.
#[utoipa::path(get, path = PATH, operation_id = "audit", tag = "audit", params(Params),
    extensions(("x-right" = json!("audit")), ("x-names" = json!("organization"))),
    responses((status = 200, description = "A page, or a file", content(
        (Answer = "application/json"), (View = "application/x-ndjson")))))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    caller.require(Right::Audit)?;
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_AUDIT_PAGE)?;
    let from = params::parsed::<u64>("from", params.from.as_deref())?;
    let cursor = params::parsed::<u64>("cursor", params.cursor.as_deref())?;
    let sees_all = caller.scope == Scope::Operator;
    let named = params.organization.as_deref();
    let mut filter = AuditFilter {
        organization: params::organization(&api, (&caller, sees_all), named).await?,
        oldest_first: from.is_some(),
        ..AuditFilter::default()
    };
    if filter.organization.is_none() && !sees_all {
        filter.organization = Some(caller.organization.clone());
    }
    if is_file(&request, params.format.as_deref())? {
        let seat = api.load.seat(Kind::Export, &caller.organization)?;
        filter.oldest_first = true;
        filter.above = Some(from.unwrap_or(1).saturating_sub(1));
        return Ok(file(Arc::clone(&api.registry), filter, seat));
    }
    match filter.oldest_first {
        true => filter.above = cursor.or(from.map(|from| from.saturating_sub(1))),
        false => filter.below = cursor,
    }
    let registry = Arc::clone(&api.registry);
    let entries = web::block(move || registry.audit(&filter, limit)).await??;
    let full = entries.len() >= limit as usize;
    let next = entries.last().filter(|_| full).map(|it| it.seq.to_string());
    Ok(HttpResponse::Ok().json(Answer {
        entries: entries.into_iter().map(View::of).collect(),
        next,
    }))
}

fn is_file(request: &HttpRequest, format: Option<&str>) -> Result<bool, ApiError> {
    let accepted = request.headers().get(header::ACCEPT);
    let accepts = accepted.is_some_and(|value| value.as_bytes() == NDJSON.as_bytes());
    match format {
        None => Ok(accepts),
        Some("json") => Ok(false),
        Some("ndjson") => Ok(true),
        Some(_) => params::refuse("format", "is json or ndjson"),
    }
}

/// All entries, page by page: one is in memory at a time.
fn file(registry: Arc<Registry>, filter: AuditFilter, seat: Seat) -> HttpResponse {
    let pages = stream::try_unfold(
        (registry, filter, seat),
        |(registry, mut filter, seat)| async {
            let (asked, wanted) = (Arc::clone(&registry), filter.clone());
            let entries = web::block(move || asked.audit(&wanted, MAX_AUDIT_PAGE)).await??;
            let Some(last) = entries.last() else {
                return Ok::<_, ApiError>(None);
            };
            filter.above = Some(last.seq);
            let mut lines = Vec::new();
            for entry in entries {
                serde_json::to_writer(&mut lines, &View::of(entry))
                    .map_err(|_| ApiError::Internal)?;
                lines.push(b'\n');
            }
            Ok(Some((Bytes::from(lines), (registry, filter, seat))))
        },
    );
    HttpResponse::Ok()
        .content_type(NDJSON)
        .insert_header((
            header::CONTENT_DISPOSITION,
            r#"attachment; filename="audit.ndjson""#,
        ))
        .streaming(pages)
}

impl View {
    fn of(entry: AuditEntry) -> Self {
        Self {
            seq: entry.seq,
            at: entry.at.into(),
            actor: entry.actor,
            organization: entry.organization,
            action: entry.action,
            subject: entry.subject,
            detail: entry.detail,
            hash: blake3::Hash::from_bytes(entry.hash).to_hex().to_string(),
        }
    }
}
