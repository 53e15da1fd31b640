//! The list as a file of comma-separated values, whole.

use actix_web::http::header;
use actix_web::web::{Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};

use super::super::Pages;
use super::super::error::{self, PageError};
use super::super::reader::{Access, Reader};
use super::{Line, List};
use crate::registry::harmless_cell;

/// The first line. Programs read it, so it is the same in every language.
const HEAD: [&str; 9] = [
    "site",
    "name",
    "platform",
    "integration",
    "labels",
    "status",
    "last_report",
    "reports",
    "unresolved_alerts",
];

pub(in crate::web) async fn get(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    let list = super::list(&request, &pages, &access.caller().scope, reader.now).await;
    match list.and_then(|list| written(&list)) {
        Ok(file) => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8; header=present")
            .insert_header((
                header::CONTENT_DISPOSITION,
                r#"attachment; filename="merchants.csv""#,
            ))
            .body(file),
        Err(error) => error::page(&reader, error),
    }
}

fn written(list: &List) -> Result<Vec<u8>, PageError> {
    // The mark tells spreadsheets that it is UTF-8.
    let mut writer = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let broken = |_error| PageError::Internal;
    writer.write_record(HEAD).map_err(broken)?;
    for line in &list.lines {
        let cells = cells(line);
        let cells = cells.iter().map(|cell| harmless_cell(cell));
        writer.write_record(cells).map_err(broken)?;
    }
    writer.into_inner().map_err(|_error| PageError::Internal)
}

fn cells(line: &Line) -> [String; 9] {
    let activity = line.activity.flatten();
    [
        line.site.id.to_string(),
        line.site.name.clone(),
        line.site.platform.clone(),
        line.site.integration.clone(),
        line.site.labels.join(" "),
        line.coverage().unwrap_or_default().to_owned(),
        activity.map_or_else(String::new, |it| it.last.to_string()),
        activity.map_or(0, |it| it.reports).to_string(),
        line.unresolved.to_string(),
    ]
}
