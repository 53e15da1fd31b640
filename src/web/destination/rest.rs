//! What only the reports themselves tell of a destination. Reading them takes a while; the page goes on with it when it is
//! there.

use actix_web::web::Data;
use maud::{Markup, html};

use super::super::access::encoded;
use super::super::away::told;
use super::super::names::Names;
use super::super::reader::Reader;
use super::super::reports::{self, Columns};
use super::super::when::Grain;
use super::super::{Pages, words};
use super::facets;
use crate::clock::Timestamp;
use crate::scope::Scope;
use crate::store::ReportFilter;

/// What is read.
pub(super) struct Rest {
    pub(super) name: String,
    /// Since when values are counted.
    pub(super) since: Timestamp,
    pub(super) scope: Scope,
    pub(super) reader: Reader,
}

impl Rest {
    pub(super) async fn read(self, pages: Data<Pages>) -> Markup {
        let filter = ReportFilter {
            destinations: vec![self.name.clone()],
            ..ReportFilter::default()
        };
        let (ever, lately, evidence) = tokio::join!(
            pages.store.facets(&self.scope, &self.name),
            pages
                .store
                .facets_lately(&self.scope, &self.name, self.since),
            pages
                .store
                .reports(&self.scope, &filter, None, reports::SHOWN),
        );
        let (ever, lately) = (told(ever), told(lately));
        let evidence = told(evidence).map(|page| page.reports);
        let sites = evidence.iter().flatten().map(|row| row.site.as_str());
        let names = Names::read(&pages, &self.scope, sites).await;
        let (reader, about) = (&self.reader, (self.name.as_str(), self.since));
        let columns = Columns {
            names: Some(&names),
            grain: Grain::Second,
            with_destination: false,
        };
        let all = format!("/reports?destination={}&range=90d", encoded(&self.name));
        html! {
            section id="facets" data-live { (facets::ever(reader, &self.name, ever.as_deref())) }
            section id="lately" data-live { (facets::lately(reader, about, lately.as_deref())) }
            section id="evidence" data-live {
                h2 { (reader.t(words::NEWEST_REPORTS)) }
                (reports::table(reader, evidence.as_deref(), columns))
                p class="pager" { a href=(all) { (reader.t(words::ALL_REPORTS)) } }
            }
        }
    }
}
