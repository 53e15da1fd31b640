//! The engine, open. [`Keeper`] is the type to know: it holds the first connection and opens one for each request.
//!
//! The rule: the library keeps its data open as long as one connection lives, and must not be opened twice in a process. So
//! the keeper's connection is the first to be opened and the last to be closed.

use std::ffi::CString;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::connection::Connection;
use super::error::EngineError;
use super::library::Library;
use super::result::{Code, Exception};
use super::setup::DATABASE;

/// The open engine.
#[derive(Debug)]
pub(super) struct Keeper {
    library: &'static Library,
    arguments: Vec<CString>,
    first: Mutex<Connection>,
}

impl Keeper {
    /// Opens the data, and makes the database if it is not there.
    pub(super) fn open(
        library: &'static Library,
        data: &Path,
        config: &Path,
    ) -> Result<Self, EngineError> {
        let open_error = || EngineError::Open(data.to_owned());
        let argument = |name: &str, path: &Path| {
            CString::new(format!("--{name}={}", path.display())).map_err(|_nul| open_error())
        };
        let arguments = vec![argument("path", data)?, argument("config-file", config)?];
        let mut first = Connection::open(library, &arguments).ok_or_else(open_error)?;
        first
            .execute(&format!(
                "CREATE DATABASE IF NOT EXISTS {DATABASE} ENGINE = Atomic"
            ))
            .map_err(|exception| EngineError::Setup(exception.text))?;
        Ok(Self {
            library,
            arguments,
            first: Mutex::new(first),
        })
    }

    /// A new connection, with defaults for everything.
    pub(super) fn connect(&self) -> Result<Connection, Exception> {
        Connection::open(self.library, &self.arguments)
            .ok_or_else(|| Exception::new(Code::Logical, "The engine opens no more connections"))
    }

    /// Asks the statement with this comment to stop, if it runs.
    pub(super) fn kill(&self, comment: &str) {
        // Comments are made by the face, of letters, digits and dashes.
        self.housekeep(&format!(
            "KILL QUERY WHERE Settings['log_comment'] = '{comment}' ASYNC"
        ));
    }

    /// Asks all statements of clients to stop.
    pub(super) fn kill_all(&self) {
        self.housekeep("KILL QUERY WHERE Settings['log_comment'] != '' ASYNC");
    }

    /// Gives memory that a big statement left behind back to the system.
    pub(super) fn purge(&self) {
        self.housekeep("SYSTEM JEMALLOC PURGE");
    }

    fn housekeep(&self, sql: &str) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(exception) = first.execute(sql) {
            tracing::warn!(code = exception.code, "housekeeping of the engine failed");
        }
    }
}
