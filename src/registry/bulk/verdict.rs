//! What becomes of each line of an import.

use serde::Serialize;

use super::super::error::RegistryError;
use crate::ids::SiteId;

/// Longest key that a message repeats, in characters.
const MAX_KEY_CHARS: usize = 80;

/// What an import did, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkAnswer {
    /// Whether it was done: no dry run, and no line refused.
    pub applied: bool,
    /// One for each line, in order.
    pub verdicts: Vec<Verdict>,
}

/// What becomes of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Its place: in JSON that of the merchant, from 0; in CSV the line of the file, from 1.
    pub line: usize,
    /// Its key, as far as it can be read.
    pub key: String,
    /// The site that it is about, unless it is refused. The id of one that is only to be added is another when it is.
    pub site: Option<SiteId>,
    /// What becomes of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What becomes of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "detail", rename_all = "lowercase")]
pub enum Outcome {
    /// A site that was not there before.
    Added,
    /// A site of which these fields change.
    Changed(Vec<&'static str>),
    /// A site that is as told already.
    Unchanged,
    /// It cannot be used, for this reason.
    Refused(String),
}

/// What an import changed, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportSummary {
    /// Sites that were not there before.
    pub added: usize,
    /// Sites of which something changed.
    pub changed: usize,
    /// Sites that were as told already.
    pub unchanged: usize,
    /// Lines that cannot be used.
    pub refused: usize,
}

impl BulkAnswer {
    /// How many of each.
    pub fn count(&self) -> ImportSummary {
        let mut summary = ImportSummary::default();
        for verdict in &self.verdicts {
            match verdict.outcome {
                Outcome::Added => summary.added += 1,
                Outcome::Changed(_) => summary.changed += 1,
                Outcome::Unchanged => summary.unchanged += 1,
                Outcome::Refused(_) => summary.refused += 1,
            }
        }
        summary
    }

    /// How many of each, if it was done.
    ///
    /// # Errors
    /// [`RegistryError::Merchant`] with the first line that was refused.
    pub fn summary(&self) -> Result<ImportSummary, RegistryError> {
        for verdict in &self.verdicts {
            if let Outcome::Refused(what) = &verdict.outcome {
                return Err(RegistryError::Merchant {
                    index: verdict.line,
                    key: verdict.key.chars().take(MAX_KEY_CHARS).collect(),
                    what: what.clone(),
                });
            }
        }
        Ok(self.count())
    }
}
