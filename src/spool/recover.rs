//! What an earlier process left in the directory.
//!
//! The rule: one file that the disk does not hand out keeps nobody from taking reports. It stays where it is,
//! counts against the budget, is said in the log and in a metric, and is looked at again at the next start. A
//! directory that cannot be listed is another matter: nobody could say what is waiting there.

use std::io;
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
use crate::clock::Timestamp;
use crate::ids::SegmentId;

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
    /// Files that hold nothing of use and could not be taken away yet.
    pub(super) doomed: Vec<Sized>,
    /// How many files could not be read.
    unreadable: usize,
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
            Some(damage::SUFFIX) => found.keep(&**disk, path, config),
            _ => {}
        }
    }
    found.waiting.sort_by_key(|segment| segment.id);
    found.shrink(&**disk, config);
    damage::show_unreadable(found.unreadable);
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

    /// A file that the disk does not hand out. How large it is may not be known either.
    fn pass_over(&mut self, path: &Path, bytes: u64, error: &io::Error) {
        tracing::error!(path = %path.display(), %error, "a segment file cannot be read: it stays where it is, what it holds is not delivered, and the next start looks at it again");
        self.unreadable += 1;
        self.bytes += bytes;
    }

    fn keep(&mut self, disk: &dyn Disk, path: PathBuf, config: &Config) {
        self.name(&path);
        match disk.size(&path) {
            Ok(bytes) => {
                self.bytes += bytes;
                self.quarantined.push(Sized { path, bytes });
            }
            Err(error) => self.pass_over(&path, config.segment_bytes, &error),
        }
    }

    fn look_at(
        &mut self,
        disk: &Arc<dyn Disk>,
        path: PathBuf,
        config: &Config,
    ) -> Result<(), OpenError> {
        self.name(&path);
        let size = disk.size(&path);
        let bytes = *size.as_ref().unwrap_or(&config.segment_bytes);
        let found = size.and_then(|_| look(&**disk, &path, bytes));
        let found = match found {
            Ok(found) => found,
            Err(error) => {
                self.pass_over(&path, bytes, &error);
                return Ok(());
            }
        };
        self.bytes += bytes;
        match found {
            Held::Version(version) => return Err(OpenError::Version { path, version }),
            Held::Damage => {
                tracing::error!(path = %path.display(), "the header of a segment file is damaged: the file is kept as *.corrupt");
                damage::count("header");
                self.damaged.push(Sized { path, bytes });
            }
            Held::Segment(id, opened_at) => {
                let file = (path, bytes);
                let segment = Segment::found(Arc::clone(disk), (id, opened_at), file);
                self.waiting.push(segment);
            }
            Held::Torn(id) => {
                tracing::warn!(%id, path = %path.display(), "the first commit of a segment was cut off; nobody was told that it was durable");
                damage::count("torn");
                self.remove(&**disk, path, bytes);
            }
            // A shorter file is one whose making was cut off.
            Held::Nothing
                if bytes == config.segment_bytes && self.ready.len() < MAX_READY_FILES =>
            {
                self.ready.push(path);
            }
            Held::Nothing => self.remove(&**disk, path, bytes),
        }
        Ok(())
    }

    fn remove(&mut self, disk: &dyn Disk, path: PathBuf, bytes: u64) {
        match disk.remove(&path) {
            Ok(()) => self.bytes -= bytes,
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a segment file cannot be taken away yet");
                self.doomed.push(Sized { path, bytes });
            }
        }
    }

    /// A file that was taken away just before a crash may be there again, beyond the budget.
    fn shrink(&mut self, disk: &dyn Disk, config: &Config) {
        while self.bytes > config.max_bytes
            && let Some(path) = self.ready.pop()
        {
            self.remove(disk, path, config.segment_bytes);
        }
    }
}

/// What a file is.
enum Held {
    /// A segment that was not freed.
    Segment(SegmentId, Timestamp),
    /// A segment that nothing was acknowledged of.
    Torn(SegmentId),
    /// Something whose header does not verify.
    Damage,
    /// A segment of another version of this program.
    Version(u32),
    /// Zeros.
    Nothing,
}

fn look(disk: &dyn Disk, path: &Path, bytes: u64) -> io::Result<Held> {
    let glance = disk.read(path, GLANCE_BYTES)?;
    Ok(match Header::read(&glance) {
        Header::Version(version) => Held::Version(version),
        Header::Damaged => Held::Damage,
        Header::Free => Held::Nothing,
        Header::Used {
            id,
            opened_at,
            filled,
        } => {
            let seal = Seal::of(id);
            let short = filled.is_some_and(|filled| filled > bytes);
            if short || scan::has_first(&glance, seal) || holds_any(disk, path, seal)? {
                Held::Segment(id, opened_at)
            } else {
                Held::Torn(id)
            }
        }
    })
}

/// Whether there is a frame, or damage that must be told of.
fn holds_any(disk: &dyn Disk, path: &Path, seal: Seal) -> io::Result<bool> {
    let file = disk.read(path, u64::MAX)?;
    let frames = scan::scan(&file, seal, None);
    Ok(!frames.contents.is_empty() || frames.condition == Condition::Corrupt)
}
