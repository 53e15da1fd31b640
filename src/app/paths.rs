//! What lies where in the data directory.
//!
//! `sites.json` (snapshot), `control.sqlite` (registry), `spool/`, `engine/`, and `keys/` if `keys.dir` names no other
//! place.

use std::path::PathBuf;

use crate::config::Config;
use crate::private;

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the data directory {path} cannot be written: {cause}. Create it for this user, or set SKIMWATCH__DATA_DIR"
)]
pub struct DataDirError {
    path: String,
    cause: std::io::Error,
}

/// Makes the data directory, readable by its owner alone, and sees that it can be written.
///
/// # Errors
/// [`DataDirError`] if it cannot.
pub fn make_data_dir(config: &Config) -> Result<(), DataDirError> {
    let path = &config.data_dir;
    let failed = |cause| DataDirError {
        path: path.display().to_string(),
        cause,
    };
    private::make_dir(path).map_err(failed)?;
    let probe = path.join(".writable");
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(failed)
}

/// The snapshot of sites that collectors read.
pub fn snapshot_path(config: &Config) -> PathBuf {
    config.data_dir.join("sites.json")
}

/// The control state.
pub fn registry_path(config: &Config) -> PathBuf {
    config.data_dir.join("control.sqlite")
}

pub(super) fn keys_dir(config: &Config) -> PathBuf {
    let chosen = config.keys.dir.clone();
    chosen.unwrap_or_else(|| config.data_dir.join("keys"))
}

/// The log of reports that are not in ClickHouse yet.
pub fn spool_dir(config: &Config) -> PathBuf {
    config.data_dir.join("spool")
}

pub(super) fn engine_dir(config: &Config) -> PathBuf {
    config.data_dir.join("engine")
}
