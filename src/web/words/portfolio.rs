//! Overviews, of many merchants and of one.

use super::Text;
use super::messages::{SENDING, SILENT, UNCLEAR};
use crate::store::Reporting;

/// Whether a site still reports.
pub(in crate::web) fn reporting(reporting: Reporting) -> Text {
    match reporting {
        Reporting::Sending => SENDING,
        Reporting::Unclear => UNCLEAR,
        Reporting::Silent => SILENT,
    }
}
