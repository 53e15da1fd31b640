//! The overview and the lists.

pub(in crate::web) use super::messages::{
    merchants_counted as merchants, unresolved_counted as unresolved,
};
