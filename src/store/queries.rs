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

/// When the newest mark was set, by the clock of ClickHouse; 0 if there is none.
pub(super) const NEWEST_MARK: &str = "
    SELECT toUnixTimestamp64Milli(max(inserted_at))
    FROM segments";

/// Commit marks; conditions and an order are added.
pub(super) const FEED: &str = "
    SELECT collector, segment, received_to, reports, inserted_at
    FROM segments";

/// Marks that were set lately. The newest, if there are too many.
pub(super) const SET_LATELY: &str = "
    WHERE inserted_at >= fromUnixTimestamp64Milli({horizon:Int64}, 'UTC')
      AND received_to >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    ORDER BY inserted_at DESC
    LIMIT {limit:UInt32}";

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
    SELECT hash, any(text) AS text
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

/// Reports by slice of time; conditions are added.
pub(super) const SERIES: &str = "
    SELECT intDiv(toUnixTimestamp64Milli(received_at), {step:Int64}) * {step:Int64} AS at, count() AS reports
    FROM reports";

/// The same, by site.
pub(super) const SERIES_BY_SITE: &str = "
    SELECT site, intDiv(toUnixTimestamp64Milli(received_at), {step:Int64}) * {step:Int64} AS at,
           count() AS reports
    FROM reports";

/// Reports of the last minute, hour and day; the day is a condition.
pub(super) const RECENT: &str = "
    SELECT countIf(received_at >= fromUnixTimestamp64Milli({minute:Int64}, 'UTC')) AS minute,
           countIf(received_at >= fromUnixTimestamp64Milli({hour:Int64}, 'UTC')) AS hour,
           count() AS day
    FROM reports";

/// How many sites reported lately, and how many ever; a scope stands between the two halves. The
/// projection `by_site` answers it.
pub(super) const REPORTING: [&str; 2] = [
    "
    SELECT countIf(last >= fromUnixTimestamp64Milli({lately:Int64}, 'UTC')) AS lately, count() AS ever
    FROM (
    SELECT site, max(received_at) AS last
    FROM reports",
    "
    GROUP BY site)",
];

/// Destinations and who reported them; conditions are added.
pub(super) const DESTINATIONS: &str = "
    SELECT destination, min(received_at) AS first, max(received_at) AS last, count() AS reports,
           uniq(site) AS sites, uniqIf(client, client != 0) AS clients,
           uniqIf(network, network != 0) AS networks, arraySort(groupUniqArray(page_kind)) AS page_kinds
    FROM reports";

/// Those that were not there before, newest first.
pub(super) const NEW_ONES: &str = "
    GROUP BY destination
    HAVING first >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    ORDER BY first DESC, destination
    LIMIT {limit:UInt32}";

/// Who reported a destination, site by site; conditions are added.
pub(super) const SPREAD: &str = "
    SELECT site, min(received_at) AS first, max(received_at) AS last, count() AS reports,
           uniqIf(client, client != 0) AS clients, uniqIf(network, network != 0) AS networks,
           countIf(disposition = 'enforce') AS enforced, countIf(disposition = 'report') AS reported
    FROM reports";

/// In the order in which they began.
pub(super) const IN_ORDER: &str = "
    GROUP BY site
    ORDER BY first, site
    LIMIT {limit:UInt32}";

/// Scripts that were named as the source of what went to a destination: paths of files; conditions are
/// added. Firefox writes behind the file how its code was run.
pub(super) const SOURCES: &str = "
    SELECT replaceRegexpOne(substring(source, position(source, '/')), ' > .*$', '') AS path,
           uniqExact(site) AS sites, count() AS reports
    FROM reports";

/// Those of the most sites first.
pub(super) const BY_SITES: &str = "
    GROUP BY path
    ORDER BY sites DESC, reports DESC, path
    LIMIT {limit:UInt32}";

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
