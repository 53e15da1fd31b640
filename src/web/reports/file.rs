//! `/reports/export`: the reports of a question as a file, handed through from ClickHouse piece by piece.
//!
//! The rule: few are made at once, so that files keep no page waiting; of one organization no more than one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::{StatusCode, header};
use actix_web::web::{Bytes, Data, ReqData};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use maud::html;

use super::super::error::{self, PageError};
use super::super::frame::{self, Content, Place};
use super::super::reader::{Access, Reader};
use super::super::words::{self, Text};
use super::super::{Pages, away};
use super::ask::Asked;
use crate::ids::OrganizationId;
use crate::store::{ExportFormat, RawAnswer, StoreError, export_bounds};

/// Most files that are made at once.
const MOST_AT_ONCE: usize = 3;

/// Who has a file made.
#[derive(Clone, Debug, Default)]
pub struct Desk(Arc<Mutex<BTreeSet<OrganizationId>>>);

/// A place at it, given back when dropped.
struct Seat {
    desk: Desk,
    of: OrganizationId,
}

impl Desk {
    fn seat(&self, of: &OrganizationId) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_free = taken.len() < MOST_AT_ONCE && taken.insert(of.clone());
        is_free.then(|| Seat {
            desk: self.clone(),
            of: of.clone(),
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.desk.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.remove(&self.of);
    }
}

pub(in crate::web) async fn get(
    request: HttpRequest,
    pages: Data<Pages>,
    (reader, access): (ReqData<Reader>, ReqData<Access>),
) -> HttpResponse {
    let query = request.query_string();
    let format = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("format="));
    let Some(format) = format.and_then(ExportFormat::of_word) else {
        return error::page(&reader, PageError::NotFound);
    };
    let asked = Asked::read(query);
    let Ok(meant) = asked.meant(reader.now) else {
        // The page tells what is wrong with which field.
        return HttpResponse::build(StatusCode::SEE_OTHER)
            .insert_header((header::LOCATION, asked.address("/reports", &[])))
            .finish();
    };
    let caller = access.caller();
    let Some(seat) = pages.desk.seat(&caller.organization) else {
        return refuse(&reader, StatusCode::TOO_MANY_REQUESTS, words::FILES_BUSY);
    };
    let (most, time) = export_bounds(caller.role);
    let file = pages
        .store
        .export(&caller.scope, &meant.filter, (format, most, time));
    match begun(file.await).await {
        Ok(Some((first, rest))) => answer(format, (first, rest, seat)),
        Ok(None) => refuse(&reader, StatusCode::BAD_REQUEST, words::FILE_TOO_LONG),
        Err(error) => {
            away::told::<()>(Err(error));
            refuse(&reader, StatusCode::SERVICE_UNAVAILABLE, words::AWAY)
        }
    }
}

/// The first piece says whether there will be a file at all.
async fn begun(
    file: Result<Option<RawAnswer>, StoreError>,
) -> Result<Option<(Option<Bytes>, RawAnswer)>, StoreError> {
    let Some(mut rest) = file? else {
        return Ok(None);
    };
    let first = rest.next().await?;
    Ok(Some((first, rest)))
}

/// Dropped when the reader leaves, which ends the query too.
fn answer(
    format: ExportFormat,
    (first, rest, seat): (Option<Bytes>, RawAnswer, Seat),
) -> HttpResponse {
    let name = format!(r#"attachment; filename="reports.{}""#, format.as_str());
    let pieces = stream::try_unfold((first, rest, seat), |(first, mut rest, seat)| async move {
        let piece = match first {
            Some(first) => Some(first),
            None => rest.next().await?,
        };
        Ok::<_, StoreError>(piece.map(|piece| (piece, (None, rest, seat))))
    });
    HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(pieces)
}

fn refuse(reader: &Reader, status: StatusCode, why: Text) -> HttpResponse {
    let content = Content {
        title: reader.t(words::NO_FILE).to_owned(),
        place: Place::Reports,
        body: html! {
            h1 { (reader.t(words::NO_FILE)) }
            p { (reader.t(why)) }
            p { a href="/reports" { (reader.t(words::BACK)) } }
        },
    };
    frame::answer(reader, status, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_few_and_come_back() {
        let desk = Desk::default();
        let seat = |name: &str| desk.seat(&OrganizationId::new(name).expect("a plain id"));
        let first = seat("a");
        assert!(first.is_some() && seat("a").is_none(), "one each");
        let others = (seat("b"), seat("c"));
        assert!(seat("d").is_none(), "all are taken");
        drop(others);
        assert!(seat("d").is_some());
        drop(first);
        assert!(seat("a").is_some());
    }
}
