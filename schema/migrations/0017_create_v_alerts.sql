-- A row is one alert of one organization: what it is about, how far people are with it, and why it was raised.
-- Written by nobody: it reads the entries about alerts in `audit`, which is a copy and seconds late.
-- Read by analysts. Each organization has an alert of its own of what its sites have in common: ask about one at a time.
CREATE VIEW IF NOT EXISTS v_alerts
(
    `organization` LowCardinality(String) COMMENT 'Whose alert it is; operator is the installation''s',
    `alert` String COMMENT 'Its identity, as in the pages and the API',
    `destination` String COMMENT 'The destination that it was raised for',
    `severity` String COMMENT 'critical, high, medium, low: as high as it ever stood',
    `state` String COMMENT 'open, acknowledged, contained, closed',
    `cause` String COMMENT 'Why it was raised, as it turned out; empty unless it is closed',
    `is_attack` Bool COMMENT 'It is closed, and cards were at risk: skimmer, fake-payment-page, supplier-compromise',
    `raised_at` DateTime64(3, 'UTC') COMMENT 'When it was raised',
    `looked_at` DateTime64(3, 'UTC') COMMENT 'When somebody first decided something about it; 1970 if nobody did',
    `closed_at` DateTime64(3, 'UTC') COMMENT 'When it was closed; 1970 unless it is closed',
    `reopened` UInt64 COMMENT 'How often it was opened again',
    `overdue` UInt64 COMMENT 'How many deadlines passed'
)
AS SELECT
    organization, alert,
    anyIf(JSONExtractString(detail, 'destination'), action = 'alert.raised') AS destination,
    argMaxIf(JSONExtractString(detail, 'severity'), seq, action IN ('alert.raised', 'alert.worsened')) AS severity,
    argMaxIf(if(action = 'alert.triaged', JSONExtractString(detail, 'to'), 'open'), seq,
             action IN ('alert.raised', 'alert.reopened', 'alert.triaged')) AS state,
    if(state = 'closed', argMaxIf(JSONExtractString(detail, 'cause'), seq, action = 'alert.triaged'), '') AS cause,
    CAST(cause IN ('skimmer', 'fake-payment-page', 'supplier-compromise'), 'Bool') AS is_attack,
    minIf(at, action = 'alert.raised') AS raised_at,
    minIf(at, action = 'alert.triaged') AS looked_at,
    if(state = 'closed', maxIf(at, action = 'alert.triaged'), toDateTime64(0, 3, 'UTC')) AS closed_at,
    countIf(action = 'alert.reopened' OR action = 'alert.triaged' AND JSONExtractString(detail, 'to') = 'open') AS reopened,
    countIf(action = 'alert.overdue') AS overdue
FROM
(
    SELECT organization, subject AS alert, seq, at, action, detail
    FROM audit FINAL
    WHERE startsWith(action, 'alert.')
)
GROUP BY organization, alert
HAVING countIf(action = 'alert.raised') > 0
