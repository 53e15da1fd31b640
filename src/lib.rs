//! Skimwatch: what a browser reports of a checkout page, kept, counted and made queryable.
//!
//! The story of a report is told here once the rooms are furnished.

pub mod clock;
pub mod ids;
pub mod metrics;
pub mod outcome;
pub mod scope;

pub mod csp;
pub mod enrich;
pub mod parse;

pub mod normalize;

pub mod redact;

pub mod limit;

pub mod sites;
pub mod spool;

pub mod store;

pub mod registry;

pub mod api;
pub mod engine;
pub mod intake;
pub mod ops;

pub mod replay;

pub mod app;
pub mod cli;
pub mod config;
pub mod telemetry;
