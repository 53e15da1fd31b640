//! Address and user agent → [`Visitor`]. The address ends here: nothing after this stage can name it.
//!
//! [`Enricher`] is the type to know. [`Network`] is the one thing made of an address that limits may hold,
//! in memory and nowhere else.

mod enricher;
mod hosting;
mod ipdb;
mod network;
mod pseudonym;
mod ratchet;
mod table;
mod user_agent;
mod visitor;

pub use enricher::{Config, Enricher};
pub use hosting::is_hosting;
pub use ipdb::EnrichError;
pub use network::Network;
pub use pseudonym::PseudonymKey;
pub use ratchet::{MAX_PERIODS_APART, OutOfTime, PSEUDONYM_PERIOD, Ratchet};
pub use table::{KnownNetwork, NetworkTable};
pub use user_agent::{MAX_USER_AGENT_BYTES, MAX_USER_AGENTS};
pub use visitor::{Browser, Family, Visitor};
