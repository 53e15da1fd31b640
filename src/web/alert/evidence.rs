//! The reports themselves, the newest first, and what browsers keep back. Reading them takes a while; the page goes on with
//! them when they are there.

use actix_web::web::Data;
use maud::{Markup, html};

use super::super::away::told;
use super::super::names::Names;
use super::super::reader::Reader;
use super::super::reports::{self, Columns};
use super::super::when::Grain;
use super::super::{Pages, words};
use super::withheld;
use crate::scope::Scope;
use crate::store::ReportFilter;

/// What is read.
pub(super) struct Rest {
    pub(super) filter: ReportFilter,
    pub(super) names: Names,
    pub(super) grain: Grain,
    pub(super) scope: Scope,
    pub(super) reader: Reader,
}

impl Rest {
    pub(super) async fn read(self, pages: Data<Pages>) -> Markup {
        let found = pages
            .store
            .reports(&self.scope, &self.filter, None, reports::SHOWN);
        let found = told(found.await).map(|page| page.reports);
        let columns = Columns {
            names: Some(&self.names),
            grain: self.grain,
            with_destination: false,
        };
        let reader = &self.reader;
        html! {
            section id="evidence" data-live {
                h2 { (reader.t(words::EVIDENCE)) }
                p class="quiet" { (reader.t(words::EVIDENCE_MORE)) }
                (reports::table(reader, found.as_deref(), columns))
                (withheld::section(reader, found.as_deref().unwrap_or_default()))
            }
        }
    }
}
