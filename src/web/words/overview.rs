//! The overview and the lists.

use super::messages::chart_summary;
use crate::language::Language;

pub(in crate::web) use super::messages::{
    merchants_counted as merchants, unresolved_counted as unresolved,
};

/// What a chart shows, for those who do not see it.
pub(in crate::web) fn chart(
    language: Language,
    (total, most): (&str, &str),
    title: &str,
) -> String {
    chart_summary(language, title, total, most)
}
