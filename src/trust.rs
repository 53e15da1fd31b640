//! What people decided about destinations: [`Verdicts`] says what holds for a destination at a site.
//!
//! The rule: it is what somebody decided, and no evidence of its own. What becomes of a report from a trusted or a
//! blocked destination is for detection to say. Where both hold, it is blocked: who is vouched for can turn bad.

use std::collections::{HashMap, HashSet};

use crate::ids::SiteId;

/// What somebody decided about a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Somebody vouches for it.
    Approved,
    /// It is known to be bad.
    Blocked,
}

/// Destinations of one verdict, by registrable domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// At every site.
    pub everywhere: HashSet<String>,
    /// At one site alone.
    pub at: HashMap<SiteId, HashSet<String>>,
}

/// All that people decided about destinations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// What somebody vouches for.
    pub approved: Listed,
    /// What is known to be bad.
    pub blocked: Listed,
}

impl Verdict {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Approved, Self::Blocked];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Blocked => "blocked",
        }
    }

    /// The verdict of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

impl Listed {
    /// Whether a destination is listed for this site.
    pub fn covers(&self, site: &SiteId, destination: &str) -> bool {
        self.everywhere.contains(destination)
            || self
                .at
                .get(site)
                .is_some_and(|here| here.contains(destination))
    }

    /// All that are listed for any site.
    pub fn destinations(&self) -> HashSet<&str> {
        let here = self.at.values().flatten();
        here.chain(&self.everywhere).map(String::as_str).collect()
    }

    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.everywhere.is_empty() && self.at.is_empty()
    }
}

impl Verdicts {
    /// What holds for a destination at this site.
    pub fn of(&self, site: &SiteId, destination: &str) -> Option<Verdict> {
        if self.blocked.covers(site, destination) {
            Some(Verdict::Blocked)
        } else if self.approved.covers(site, destination) {
            Some(Verdict::Approved)
        } else {
            None
        }
    }
}

/// Of destinations, the site of a verdict that is for one alone, and the verdict.
impl FromIterator<(String, Option<SiteId>, Verdict)> for Verdicts {
    fn from_iter<I: IntoIterator<Item = (String, Option<SiteId>, Verdict)>>(verdicts: I) -> Self {
        let mut all = Self::default();
        for (destination, site, verdict) in verdicts {
            let listed = match verdict {
                Verdict::Approved => &mut all.approved,
                Verdict::Blocked => &mut all.blocked,
            };
            let among = match site {
                Some(site) => listed.at.entry(site).or_default(),
                None => &mut listed.everywhere,
            };
            among.insert(destination);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_decides_for_itself_and_the_list_of_all_for_everybody() {
        let site = |id| SiteId::new(id).expect("a plain id");
        let verdicts: Verdicts = [
            ("everywhere.example", None, Verdict::Approved),
            ("here.example", Some("a"), Verdict::Approved),
            ("bad.example", None, Verdict::Blocked),
            ("bad.example", Some("a"), Verdict::Approved),
            ("turned.example", None, Verdict::Approved),
            ("turned.example", Some("a"), Verdict::Blocked),
        ]
        .into_iter()
        .map(|(name, at, verdict)| (name.to_owned(), at.map(site), verdict))
        .collect();
        let (approved, blocked) = (Some(Verdict::Approved), Some(Verdict::Blocked));
        for (name, at, destination, expected) in [
            ("of all", "a", "everywhere.example", approved),
            ("of all, at another", "b", "everywhere.example", approved),
            ("of one", "a", "here.example", approved),
            ("of one, at another", "b", "here.example", None),
            ("of none", "a", "other.example", None),
            ("below one", "a", "cdn.here.example", None),
            ("blocked", "b", "bad.example", blocked),
            (
                "blocked for all, approved here",
                "a",
                "bad.example",
                blocked,
            ),
            (
                "approved for all, blocked here",
                "a",
                "turned.example",
                blocked,
            ),
            (
                "approved for all, blocked elsewhere",
                "b",
                "turned.example",
                approved,
            ),
        ] {
            assert_eq!(verdicts.of(&site(at), destination), expected, "{name}");
        }
        let listed = HashSet::from(["bad.example", "turned.example"]);
        assert_eq!(verdicts.blocked.destinations(), listed);
        assert!(!verdicts.blocked.is_empty() && Listed::default().is_empty());
    }
}
