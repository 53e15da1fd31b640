//! The door for browsers: `POST /r/{key}` and its preflight. [`Intake`] is the type to know.
//!
//! A 204 is a promise: it is sent only when the submission is durable on this node. Of a submission that is folded unread
//! nothing is kept but that it was there: its count is durable with the next commit, a millisecond or two later. The rule: this
//! module cannot reach the database; what happens there never changes what a browser sees.

mod answer;
mod body;
mod config;
mod head;
mod judge;
mod route;
mod server;
mod take;

pub use config::Config;
pub use head::MAX_HEAD_BYTES;
pub use judge::{Examiner, Judge, Sender};
pub use server::{Handles, Intake, IntakeError, certificates, serve};
