//! What is to be erased: [`Erasure`] says of whom and up to when, [`Erased`] finds it again.
//!
//! The rule: an erasure covers what was received up to its moment, wherever that is at that moment: in
//! ClickHouse, in the log, on its way between them, or set aside. What comes in later stays.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::ids::SiteId;

/// How long what comes in late is looked through by itself. A client's pseudonym is kept as long in the control
/// state, and then forgotten.
pub const IN_FORCE: Duration = Duration::from_secs(90 * 24 * 3600);

/// Whose data it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Everything that came in for a site.
    Site(SiteId),
    /// The reports of a client, at whatever site, by its pseudonym. Never 0, which stands in rows of no client.
    Client(NonZeroU64),
}

impl Target {
    /// The word in rows and answers.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Site(_) => "site",
            Self::Client(_) => "client",
        }
    }

    /// The id of the site, or the pseudonym in decimal digits.
    pub fn name(&self) -> String {
        match self {
            Self::Site(site) => site.to_string(),
            Self::Client(client) => client.to_string(),
        }
    }

    /// The target of a kind and a name; `None` for any other text.
    pub fn of_words(kind: &str, name: &str) -> Option<Self> {
        match kind {
            "site" => SiteId::new(name).ok().map(Self::Site),
            "client" => name.parse().ok().map(Self::Client),
            _ => None,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.name())
    }
}

/// Whose data is erased, and up to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Whose.
    pub target: Target,
    /// The last moment of receipt that it covers, by the clock of the host that asked for it.
    pub until: Timestamp,
}

impl Erasure {
    /// Whether it covers a report.
    pub fn covers(&self, site: &str, client: u64, received_at: Timestamp) -> bool {
        let is_of_target = match &self.target {
            Target::Site(id) => id.as_str() == site,
            Target::Client(id) => id.get() == client,
        };
        is_of_target && received_at <= self.until
    }
}

/// All that is erased: of each target up to when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    sites: HashMap<SiteId, Timestamp>,
    clients: HashMap<u64, Timestamp>,
}

impl Erased {
    /// Whether one of the erasures covers a report of the site.
    pub fn covers(&self, site: &SiteId, client: u64, received_at: Timestamp) -> bool {
        self.covers_site(site, received_at)
            || self
                .clients
                .get(&client)
                .is_some_and(|until| received_at <= *until)
    }

    /// Whether an erasure of the site covers what was received then.
    pub fn covers_site(&self, site: &SiteId, received_at: Timestamp) -> bool {
        self.sites
            .get(site)
            .is_some_and(|until| received_at <= *until)
    }
}

impl FromIterator<Erasure> for Erased {
    fn from_iter<I: IntoIterator<Item = Erasure>>(erasures: I) -> Self {
        let mut all = Self::default();
        for Erasure { target, until } in erasures {
            let known = match target {
                Target::Site(site) => all.sites.entry(site).or_default(),
                Target::Client(client) => all.clients.entry(client.get()).or_default(),
            };
            *known = until.max(*known);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_only_as_they_are_written() {
        for (kind, name, is_one) in [
            ("site", "shop-1", true),
            ("site", "", false),
            ("site", "a' OR 1 = 1 --", false),
            ("site", "a\nb", false),
            ("client", "18446744073709551615", true),
            ("client", "18446744073709551616", false),
            ("client", "0", false),
            ("client", "-1", false),
            ("client", "1 OR 1", false),
            ("client", "1\n", false),
            ("network", "1", false),
        ] {
            let target = Target::of_words(kind, name);
            assert_eq!(target.is_some(), is_one, "{kind} {name:?}");
            if let Some(target) = target {
                assert_eq!((target.kind(), target.name().as_str()), (kind, name));
            }
        }
    }

    #[test]
    fn what_is_covered() {
        let erasure = |kind, name, until| Erasure {
            target: Target::of_words(kind, name).expect("a target"),
            until: Timestamp(until),
        };
        let all = [
            erasure("site", "a", 10),
            erasure("client", "7", 20),
            // An older one takes nothing back.
            erasure("client", "7", 15),
        ];
        let erased: Erased = all.iter().cloned().collect();
        for (site, client, at, covered) in [
            ("a", 1, 10, true),
            ("a", 1, 11, false),
            ("b", 1, 10, false),
            ("b", 7, 20, true),
            ("b", 7, 21, false),
            ("b", 0, 1, false),
        ] {
            let id = SiteId::new(site).expect("a plain id");
            assert_eq!(
                erased.covers(&id, client, Timestamp(at)),
                covered,
                "{site} {client} {at}"
            );
            let one = all.iter().any(|it| it.covers(site, client, Timestamp(at)));
            assert_eq!(one, covered, "{site} {client} {at}");
        }
    }
}
