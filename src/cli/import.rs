//! `skimwatch import` and `export`: many sites at once.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{admin, output};
use crate::app;
use crate::config::Config;
use crate::ids::OrganizationId;
use crate::registry::{
    Bulk, BulkAnswer, ExportFormat, Keys, Line, Outcome, Verdict, lines_of_csv, lines_of_json,
};

/// Largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 512 << 20;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// JSON: {"merchants": [{"key": "…", "name": "…", "domains": ["…"]}, …]}. Or a table, if its name ends in .csv: the
    /// first line names the columns, lists are separated by spaces; `skimwatch export --format csv` writes one.
    file: PathBuf,
    /// Whose sites these are. They are shared with it under their keys as its names for them.
    #[arg(long, value_name = "ID", default_value = "operator")]
    organization: OrganizationId,
    /// The keys in the file are what the organization calls its sites: new ones get ids and keys that nobody guesses.
    #[arg(long)]
    references: bool,
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// One JSON object: what was done, and a verdict for each line.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// Whose sites.
    #[arg(long, value_name = "ID", default_value = "operator")]
    organization: OrganizationId,
    /// What is written.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Where it goes; standard output without it.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// All that is known.
    Json,
    /// A table for a spreadsheet.
    Csv,
}

/// `skimwatch import FILE`.
pub(super) fn import(config: &Config, how: &Import) -> anyhow::Result<()> {
    let lines = read(&how.file)?;
    let registry = admin::open_registry(config)?;
    let bulk = Bulk {
        organization: &how.organization,
        author: &admin::author(),
        keys: if how.references {
            Keys::References
        } else {
            Keys::Given
        },
        dry_run: how.dry_run,
    };
    let answer = registry.bulk(lines, &bulk)?;
    if answer.applied {
        registry.publish(&app::snapshot_path(config))?;
    }
    tell(how, &answer);
    let refused = answer.count().refused;
    anyhow::ensure!(
        refused == 0,
        "{} was not imported, nothing was changed: {refused} of {} lines cannot be used",
        how.file.display(),
        answer.verdicts.len()
    );
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Vec<Line>> {
    let unreadable = || format!("{} cannot be read", file.display());
    let size = std::fs::metadata(file).with_context(unreadable)?.len();
    anyhow::ensure!(
        size <= MAX_FILE_BYTES,
        "{} is larger than {} MB: cut it into several",
        file.display(),
        MAX_FILE_BYTES >> 20
    );
    let bytes = std::fs::read(file).with_context(unreadable)?;
    let is_table = file
        .extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("csv"));
    let lines = if is_table {
        lines_of_csv(&bytes)
    } else {
        let text = std::str::from_utf8(&bytes).with_context(unreadable)?;
        lines_of_json(text)
    };
    lines.with_context(|| format!("{} was not imported, nothing was changed", file.display()))
}

fn tell(how: &Import, answer: &BulkAnswer) {
    let count = answer.count();
    if how.json {
        let whole = json!({
            "applied": answer.applied, "dry_run": how.dry_run,
            "summary": count, "verdicts": answer.verdicts,
        });
        output::line(&whole.to_string());
        return;
    }
    for verdict in &answer.verdicts {
        let is_refused = matches!(verdict.outcome, Outcome::Refused(_));
        // All of them in a dry run; else what went wrong.
        if how.dry_run {
            output::line(&described(verdict));
        } else if is_refused {
            output::progress(&described(verdict));
        }
    }
    if count.refused > 0 && !how.dry_run {
        return;
    }
    output::line(&format!(
        "{} added, {} changed, {} unchanged{}",
        count.added,
        count.changed,
        count.unchanged,
        if how.dry_run {
            " (dry run: nothing was changed)"
        } else {
            ""
        }
    ));
}

fn described(verdict: &Verdict) -> String {
    let (line, key) = (verdict.line, &verdict.key);
    let what = match &verdict.outcome {
        Outcome::Added => "is added".to_owned(),
        Outcome::Changed(fields) => format!("changes: {}", fields.join(", ")),
        Outcome::Unchanged => "stays as it is".to_owned(),
        Outcome::Refused(what) => format!("cannot be used: {what}"),
    };
    format!("line {line}\t{key}\t{what}")
}

/// `skimwatch export`.
pub(super) fn export(config: &Config, how: &Export) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let scope = registry.scope(&how.organization)?;
    let format = match how.format {
        Format::Json => ExportFormat::Json,
        Format::Csv => ExportFormat::Csv,
    };
    let Some(path) = &how.to else {
        let mut out = Vec::new();
        registry.export_sites(&scope, format, &mut out)?;
        output::answer(&out);
        return Ok(());
    };
    let file =
        File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    let mut out = BufWriter::new(file);
    let exported = registry.export_sites(&scope, format, &mut out)?;
    out.flush()?;
    output::line(&format!(
        "{} sites written to {}",
        exported.0,
        path.display()
    ));
    Ok(())
}
