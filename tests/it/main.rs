//! All integration tests, in one binary: one build, one link.
//!
//! [`journey`] is the one to read first. They drive the real program from outside ([`support`]), call one
//! stage, or read the sources ([`layering`]). What a test needs (engine library, browser, Python) is
//! installed by `deploy/test.sh`; a test fails where it is missing.
#![allow(
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says what went wrong"
)]

mod api;
mod audit;
mod backtest;
mod bounds;
mod browser;
mod capacity;
mod cases;
mod contract;
mod corpus;
mod dashboards;
mod database;
mod delivery;
mod demo;
mod detection;
mod durability;
mod engine;
mod enrich;
mod erase;
mod failures;
mod faults;
mod floors;
mod full_disk;
mod history;
mod hostile;
mod ipdb;
mod journey;
mod layering;
mod limit;
mod messages;
mod notify;
mod parse;
mod people;
mod privacy;
mod reads;
mod redact;
mod registry;
mod rotation;
mod schema;
mod screen;
mod secrets;
mod shell;
mod shutdown;
mod spool;
mod support;
mod trust;
mod trusted;
mod web;
