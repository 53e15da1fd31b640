//! What people and tokens may do. [`Role`] is what they are given, [`Right`] what a door asks for.
//!
//! A role says nothing about whose data it is about: that is a [`Scope`](crate::scope::Scope).

use serde::{Deserialize, Serialize};

/// What somebody is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Runs the installation: may do everything, to every organization.
    Operator,
    /// Runs an organization: its merchants, sites, people, tokens and notices.
    Administrator,
    /// Looks at alerts and decides on them.
    Analyst,
    /// A merchant who looks after the own sites and decides on their alerts.
    Merchant,
    /// A merchant who looks.
    MerchantReader,
    /// Reads everything, the audit log included, and changes nothing.
    Auditor,
}

/// What a door asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// To see reports, alerts and sites.
    Read,
    /// To decide on alerts.
    Triage,
    /// To change the organization's merchants, sites, people, tokens and notices.
    Manage,
    /// To read the audit log.
    Audit,
    /// To change what belongs to no organization, and organizations themselves.
    Operate,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Operator,
        Self::Administrator,
        Self::Analyst,
        Self::Merchant,
        Self::MerchantReader,
        Self::Auditor,
    ];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Administrator => "administrator",
            Self::Analyst => "analyst",
            Self::Merchant => "merchant",
            Self::MerchantReader => "merchant-reader",
            Self::Auditor => "auditor",
        }
    }

    /// The role of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether whoever has it may do that.
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::Read => true,
            Right::Triage => !matches!(self, Self::MerchantReader | Self::Auditor),
            Right::Manage => matches!(self, Self::Operator | Self::Administrator),
            Right::Audit => matches!(self, Self::Operator | Self::Administrator | Self::Auditor),
            Right::Operate => self == Self::Operator,
        }
    }

    /// Whether whoever has it may give it to others, or take it from them.
    pub fn may_give(self, other: Self) -> bool {
        match other {
            Self::Operator => self == Self::Operator,
            _ => self.may(Right::Manage),
        }
    }
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Triage,
        Self::Manage,
        Self::Audit,
        Self::Operate,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_do_what() {
        let table = [
            (Role::Operator, "read triage manage audit operate"),
            (Role::Administrator, "read triage manage audit"),
            (Role::Analyst, "read triage"),
            (Role::Merchant, "read triage"),
            (Role::MerchantReader, "read"),
            (Role::Auditor, "read audit"),
        ];
        assert_eq!(table.map(|(role, _)| role), Role::ALL);
        for (role, expected) in table {
            let may = Right::ALL.into_iter().filter(|right| role.may(*right));
            let words: Vec<String> = may.map(|it| format!("{it:?}").to_lowercase()).collect();
            assert_eq!(words.join(" "), expected, "{role:?}");
            assert_eq!(Role::of_word(role.as_str()), Some(role));
            assert!(!role.may_give(Role::Operator) || role == Role::Operator);
        }
    }
}
