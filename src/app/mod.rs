//! Assembly: makes the handles, opens the doors, shuts down in order. Nobody imports this but `cli`.

mod collector;
mod copy;
mod database;
mod delivery;
mod demo;
mod detection;
mod erasure;
mod keys;
mod notify;
mod outlet;
mod paths;
mod pause;
mod serve;
mod shared;
mod tasks;
mod upkeep;
mod warmup;
mod web;

pub use database::{Database, engine_config};
pub use demo::{Tell, demo};
pub use erasure::{LATE_LOOK, apply as apply_erasure, client_pseudonym, rows as rows_erased};
pub use paths::{DataDirError, make_data_dir, registry_path, snapshot_path, spool_dir};
pub use serve::serve;
