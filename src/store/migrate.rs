//! Brings the database up to the schema that this program knows.
//!
//! ClickHouse has no transactions around DDL, so every file may run twice: one that ran without being
//! written down runs again. The rule: a newer or different schema is refused, never changed.

use std::time::Duration;

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::client::{Store, within};
use super::error::StoreError;
use super::migrations::{LATEST, Migration, all};
use super::queries;

/// Longest wait for one migration.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a migration run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Files that were applied now.
    pub applied: u32,
    /// Where the schema stands.
    pub version: u32,
}

#[derive(Debug, Row, Deserialize)]
struct Applied {
    number: u32,
    checksum: String,
}

#[derive(Debug, Row, Serialize)]
struct Record<'a> {
    number: u32,
    name: &'a str,
    checksum: &'a str,
}

impl Store {
    /// Makes the database if it is missing and applies what it has not been through. Safe to run
    /// twice, and by two programs at once.
    ///
    /// # Errors
    /// [`StoreError::Newer`] or [`StoreError::Edited`] if the database belongs to another build; then
    /// nothing was changed. Otherwise why ClickHouse did not do it.
    pub async fn migrate(&self) -> Result<Migrated, StoreError> {
        self.bring_up().await.map_err(StoreError::of_question)
    }

    async fn bring_up(&self) -> Result<Migrated, StoreError> {
        self.make_database().await?;
        if let Some(first) = all().first() {
            let query = self.client.query_raw(first.sql);
            within(self.read_timeout, query.execute()).await?;
        }
        let applied = self.applied().await?;
        check(&applied)?;
        let mut count = 0;
        for migration in all() {
            if applied.iter().any(|a| a.number == migration.number) {
                continue;
            }
            self.apply(migration).await?;
            count += 1;
        }
        Ok(Migrated {
            applied: count,
            version: LATEST,
        })
    }

    async fn make_database(&self) -> Result<(), StoreError> {
        // The name was checked to be plain when the store was made.
        let sql = format!("CREATE DATABASE IF NOT EXISTS `{}`", self.database);
        within(self.read_timeout, self.server.query_raw(&sql).execute()).await
    }

    async fn applied(&self) -> Result<Vec<Applied>, StoreError> {
        let rows = self.client.query_raw(queries::APPLIED).fetch_all();
        within(self.read_timeout, rows).await
    }

    async fn apply(&self, migration: &Migration) -> Result<(), StoreError> {
        self.statement(migration).await?;
        let checksum = migration.checksum();
        let record = Record {
            number: migration.number,
            name: migration.name,
            checksum: &checksum,
        };
        within(PATIENCE, async {
            let mut insert = self
                .client
                .insert::<Record<'_>>("schema_migrations")
                .await?;
            insert.write(&record).await?;
            insert.end().await
        })
        .await?;
        tracing::info!(
            number = migration.number,
            name = migration.name,
            "schema migrated"
        );
        Ok(())
    }

    async fn statement(&self, migration: &Migration) -> Result<(), StoreError> {
        let mut query = self.client.query_raw(migration.sql);
        if migration.name.starts_with("rewrite_") {
            // It goes on in the background: nobody waits for it.
            query = query.with_setting("mutations_sync", "0");
        }
        within(PATIENCE, query.execute()).await
    }
}

fn check(applied: &[Applied]) -> Result<(), StoreError> {
    let found = applied.iter().map(|a| a.number).max().unwrap_or(0);
    if found > LATEST {
        return Err(StoreError::Newer {
            found,
            known: LATEST,
        });
    }
    for migration in all() {
        let checksum = migration.checksum();
        let differs = |a: &&Applied| a.number == migration.number && a.checksum != checksum;
        if applied.iter().any(|a| differs(&a)) {
            return Err(StoreError::Edited {
                number: migration.number,
                name: migration.name.to_owned(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(number: u32, checksum: &str) -> Applied {
        Applied {
            number,
            checksum: checksum.to_owned(),
        }
    }

    #[test]
    fn numbers_have_no_gaps() {
        let numbers: Vec<u32> = all().iter().map(|m| m.number).collect();
        assert_eq!(numbers, (1..=LATEST).collect::<Vec<_>>());
    }

    #[test]
    fn foreign_schemas_are_refused() {
        let first = all()[0].checksum();
        assert!(check(&[]).is_ok());
        assert!(check(&[seen(1, &first)]).is_ok());
        let newer = check(&[seen(1, &first), seen(LATEST + 1, "x")]);
        assert!(matches!(newer, Err(StoreError::Newer { found, .. }) if found == LATEST + 1));
        let edited = check(&[seen(1, "other")]);
        assert!(matches!(edited, Err(StoreError::Edited { number: 1, .. })));
    }
}
