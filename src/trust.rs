//! What people vouch for: [`Trusted`] says whether a destination is trusted at a site.
//!
//! The rule: it is what somebody decided, and no evidence of its own. What becomes of a report from a trusted
//! destination is for detection to say.

use std::collections::{HashMap, HashSet};

use crate::ids::SiteId;

/// The destinations that are trusted, by registrable domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trusted {
    /// At every site.
    pub everywhere: HashSet<String>,
    /// At one site alone.
    pub at: HashMap<SiteId, HashSet<String>>,
}

impl Trusted {
    /// Whether a destination is trusted at this site.
    pub fn covers(&self, site: &SiteId, destination: &str) -> bool {
        self.everywhere.contains(destination)
            || self
                .at
                .get(site)
                .is_some_and(|here| here.contains(destination))
    }
}

/// Of destinations, and the site of those that are trusted at one alone.
impl FromIterator<(String, Option<SiteId>)> for Trusted {
    fn from_iter<I: IntoIterator<Item = (String, Option<SiteId>)>>(trusts: I) -> Self {
        let mut all = Self::default();
        for (destination, site) in trusts {
            let among = match site {
                Some(site) => all.at.entry(site).or_default(),
                None => &mut all.everywhere,
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
    fn a_site_trusts_for_itself_and_the_list_of_all_for_everybody() {
        let site = |id| SiteId::new(id).expect("a plain id");
        let trusted: Trusted = [
            ("everywhere.example".to_owned(), None),
            ("here.example".to_owned(), Some(site("a"))),
        ]
        .into_iter()
        .collect();
        for (name, at, destination, covered) in [
            ("of all", "a", "everywhere.example", true),
            ("of all, at another", "b", "everywhere.example", true),
            ("of one", "a", "here.example", true),
            ("of one, at another", "b", "here.example", false),
            ("of none", "a", "other.example", false),
            ("below one", "a", "cdn.here.example", false),
        ] {
            assert_eq!(trusted.covers(&site(at), destination), covered, "{name}");
        }
    }
}
