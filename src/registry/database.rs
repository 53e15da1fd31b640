//! The file and its two connections: a long change keeps no reader waiting.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::RegistryError;
use super::idempotency::Made;
use super::portfolios::Portfolios;
use super::{audit, idempotency, queries};
use crate::clock::SharedClock;
use crate::private;
use crate::sites::Draft;

/// Longest wait for another process that is writing.
const BUSY: Duration = Duration::from_secs(10);

/// Schemas in order; `user_version` of the file says how many it has been through.
const SCHEMAS: [&str; 14] = [
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0001_create_control.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0002_create_cases.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0003_add_harmless_parameters.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0004_create_erasures.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0005_create_trusts.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0006_tell_accounts.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0007_create_campaign_members.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0008_create_organizations.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0009_create_people.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0010_create_notices.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0011_number_events.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0012_time_triage.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0013_assign_alerts.sql"
    )),
    include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/schema/control/0014_block_destinations.sql"
    )),
];

/// Memory that SQLite may take for pages of the file, in KiB: usually, and for a change of very many rows.
const CACHE: i64 = 2000;
const MUCH_CACHE: i64 = 128 * 1024;

/// Sites read at a time for a snapshot.
const STRIDE: u32 = 1000;

/// The control state. Its methods block on the disk.
#[derive(Debug)]
pub struct Registry {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    pub(super) clock: SharedClock,
    pub(super) portfolios: Mutex<Portfolios>,
}

/// Who did what to what.
#[derive(Debug)]
pub struct Deed<'a> {
    /// A person, or the part of the program that did it by itself.
    pub actor: &'a str,
    /// Whose log it belongs in: the id of an organization.
    pub organization: &'a str,
    /// `site.added`, `alert.raised`, …
    pub action: &'static str,
    /// The id of what it was done to.
    pub subject: &'a str,
    /// What else is worth knowing; never a secret.
    pub detail: serde_json::Value,
}

impl Registry {
    /// Opens the file, making it if it is missing. Several processes may have it open.
    ///
    /// # Errors
    /// [`RegistryError::Newer`] if a newer program made it, [`RegistryError::Database`] if it cannot be
    /// opened.
    pub fn open(path: &Path, clock: SharedClock) -> Result<Self, RegistryError> {
        // SQLite would make it readable to others; its companions copy its mode.
        let made = private::options().create(true).truncate(false).open(path)?;
        drop(made);
        let mut writer = connect(path)?;
        bring_up_to_date(&mut writer)?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(connect(path)?),
            clock,
            portfolios: Mutex::default(),
        })
    }

    /// Version of the control state: it grows with each change.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn version(&self) -> Result<u64, RegistryError> {
        version(&self.lock())
    }

    /// The number of changes of what collectors know of sites: whoever publishes looks at this number alone.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read.
    pub fn sites_version(&self) -> Result<i64, RegistryError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(queries::SITES_VERSION)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Writes the snapshot that collectors read, and says which version it is. Two processes that
    /// publish at once do so one after the other, the newer version last.
    ///
    /// # Errors
    /// [`RegistryError::Snapshot`] if it cannot be written; then the old one stands.
    pub fn publish(&self, snapshot: &Path) -> Result<u64, RegistryError> {
        let mut connection = self.lock_writer();
        // Immediate: it holds the file's one write lock until the snapshot stands.
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version = version(&change)?;
        let mut draft = Draft::begin(snapshot, version)?;
        let mut last = None;
        loop {
            let page = super::sites::page(&change, last.as_ref(), STRIDE)?;
            page.iter().try_for_each(|entry| draft.add(&entry.record))?;
            match page.into_iter().last() {
                Some(entry) => last = Some(entry.record.id),
                None => break,
            }
        }
        draft.publish()?;
        Ok(version)
    }

    /// One change: the transaction, its entries in the audit log, and one more version. What `work`
    /// returns beside its deeds is handed through; without deeds the version stays.
    pub(crate) fn change<T, E: From<RegistryError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Journal<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock_writer();
        let change = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(RegistryError::from)?;
        let mut journal = Journal {
            change: &change,
            at: self.clock.now().0,
            entries: 0,
            made: Made::default(),
        };
        let once = idempotency::begin(&change, journal.at)?;
        let result = work(&change, &mut journal)?;
        idempotency::end(once, &change, (journal.at, &journal.made))?;
        if journal.entries > 0 {
            change
                .execute(queries::NEXT_VERSION, [])
                .map_err(RegistryError::from)?;
        }
        change.commit().map_err(RegistryError::from)?;
        Ok(result)
    }

    /// The same for a change of very many rows: what it changes is held in memory until it ends, instead of being written
    /// to the disk and read back again and again.
    pub(super) fn change_much<T, E: From<RegistryError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Journal<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let cache = |kibibytes: i64| {
            // SQLite counts pages unless the number is negative.
            let set = self
                .lock_writer()
                .pragma_update(None, "cache_size", -kibibytes);
            set.map_err(RegistryError::from)
        };
        cache(MUCH_CACHE)?;
        let done = self.change(work);
        cache(CACHE)?;
        let freed = self.lock_writer().execute_batch("PRAGMA shrink_memory");
        freed.map_err(RegistryError::from)?;
        done
    }

    /// The connection for reads. They see every change that has ended.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_writer(&self) -> MutexGuard<'_, Connection> {
        // A panic inside a change rolled its transaction back: the connection is sound.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the deeds of one change down.
#[derive(Debug)]
pub struct Journal<'a> {
    change: &'a Transaction<'a>,
    at: i64,
    entries: usize,
    /// The first deed.
    made: Made,
}

impl Journal<'_> {
    /// The change itself.
    pub(super) fn transaction(&self) -> &Transaction<'_> {
        self.change
    }

    /// The moment of the change, in milliseconds since 1970.
    pub(super) fn at(&self) -> i64 {
        self.at
    }

    /// Appends a deed to the audit log, within the change.
    ///
    /// # Errors
    /// [`RegistryError`] if SQLite refuses.
    pub fn note(&mut self, deed: &Deed<'_>) -> Result<(), RegistryError> {
        if self.entries == 0 {
            self.made = Made {
                action: deed.action.to_owned(),
                subject: deed.subject.to_owned(),
            };
        }
        self.entries += 1;
        audit::append(self.change, self.at, deed)
    }
}

fn connect(path: &Path) -> Result<Connection, RegistryError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What an erasure takes out is overwritten, not left in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    // Every statement has a place of its own: lists are asked for again and again.
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

fn version(connection: &Connection) -> Result<u64, RegistryError> {
    let version: i64 = connection.query_row(queries::VERSION, [], |row| row.get(0))?;
    u64::try_from(version).map_err(|e| RegistryError::Damaged(format!("version {version}: {e}")))
}

fn bring_up_to_date(connection: &mut Connection) -> Result<(), RegistryError> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = u32::try_from(SCHEMAS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(RegistryError::Newer { found, known });
    }
    for schema in SCHEMAS.iter().skip(found as usize) {
        change.execute_batch(schema)?;
    }
    change.pragma_update(None, "user_version", known)?;
    change.commit()?;
    Ok(())
}
