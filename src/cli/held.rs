//! What the log on this host holds of somebody: rows that wait, or were set aside.

use std::path::Path;

use serde_json::{Map, Value};

use super::{output, segments};
use crate::clock::Timestamp;
use crate::erasure::{Erasure, Target};
use crate::spool::{self, ReadError, SegmentContents, StoredSegment, StoredSegments, shown};

/// A segment that holds rows which an erasure covers.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) segment: StoredSegment,
    pub(super) contents: SegmentContents,
    /// How many rows.
    pub(super) rows: u64,
    /// Whether it holds nothing of anybody else, counts included.
    pub(super) is_whole: bool,
}

impl Held {
    /// Whether it was set aside, and not just waits.
    pub(super) fn is_aside(&self) -> bool {
        self.segment.record.is_some()
    }
}

/// The segments on this host that hold rows, or counts, of what is to be erased.
pub(super) fn held(dir: &Path, erasure: &Erasure) -> anyhow::Result<Vec<Held>> {
    let StoredSegments {
        segments,
        unreadable,
    } = segments::all(dir)?;
    for (path, error) in unreadable {
        output::progress(&format!(
            "{}\t{error}; nobody can say whether it holds any of it: see `skimwatch segments list`",
            path.display()
        ));
    }
    let mut found = Vec::new();
    for segment in segments {
        let contents = match segment.contents() {
            Ok(contents) => contents,
            // Delivered while we looked.
            Err(ReadError::Gone { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        found.extend(look(segment, contents, erasure));
    }
    Ok(found)
}

fn look(segment: StoredSegment, contents: SegmentContents, erasure: &Erasure) -> Option<Held> {
    let covered = contents.rows().filter(|row| covers(erasure, row)).count();
    let (of_it, of_others) = match &erasure.target {
        Target::Site(site) => {
            let is_its = |counted: &&spool::OutcomeCount| counted.site == site.as_str();
            let its = contents.outcomes.iter().filter(is_its).count();
            (its, contents.outcomes.len() - its)
        }
        // Counts hold no client, so whose they are is not known.
        Target::Client(_) => (0, 1),
    };
    let rows = covered as u64;
    let is_whole = covered == contents.rows().len() && of_others == 0;
    (covered + of_it > 0).then_some(Held {
        segment,
        contents,
        rows,
        is_whole,
    })
}

fn covers(erasure: &Erasure, row: &[u8]) -> bool {
    shown::report(row).is_some_and(|row| {
        let text = |row: &Map<String, Value>, name| row.get(name)?.as_str().map(str::to_owned);
        let site = text(&row, "site").unwrap_or_default();
        let client = row.get("client").and_then(Value::as_u64).unwrap_or(0);
        let at = row.get("received_at").and_then(Value::as_i64).unwrap_or(0);
        erasure.covers(&site, client, Timestamp(at))
    })
}
