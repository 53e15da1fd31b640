//! What became of an entry. Every entry of an acknowledged submission ends in exactly one [`Outcome`];
//! [`Tally`] counts them for one submission and hands out one [`Fate`] for each entry.
//!
//! The equation that holds for every site, whatever is killed and when:
//! `received = stored + folded + discarded`. Refusals stand outside it.

/// What became of one entry of an acknowledged submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It has a row in `reports`.
    Stored,
    /// Over a limit: counted, without a row.
    Folded,
    /// Not kept, and why.
    Discarded(DiscardReason),
}

/// Why an entry was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiscardReason {
    /// It lay beyond the cap on bytes or on entries of one submission.
    Truncated,
    /// It is no JSON object, or an object that is no report of any kind.
    Malformed,
    /// A canary report: counted on its own, never stored.
    Canary,
    /// Its fate was never decided: a defect in this program, seen in tests as a panic.
    Lost,
}

impl DiscardReason {
    /// All of them, in the order of their indices.
    pub const ALL: [Self; 4] = [Self::Truncated, Self::Malformed, Self::Canary, Self::Lost];

    /// The word in metrics, rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Canary => "canary",
            Self::Lost => "lost",
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Truncated => 0,
            Self::Malformed => 1,
            Self::Canary => 2,
            Self::Lost => 3,
        }
    }
}

/// Why a submission was not acknowledged. The browser may send it again; we hold nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusedReason {
    /// 404: no site has this key.
    UnknownKey,
    /// 410: the key was retired.
    RetiredKey,
    /// 400: neither a JSON object nor a JSON array.
    NotJson,
    /// 413: larger than the cap on what is read at all.
    TooLarge,
    /// 405: neither POST nor OPTIONS.
    Method,
    /// 408: the body did not arrive in time.
    Timeout,
    /// 400: the body ended early or its framing was broken.
    Broken,
    /// 415: a `Content-Encoding`, which no browser sends with a report.
    Encoding,
    /// 503: it could not be made durable.
    Unavailable,
}

impl RefusedReason {
    /// All of them, in the order of their indices.
    pub const ALL: [Self; 9] = [
        Self::UnknownKey,
        Self::RetiredKey,
        Self::NotJson,
        Self::TooLarge,
        Self::Method,
        Self::Timeout,
        Self::Broken,
        Self::Encoding,
        Self::Unavailable,
    ];

    /// The word in metrics, rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown_key",
            Self::RetiredKey => "retired_key",
            Self::NotJson => "not_json",
            Self::TooLarge => "too_large",
            Self::Method => "method",
            Self::Timeout => "timeout",
            Self::Broken => "broken",
            Self::Encoding => "encoding",
            Self::Unavailable => "unavailable",
        }
    }
}

/// The outcomes of one submission's entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries that have a row.
    pub stored: u32,
    /// Entries over a limit.
    pub folded: u32,
    /// Entries not kept, by [`DiscardReason::ALL`].
    pub discarded: [u32; DiscardReason::ALL.len()],
}

impl Tally {
    /// All entries of the submission.
    pub fn received(&self) -> u32 {
        self.stored + self.folded + self.discarded.iter().sum::<u32>()
    }

    /// Opens the fate of one entry. It must be closed with [`Fate::close`].
    pub fn open(&mut self) -> Fate<'_> {
        Fate { tally: Some(self) }
    }

    /// Counts `n` entries that nobody will look at one by one.
    pub fn add(&mut self, outcome: Outcome, n: u32) {
        match outcome {
            Outcome::Stored => self.stored += n,
            Outcome::Folded => self.folded += n,
            Outcome::Discarded(reason) => {
                if let Some(count) = self.discarded.get_mut(reason.index()) {
                    *count += n;
                }
            }
        }
    }

    /// How many were discarded for this reason.
    pub fn discarded(&self, reason: DiscardReason) -> u32 {
        self.discarded.get(reason.index()).copied().unwrap_or(0)
    }
}

/// The open fate of one entry. Dropping it open counts the entry as lost.
#[derive(Debug)]
#[must_use = "an entry whose fate is dropped counts as lost"]
pub struct Fate<'a> {
    tally: Option<&'a mut Tally>,
}

impl Fate<'_> {
    /// Closes it: this became of the entry.
    pub fn close(mut self, outcome: Outcome) {
        if let Some(tally) = self.tally.take() {
            tally.add(outcome, 1);
        }
    }
}

impl Drop for Fate<'_> {
    fn drop(&mut self) {
        if let Some(tally) = self.tally.take() {
            tally.add(Outcome::Discarded(DiscardReason::Lost), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_counts_once() {
        let mut tally = Tally::default();
        tally.open().close(Outcome::Stored);
        tally.open().close(Outcome::Folded);
        tally
            .open()
            .close(Outcome::Discarded(DiscardReason::Malformed));
        drop(tally.open());
        assert_eq!(tally.received(), 4);
        assert_eq!(tally.discarded(DiscardReason::Lost), 1);
    }
}
