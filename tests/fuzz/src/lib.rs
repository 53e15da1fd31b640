//! The modules that read what strangers send, from the product's own sources and without the rest of it: they
//! import nothing above them, and so they are built in a fraction of the time.

#![allow(dead_code, reason = "what the rest of the product uses")]

#[path = "../../../src/clock.rs"]
pub mod clock;
#[path = "../../../src/ids.rs"]
pub mod ids;
#[path = "../../../src/metrics.rs"]
pub mod metrics;
#[path = "../../../src/generations.rs"]
mod generations;
#[path = "../../../src/private.rs"]
pub mod private;

#[path = "../../../src/csp/mod.rs"]
pub mod csp;
#[path = "../../../src/outcome.rs"]
pub mod outcome;

#[path = "../../../src/enrich/mod.rs"]
pub mod enrich;
#[path = "../../../src/parse/mod.rs"]
pub mod parse;

#[path = "../../../src/normalize/mod.rs"]
pub mod normalize;

#[path = "../../../src/redact/mod.rs"]
pub mod redact;

#[path = "../../../src/limit/mod.rs"]
pub mod limit;
#[path = "../../../src/spool/mod.rs"]
pub mod spool;

#[path = "../../../src/engine/mod.rs"]
pub mod engine;
