//! What an earlier process left in the directory.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::config::{Config, MAX_READY_FILES};
use super::error::OpenError;
use super::frame::{self, Seal};
use super::header::Header;
use super::identity::failed;
use super::pool::SUFFIX;
use super::segment::Segment;
use crate::metrics;

/// Enough of a file to see its header and, nearly always, its first frame.
const GLANCE_BYTES: u64 = 64 << 10;

/// The files of a directory.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Segments that were not freed, oldest first.
    pub(super) waiting: Vec<Segment>,
    /// Files that hold nothing.
    pub(super) ready: Vec<PathBuf>,
    /// Bytes of all of these.
    pub(super) bytes: u64,
    /// A number above all that occur in names.
    pub(super) next_name: u64,
}

/// Looks at every segment file.
pub(super) fn recover(config: &Config) -> Result<Found, OpenError> {
    let mut found = Found::default();
    let entries = fs::read_dir(&config.dir).map_err(failed("list", &config.dir))?;
    for entry in entries {
        let path = entry.map_err(failed("list", &config.dir))?.path();
        if path.extension().is_some_and(|suffix| suffix == SUFFIX) {
            found.look_at(path, config)?;
        }
    }
    found.waiting.sort_by_key(|segment| segment.id);
    Ok(found)
}

impl Found {
    fn look_at(&mut self, path: PathBuf, config: &Config) -> Result<(), OpenError> {
        let number = path.file_stem().and_then(|stem| stem.to_str());
        if let Some(number) = number.and_then(|name| name.parse::<u64>().ok()) {
            self.next_name = self.next_name.max(number.saturating_add(1));
        }
        let bytes = fs::metadata(&path).map_err(failed("read", &path))?.len();
        let glance = read(&path, GLANCE_BYTES).map_err(failed("read", &path))?;
        match Header::read(&glance) {
            Header::Version(version) => return Err(OpenError::Version { path, version }),
            Header::Damaged => return quarantine(&path),
            Header::Used { id, opened_at } => {
                let seal = Seal::of(id);
                if frame::has_first(&glance, seal) || has_any(&path, seal)? {
                    self.bytes += bytes;
                    self.waiting.push(Segment {
                        id,
                        opened_at,
                        recovered: true,
                        path,
                        bytes,
                        end: None,
                        corrupt: Arc::default(),
                    });
                    return Ok(());
                }
            }
            Header::Free => {}
        }
        // A shorter file is one whose making was cut off.
        if bytes == config.segment_bytes && self.ready.len() < MAX_READY_FILES {
            self.bytes += bytes;
            self.ready.push(path);
            return Ok(());
        }
        fs::remove_file(&path).map_err(failed("delete", &path))
    }
}

fn has_any(path: &Path, seal: Seal) -> Result<bool, OpenError> {
    let file = read(path, u64::MAX).map_err(failed("read", path))?;
    Ok(!frame::scan(&file, seal).contents.is_empty())
}

fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Keeps a file that must not be used again, under another name.
pub(super) fn set_aside(path: &Path) -> io::Result<()> {
    fs::rename(path, path.with_extension("corrupt"))
}

/// Without its header a file's frames cannot be verified.
fn quarantine(path: &Path) -> Result<(), OpenError> {
    tracing::error!(path = %path.display(), "the header of a segment file is damaged: the file is kept as *.corrupt");
    let kind = metrics::Kind { kind: "header" };
    metrics::get().spool_damaged.get_or_create(&kind).inc();
    set_aside(path).map_err(failed("rename", path))
}
