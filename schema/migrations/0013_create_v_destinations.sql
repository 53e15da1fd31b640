-- A row is one destination over all that is kept: when it was first and last reported, and how widely.
-- Written by nobody: it counts the rows of `reports` when it is read.
-- Read by analysts who ask what is new: `WHERE first_report >= …` looks at every destination, as being new is about all time.
CREATE VIEW IF NOT EXISTS v_destinations
(
    `destination` String COMMENT 'Where the data would have gone: registrable domain, else bare scheme, inline, eval, none',
    `first_report` DateTime64(3, 'UTC') COMMENT 'First receipt of all that is kept',
    `last_report` DateTime64(3, 'UTC') COMMENT 'Last receipt',
    `first_payment_report` DateTime64(3, 'UTC') COMMENT 'First receipt from a payment page; 1970 if there was none',
    `reports` UInt64 COMMENT 'Reports',
    `payment_reports` UInt64 COMMENT 'Those of payment pages',
    `sites` UInt64 COMMENT 'Different sites, about',
    `networks` UInt64 COMMENT 'Different networks, about'
)
AS SELECT
    destination, min(received_at) AS first_report, max(received_at) AS last_report,
    minIf(received_at, page_kind = 'checkout') AS first_payment_report, count() AS reports,
    countIf(page_kind = 'checkout') AS payment_reports, uniqCombined(site) AS sites,
    uniqCombinedIf(network, network != 0) AS networks
FROM reports
GROUP BY destination
