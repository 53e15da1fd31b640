//! [`Reader`]: what was delivered, read back for detection in the order of receipt. It writes nothing.
//!
//! The rule: whoever judges sees the same, live and over stored history: what an [`Erased`] covers is passed over,
//! and after each submission there is a pause, because what came later must not dilute a share.

use std::collections::HashMap;

use super::client::Store;
use super::cursors::Cursors;
use super::error::StoreError;
use super::feed::{Mark, Stretch};
use super::sightings::SightingRow;
use crate::clock::Timestamp;
use crate::erasure::Erased;
use crate::scope::Scope;
use crate::sighting::Sighting;

/// The most marks and rows that are read at once.
const MOST_MARKS: u32 = 10_000;
const MOST_ROWS: u32 = 50_000;
/// The most texts of policies that are kept at hand.
const MOST_POLICIES: usize = 4096;

/// How far what was delivered is read.
#[derive(Debug)]
pub struct Reader {
    store: Store,
    /// None until ClickHouse has said where it stands.
    cursors: Option<Cursors>,
    policies: HashMap<u64, String>,
}

/// Rows that were read at once.
#[derive(Debug)]
pub struct Batch<'a> {
    rows: &'a [SightingRow],
    policies: &'a HashMap<u64, String>,
    received_to: Timestamp,
}

/// Who judges what is read.
pub trait Observer {
    /// Takes a sighting in.
    fn observe(&mut self, sighting: &Sighting<'_>);
    /// A submission is over: all of it was received at this moment.
    fn advance(&mut self, to: Timestamp);
}

impl Reader {
    /// One that has read nothing.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            cursors: None,
            policies: HashMap::new(),
        }
    }

    /// Reads what came in after what was read, received at `since` or later. Whether there was anything.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say; what was handed on is not handed on again.
    pub async fn read_on(
        &mut self,
        since: Timestamp,
        each: impl FnMut(&Batch<'_>),
    ) -> Result<bool, StoreError> {
        let cursors = match &mut self.cursors {
            Some(cursors) => cursors,
            none => none.insert(self.store.begin_feed().await?),
        };
        let marks = self.store.marks_after(cursors, since, MOST_MARKS).await?;
        hand_on((&self.store, &mut self.policies), cursors, &marks, each).await?;
        Ok(!marks.is_empty())
    }

    /// Reads what came in late, behind others with higher numbers. To be asked once there is nothing to read on.
    /// Whether there was anything.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say; what was handed on is not handed on again.
    pub async fn read_late(
        &mut self,
        since: Timestamp,
        each: impl FnMut(&Batch<'_>),
    ) -> Result<bool, StoreError> {
        let Some(cursors) = &mut self.cursors else {
            return Ok(false);
        };
        let marks = self.store.late_marks(cursors, since).await?;
        hand_on((&self.store, &mut self.policies), cursors, &marks, each).await?;
        cursors.settle();
        Ok(!marks.is_empty())
    }
}

async fn hand_on(
    (store, policies): (&Store, &mut HashMap<u64, String>),
    cursors: &mut Cursors,
    marks: &[Mark],
    mut each: impl FnMut(&Batch<'_>),
) -> Result<(), StoreError> {
    for stretch in Stretch::of(marks, MOST_ROWS) {
        let rows = store.sightings(&Scope::Operator, &stretch).await?;
        fetch_policies(store, policies, &rows).await?;
        each(&Batch {
            rows: &rows,
            policies,
            received_to: stretch.received_to,
        });
        cursors.pass(&stretch);
    }
    Ok(())
}

async fn fetch_policies(
    store: &Store,
    policies: &mut HashMap<u64, String>,
    rows: &[SightingRow],
) -> Result<(), StoreError> {
    if policies.len() > MOST_POLICIES {
        policies.clear();
    }
    let hashes = rows.iter().map(SightingRow::policy);
    let mut missing: Vec<u64> = hashes
        .filter(|hash| *hash != 0 && !policies.contains_key(hash))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    if !missing.is_empty() {
        let texts = store.policy_texts(&missing).await?;
        // One that is not there is not asked for with every segment.
        let texts = missing
            .into_iter()
            .map(|hash| (hash, texts.get(&hash).cloned().unwrap_or_default()));
        policies.extend(texts);
    }
    Ok(())
}

impl Batch<'_> {
    /// How many rows it has, erased ones included.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Last receipt in the segments that it is of.
    pub fn received_to(&self) -> Timestamp {
        self.received_to
    }

    /// Has it judged, submission by submission.
    pub fn tell(&self, erased: &Erased, observer: &mut impl Observer) {
        for submission in self.rows.chunk_by(|one, next| one.at() == next.at()) {
            for row in submission {
                if let Some(site) = row.site()
                    && !erased.covers(&site, row.client(), row.at())
                {
                    let policy = self.policies.get(&row.policy()).map_or("", String::as_str);
                    observer.observe(&row.sighting(&site, policy));
                }
            }
            submission
                .iter()
                .take(1)
                .for_each(|row| observer.advance(row.at()));
        }
    }
}
