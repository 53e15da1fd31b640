//! How much of what is sent is taken. [`Limiter`] is the type to know.
//!
//! Two gates. [`Visit::gate`] stands before the body is read: it folds unread only what comes from a
//! (site, network) pair that is over its own rate, or what is beyond both a site's rate and the bodies that
//! are read all the same, shared fairly between networks. [`Visit::quota`] stands after redaction: within
//! the site's rate an entry is [`Admitted`]; beyond it, what was never seen at that site still passes, and what
//! few networks have seen, on small budgets; the rest is [`Folded`] and counted.
//!
//! The rules it keeps: every entry costs one, whatever becomes of it, and a look at the gate costs nothing;
//! over the limit is not over the edge; only this module makes an [`Admitted`]; every memory has a bound.

mod admitted;
mod burst;
mod cells;
mod config;
mod known;
mod limiter;
mod meter;
mod repeats;
mod share;
mod site;

pub use admitted::{Admitted, Folded};
pub use burst::{BURST, KNOWS_AFTER};
pub use config::{Config, MIN_BURST};
pub use known::{MAX_KNOWN_OF_SITE, MAX_KNOWN_TOTAL};
pub use limiter::{Gate, Limiter, Visit};
pub use repeats::{MAX_REPEATS, REPEAT_WINDOW};
pub use site::MAX_SITES;
