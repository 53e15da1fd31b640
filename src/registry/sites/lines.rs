//! [`SiteLine`]: what a list of all sites shows of one, read without the rest.

use rusqlite::params;

use super::{id, parse};
use crate::ids::SiteId;
use crate::registry::{Registry, RegistryError, queries};
use crate::scope::Scope;

/// A site in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteLine {
    /// Stable for ever.
    pub id: SiteId,
    /// Its name; the id if it has none.
    pub name: String,
    /// Shop software; empty if not told.
    pub platform: String,
    /// How it takes payments: `js`, `link`; empty if not told.
    pub integration: String,
    /// Words to find it by.
    pub labels: Vec<String>,
}

impl Registry {
    /// All sites in scope, in the order of their ids.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn site_lines(&self, scope: &Scope) -> Result<Vec<SiteLine>, RegistryError> {
        let organization = scope.portfolio().map(|it| it.organization().as_str());
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::SITE_LINES)?;
        let mut rows = statement.query(params![organization])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.push(SiteLine {
                id: id(&row.get::<_, String>(0)?)?,
                name: row.get(1)?,
                platform: row.get(2)?,
                integration: row.get(3)?,
                labels: parse(row, 4)?,
            });
        }
        Ok(lines)
    }
}
