-- A row sums up the reports of one site on one day.
-- Written by nobody: it counts the rows of `reports` when it is read.
-- Read by analysts. Conditions on `day` and `site` reach the key; without one it reads all that is kept.
CREATE VIEW IF NOT EXISTS v_site_days
(
    `day` Date COMMENT 'Day of receipt, UTC',
    `site` LowCardinality(String) COMMENT 'Stable id of the site',
    `reports` UInt64 COMMENT 'Reports',
    `payment_reports` UInt64 COMMENT 'Those of payment pages',
    `card_reports` UInt64 COMMENT 'Those in which a card number stood',
    `blocked_reports` UInt64 COMMENT 'Those of what the browser blocked; of the others it only told',
    `destinations` UInt64 COMMENT 'Different destinations, about. Numbers of several days do not add up',
    `clients` UInt64 COMMENT 'Different browsers, about. Numbers of several days do not add up',
    `networks` UInt64 COMMENT 'Different networks, about. Numbers of several days do not add up',
    `first_report` DateTime64(3, 'UTC') COMMENT 'First receipt of the day',
    `last_report` DateTime64(3, 'UTC') COMMENT 'Last receipt of the day'
)
AS SELECT
    toDate(received_at) AS day, site, count() AS reports, countIf(page_kind = 'checkout') AS payment_reports,
    countIf(card_brand != '') AS card_reports, countIf(disposition = 'enforce') AS blocked_reports,
    uniqCombined(destination) AS destinations, uniqCombinedIf(client, client != 0) AS clients,
    uniqCombinedIf(network, network != 0) AS networks,
    min(received_at) AS first_report, max(received_at) AS last_report
FROM reports
GROUP BY day, site
