//! The text of every query. Values are parameters, `{name:Type}`; no value is ever part of a text.

use super::binary::Column;

/// Migrations that the database has been through.
pub(super) const APPLIED: &str = "
    SELECT number, checksum
    FROM schema_migrations FINAL
    ORDER BY number";

/// Commit marks of a segment: 0 or 1.
pub(super) const MARKS: &str = "
    SELECT count()
    FROM segments
    WHERE collector = {collector:UUID} AND segment = {segment:UInt64}";

/// Rows that count the entries of a segment, as long as they are not summed up with others.
pub(super) const OUTCOMES_OF: &str = "
    SELECT count()
    FROM report_outcomes
    WHERE collector = {collector:UUID} AND segment = {segment:UInt64}";

/// Which reports of a segment are there. The skip index on `segment` finds them.
pub(super) const PLACES: &str = "
    SELECT `index`
    FROM reports
    WHERE collector = {collector:UUID} AND segment = {segment:UInt64}";

/// Commit marks in the order of receipt; conditions are added.
pub(super) const MARKS_AFTER: &str = "
    SELECT collector, segment, received_to, reports
    FROM segments";

/// The order of commit marks: of what was received at once, by identity.
pub(super) const BY_RECEIPT: &str = "
    ORDER BY received_to, collector, segment
    LIMIT {limit:UInt32}";

/// What detection sees of the reports of some segments of one collector; a scope is added.
pub(super) const SIGHTINGS: &str = "
    SELECT ?fields
    FROM reports";

/// The order in which they were taken in.
pub(super) const BY_PLACE: &str = "
    ORDER BY segment, `index`";

/// Texts of policies.
pub(super) const POLICY_TEXTS: &str = "
    SELECT hash, any(text)
    FROM policies
    WHERE hash IN {hashes:Array(UInt64)}
    GROUP BY hash";

/// Counts by site and outcome; a scope is added.
pub(super) const STATS: &str = "
    SELECT site, outcome, reason, sum(count) AS entries
    FROM report_outcomes";

/// First and last report by site; a scope is added. The projection `by_site` answers it.
pub(super) const ACTIVITY: &str = "
    SELECT site, min(received_at) AS first, max(received_at) AS last, count() AS reports
    FROM reports";

/// Reports; conditions are added.
pub(super) const REPORTS: &str = "
    SELECT ?fields
    FROM reports";

/// Newest first. The day comes first because it leads the table's key: the read stops after the days
/// that it needs.
pub(super) const NEWEST_FIRST: &str = "
    ORDER BY toDate(received_at) DESC, received_at DESC, collector DESC, segment DESC, `index` DESC
    LIMIT {limit:UInt32}";

/// The head of an insert. Names of tables and columns are ours.
pub(super) fn insert(table: &'static str, columns: &[Column]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    format!(
        "INSERT INTO {table} ({}) FORMAT RowBinaryWithNamesAndTypes",
        names.join(", ")
    )
}
