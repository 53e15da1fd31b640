//! The engine's own configuration: limits, rights and frozen settings, as files that the library reads. [`Limits`] is the
//! type to know.
//!
//! The rule: what the engine can enforce itself is enforced here, also against a `SETTINGS` clause, which the face cannot
//! see. The guard in [`super::guard`] comes on top, for what the engine lets everyone do.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::private;

/// The database that everything lives in.
pub const DATABASE: &str = "skimwatch";
/// Bytes that the engine may use in all, if no setting says otherwise.
pub const DEFAULT_MAX_MEMORY: u64 = 1_000_000_000;
/// Seconds that a statement may run, unless the client asks for up to [`MAX_QUERY_SECONDS`].
pub(super) const DEFAULT_QUERY_SECONDS: u64 = 120;
/// Seconds that a client may let a statement run.
pub(super) const MAX_QUERY_SECONDS: u64 = 3_600;
/// Bytes that one statement may spill to disk.
pub(super) const MAX_SPILL_BYTES: u64 = 8 << 30;
/// Bytes of SQL in one statement, without the data of an INSERT.
pub(super) const MAX_QUERY_BYTES: usize = 1 << 20;

/// What a statement and the whole engine may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Bytes of the whole engine.
    pub(super) server_memory: u64,
    /// Threads of one statement.
    pub(super) threads: usize,
}

impl Limits {
    /// Bytes of one statement: half of the engine's, so that one cannot starve inserts.
    fn statement_memory(self) -> u64 {
        (self.server_memory / 2).max(1)
    }

    /// Settings with their default and, where a client may change them, their range.
    fn bounded(self) -> [(&'static str, u64, u64, u64); 13] {
        let memory = self.statement_memory();
        let threads = self.threads as u64;
        let query = MAX_QUERY_BYTES as u64;
        [
            ("max_memory_usage", memory, 1, memory),
            ("max_threads", threads, 1, threads),
            ("max_insert_threads", 1, 0, threads),
            (
                "max_execution_time",
                DEFAULT_QUERY_SECONDS,
                1,
                MAX_QUERY_SECONDS,
            ),
            ("max_query_size", query, 1, query),
            ("max_parser_depth", 1_000, 1, 1_000),
            ("max_parser_backtracks", 1_000_000, 1, 1_000_000),
            ("max_ast_depth", 1_000, 1, 1_000),
            ("max_ast_elements", 50_000, 1, 50_000),
            ("max_expanded_ast_elements", 500_000, 1, 500_000),
            ("max_subquery_depth", 100, 1, 100),
            ("max_block_size", 65_409, 1, 1_048_576),
            (
                "max_temporary_data_on_disk_size_for_query",
                MAX_SPILL_BYTES,
                1,
                MAX_SPILL_BYTES,
            ),
        ]
    }
}

/// Settings that no client may change: they name files, hosts or other parsers, hold SQL that the guard would not see, or
/// evaluate expressions in data.
const FROZEN: &[(&str, Option<&str>)] = &[
    ("input_format_values_interpret_expressions", Some("0")),
    (
        "input_format_values_deduce_templates_of_expressions",
        Some("0"),
    ),
    ("additional_result_filter", None),
    ("additional_table_filters", None),
    ("parallel_replicas_custom_key", None),
    ("cluster_for_parallel_replicas", None),
    ("implicit_table_at_top_level", None),
    ("dialect", None),
    ("polyglot_dialect", None),
    ("allow_experimental_kusto_dialect", None),
    ("allow_experimental_prql_dialect", None),
    ("allow_experimental_polyglot_dialect", None),
    ("allow_experimental_eval_table_function", None),
    ("promql_database", None),
    ("promql_table", None),
    ("compatibility", None),
    ("default_view_definer", None),
    ("workload", None),
    ("format_schema", None),
    ("format_schema_source", None),
    ("format_template_row", None),
    ("format_template_resultset", None),
    ("output_format_schema", None),
    ("format_avro_schema_registry_url", None),
    ("input_format_record_errors_file_path", None),
    ("errors_output_format", None),
    ("rename_files_after_processing", None),
    ("storage_file_read_method", None),
    ("into_outfile_create_parent_directories", None),
    ("url_base", None),
    ("filesystem_cache_name", None),
    ("ai_function_text_default_credentials", None),
    ("ai_function_embedding_default_credentials", None),
    ("allow_introspection_functions", Some("0")),
    ("query_profiler_real_time_period_ns", Some("0")),
    ("query_profiler_cpu_time_period_ns", Some("0")),
    // Tables keep their parts in the engine's directory; a disk of their own could be any directory or host.
    ("merge_tree_disk", None),
    ("merge_tree_storage_policy", None),
];

/// Engines that a table may have. A materialized view's rights follow from its inner table.
pub(super) const TABLE_ENGINES: &[&str] = &[
    "MergeTree",
    "ReplacingMergeTree",
    "SummingMergeTree",
    "AggregatingMergeTree",
    "CollapsingMergeTree",
    "VersionedCollapsingMergeTree",
    "CoalescingMergeTree",
    "Memory",
    "Null",
];

/// Writes the configuration into the directory and gives the path of its main file.
pub(super) fn write(directory: &Path, limits: Limits) -> io::Result<PathBuf> {
    let (main, users) = (directory.join("config.xml"), directory.join("users.xml"));
    private::replace(&users, users_xml(limits).as_bytes())?;
    private::replace(&main, main_xml(limits, &users).as_bytes())?;
    Ok(main)
}

fn main_xml(limits: Limits, users: &Path) -> String {
    format!(
        "<clickhouse>\n<max_server_memory_usage>{}</max_server_memory_usage>\n\
         <mark_cache_size>134217728</mark_cache_size>\n<users_config>{}</users_config>\n</clickhouse>\n",
        limits.server_memory,
        escape(&users.to_string_lossy()),
    )
}

fn users_xml(limits: Limits) -> String {
    let (mut defaults, mut constraints) = (String::new(), String::new());
    for (name, default, min, max) in limits.bounded() {
        push(&mut defaults, format_args!("<{name}>{default}</{name}>\n"));
        push(
            &mut constraints,
            format_args!("<{name}><min>{min}</min><max>{max}</max></{name}>\n"),
        );
    }
    for (name, value) in FROZEN {
        if let Some(value) = value {
            push(&mut defaults, format_args!("<{name}>{value}</{name}>\n"));
        }
        push(
            &mut constraints,
            format_args!("<{name}><readonly/></{name}>\n"),
        );
    }
    let mut grants = String::new();
    for grant in grants_of_clients() {
        push(&mut grants, format_args!("<query>GRANT {grant}</query>\n"));
    }
    format!(
        "<clickhouse>\n<profiles><default>\n{defaults}<constraints>\n{constraints}</constraints>\n</default></profiles>\n\
         <quotas><default/></quotas>\n<users><default>\n<password></password>\n<networks><ip>::/0</ip></networks>\n\
         <profile>default</profile>\n<quota>default</quota>\n<grants>\n{grants}</grants>\n</default></users>\n</clickhouse>\n"
    )
}

/// All that anyone may do: the one database, and reading what describes it. No sources (file, url, s3, remote, …), no
/// users, functions, dictionaries, named collections, backups.
fn grants_of_clients() -> Vec<String> {
    let mut grants = vec![
        format!(
            "SHOW, SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, \
             UNDROP TABLE, TRUNCATE, OPTIMIZE, CHECK ON {DATABASE}.*"
        ),
        "SHOW, SELECT ON system.*".to_owned(),
        "SHOW, SELECT ON information_schema.*".to_owned(),
        "SHOW, SELECT ON INFORMATION_SCHEMA.*".to_owned(),
        // The face refuses SYSTEM statements; this one is for the face itself.
        "SYSTEM JEMALLOC ON *.*".to_owned(),
    ];
    grants.extend(
        TABLE_ENGINES
            .iter()
            .map(|engine| format!("TABLE ENGINE ON {engine}")),
    );
    grants
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line)
        .expect("writing to a String does not fail");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_a_floor_above_zero_where_zero_means_unlimited() {
        let limits = Limits {
            server_memory: 1_000,
            threads: 2,
        };
        for (name, default, min, max) in limits.bounded() {
            assert!(min <= default && default <= max, "{name}");
            assert!(min > 0 || name == "max_insert_threads", "{name}");
        }
    }

    #[test]
    fn no_grant_reaches_beyond_the_database_and_its_description() {
        for grant in grants_of_clients() {
            let known = grant.starts_with("TABLE ENGINE ON ")
                || grant == "SYSTEM JEMALLOC ON *.*"
                || grant.ends_with("ON skimwatch.*")
                || (grant.starts_with("SHOW, SELECT ON ") && grant.ends_with(".*"));
            assert!(known, "{grant}");
            assert!(
                !grant.contains("SOURCES") && !grant.contains("DICTIONARY"),
                "{grant}"
            );
        }
    }

    #[test]
    fn the_path_of_the_users_is_escaped() {
        let limits = Limits {
            server_memory: 5,
            threads: 1,
        };
        let xml = main_xml(limits, Path::new("/a<b>&c"));
        assert!(
            xml.contains("<users_config>/a&lt;b&gt;&amp;c</users_config>"),
            "{xml}"
        );
        assert!(xml.contains("<max_server_memory_usage>5</max_server_memory_usage>"));
    }
}
