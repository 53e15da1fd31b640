//! The page of a merchant's site.

pub(in crate::web) use super::messages::reports_counted as reports;
