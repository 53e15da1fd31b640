//! What is appended, and the content of its frame.
//!
//! Content: site, time of receipt, counts of outcomes, rows of policies, rows of reports. The same form, with
//! counts only, carries refusals.

use std::collections::BTreeMap;
use std::ops::Range;

use super::codec::{Reader, put_str, put_varint};
use super::row;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::limit::{Admitted, Folded};
use crate::outcome::{DiscardReason, Tally};

/// One acknowledged submission of one site.
#[derive(Debug)]
pub struct Submission {
    /// Whose it is.
    pub site: SiteId,
    /// When it came.
    pub received_at: Timestamp,
    /// How long its rows are kept.
    pub retention_days: u16,
    /// What became of its entries. `stored` is the number of `reports`.
    pub tally: Tally,
    /// The entries that get a row.
    pub reports: Vec<Admitted>,
    /// The entries that were folded after parsing; part of `tally.folded`.
    pub folded: Vec<Folded>,
}

impl Submission {
    /// Appends the content. `wants` says of a policy whether its row is to be written; the hashes of those that
    /// are are returned.
    pub(super) fn put(&self, out: &mut Vec<u8>, wants: impl Fn(u64) -> bool) -> Vec<u64> {
        put_str(out, self.site.as_str());
        out.extend_from_slice(&self.received_at.0.to_le_bytes());
        self.put_outcomes(out);
        let policies = self.put_policies(out, wants);
        let context = row::Context {
            site: &self.site,
            received_at: self.received_at,
            retention_days: self.retention_days,
        };
        put_varint(out, self.reports.len() as u64);
        for admitted in &self.reports {
            put_sized(out, |out| row::put_report(out, admitted.report(), context));
        }
        policies
    }

    fn put_outcomes(&self, out: &mut Vec<u8>) {
        let mut folded: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for entry in &self.folded {
            let key = (entry.destination.as_str(), entry.directive.as_str());
            *folded.entry(key).or_default() += 1;
        }
        let unread = u64::from(self.tally.folded).saturating_sub(self.folded.len() as u64);
        if unread > 0 {
            folded.insert(("", ""), unread);
        }
        let stored = self.reports.len() as u64;
        let discarded = DiscardReason::ALL
            .map(|reason| (reason, self.tally.discarded(reason)))
            .into_iter()
            .filter(|(_, count)| *count > 0);
        let kinds = usize::from(stored > 0) + folded.len() + discarded.clone().count();
        put_varint(out, kinds as u64);
        if stored > 0 {
            put_outcome(out, ["stored", "", "", ""], stored);
        }
        for ((destination, directive), count) in folded {
            put_outcome(out, ["folded", "", destination, directive], count);
        }
        for (reason, count) in discarded {
            let words = ["discarded", reason.as_str(), "", ""];
            put_outcome(out, words, u64::from(count));
        }
    }

    fn put_policies(&self, out: &mut Vec<u8>, wants: impl Fn(u64) -> bool) -> Vec<u64> {
        let mut hashes: Vec<u64> = Vec::new();
        let mut policies = Vec::new();
        for admitted in &self.reports {
            if let Some(policy) = admitted.report().policy()
                && !hashes.contains(&policy.hash)
                && wants(policy.hash)
            {
                hashes.push(policy.hash);
                policies.push(policy);
            }
        }
        put_varint(out, policies.len() as u64);
        for policy in policies {
            put_sized(out, |out| row::put_policy(out, policy, self.received_at));
        }
        hashes
    }
}

/// Appends the content of a frame that carries counts only. `site` is empty if it is unknown.
pub(super) fn put_counts<'a>(
    out: &mut Vec<u8>,
    site: &str,
    at: Timestamp,
    counts: impl ExactSizeIterator<Item = ([&'a str; 4], u64)>,
) {
    put_str(out, site);
    out.extend_from_slice(&at.0.to_le_bytes());
    put_varint(out, counts.len() as u64);
    for (words, count) in counts {
        put_outcome(out, words, count);
    }
    put_varint(out, 0);
    put_varint(out, 0);
}

fn put_outcome(out: &mut Vec<u8>, words: [&str; 4], count: u64) {
    for word in words {
        put_str(out, word);
    }
    put_varint(out, count);
}

/// Appends what `put` appends, after its length in four bytes.
fn put_sized(out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    put(out);
    let length = u32::try_from(out.len() - start - 4).unwrap_or(u32::MAX);
    if let Some(place) = out.get_mut(start..start + 4) {
        place.copy_from_slice(&length.to_le_bytes());
    }
}

/// The content of a frame, read. Ranges count from the start of the content.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) site: &'a str,
    pub(super) at: Timestamp,
    /// Outcome, reason, destination, directive; and how many.
    pub(super) outcomes: Vec<([&'a str; 4], u64)>,
    pub(super) policies: Vec<Range<usize>>,
    pub(super) rows: Vec<Range<usize>>,
}

impl<'a> Content<'a> {
    /// Reads a content; `None` if it is not one.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let site = reader.str()?;
        let at = Timestamp(i64::from_le_bytes(reader.array()?));
        let outcomes = (0..reader.count()?)
            .map(|_| {
                let words = [reader.str()?, reader.str()?, reader.str()?, reader.str()?];
                Some((words, reader.varint()?))
            })
            .collect::<Option<_>>()?;
        let policies = take_sized(&mut reader)?;
        let rows = take_sized(&mut reader)?;
        reader.is_at_end().then_some(Self {
            site,
            at,
            outcomes,
            policies,
            rows,
        })
    }
}

fn take_sized(reader: &mut Reader<'_>) -> Option<Vec<Range<usize>>> {
    (0..reader.count()?)
        .map(|_| {
            let length = usize::try_from(u32::from_le_bytes(reader.array()?)).ok()?;
            let start = reader.position();
            reader.take(length)?;
            Some(start..start + length)
        })
        .collect()
}
