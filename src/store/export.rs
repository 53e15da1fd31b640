//! Reports as files, made by ClickHouse and handed through piece by piece.

use std::time::Duration;

use super::client::{Store, within};
use super::error::StoreError;
use super::filter::ReportFilter;
use super::queries;
use super::raw::RawAnswer;
use crate::role::Role;
use crate::scope::Scope;

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// A JSON object on each line.
    NdJson,
    /// Values separated by commas, with names in the first line.
    Csv,
    /// Columns, for programs.
    Parquet,
}

/// How many reports one file may hold, and how long it may take, by who asks for it.
pub fn export_bounds(role: Role) -> (u64, Duration) {
    match role {
        Role::Operator => (10_000_000, Duration::from_secs(600)),
        Role::Administrator | Role::Analyst | Role::Auditor => {
            (2_000_000, Duration::from_secs(300))
        }
        Role::Merchant | Role::MerchantReader => (200_000, Duration::from_secs(60)),
    }
}

/// A column of a file.
struct Column {
    name: &'static str,
    /// How it is made; empty if it is there as it is.
    made: &'static str,
    /// Whether what stands in it is text that somebody else wrote.
    text: bool,
}

const fn text(name: &'static str) -> Column {
    Column {
        name,
        made: "",
        text: true,
    }
}

const fn number(name: &'static str) -> Column {
    Column {
        name,
        made: "",
        text: false,
    }
}

/// Numbers of 64 bits, and the list, as the pages of the API show them.
const fn made(name: &'static str, made: &'static str) -> Column {
    Column {
        name,
        made,
        text: false,
    }
}

const COLUMNS: [Column; 34] = [
    number("id"),
    number("received_at"),
    number("occurred_at"),
    text("site"),
    text("type"),
    text("format"),
    text("destination"),
    text("host"),
    text("directive"),
    text("disposition"),
    text("page_kind"),
    text("tampering"),
    number("labels"),
    text("document_host"),
    text("document_path"),
    text("blocked"),
    text("source"),
    number("line"),
    number("column"),
    text("sample"),
    made("policy", "lower(leftPad(hex(policy), 16, '0'))"),
    text("referrer_host"),
    number("status_code"),
    made("client", "lower(leftPad(hex(client), 16, '0'))"),
    made("network", "lower(leftPad(hex(network), 16, '0'))"),
    text("country"),
    number("asn"),
    text("browser"),
    number("browser_major"),
    number("mobile"),
    text("card_brand"),
    number("card_length"),
    text("card_encoding"),
    text("body"),
];

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::NdJson, Self::Csv, Self::Parquet];

    /// The media type of a file.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::NdJson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The word in questions, and the ending of a file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NdJson => "ndjson",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// The format of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Its name in ClickHouse.
    fn name(self) -> &'static str {
        match self {
            Self::NdJson => "JSONEachRow",
            Self::Csv => "CSVWithNames",
            Self::Parquet => "Parquet",
        }
    }

    /// A column as the file has it. A program for tables takes what begins like a formula for one.
    fn expression(self, column: &Column) -> String {
        let name = column.name;
        match self {
            Self::Csv if name == "labels" => format!("arrayStringConcat({name}, ' ') AS {name}"),
            Self::Csv if column.text => {
                format!(
                    "if(match(`{name}`, '^[=+@\\\\t\\\\r-]'), concat('\\'', `{name}`), `{name}`) AS `{name}`"
                )
            }
            _ if column.made.is_empty() => format!("`{name}`"),
            _ => format!("{} AS `{name}`", column.made),
        }
    }
}

impl Store {
    /// Reports in scope as a file, newest first: none if there are more than `most`. It may take this long.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say how many there are; why it refuses later comes with a piece.
    pub async fn export(
        &self,
        scope: &Scope,
        filter: &ReportFilter,
        (format, most, time): (ExportFormat, u64, Duration),
    ) -> Result<Option<RawAnswer>, StoreError> {
        let counted = filter.within(self.within(scope).await?);
        let sql = format!("{}{}", queries::COUNT_FILTERED, counted.clause());
        let query = counted.fill(self.reader().query_raw(&sql));
        let count: u64 = within(self.read_timeout, query.fetch_one()).await?;
        if count > most {
            return Ok(None);
        }
        let conditions = filter.within(self.within(scope).await?);
        let columns: Vec<String> = COLUMNS.iter().map(|it| format.expression(it)).collect();
        let sql = queries::export(&columns.join(", "), &conditions.clause());
        let query = conditions
            .fill(self.reader().query_raw(&sql))
            .with_setting("max_execution_time", time.as_secs().max(1).to_string())
            .with_setting("date_time_output_format", "iso")
            .with_setting("cancel_http_readonly_queries_on_client_close", "1")
            .param("limit", most);
        Ok(Some(RawAnswer::of(query.fetch_bytes(format.name())?, time)))
    }
}
