//! ClickHouse: connection, migrations, delivery of segments, scoped reads. [`Store`] is the type to know.
//!
//! The rules: a segment is one insert per table under a token made from its identity, and its commit
//! mark comes last. Every read takes a [`Scope`](crate::scope::Scope). Values travel as server-side
//! parameters, never inside the text of a query. Nothing that happens here changes what a browser sees.

mod audit;
mod binary;
mod canaries;
mod client;
mod conditions;
mod contents;
mod cursors;
mod deliver;
mod destinations;
mod erase;
mod error;
mod explored;
mod export;
mod facets;
mod feed;
mod filter;
mod histogram;
mod http;
mod intake;
mod migrate;
mod migrations;
mod policies;
mod portfolios;
mod pulse;
mod queries;
mod raw;
mod reader;
mod reports;
mod rows;
mod scripts;
mod seen;
mod sightings;
mod sites;
mod sources;
mod spread;
mod stats;

pub use audit::{AuditRow, CopiedTo};
pub use client::{Config, Effort, Store};
pub use contents::{Attempt, Delivery};
pub use cursors::{Cursors, MAX_LATELY};
pub use deliver::Delivered;
pub use destinations::{MAX_DESTINATIONS, MOST_COUNTED, NewDestination};
pub use erase::{Covered, Lately, Unfinished};
pub use error::{Remedy, StoreError};
pub use explored::{DestinationCursor, DestinationFilter, DestinationPage};
pub use export::{ExportFormat, export_bounds};
pub use facets::{Facet, FacetValue, MAX_VALUES};
pub use feed::{Mark, Stretch};
pub use filter::{Hexadecimal, InvalidHexadecimal, ReportFilter};
pub use intake::{Coverage, MAX_SLICES, Recent, Slice};
pub use migrate::Migrated;
pub use migrations::{LATEST, Migration, all as migrations};
pub use policies::{MAX_POLICIES, PolicyPage, SeenPolicy};
pub use pulse::{BusySite, Feeding, MAX_BUSY, MAX_FEEDING};
pub use raw::RawAnswer;
pub use reader::{Batch, Observer, Reader};
pub use reports::{
    Cursor, InvalidCursor, InvalidReportId, MAX_REPORTS, ReportId, ReportPage, ReportRow,
};
pub use scripts::{MAX_SCRIPTS, ScriptPage, SeenScript};
pub use seen::{SeenCursor, SeenFilter};
pub use sightings::SightingRow;
pub use sites::{Reporting, SiteActivity};
pub use sources::{MAX_SOURCES, NamedSource};
pub use spread::{MAX_SPREAD, SiteSlice, SiteSpread};
pub use stats::{Counts, Stats};
