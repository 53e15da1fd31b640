//! What an earlier process left in the directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::config::{Config, MAX_READY_FILES};
use super::damage::{self, Sized};
use super::disk::Disk;
use super::error::OpenError;
use super::frame::Seal;
use super::header::Header;
use super::identity::failed;
use super::pool::SUFFIX;
use super::scan::{self, Condition};
use super::segment::Segment;

/// Enough of a file to see its header and, nearly always, its first frame.
const GLANCE_BYTES: u64 = 64 << 10;

/// The files of a directory.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Segments that were not freed, oldest first.
    pub(super) waiting: Vec<Segment>,
    /// Files that hold nothing.
    pub(super) ready: Vec<PathBuf>,
    /// Files whose header is damaged: without it nothing in them can be verified.
    pub(super) damaged: Vec<Sized>,
    /// Files that were set aside before, oldest first.
    pub(super) quarantined: Vec<Sized>,
    /// Bytes of all of these.
    pub(super) bytes: u64,
    /// A number above all that occur in names.
    pub(super) next_name: u64,
}

/// Looks at every segment file.
pub(super) fn recover(disk: &Arc<dyn Disk>, config: &Config) -> Result<Found, OpenError> {
    let mut found = Found::default();
    let list = disk.list(&config.dir);
    let mut paths = list.map_err(failed("list", &config.dir))?;
    paths.sort();
    for path in paths {
        let suffix = path.extension().and_then(|suffix| suffix.to_str());
        match suffix {
            Some(SUFFIX) => found.look_at(disk, path, config)?,
            Some(damage::SUFFIX) => found.keep(&**disk, path)?,
            _ => {}
        }
    }
    found.waiting.sort_by_key(|segment| segment.id);
    found.shrink(&**disk, config)?;
    Ok(found)
}

impl Found {
    fn name(&mut self, path: &Path) {
        let name = path.file_name().and_then(|name| name.to_str());
        let number = name.and_then(|name| name.split('.').next()?.parse::<u64>().ok());
        if let Some(number) = number {
            self.next_name = self.next_name.max(number.saturating_add(1));
        }
    }

    fn keep(&mut self, disk: &dyn Disk, path: PathBuf) -> Result<(), OpenError> {
        self.name(&path);
        let bytes = disk.size(&path).map_err(failed("read", &path))?;
        self.bytes += bytes;
        self.quarantined.push(Sized { path, bytes });
        Ok(())
    }

    fn look_at(
        &mut self,
        disk: &Arc<dyn Disk>,
        path: PathBuf,
        config: &Config,
    ) -> Result<(), OpenError> {
        self.name(&path);
        let bytes = disk.size(&path).map_err(failed("read", &path))?;
        let glance = disk
            .read(&path, GLANCE_BYTES)
            .map_err(failed("read", &path))?;
        match Header::read(&glance) {
            Header::Version(version) => return Err(OpenError::Version { path, version }),
            Header::Damaged => {
                tracing::error!(path = %path.display(), "the header of a segment file is damaged: the file is kept as *.corrupt");
                damage::count("header");
                self.bytes += bytes;
                self.damaged.push(Sized { path, bytes });
                return Ok(());
            }
            Header::Used {
                id,
                opened_at,
                filled,
            } => {
                let seal = Seal::of(id);
                let short = filled.is_some_and(|filled| filled > bytes);
                if short || scan::has_first(&glance, seal) || holds_any(&**disk, &path, seal)? {
                    self.bytes += bytes;
                    self.waiting.push(Segment {
                        id,
                        opened_at,
                        recovered: true,
                        disk: Arc::clone(disk),
                        path,
                        bytes,
                        end: None,
                        corrupt: Arc::default(),
                    });
                    return Ok(());
                }
                tracing::warn!(%id, path = %path.display(), "the first commit of a segment was cut off; nobody was told that it was durable");
                damage::count("torn");
                return disk.remove(&path).map_err(failed("delete", &path));
            }
            Header::Free => {}
        }
        // A shorter file is one whose making was cut off.
        if bytes == config.segment_bytes && self.ready.len() < MAX_READY_FILES {
            self.bytes += bytes;
            self.ready.push(path);
            return Ok(());
        }
        disk.remove(&path).map_err(failed("delete", &path))
    }

    /// A file that was taken away just before a crash may be there again, beyond the budget.
    fn shrink(&mut self, disk: &dyn Disk, config: &Config) -> Result<(), OpenError> {
        while self.bytes > config.max_bytes
            && let Some(path) = self.ready.pop()
        {
            disk.remove(&path).map_err(failed("delete", &path))?;
            self.bytes -= config.segment_bytes;
        }
        Ok(())
    }
}

/// Whether there is a frame, or damage that must be told of.
fn holds_any(disk: &dyn Disk, path: &Path, seal: Seal) -> Result<bool, OpenError> {
    let file = disk.read(path, u64::MAX).map_err(failed("read", path))?;
    let frames = scan::scan(&file, seal, None);
    Ok(!frames.contents.is_empty() || frames.condition == Condition::Corrupt)
}
