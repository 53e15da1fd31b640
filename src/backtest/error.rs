//! Why a backtest ends early.

use std::io;
use std::path::{Path, PathBuf};

use crate::registry::RegistryError;
use crate::sites::SitesError;
use crate::store::StoreError;

/// Why a backtest ends early. What was written of the alerts is not whole.
#[derive(Debug, thiserror::Error)]
pub enum BacktestError {
    /// A file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The merchants cannot be used.
    #[error("{path}: {cause}")]
    Merchants {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        cause: RegistryError,
    },
    /// Two merchants claim one key.
    #[error(transparent)]
    Sites(#[from] SitesError),
    /// Stored history cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The control state cannot be read.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The networks cannot be used.
    #[error(
        "{path} is no list of networks, {{\"networks\": [{{\"cidr\", \"asn\", \"country\"}}]}}: {cause}"
    )]
    Networks {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        cause: serde_json::Error,
    },
    /// A line is no recorded request.
    #[error("{path}, line {line}: no recorded request (t, site, ip, ua, body): {cause}")]
    Request {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        cause: serde_json::Error,
    },
}

impl BacktestError {
    /// Tells which file it was.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::File {
            path: path.to_owned(),
            cause,
        }
    }
}
