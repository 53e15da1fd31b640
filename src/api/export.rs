//! `GET /api/v1/reports/export`: stored reports as a file, handed through from ClickHouse piece by piece.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::load::{Kind, Seat};
use super::reports::Which;
use super::{Api, params};
use crate::registry::Caller;
use crate::store::{ExportFormat, RawAnswer, ReportRow, export_bounds};

pub(super) const PATH: &str = "/reports/export";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Params {
    /// What the file is written in
    #[param(value_type = Format, inline)]
    format: Option<String>,
}

/// What a file is written in
#[derive(ToSchema)]
#[schema(as = ExportFormat, rename_all = "lowercase")]
#[expect(dead_code, reason = "it stands in the description")]
enum Format {
    NdJson,
    Csv,
    Parquet,
}

/// Bytes of a file
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it stands in the description")]
struct File(Vec<u8>);

/// Stored reports as a file, newest first
///
/// The same reports and filters as `reports`. A question for more reports than one file may hold is refused
/// (`too_costly`): ask for a shorter time. The file ends early, with a broken connection, if it takes too long to make.
/// In a CSV file, text that a program for tables would take for a formula has `'` before it.
#[utoipa::path(get, path = PATH, operation_id = "exportReports", tag = "evidence", params(Which, Params),
    responses((status = 200, description = "The file", content(
        (ReportRow = "application/x-ndjson"), (String = "text/csv"), (File = "application/vnd.apache.parquet")))))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    let (which, params): (Which, Params) = params::both(&request)?;
    let format = params.format.as_deref().map(ExportFormat::of_word);
    let Some(Some(format)) = format else {
        return params::refuse("format", "is ndjson, csv or parquet");
    };
    let filter = which.filter()?;
    let seat = api.load.seat(Kind::Export, &caller.organization)?;
    let (most, time) = export_bounds(caller.role);
    let store = api.store_for(&caller);
    let answer = store.export(&caller.scope, &filter, (format, most, time));
    let mut answer = answer.await?.ok_or(ApiError::TooCostly)?;
    // The first piece says whether there will be an answer at all.
    let first = answer.next().await?;
    let name = format!(r#"attachment; filename="reports.{}""#, format.as_str());
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(pieces(first, answer, seat)))
}

/// Dropped when the client leaves, which closes the connection to ClickHouse and ends the query there.
fn pieces(
    first: Option<Bytes>,
    answer: RawAnswer,
    seat: Seat,
) -> impl stream::Stream<Item = Result<Bytes, ApiError>> {
    stream::try_unfold(
        (first, answer, seat),
        |(first, mut answer, seat)| async move {
            let piece = match first {
                Some(first) => Some(first),
                None => answer.next().await?,
            };
            Ok(piece.map(|piece| (piece, (None, answer, seat))))
        },
    )
}
