//! What organizations were told last, for those who look after it.

use rusqlite::{Row, params};

use super::super::database::Registry;
use super::super::error::RegistryError;
use super::announce::severity;
use super::queries;
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::{AlertId, OrganizationId};

/// Most notices of one answer.
pub const MAX_TOLD: u32 = 100;

/// A notice and what became of it at a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What people call the channel.
    pub channel: String,
    /// Whose channel it is.
    pub organization: String,
    /// `waiting`, `held`, `sent`, `given-up`.
    pub state: String,
    /// Since when there is something to tell.
    pub at: Timestamp,
    /// When the receiver took it; none until then.
    pub sent_at: Option<Timestamp>,
    /// What it is about; none of a test.
    pub alert: Option<AlertId>,
    /// How urgent it is.
    pub severity: Severity,
}

impl Registry {
    /// The newest notices of an organization, or of all, at each of its channels.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn told(
        &self,
        organization: Option<&OrganizationId>,
        limit: u32,
    ) -> Result<Vec<Told>, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::TOLD)?;
        let organization = organization.map(OrganizationId::as_str);
        let mut rows = statement.query(params![organization, limit.clamp(1, MAX_TOLD)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row)?);
        }
        Ok(found)
    }
}

fn read(row: &Row<'_>) -> Result<Told, RegistryError> {
    let (alert, urgency): (String, String) = (row.get(5)?, row.get(6)?);
    let damaged = || RegistryError::Damaged(format!("notice about {alert}"));
    Ok(Told {
        channel: row.get(0)?,
        organization: row.get(1)?,
        state: row.get(2)?,
        at: Timestamp(row.get(3)?),
        sent_at: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        alert: (!alert.is_empty())
            .then(|| alert.parse().map_err(|_invalid| damaged()))
            .transpose()?,
        severity: severity(&urgency)?,
    })
}
