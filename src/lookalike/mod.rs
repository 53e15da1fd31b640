//! Whether a domain imitates another: a service that checkout pages use, or one of the merchant's own.
//!
//! [`likeness`] is the one to call; it says which domain is imitated and in which [`Way`]. The rule: in doubt it is no
//! imitation. Whatever stands in the lists of [`services`] or is the merchant's is none, and what
//! reads like any small company's name is none. Skimmers do not need such names, so that there is none says nothing.

mod brands;
mod glyphs;
mod name;
mod own;
mod slips;
mod words;

use crate::services;

use name::Name;

/// What a domain imitates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// The domain that it is taken for.
    pub of: String,
    /// How.
    pub way: Way,
}

/// How a domain imitates another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Characters that look alike: `paypa1.com`.
    Confusable,
    /// One slip of the finger: `hotjr.com`.
    Misspelled,
    /// The same name under a suffix that is sold to anybody: `stripe.top`.
    Suffix,
    /// The name with words of the web: `jquery-cdn.com`.
    Joined,
}

impl Way {
    /// As it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confusable => "confusable",
            Self::Misspelled => "misspelled",
            Self::Suffix => "suffix",
            Self::Joined => "joined",
        }
    }
}

/// What a registrable domain in lower case imitates, of well-known services and of the merchant's own domains.
pub fn likeness<'a>(domain: &str, own: impl Iterator<Item = &'a str>) -> Option<Likeness> {
    if services::find(domain).is_some() {
        return None;
    }
    let name = Name::of(domain)?;
    let mut of_own = None;
    for own in own {
        if psl::domain_str(own) == Some(domain) {
            return None;
        }
        of_own = of_own.or_else(|| own::likeness(&name, own));
    }
    brands::likeness(&name).or(of_own)
}

#[cfg(test)]
mod tests;
