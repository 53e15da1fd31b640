//! Whose it is to look at an alert. The rule: only whoever may do something about it.

use rusqlite::{OptionalExtension as _, params};
use serde_json::json;

use super::error::CasesError;
use super::event::What;
use super::record::add_event;
use super::{Cases, queries};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::registry::{Author, Deed};
use crate::role::{Right, Role};
use crate::scope::Scope;

impl Cases {
    /// Gives an alert in scope to a user, by their e-mail address; to nobody if that is empty. Whoever has it already
    /// keeps it without a trace.
    ///
    /// # Errors
    /// [`CasesError::NoAlert`], [`CasesError::NoAssignee`].
    pub fn assign(
        &self,
        scope: &Scope,
        id: &AlertId,
        (author, at): (&Author, Timestamp),
        assignee: &str,
    ) -> Result<(), CasesError> {
        let assignee = assignee.trim().to_lowercase();
        if self.alert(scope, id)?.is_none() {
            return Err(CasesError::NoAlert(id.clone()));
        }
        self.registry.change(|change, journal| {
            let found: Option<(String, String)> = change
                .query_row(queries::ASSIGNEE, [id.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            let (organization, before) = found.ok_or_else(|| CasesError::NoAlert(id.clone()))?;
            if before == assignee {
                return Ok(());
            }
            let values = params![organization, assignee, triaging()];
            let may: bool = change.query_row(queries::MAY_BE_ASSIGNED, values, |row| row.get(0))?;
            if !may && !assignee.is_empty() {
                return Err(CasesError::NoAssignee(assignee));
            }
            change.execute(queries::ASSIGN, params![id.as_str(), assignee])?;
            add_event(change, id, (at, author.name()), (What::Assigned, &assignee))?;
            journal.note(&Deed {
                actor: author.name(),
                organization: &organization,
                action: "alert.assigned",
                subject: id.as_str(),
                detail: json!({ "from": before, "to": assignee }),
            })?;
            Ok(())
        })
    }
}

/// The roles that may do something about alerts, as a JSON array.
fn triaging() -> String {
    let roles = Role::ALL.into_iter().filter(|role| role.may(Right::Triage));
    json!(roles.map(Role::as_str).collect::<Vec<_>>()).to_string()
}
