-- A row is one site that ever reported: since when, until when, and for how long it has been silent.
-- Written by nobody: the projection `by_site` of `reports` answers it, whatever the number of reports.
-- Read by analysts. A site that is silent lost its header, or its visitors; one that never reported is not here.
CREATE VIEW IF NOT EXISTS v_coverage
(
    `site` LowCardinality(String) COMMENT 'Stable id of the site',
    `first_report` DateTime64(3, 'UTC') COMMENT 'First receipt of all that is kept',
    `last_report` DateTime64(3, 'UTC') COMMENT 'Last receipt',
    `reports` UInt64 COMMENT 'Reports that are kept',
    `silent_hours` Int64 COMMENT 'Whole hours since the last receipt'
)
AS SELECT
    site, min(received_at) AS first_report, max(received_at) AS last_report, count() AS reports,
    dateDiff('hour', max(received_at), now64(3, 'UTC')) AS silent_hours
FROM reports
GROUP BY site
