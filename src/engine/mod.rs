//! The embedded ClickHouse: libchdb in a process of its own, with ClickHouse's HTTP interface in front of it.
//!
//! [`run`] is that process (`skimwatch engine`). [`Supervisor`] starts it as a child and keeps it running; its [`Endpoint`]
//! is all that the rest of the product knows: a URL, a user and a password, as for any ClickHouse. [`find_running`] and
//! [`start_for_command`] give administrative commands the same.
//!
//! From the outside in: `face` speaks HTTP, `guard` looks at each statement, `keeper` and `connection` run it in the
//! `library`, and `confine` is the wall around the process.
//!
//! The rule: all `unsafe` of the crate is in `library`, `connection`, `result`, `insert` and `process`, each with its reason.

mod command;
mod confine;
mod connection;
mod endpoint;
mod error;
mod face;
mod guard;
mod insert;
mod keeper;
mod library;
mod process;
mod result;
mod setup;
mod statement;
mod supervisor;

pub use self::command::{CommandEngine, start_for_command};
pub use self::endpoint::{Endpoint, find_running};
pub use self::error::EngineError;
#[cfg(fuzzing)]
pub use self::face::fuzzing;
pub use self::library::{VERSION, library_path};
pub use self::process::{Config, run};
pub use self::setup::{DATABASE, DEFAULT_MAX_MEMORY};
pub use self::supervisor::{Child, Supervisor};
