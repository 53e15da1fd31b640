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

/// Reports by slice of time; conditions are added.
pub(super) const SERIES: &str = "
    SELECT intDiv(toUnixTimestamp64Milli(received_at), {step:Int64}) * {step:Int64} AS at, count() AS reports
    FROM reports";

/// Reports by day, of what the projection `by_destination_day` has as keys; conditions are added.
pub(super) const DAILY: &str = "
    SELECT intDiv(toUnixTimestamp(toDate(received_at)) * toInt64(1000), {step:Int64}) * {step:Int64} AS at,
           count() AS reports
    FROM reports";

/// Stored entries by slice of hours, from the counts; conditions are added.
pub(super) const HOURLY: &str = "
    SELECT intDiv(toInt64(toUnixTimestamp(hour)) * 1000, {step:Int64}) * {step:Int64} AS at, sum(count) AS reports
    FROM report_outcomes";

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

/// Whether a site's silence means anything, from its first and last report and how many there are: it does once ten of its
/// usual gaps have passed, and of a site with fewer than ten reports nobody knows what is usual.
const COVERAGE_OF: &str = "multiIf(now - last < 86400000, 'sending',
            reports < 10 OR now - last < 10 * (last - first) / (reports - 1), 'unclear', 'silent')";

/// How many sites send, are silent, or cannot be told about; a scope stands between the two halves. The projection
/// `by_site` answers it.
pub(super) fn coverage(scope: &str) -> String {
    format!(
        "
    SELECT countIf(coverage = 'sending') AS sending, countIf(coverage = 'silent') AS silent,
           countIf(coverage = 'unclear') AS unclear
    FROM ({})",
        coverage_by_site(scope)
    )
}

/// The same for each site, with what the figures are.
pub(super) fn coverage_by_site(scope: &str) -> String {
    format!("
    WITH {{now:Int64}} AS now
    SELECT site, first, last, reports, {COVERAGE_OF} AS coverage
    FROM (
    SELECT site, toUnixTimestamp64Milli(min(received_at)) AS first, toUnixTimestamp64Milli(max(received_at)) AS last,
           count() AS reports
    FROM reports{scope}
    GROUP BY site)")
}

/// Destinations; conditions are added. The projection `by_destination_site` answers it, if they ask for its keys alone.
pub(super) const DESTINATIONS: &str = "
    SELECT destination, min(received_at) AS first, max(received_at) AS last, count() AS reports
    FROM reports";

/// Where conditions go that do not stand at the end.
pub(super) const CONDITIONS: &str = "{conditions}";

/// Where some destinations were reported. The projection `by_destination_site` answers the inner half.
pub(super) const WHERE_REPORTED: &str = "
    SELECT destination, uniqExact(site) AS sites, arraySort(groupUniqArray(page_kind)) AS page_kinds
    FROM (
    SELECT destination, site, page_kind, count() AS n
    FROM reports{conditions}
    GROUP BY destination, site, page_kind)
    GROUP BY destination";

/// Who reported some destinations. The projection `by_destination` finds the reports.
pub(super) const REPORTERS: &str = "
    SELECT destination, uniqIf(client, client != 0) AS clients, uniqIf(network, network != 0) AS networks
    FROM reports{conditions}
    GROUP BY destination";

/// The same, newest first, page by page. What has no host is a destination too: `inline`, `eval`, a scheme.
pub(super) const EXPLORED: &str = "
    GROUP BY destination
    HAVING first >= fromUnixTimestamp64Milli({new_since:Int64}, 'UTC')
       AND (toUnixTimestamp64Milli(first), destination) < ({c_first:Int64}, {c_name:String})
    ORDER BY first DESC, destination DESC
    LIMIT {limit:UInt32}";

/// What stands in the reports of some destinations, value by value; conditions are added. The first are columns of the
/// rollup's key, the others are only in the reports themselves.
pub(super) const FACETS_OF_KEY: &str = "
    SELECT facet.1 AS kind, facet.2 AS value, sum(n) AS reports, uniqExact(site) AS sites
    FROM (
    SELECT site, n, arrayJoin([('directive', toString(directive)), ('disposition', toString(disposition)),
                               ('page_kind', toString(page_kind))]) AS facet
    FROM (
    SELECT site, directive, disposition, page_kind, count() AS n
    FROM reports{conditions}
    GROUP BY site, directive, disposition, page_kind)";

/// The others.
pub(super) const FACETS_OF_REPORTS: &str = "
    SELECT facet.1 AS kind, facet.2 AS value, count() AS reports, uniq(site) AS sites
    FROM (
    SELECT site, arrayJoin([('browser', toString(browser)), ('country', toString(country)),
                            ('host', host), ('page', concat(toString(document_host), document_path)),
                            ('source', replaceRegexpOne(source, '([?#]| > ).*$', ''))]) AS facet
    FROM (
    SELECT site, browser, country, host, document_host, document_path, source
    FROM reports{conditions}
    LIMIT 20000)";

/// The most frequent of each.
pub(super) const BY_VALUE: &str = "
    )
    GROUP BY facet
    ORDER BY kind, reports DESC, value
    LIMIT {most:UInt32} BY kind
    LIMIT {limit:UInt32}";

/// What became of entries since an hour; conditions are added.
pub(super) const OUTCOMES: &str = "
    SELECT outcome, reason, sum(count) AS entries
    FROM report_outcomes";

/// The sites with the most entries; conditions are added.
pub(super) const BUSY_SITES: &str = "
    SELECT site, sumIf(count, outcome = 'stored') AS stored, sumIf(count, outcome = 'folded') AS folded,
           sumIf(count, outcome = 'discarded') AS discarded, sumIf(count, outcome = 'refused') AS refused
    FROM report_outcomes";

/// Those first.
pub(super) const BY_ENTRIES: &str = "
    GROUP BY site
    ORDER BY stored + folded + discarded DESC, site
    LIMIT {limit:UInt32}";

/// What collectors took in and delivered since a moment, and how long that took: the clocks are two machines'. What waited
/// for longer says nothing of how it goes now.
pub(super) const FEEDING: &str = "
    SELECT toString(collector) AS collector, count() AS segments, sum(reports) AS reports,
           toUnixTimestamp64Milli(max(received_to)) AS newest,
           toInt64(quantileExact(0.99)(greatest(0, toUnixTimestamp64Milli(inserted_at)
                                                   - toUnixTimestamp64Milli(received_from)))) AS slow
    FROM segments
    WHERE inserted_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
      AND received_from >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    GROUP BY collector
    ORDER BY newest DESC
    LIMIT {limit:UInt32}";

/// Those that were not there before, newest first.
pub(super) const NEW_ONES: &str = "
    GROUP BY destination
    HAVING first >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    ORDER BY first DESC, destination
    LIMIT {limit:UInt32}";

/// Where a destination was first and last, in the order in which it began. The projection `by_destination_site` answers it.
pub(super) const EXTENTS: &str = "
    SELECT site, min(received_at) AS first, max(received_at) AS last, count() AS reports
    FROM reports{conditions}
    GROUP BY site
    ORDER BY first, site
    LIMIT {limit:UInt32}";

/// What became of its reports. The projection `by_destination_day` answers the inner half.
pub(super) const FATES: &str = "
    SELECT site, sumIf(n, disposition = 'enforce') AS enforced, sumIf(n, disposition = 'report') AS reported
    FROM (
    SELECT site, disposition, count() AS n
    FROM reports{conditions}
    GROUP BY site, disposition)
    GROUP BY site";

/// Who reported it, site by site.
pub(super) const REPORTERS_BY_SITE: &str = "
    SELECT site, uniqIf(client, client != 0) AS clients, uniqIf(network, network != 0) AS networks
    FROM reports{conditions}
    GROUP BY site";

/// Who reported destinations, site by site; conditions are added.
pub(super) const SPREAD: &str = "
    SELECT site, min(received_at) AS first, max(received_at) AS last, count() AS reports,
           toNullable(uniqIf(client, client != 0)) AS clients, toNullable(uniqIf(network, network != 0)) AS networks,
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

/// Page views that canaries counted, site by site; conditions are added.
pub(super) const CANARY_VIEWS: &str = "
    SELECT site, sum(count) AS views
    FROM canaries";

/// Policies and who reported them; conditions are added.
pub(super) const POLICIES: &str = "
    SELECT policy AS id, min(received_at) AS first, max(received_at) AS last, count() AS reports,
           uniqExact(site) AS num_sites, arraySort(groupUniqArray(200)(site)) AS sites
    FROM reports";

/// Policy by policy, those reported last first.
pub(super) const BY_POLICY: &str = "
    GROUP BY id
    HAVING (toUnixTimestamp64Milli(last), id) < ({c_last:Int64}, {c_id:UInt64})
    ORDER BY last DESC, id DESC
    LIMIT {limit:UInt32}";

/// Scripts: what a page ran or loaded, or tried to, and what was named as the source of anything; conditions are added.
pub(super) const SCRIPTS: &str = "
    SELECT sipHash64(site, seen.1, seen.2, seen.3) AS id, site, seen.1 AS role, seen.2 AS script, seen.3 AS sample,
           min(received_at) AS first, max(received_at) AS last, count() AS reports, uniq(document_path) AS pages,
           uniqIf(client, client != 0) AS clients, uniqIf(network, network != 0) AS networks,
           max(disposition = 'enforce')::Bool AS blocked, arraySort(groupUniqArrayArray(labels)) AS labels
    FROM (
    SELECT site, received_at, document_path, client, network, disposition, labels, arrayJoin(arrayFilter(it -> it.2 != '', [
        ('element', multiIf(NOT startsWith(directive, 'script-src'), '',
                            host != '', replaceRegexpOne(blocked, '[?#].*$', ''),
                            toString(destination)),
                    if(destination IN ('inline', 'eval'), sample, '')),
        ('source', replaceRegexpOne(source, '([?#]| > ).*$', ''), '')])) AS seen
    FROM reports";

/// Script by script, those reported last first.
pub(super) const BY_SCRIPT: &str = "
    )
    GROUP BY site, seen
    HAVING (toUnixTimestamp64Milli(last), id) < ({c_last:Int64}, {c_id:UInt64})
    ORDER BY last DESC, id DESC
    LIMIT {limit:UInt32}";

/// How many reports there are; conditions are added.
pub(super) const COUNT_FILTERED: &str = "
    SELECT count()
    FROM reports";

/// Reports as a file. Columns and conditions are ours; what columns are made of must not change what conditions mean.
pub(super) fn export(columns: &str, conditions: &str) -> String {
    format!("
    SELECT {columns}
    FROM (
    SELECT id, received_at, occurred_at, site, type, format, destination, host, directive, disposition, page_kind, tampering,
           labels, document_host, document_path, blocked, source, line, column, sample, policy, referrer_host, status_code,
           client, network, country, asn, browser, browser_major, mobile, card_brand, card_length, card_encoding, body
    FROM reports{conditions}
    ORDER BY toDate(received_at) DESC, received_at DESC, collector DESC, segment DESC, `index` DESC
    LIMIT {{limit:UInt64}})")
}

/// Reports; conditions are added.
pub(super) const REPORTS: &str = "
    SELECT ?fields
    FROM reports";

/// Newest first. The day comes first because it leads the table's key: the read stops after the days
/// that it needs.
const NEWEST_FIRST: &str = "
    ORDER BY toDate(received_at) DESC, received_at DESC, collector DESC, segment DESC, `index` DESC
    LIMIT {limit:UInt32}";

/// The newest reports that conditions select. Which these are is found by few columns; the others are read of them alone.
pub(super) fn newest_reports(conditions: &str) -> String {
    format!(
        "{REPORTS}
    WHERE (toDate(received_at), site, received_at, collector, segment, `index`) IN (
        SELECT toDate(received_at), site, received_at, collector, segment, `index`
        FROM reports{conditions}{NEWEST_FIRST}){NEWEST_FIRST}"
    )
}

/// The end of the copy of the audit log.
pub(super) const AUDIT_HEAD: &str = "
    SELECT seq, hash
    FROM audit
    ORDER BY seq DESC
    LIMIT 1";

/// Whether the table of the copy is there.
pub(super) const HAS_AUDIT: &str =
    "SELECT count() FROM system.tables WHERE database = {database:String} AND name = 'audit'";

/// How many sites of a list are there, if it stays for a day at least.
pub(super) const LISTED: &str = "
    SELECT count()
    FROM portfolios
    WHERE portfolio = {portfolio:UInt128} AND listed_at >= now() - INTERVAL 1 DAY";

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

/// What an erasure covers in one table.
#[derive(Debug)]
pub(super) struct Covering {
    /// The table.
    pub(super) name: &'static str,
    /// Counts them and says when the first and the last were received, where rows say that; a condition is added.
    pub(super) count: &'static str,
    /// Deletes them; a condition is added.
    pub(super) delete: &'static str,
    /// Which rows.
    pub(super) condition: &'static str,
}

const COUNT_REPORTS: &str = "
    SELECT count(), toUnixTimestamp64Milli(min(received_at)), toUnixTimestamp64Milli(max(received_at))
    FROM reports";

/// What was received up to the moment, and what stands beside it in a segment: counts have no moment of their
/// own, so rows and counts of a segment go together.
pub(super) const OF_SITE: [Covering; 3] = [
    Covering {
        name: "reports",
        count: COUNT_REPORTS,
        delete: "ALTER TABLE reports DELETE",
        condition: "
    WHERE site = {site:String}
      AND (received_at <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
        OR (collector, segment) IN (
            SELECT collector, segment FROM segments
            WHERE received_from <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
              AND received_to > fromUnixTimestamp64Milli({until:Int64}, 'UTC')))",
    },
    Covering {
        name: "report_outcomes",
        count: "SELECT count(), toInt64(0), toInt64(0) FROM report_outcomes",
        delete: "ALTER TABLE report_outcomes DELETE",
        condition: "
    WHERE site = {site:String}
      AND (hour < toStartOfHour(fromUnixTimestamp64Milli({until:Int64}, 'UTC'))
        OR (collector, segment) IN (
            SELECT collector, segment FROM segments
            WHERE received_from <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
              AND received_to >= toStartOfHour(fromUnixTimestamp64Milli({until:Int64}, 'UTC'))))",
    },
    Covering {
        name: "canaries",
        count: "SELECT count(), toInt64(0), toInt64(0) FROM canaries",
        delete: "ALTER TABLE canaries DELETE",
        condition: "
    WHERE site = {site:String} AND window <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')",
    },
];

/// What was received up to the moment.
pub(super) const OF_CLIENT: [Covering; 1] = [Covering {
    name: "reports",
    count: COUNT_REPORTS,
    delete: "ALTER TABLE reports DELETE",
    condition: "
    WHERE client = {client:UInt64} AND received_at <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')",
}];

/// Only those of segments that came in lately. The skip index on `segment` finds them.
pub(super) const OF_LATE_SEGMENTS: &str = "
      AND (collector, segment) IN (
            SELECT collector, segment FROM segments
            WHERE inserted_at >= fromUnixTimestamp64Milli({horizon:Int64}, 'UTC'))";

/// Marks that were set lately: how many, the first receipt in their segments, and when the newest was set.
pub(super) const CAME_IN: &str = "
    SELECT count(), toUnixTimestamp64Milli(min(received_from)), toUnixTimestamp64Milli(max(inserted_at))
    FROM segments
    WHERE inserted_at >= fromUnixTimestamp64Milli({horizon:Int64}, 'UTC')";

/// Mutations of the tables that are erased from: how many are unfinished, how much is left, why one fails.
pub(super) const UNFINISHED: &str = "
    SELECT count(), sum(parts_to_do), max(latest_fail_reason)
    FROM system.mutations
    WHERE database = currentDatabase() AND table IN ('reports', 'report_outcomes', 'canaries') AND NOT is_done";
