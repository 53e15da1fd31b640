//! [`Reader`]: whoever looks at a page, as handlers find them among the request's extensions.

use crate::clock::Timestamp;
use crate::language::Language;
use crate::registry::{Caller, Person, Session};

use super::words::Text;

/// Whoever looks at a page.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    /// Who that is, if they have shown it.
    pub(super) access: Option<Access>,
    /// What they read.
    pub(super) language: Language,
    /// When they asked.
    pub(super) now: Timestamp,
    /// The path and query that they asked for.
    pub(super) path: String,
}

/// How somebody has shown who they are.
#[derive(Clone, Debug)]
pub(super) enum Access {
    /// With the cookie of a session.
    Session(Session),
    /// With a token in a header, which no foreign page can send.
    Token(Caller),
}

impl Access {
    /// Who that is.
    pub(super) fn caller(&self) -> &Caller {
        match self {
            Self::Session(session) => &session.caller,
            Self::Token(caller) => caller,
        }
    }

    /// What their forms carry.
    pub(super) fn csrf(&self) -> &str {
        match self {
            Self::Session(session) => &session.csrf,
            Self::Token(_) => "",
        }
    }

    /// The user, if it is one.
    pub(super) fn person(&self) -> Option<&Person> {
        match self {
            Self::Session(session) => session.person.as_ref(),
            Self::Token(_) => None,
        }
    }

    /// Whether all was shown that is asked for.
    pub(super) fn is_full(&self) -> bool {
        match self {
            Self::Session(session) => session.is_full(),
            Self::Token(_) => true,
        }
    }

    /// Whether a form was sent from a page that we gave them.
    pub(super) fn sent(&self, csrf: &str) -> bool {
        match self {
            Self::Session(session) => session.sent(csrf),
            Self::Token(_) => true,
        }
    }
}

impl Reader {
    /// A text in their language.
    pub(super) fn t(&self, text: Text) -> &'static str {
        text.of(self.language)
    }

    /// What stands between two sentences of theirs.
    pub(super) fn gap(&self) -> &'static str {
        self.language.pick(" ", "")
    }
}
