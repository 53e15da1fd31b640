//! `/api/v1/exports/sites`: all sites of an organization as a file that an import takes back.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Bytes, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};

use super::error::ApiError;
use super::load::Kind;
use super::{Api, params};
use crate::registry::{Caller, ExportFormat};
use crate::role::Right;

pub(super) const PATH: &str = "/exports/sites";

/// Bytes of a piece, and how many pieces wait for the network.
const PIECE_BYTES: usize = 64 * 1024;
const MOST_WAITING: usize = 4;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Params {
    /// What the file is written in; JSON has all fields
    #[param(value_type = Option<Format>, inline)]
    format: Option<String>,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "it stands in the description")]
enum Format {
    Json,
    Csv,
}

/// Hands pieces on to whoever reads the answer.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

/// All sites as a file that `imports/sites` takes back
#[utoipa::path(get, path = PATH, operation_id = "exportSites", tag = "merchants", params(Params),
    extensions(("x-right" = json!("manage"))),
    responses((status = 200, description = "The file", content((Object = "application/json"), (String = "text/csv")))))]
pub(super) async fn get(
    request: HttpRequest,
    api: Data<Api>,
    caller: ReqData<Caller>,
) -> Result<HttpResponse, ApiError> {
    caller.require(Right::Manage)?;
    let params: Params = params::query(&request)?;
    let (format, kind, ending) = match params.format.as_deref() {
        None | Some("json") => (ExportFormat::Json, "application/json", "json"),
        Some("csv") => (
            ExportFormat::Csv,
            "text/csv; charset=utf-8; header=present",
            "csv",
        ),
        Some(_) => return params::refuse("format", "is json or csv"),
    };
    let seat = api.load.seat(Kind::Export, &caller.organization)?;
    let (sender, pieces) = mpsc::channel(MOST_WAITING);
    let (registry, scope) = (Arc::clone(&api.registry), caller.scope.clone());
    let writing = tokio::task::spawn_blocking(move || {
        let _seat = seat;
        let mut out = BufWriter::with_capacity(PIECE_BYTES, Pieces(sender.clone()));
        let written = registry.export_sites(&scope, format, &mut out);
        let written = written.map_err(|error| error.to_string());
        if let Err(error) = written.and_then(|_| out.flush().map_err(|e| e.to_string())) {
            tracing::warn!(%error, "an export of sites ended early");
            // So that nobody takes half a file for a whole one.
            let broken = io::Error::from(io::ErrorKind::ConnectionAborted);
            sender.blocking_send(Err(broken)).unwrap_or_default();
        }
    });
    // It ends when all is written, or when whoever reads it has left.
    drop(writing);
    let pieces = stream::unfold(pieces, |mut pieces| async {
        let piece = pieces.recv().await?;
        Some((piece, pieces))
    });
    let name = format!(r#"attachment; filename="sites.{ending}""#);
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(pieces))
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Ok(Bytes::copy_from_slice(bytes));
        // Whoever read it has left.
        let left = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.blocking_send(piece).map_err(left)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
