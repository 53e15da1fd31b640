//! Why a case cannot be read or changed.

use super::alert::State;
use crate::ids::AlertId;
use crate::registry::RegistryError;

/// Why a case cannot be read or changed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CasesError {
    /// The control state refuses.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// There is no such alert, or none of its sites may be seen.
    #[error("there is no alert {0}")]
    NoAlert(AlertId),
    /// An alert cannot go from where it is to where it should.
    #[error("the alert is {}: it cannot become {}", from.as_str(), to.as_str())]
    State {
        /// Where it is.
        from: State,
        /// Where it should go.
        to: State,
    },
    /// Somebody cannot look after an alert.
    #[error(
        "{0} cannot be assigned: give the e-mail address of an active user of the alert's organization who may triage"
    )]
    NoAssignee(String),
    /// Nobody said what was done.
    #[error("say in the note what was done: whoever asks later has nothing else to go by")]
    NoNote,
    /// A note is too long.
    #[error("the note is longer than {max} characters", max = super::MAX_NOTE_CHARS)]
    LongNote,
}

impl From<rusqlite::Error> for CasesError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Registry(error.into())
    }
}
