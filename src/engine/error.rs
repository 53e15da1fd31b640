//! What can go wrong between "start the engine" and "it answers". [`EngineError`] is the type to know.
//!
//! Errors of single statements are not here: they are a [`super::result::Exception`] and go to the client.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the engine does not run.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No file at the library's path.
    #[error(
        "the engine library is not at {0}: run deploy/fetch-engine.sh, or set SKIMWATCH__ENGINE__LIBRARY to the path of libchdb.so"
    )]
    LibraryMissing(PathBuf),
    /// The file is there and is not the library that this version was built for.
    #[error(
        "the engine library {path} cannot be used ({reason}): fetch the pinned version with deploy/fetch-engine.sh"
    )]
    LibraryUnusable {
        /// The file.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// Neither a setting nor a home directory says where the library is.
    #[error(
        "there is no cache directory to look for the engine library in: set SKIMWATCH__ENGINE__LIBRARY to the path of libchdb.so"
    )]
    LibraryUnknown,
    /// A directory or file of the engine's own cannot be made or written.
    #[error(
        "cannot write {path}: {reason}. The engine needs a directory that it may create and write"
    )]
    Directory {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// Another process has held the lock for the whole wait.
    #[error(
        "another process holds {path} and did not let go of it in {seconds} s: stop the other engine, or use another directory"
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// The listening address cannot be had.
    #[error("cannot listen on {address}: {reason}. Choose another port with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        reason: io::Error,
    },
    /// The listening address can be reached from other machines.
    #[error(
        "{0} can be reached from other machines; the engine speaks plain HTTP and listens on 127.0.0.1 or [::1] only"
    )]
    NotLoopback(SocketAddr),
    /// The library did not open the data.
    #[error(
        "the engine cannot open {0}: the reason is on standard error above; another ClickHouse may be using the directory, or its files are damaged"
    )]
    Open(PathBuf),
    /// The first statements failed.
    #[error("the engine opened its data and then failed: {0}")]
    Setup(String),
    /// The HTTP server could not be run.
    #[error("the engine's HTTP face failed: {0}")]
    Face(io::Error),
    /// The system has no randomness for the secret.
    #[error("the system gave no random bytes for the engine's secret: {0}")]
    Random(String),
    /// The child process cannot be started.
    #[error("cannot start the engine process {program}: {reason}")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The child process did not answer in time.
    #[error("the engine did not answer within {0} s; its own messages are on standard error above")]
    NotReady(u64),
}
