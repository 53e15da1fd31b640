//! The sites of a reader, as a file that an import takes back.

use std::io::Write;

use serde_json::{Value, json};

use super::super::database::Registry;
use super::super::error::RegistryError;
use super::super::sites::{MAX_PAGE, SiteEntry};
use super::super::{merchants, queries};
use super::table;
use crate::ids::SiteId;
use crate::scope::Scope;

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// `{"format": 1, "merchants": […]}`, with all fields.
    Json,
    /// A table: what has a column, which the rest of `payment`, and `csp`, have not.
    Csv,
}

/// How many sites were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported(pub usize);

impl Registry {
    /// Writes the sites in scope. Their keys are named as the organization calls them, else by their ids.
    ///
    /// # Errors
    /// [`RegistryError`] if the file cannot be read, or `out` cannot be written.
    pub fn export_sites(
        &self,
        scope: &Scope,
        format: ExportFormat,
        out: &mut impl Write,
    ) -> Result<Exported, RegistryError> {
        let mut written = 0;
        let mut after: Option<SiteId> = None;
        begin(format, out)?;
        loop {
            let page = self.sites(scope, after.as_ref(), MAX_PAGE)?;
            let Some(last) = page.last() else {
                break;
            };
            after = Some(last.record.id.clone());
            for entry in &page {
                let (reference, merchant) = self.names_of(scope, entry)?;
                let key = match reference.as_str() {
                    "" => entry.record.id.as_str(),
                    reference => reference,
                };
                match format {
                    ExportFormat::Json => {
                        let separator = if written == 0 { "\n" } else { ",\n" };
                        write!(out, "{separator}{}", object(entry, (key, &merchant)))?;
                    }
                    ExportFormat::Csv => row(out, &table::cells(entry, (key, &merchant)))?,
                }
                written += 1;
            }
        }
        if format == ExportFormat::Json {
            writeln!(out, "\n]}}")?;
        }
        Ok(Exported(written))
    }

    /// What the reader's organization calls a site, and the name of its merchant.
    fn names_of(
        &self,
        scope: &Scope,
        entry: &SiteEntry,
    ) -> Result<(String, String), RegistryError> {
        let connection = self.lock();
        let values = [scope.organization(), entry.record.id.as_str()];
        let reference = connection
            .prepare_cached(queries::REFERENCE)?
            .query_row(values, |row| row.get(0));
        let reference = match reference {
            Err(rusqlite::Error::QueryReturnedNoRows) => String::new(),
            reference => reference?,
        };
        let merchant = merchants::row(&connection, &entry.merchant)?;
        Ok((reference, merchant.map(|it| it.0).unwrap_or_default()))
    }
}

fn begin(format: ExportFormat, out: &mut impl Write) -> Result<(), RegistryError> {
    match format {
        ExportFormat::Json => write!(out, "{{\"format\":1,\"merchants\":[")?,
        ExportFormat::Csv => row(out, &table::COLUMNS)?,
    }
    Ok(())
}

fn row(out: &mut impl Write, cells: &[impl AsRef<[u8]>]) -> Result<(), RegistryError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    let written = writer.write_record(cells).map_err(std::io::Error::from);
    written.and_then(|()| writer.flush())?;
    Ok(())
}

fn object(entry: &SiteEntry, (key, merchant_name): (&str, &str)) -> Value {
    let record = &entry.record;
    json!({
        "key": key,
        "site": record.id,
        "name": record.name,
        "country": entry.country,
        "platform": entry.platform,
        "domains": record.domains,
        "checkout_paths": record.checkout_paths,
        "admin_paths": record.admin_paths,
        "payment": entry.payment,
        "csp": entry.csp,
        "policy": entry.policy,
        "harmless_parameters": record.harmless_parameters,
        "rate": record.rate,
        "retention_days": record.retention_days,
        "merchant": entry.merchant,
        "merchant_name": merchant_name,
        "labels": entry.labels,
        "keys": record.keys,
    })
}
