//! What another configuration changes: [`Change`], destination by destination.

use std::collections::BTreeMap;

use crate::clock::Timestamp;
use crate::finding::{Finding, Severity};

/// The destinations that were raised, as alerts are: nothing of low severity is among them.
pub type Raisings = BTreeMap<String, Raised>;

/// How a destination was raised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Raised {
    /// The highest.
    pub severity: Severity,
    /// The highest.
    pub score: f64,
    /// When it was first.
    pub at: Timestamp,
}

/// What becomes of a destination's alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is raised now.
    Appears,
    /// It is not raised any more.
    Vanishes,
    /// Its severity is higher, or its score at the same severity.
    Rises,
    /// Its severity is lower, or its score at the same severity.
    Falls,
    /// It is raised sooner, and ends up the same.
    Earlier,
    /// It is raised later, and ends up the same.
    Later,
}

/// What is different about one destination.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which one.
    pub destination: String,
    /// How it is different.
    pub kind: Kind,
    /// How it was raised.
    pub before: Option<Raised>,
    /// How it is raised with the other configuration.
    pub after: Option<Raised>,
}

impl Raised {
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            severity: finding.severity,
            score: finding.score,
            at: finding.at,
        }
    }

    /// It was raised once more.
    pub(super) fn rise(&mut self, again: &Self) {
        self.severity = self.severity.max(again.severity);
        self.score = self.score.max(again.score);
    }
}

impl Kind {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Appears => "appears",
            Self::Vanishes => "vanishes",
            Self::Rises => "rises",
            Self::Falls => "falls",
            Self::Earlier => "earlier",
            Self::Later => "later",
        }
    }

    /// `None` if nothing is different.
    fn of(before: Option<&Raised>, after: Option<&Raised>) -> Option<Self> {
        let (before, after) = match (before, after) {
            (None, None) => return None,
            (None, Some(_)) => return Some(Self::Appears),
            (Some(_), None) => return Some(Self::Vanishes),
            (Some(before), Some(after)) => (before, after),
        };
        let level = |raised: &Raised| (raised.severity, raised.score);
        if level(after) > level(before) {
            Some(Self::Rises)
        } else if level(after) < level(before) {
            Some(Self::Falls)
        } else if after.at < before.at {
            Some(Self::Earlier)
        } else if after.at > before.at {
            Some(Self::Later)
        } else {
            None
        }
    }
}

/// All that is different, kind by kind.
pub fn changes(before: &Raisings, after: &Raisings) -> Vec<Change> {
    let new = after.keys().filter(|name| !before.contains_key(*name));
    let mut changes: Vec<Change> = before
        .keys()
        .chain(new)
        .filter_map(|destination| {
            let (before, after) = (before.get(destination), after.get(destination));
            Some(Change {
                destination: destination.clone(),
                kind: Kind::of(before, after)?,
                before: before.copied(),
                after: after.copied(),
            })
        })
        .collect();
    changes.sort_by(|a, b| (a.kind, &a.destination).cmp(&(b.kind, &b.destination)));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_different() {
        let raised = |severity, score, at| Raised {
            severity,
            score,
            at: Timestamp(at),
        };
        let high = raised(Severity::High, 4.0, 100);
        let medium = raised(Severity::Medium, 5.0, 100);
        for (name, before, after, kind) in [
            ("neither", None, None, None),
            ("new", None, Some(high), Some(Kind::Appears)),
            ("gone", Some(high), None, Some(Kind::Vanishes)),
            ("the same", Some(high), Some(high), None),
            (
                "severity goes before score",
                Some(medium),
                Some(high),
                Some(Kind::Rises),
            ),
            (
                "lower severity",
                Some(high),
                Some(medium),
                Some(Kind::Falls),
            ),
            (
                "lower score",
                Some(high),
                Some(raised(Severity::High, 3.9, 90)),
                Some(Kind::Falls),
            ),
            (
                "sooner",
                Some(high),
                Some(raised(Severity::High, 4.0, 99)),
                Some(Kind::Earlier),
            ),
            (
                "later",
                Some(high),
                Some(raised(Severity::High, 4.0, 101)),
                Some(Kind::Later),
            ),
        ] {
            let list = |one: Option<Raised>| one.map(|it| ("a.example".to_owned(), it)).into_iter();
            let changes = changes(&list(before).collect(), &list(after).collect());
            assert_eq!(changes.first().map(|it| it.kind), kind, "{name}");
            assert!(
                changes
                    .iter()
                    .all(|it| (it.before, it.after) == (before, after)),
                "{name}"
            );
        }
    }
}
