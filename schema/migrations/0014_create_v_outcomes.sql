-- A row says what became of one site's entries in one hour.
-- Written by nobody: it sums up `report_outcomes`, whose rows are one for each segment for two days.
-- Read by analysts. received = stored + folded + discarded; refused submissions stand outside.
CREATE VIEW IF NOT EXISTS v_outcomes
(
    `hour` DateTime('UTC') COMMENT 'Start of the hour of receipt',
    `site` LowCardinality(String) COMMENT 'Stable id of the site; empty if no site was found',
    `outcome` LowCardinality(String) COMMENT 'stored: a row of reports; folded: over a limit, counted only; discarded; refused',
    `reason` LowCardinality(String) COMMENT 'Why it was discarded or refused; else empty',
    `entries` UInt64 COMMENT 'Entries; submissions where the outcome is refused'
)
AS SELECT hour, site, outcome, reason, sum(count) AS entries
FROM report_outcomes
GROUP BY hour, site, outcome, reason
