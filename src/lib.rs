//! Skimwatch takes the reports that browsers send when a checkout page breaks its
//! Content-Security-Policy, loses none of them, stores them in ClickHouse, and says where card data has
//! begun to flow to a place that it never flowed to before.
//!
//! # The story of a report
//!
//! ```text
//! browser ─POST /r/{key}─▶ intake ─▶ gate ─▶ parse ─▶ enrich ─▶ normalize ─▶ redact ─▶ quota ─▶ spool ══ 204
//!                                                                                               ║ segment = batch = insert
//!                 web, api, notify ◀─ cases ◀─ detect ◀─ sightings ◀─ ClickHouse ◀══════════════╝
//! ```
//!
//! 1. A shopper's browser posts to [`intake`]. The key in the path names a site of the snapshot in
//!    [`sites`]; no database is asked.
//! 2. [`limit::Visit::gate`] decides, before the body is read, whether it is read at all.
//! 3. [`parse::read`] takes any shape that a browser ever sent and yields [`parse::RawReport`]s, borrowed
//!    from the body; [`enrich::Enricher`] turns address and user agent into a [`enrich::Visitor`] and
//!    forgets them.
//! 4. [`normalize::normalize`] decides the closed sets: destination, directive, page kind, labels. The
//!    result is a [`normalize::Violation`].
//! 5. [`redact::Redactor::redact`] makes the [`redact::Report`]: no value from a URL is left in it that is
//!    not known to be harmless, and no card number anywhere.
//! 6. [`limit::Visit::quota`] makes it [`limit::Admitted`], or folds it into a count.
//! 7. [`spool::Spool::append`] writes the submission into a segment and returns when it is durable. Only
//!    then does the browser get its 204.
//! 8. A closed segment is one batch: [`store::Store::deliver`] inserts it under tokens that come from its
//!    identity, so that trying again never stores twice, and the segment's file is freed.
//! 9. What was delivered is read back by collector and segment, as [`sighting::Sighting`]s.
//!    [`detect::Detector`] says what follows from them: a [`finding::Finding`] with its reasons.
//! 10. [`cases::Cases`] makes campaigns and alerts of findings, each once, and keeps what people do about
//!     them. [`web`] shows them to people, [`api`] to programs.
//! 11. What an organization is to be told is written in the same change; [`notify`] sends it, by mail or to a program.
//!
//! [`backtest`] sends recorded requests the same way without a database, [`demo`] made-up ones with a real
//! browser among them.
//!
//! # What holds
//!
//! * *Nothing unredacted reaches a disk*: `spool` cannot name a `Violation` or a `RawReport`.
//! * *ClickHouse being down never changes what a browser sees*: `intake` cannot reach `store`.
//! * *The pure path knows neither time nor network*: both are handed in as values.
//! * *Every entry ends in exactly one [`outcome`]*: received = stored + folded + discarded, per site,
//!   whatever is killed and when. The counts travel in the segments, beside the rows.
//! * *What is erased stays erased*: an [`erasure`] is written down first, and what it covers is passed over or
//!   erased again when it comes in late.
//! * *The detector is pure*: the same sightings give the same findings, in a backtest and live, and what it
//!   remembers is made again at a start. A finding that comes again changes nothing.
//! * *SQL stands in `store`, `schema/` and one `queries.rs` per module that reads SQLite*, and every read
//!   takes a [`scope::Scope`].
//! * *Unsafe code stands in [`engine`]*, which loads the embedded ClickHouse.
//! * Imports go strictly downward, in the order in which the modules stand below; a test holds that.
//!
//! # What passes through memory
//!
//! Reports carry card numbers, security codes and names: browsers put the query string of a blocked URL
//! into them. They pass through this process's memory between steps 3 and 5. Core dumps are forbidden.

pub mod clock;
mod generations;
pub mod ids;
pub mod language;
pub mod metrics;
pub mod private;
pub mod role;
pub mod scope;

pub mod csp;
pub mod erasure;
pub mod outcome;
pub mod services;
pub mod trust;

pub mod enrich;
pub mod lookalike;
pub mod parse;

pub mod normalize;

pub mod redact;

pub mod finding;
pub mod limit;
pub mod sighting;

pub mod sites;
pub mod spool;

pub mod store;

pub mod registry;

pub mod detect;

pub mod cases;

pub mod door;
pub mod notify;

pub mod api;
pub mod engine;
pub mod intake;
pub mod ops;
pub mod web;

pub mod backtest;
pub mod demo;
pub mod replay;

pub mod app;
pub mod cli;
pub mod config;
pub mod telemetry;
