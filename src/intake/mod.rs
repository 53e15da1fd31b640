//! The door for browsers: `POST /r/{key}` and its preflight. [`Intake`] is the type to know.
//!
//! A 204 is a promise: it is sent only when the submission is durable on this node. The rule: this
//! module cannot reach the database; what happens there never changes what a browser sees.

mod answer;
mod body;
mod client;
mod config;
mod judge;
mod route;
mod server;
mod take;
mod tls;

pub use config::Config;
pub use judge::{Examiner, Judge, Sender};
pub use server::{Handles, Intake, IntakeError, serve};
