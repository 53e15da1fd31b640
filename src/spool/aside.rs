//! Segments that ClickHouse refused, kept beside the spool until somebody has them inserted again.
//!
//! `set-aside/` in the spool's directory holds each in the file that it was written to, under its identity,
//! and beside it a [`Record`] that says why. Another process may read and free them: the running spool has
//! let go of them. The rule: their bytes are bounded, by a quarter of the spool's budget.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{Disk as _, System};
use super::segment::Segment;
use crate::clock::Timestamp;
use crate::ids::SegmentId;
use crate::metrics;
use crate::private;

const FOLDER: &str = "set-aside";
/// How the name of a segment's file ends here.
pub(super) const SUFFIX: &str = "seg";
/// How the name of a record ends.
const RECORD: &str = "json";
/// The share of the spool's budget that segments set aside may take beside it.
const SHARE: u64 = 4;

/// Why a segment is set aside, and how much is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// What ClickHouse, or the disk, said.
    pub reason: String,
    /// Its rows; 0 if it cannot be read.
    pub rows: u32,
    /// Sites that it holds entries of.
    pub sites: usize,
}

/// What stands beside a segment that was set aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Identity of the segment.
    pub segment: String,
    /// What ClickHouse, or the disk, said.
    pub reason: String,
    /// When it was set aside, as RFC 3339 writes it.
    pub set_aside_at: String,
    /// Its rows.
    pub rows: u32,
    /// Sites that it holds entries of.
    pub sites: usize,
    /// Where what was acknowledged ends in the file; none if the frames say so.
    pub end: Option<u64>,
}

/// Why a segment was not set aside. It stays where it is.
#[derive(Debug, thiserror::Error)]
pub enum AsideError {
    /// No such segment is waiting.
    #[error("segment {0} is not one of the spool's: it was freed already")]
    Unknown(SegmentId),
    /// There is no room for it.
    #[error(
        "{bytes} bytes are set aside in {folder}, and no more than {most} may be: look at them with `skimwatch segments list`, and have them inserted again or delete them"
    )]
    Full {
        /// The folder.
        folder: PathBuf,
        /// What is in it.
        bytes: u64,
        /// What may be in it.
        most: u64,
    },
    /// The system says no.
    #[error("cannot set a segment aside in {folder}: {source}; the folder must be writable")]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The folder in a spool's directory.
pub(super) fn folder(dir: &Path) -> PathBuf {
    dir.join(FOLDER)
}

/// The record beside a segment's file.
pub(super) fn record_path(segment: &Path) -> PathBuf {
    segment.with_extension(RECORD)
}

/// The record beside a segment's file; an empty one if it is missing.
pub(super) fn record(segment: &Path) -> Record {
    let text = fs::read(record_path(segment)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Moves a segment's file out of the spool's way. After a crash it is either where it was or set aside.
pub(super) fn keep(
    (dir, budget): (&Path, u64),
    segment: &Segment,
    refusal: Refusal,
    now: Timestamp,
) -> Result<(), AsideError> {
    let folder = folder(dir);
    let failed = |source| AsideError::Io {
        folder: folder.clone(),
        source,
    };
    private::make_dir(&folder).map_err(failed)?;
    let (bytes, most) = (measure(dir, budget), budget / SHARE);
    // One always may, so that no segment is too large to get out of the way.
    if bytes > 0 && bytes.saturating_add(segment.bytes) > most {
        return Err(AsideError::Full {
            folder,
            bytes,
            most,
        });
    }
    let record = Record {
        segment: segment.id.to_string(),
        reason: refusal.reason,
        set_aside_at: now.to_string(),
        rows: refusal.rows,
        sites: refusal.sites,
        end: segment.end,
    };
    let target = folder.join(format!("{}.{SUFFIX}", segment.id));
    // The record before the segment: a segment without one would not say why it is here.
    let text = serde_json::to_vec(&record).map_err(|cause| failed(cause.into()))?;
    private::replace(&record_path(&target), &text)
        .and_then(|()| fs::rename(&segment.path, &target))
        .and_then(|()| System.sync_dir(&folder))
        .and_then(|()| System.sync_dir(dir))
        .map_err(failed)?;
    measure(dir, budget);
    Ok(())
}

/// The bytes that are set aside. Says them and their bound in the metrics too.
pub(super) fn measure(dir: &Path, budget: u64) -> u64 {
    let files = fs::read_dir(folder(dir)).into_iter().flatten().flatten();
    let bytes = files.filter_map(|file| file.metadata().ok());
    let bytes = bytes.map(|file| file.len()).sum();
    let signed = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
    let metrics = metrics::get();
    metrics.spool_set_aside_bytes.set(signed(bytes));
    let most = signed(budget / SHARE);
    metrics.spool_set_aside_bytes_limit.set(most);
    bytes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::header;
    use super::super::look::{segments_set_aside, waiting_segments};
    use super::*;
    use crate::ids::CollectorId;

    fn segment(dir: &Path, sequence: u32) -> Segment {
        let id = SegmentId {
            collector: CollectorId(uuid::Uuid::from_u128(7)),
            epoch: 1,
            sequence,
        };
        let path = dir.join(format!("{sequence:08}.seg"));
        let page = header::page(id, Timestamp(5), 0);
        fs::write(&path, &page).expect("written");
        Segment {
            id,
            opened_at: Timestamp(5),
            recovered: false,
            disk: Arc::new(System),
            path,
            bytes: page.len() as u64,
            end: Some(page.len() as u64),
            corrupt: Arc::default(),
        }
    }

    #[test]
    fn it_moves_and_says_why_within_its_bound() {
        let dir = tempfile::tempdir().expect("a directory");
        let (first, second) = (segment(dir.path(), 1), segment(dir.path(), 2));
        let refusal = Refusal {
            reason: "because".to_owned(),
            rows: 3,
            sites: 2,
        };
        // A quarter of the budget holds one segment and its record.
        let place = (dir.path(), 4 * (first.bytes + 1000));
        keep(place, &first, refusal.clone(), Timestamp(0)).expect("there is room");
        let full = keep(place, &second, refusal, Timestamp(0));
        assert!(matches!(full, Err(AsideError::Full { .. })), "{full:?}");
        let waiting = waiting_segments(dir.path()).expect("listed").segments;
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[0].id, &waiting[0].record), (second.id, &None));
        let aside = segments_set_aside(dir.path()).expect("listed").segments;
        assert_eq!(aside.len(), 1);
        assert_eq!(aside[0].id, first.id);
        let record = aside[0].record.as_ref().expect("a record");
        assert_eq!((record.reason.as_str(), record.rows), ("because", 3));
        assert_eq!(record.set_aside_at, "1970-01-01T00:00:00.000Z");
        let contents = aside[0].contents().expect("readable");
        let aside = aside.into_iter().next().expect("one");
        aside.free(&contents).expect("deleted");
        assert_eq!(measure(place.0, place.1), 0, "its record is gone too");
        let waiting = waiting.into_iter().next().expect("one");
        assert!(waiting.free(&contents).is_err(), "it is the spool's");
    }

    #[test]
    fn an_identity_is_read_only_as_it_is_written() {
        let id = segment(tempfile::tempdir().expect("a directory").path(), 10).id;
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        for other in [
            text.to_uppercase(),
            text.replace("000a", "00+a"),
            format!("{text}0"),
            "../x".to_owned(),
        ] {
            assert!(other.parse::<SegmentId>().is_err(), "{other}");
        }
    }
}
