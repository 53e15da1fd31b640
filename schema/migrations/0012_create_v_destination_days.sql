-- A row sums up the reports of one destination at one site on one day, by directive, kind of page and disposition.
-- Written by nobody: it counts the rows of `reports` when it is read.
-- Read by analysts. Conditions on `day`, `site` and `destination` reach the key; without one it reads all that is kept.
CREATE VIEW IF NOT EXISTS v_destination_days
(
    `day` Date COMMENT 'Day of receipt, UTC',
    `site` LowCardinality(String) COMMENT 'Stable id of the site',
    `destination` String COMMENT 'Where the data would have gone: registrable domain, else bare scheme, inline, eval, none',
    `directive` LowCardinality(String) COMMENT 'Effective directive; unknown; none if it is no CSP violation',
    `page_kind` LowCardinality(String) COMMENT 'checkout: a payment page; admin; other',
    `disposition` LowCardinality(String) COMMENT 'enforce: the browser blocked it; report: it only told; unknown',
    `reports` UInt64 COMMENT 'Reports',
    `clients` UInt64 COMMENT 'Different browsers, about. Numbers of several rows do not add up',
    `networks` UInt64 COMMENT 'Different networks, about. Numbers of several rows do not add up',
    `first_report` DateTime64(3, 'UTC') COMMENT 'First receipt of the day',
    `last_report` DateTime64(3, 'UTC') COMMENT 'Last receipt of the day'
)
AS SELECT
    toDate(received_at) AS day, site, destination, directive, page_kind, disposition, count() AS reports,
    uniqCombinedIf(client, client != 0) AS clients,
    uniqCombinedIf(network, network != 0) AS networks,
    min(received_at) AS first_report, max(received_at) AS last_report
FROM reports
GROUP BY day, site, destination, directive, page_kind, disposition
