//! `GET /api/v1/reports`: stored reports, newest first.

use actix_web::web::{Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::moment::Moment;
use super::{Api, params};
use crate::normalize::{Directive, PageKind};
use crate::registry::Caller;
use crate::store::{Cursor, Hexadecimal, MAX_REPORTS, ReportFilter, ReportRow};

pub(super) const PATH: &str = "/reports";

const DEFAULT_LIMIT: u32 = 100;

/// Which reports.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Of this site
    site: Option<String>,
    /// To this destination
    destination: Option<String>,
    /// To this host
    host: Option<String>,
    /// With this label
    #[param(example = "card-number")]
    label: Option<String>,
    /// Of this directive
    #[param(example = "connect-src")]
    directive: Option<String>,
    /// On this kind of page
    #[param(value_type = Option<PageKindWord>, inline)]
    page_kind: Option<String>,
    /// Of this report type
    #[param(example = "csp-violation")]
    r#type: Option<String>,
    /// What the browser says it did: enforce, report, unknown
    #[param(value_type = Option<DispositionWord>, inline)]
    disposition: Option<String>,
    /// By browsers of this family
    #[param(example = "firefox")]
    browser: Option<String>,
    /// From this country, ISO 3166-1 alpha-2
    #[param(example = "JP")]
    country: Option<String>,
    /// From the network of this pseudonym, hexadecimal
    network: Option<String>,
    /// Whether a card number stood in it
    #[param(value_type = Option<bool>)]
    card_number: Option<String>,
    /// Of pages with the policy of this hash, hexadecimal
    policy: Option<String>,
    /// Received then or later
    #[param(value_type = Option<Moment>, inline)]
    since: Option<String>,
    /// Received before
    #[param(value_type = Option<Moment>, inline)]
    until: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// At most so many
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// `next` of the page before
    cursor: Option<String>,
}

/// Kind of a page
#[derive(ToSchema)]
#[schema(as = PageKind, rename_all = "lowercase")]
#[expect(dead_code, reason = "it stands in the description")]
pub(super) enum PageKindWord {
    Checkout,
    Admin,
    Other,
}

/// What a browser says it did
#[derive(ToSchema)]
#[schema(as = Disposition, rename_all = "lowercase")]
#[expect(dead_code, reason = "it stands in the description")]
pub(super) enum DispositionWord {
    Enforce,
    Report,
    Unknown,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Reports)]
struct Answer {
    reports: Vec<ReportRow>,
    /// Cursor of the next page
    next: Option<String>,
}

/// Stored reports, newest first
#[utoipa::path(get, path = PATH, operation_id = "reports", tag = "evidence", params(Which, Page),
    responses((status = 200, description = "A page", body = Answer)))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let (which, page): (Which, Page) = params::both(&request)?;
    let limit = params::limit(page.limit.as_deref(), DEFAULT_LIMIT, MAX_REPORTS)?;
    let cursor = params::parsed::<Cursor>("cursor", page.cursor.as_deref())?;
    let filter = which.filter()?;
    let store = api.store_for(&caller);
    let page = store
        .reports(&caller.scope, &filter, cursor.as_ref(), limit)
        .await?;
    Ok(HttpResponse::Ok().json(Answer {
        reports: page.reports,
        next: page.next.map(|cursor| cursor.to_string()),
    }))
}

impl Which {
    pub(super) fn filter(self) -> Result<ReportFilter, ApiError> {
        let directives = Directive::ALL.iter().map(|directive| directive.as_str());
        let page_kinds = PageKind::ALL.iter().map(|kind| kind.as_str());
        let dispositions = ["enforce", "report", "unknown"].into_iter();
        let number = |it: Option<Hexadecimal>| it.map(|it| it.0);
        Ok(ReportFilter {
            site: params::site("site", self.site.as_deref())?,
            destinations: Vec::from_iter(params::text("destination", self.destination)?),
            host: params::text("host", self.host)?,
            label: params::text("label", self.label)?,
            directive: params::word("directive", self.directive, directives)?,
            page_kind: params::word("page_kind", self.page_kind, page_kinds)?,
            report_type: params::text("type", self.r#type)?,
            disposition: params::word("disposition", self.disposition, dispositions)?,
            browser: params::text("browser", self.browser)?,
            country: params::text("country", self.country)?,
            network: number(params::parsed("network", self.network.as_deref())?),
            card: params::parsed("card_number", self.card_number.as_deref())?,
            policy: number(params::parsed("policy", self.policy.as_deref())?),
            since: params::parsed("since", self.since.as_deref())?,
            until: params::parsed("until", self.until.as_deref())?,
        })
    }
}
