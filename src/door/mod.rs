//! The listener under every door: what one connection may cost, whoever is behind it. [`Door`] is the type
//! to know.
//!
//! The framework bounds the first head of a connection and its idle time, and nothing between: a client that
//! never reads its answers would grow its buffer without end, one that stops in the middle of its second
//! request would stay for ever. Here every connection has a place among a bounded number ([`seats`]), a
//! bounded time for each request and a bounded memory ([`guard`]), and a certificate that can be changed while
//! it is open ([`Certificates`]).

mod accept;
mod certificates;
mod client;
mod guard;
mod heads;
mod open;
mod peer;
mod seats;
mod wire;

pub use certificates::{CertificateError, Certificates};
pub use heads::MAX_H2_HEAD_BYTES;
pub use open::{Door, Patience};
pub use peer::{MAX_REQUESTS_OF_CONNECTION, Peer, within_bounds};

pub(crate) use client::{address, is_from_proxy};
