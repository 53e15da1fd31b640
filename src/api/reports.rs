//! `GET /api/v1/reports`: stored reports, newest first.

use actix_web::web::{Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::{Api, params};
use crate::normalize::{Directive, PageKind};
use crate::registry::Caller;
use crate::store::{Cursor, MAX_REPORTS, ReportFilter, ReportRow};

const DEFAULT_LIMIT: u32 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    site: Option<String>,
    destination: Option<String>,
    directive: Option<String>,
    page_kind: Option<String>,
    r#type: Option<String>,
    since: Option<String>,
    until: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    reports: Vec<ReportRow>,
    next: Option<String>,
}

pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let params: Params = params::query(&request)?;
    let limit = params::limit(params.limit.as_deref(), DEFAULT_LIMIT, MAX_REPORTS)?;
    let cursor = params::parsed::<Cursor>("cursor", params.cursor.as_deref())?;
    let filter = filter(params)?;
    let page = api
        .store
        .reports(&caller.scope, &filter, cursor.as_ref(), limit)
        .await?;
    Ok(HttpResponse::Ok().json(Answer {
        reports: page.reports,
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

fn filter(params: Params) -> Result<ReportFilter, ApiError> {
    let directives = Directive::ALL.iter().map(|directive| directive.as_str());
    let page_kinds = PageKind::ALL.iter().map(|kind| kind.as_str());
    Ok(ReportFilter {
        site: params::site("site", params.site.as_deref())?,
        destinations: Vec::from_iter(params::text("destination", params.destination)?),
        directive: params::word("directive", params.directive, directives)?,
        page_kind: params::word("page_kind", params.page_kind, page_kinds)?,
        report_type: params::text("type", params.r#type)?,
        since: params::parsed("since", params.since.as_deref())?,
        until: params::parsed("until", params.until.as_deref())?,
    })
}
