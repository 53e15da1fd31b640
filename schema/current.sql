-- The whole schema as it is now, as ClickHouse shows it. Made from migrations/; tests/it/schema.rs keeps it fresh.

CREATE TABLE audit
(
    `seq` UInt64 COMMENT 'Number of the entry, from 1, without gaps' CODEC(Delta(8), ZSTD(1)),
    `at` DateTime64(3, 'UTC') COMMENT 'When' CODEC(Delta(8), ZSTD(1)),
    `organization` LowCardinality(String) COMMENT 'Whose log it belongs in' CODEC(ZSTD(1)),
    `actor` String COMMENT 'Who' CODEC(ZSTD(1)),
    `action` LowCardinality(String) COMMENT 'What was done' CODEC(ZSTD(1)),
    `subject` String COMMENT 'To what' CODEC(ZSTD(1)),
    `detail` String COMMENT 'What else is worth knowing, as JSON' CODEC(ZSTD(3)),
    `hash` String COMMENT 'In hexadecimal; covers the entry and the hash of the one before' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PRIMARY KEY seq
ORDER BY seq
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE canaries
(
    `collector` UUID COMMENT 'The collector that counted; any one of them in a row that sums several' CODEC(ZSTD(1)),
    `segment` UInt64 COMMENT 'Segment that carried the count; the first of them in a row that sums several' CODEC(ZSTD(1)),
    `window` DateTime('UTC') COMMENT 'Start of the window' CODEC(Delta(4), ZSTD(1)),
    `site` LowCardinality(String) COMMENT 'Stable id of the site' CODEC(ZSTD(1)),
    `page` String COMMENT 'Path of the page, redacted' CODEC(ZSTD(1)),
    `count` UInt64 COMMENT 'Canary reports with a valid token' CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PRIMARY KEY (site, window, page)
ORDER BY (site, window, page, collector, segment)
TTL window + toIntervalDay(2) GROUP BY site, window, page SET count = sum(count), segment = min(segment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE policies
(
    `hash` UInt64 COMMENT 'Hash of what the policy says, the same whatever its nonces',
    `text` String COMMENT 'The policy, redacted' CODEC(ZSTD(3)),
    `seen` DateTime64(3, 'UTC') COMMENT 'When a collector met it last after a start'
)
ENGINE = ReplacingMergeTree(seen)
ORDER BY hash
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE portfolios
(
    `portfolio` UInt128 COMMENT 'What the list goes by: a hash of the sites in it' CODEC(ZSTD(1)),
    `site` String COMMENT 'Stable id of the site' CODEC(ZSTD(1)),
    `listed_at` DateTime('UTC') DEFAULT now() COMMENT 'When the list was written' CODEC(Delta(4), ZSTD(1))
)
ENGINE = ReplacingMergeTree(listed_at)
PRIMARY KEY (portfolio, site)
ORDER BY (portfolio, site)
TTL listed_at + toIntervalDay(3)
SETTINGS index_granularity = 8192;

CREATE TABLE report_outcomes
(
    `collector` UUID COMMENT 'The collector that counted; any one of them in a row that sums several' CODEC(ZSTD(1)),
    `segment` UInt64 COMMENT 'Segment that carried the count; the first of them in a row that sums several' CODEC(ZSTD(1)),
    `hour` DateTime('UTC') COMMENT 'Start of the hour of receipt' CODEC(Delta(4), ZSTD(1)),
    `site` LowCardinality(String) COMMENT 'Stable id of the site; empty if no site was found' CODEC(ZSTD(1)),
    `outcome` LowCardinality(String) COMMENT 'stored, folded, discarded, refused' CODEC(ZSTD(1)),
    `reason` LowCardinality(String) COMMENT 'Why it was discarded or refused; else empty' CODEC(ZSTD(1)),
    `destination` String COMMENT 'Where a folded entry would have gone; empty if it was not read, or not folded' CODEC(ZSTD(1)),
    `directive` LowCardinality(String) COMMENT 'Directive of a folded entry; empty if it was not read, or not folded' CODEC(ZSTD(1)),
    `count` UInt64 COMMENT 'Entries; submissions where the outcome is refused' CODEC(T64, ZSTD(1))
)
ENGINE = MergeTree
PRIMARY KEY (site, hour, outcome, reason, destination, directive)
ORDER BY (site, hour, outcome, reason, destination, directive, collector, segment)
TTL hour + toIntervalDay(2) GROUP BY site, hour, outcome, reason, destination, directive SET count = sum(count), segment = min(segment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE reports
(
    `id` String ALIAS concat(toString(collector), '-', lower(leftPad(hex(segment), 16, '0')), '-', toString(index)) COMMENT 'Identity of the report as text: collector, segment, index. Unique',
    `collector` UUID COMMENT 'The collector that took it in' CODEC(ZSTD(1)),
    `segment` UInt64 COMMENT 'Segment of the collector\'s log: epoch in the high 32 bits, sequence in the low' CODEC(Delta(8), ZSTD(1)),
    `index` UInt32 COMMENT 'Place in the segment, from 0' CODEC(T64, ZSTD(1)),
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the submission arrived' CODEC(Delta(8), ZSTD(1)),
    `occurred_at` DateTime64(3, 'UTC') COMMENT 'When the browser says it happened: receipt minus its age, at most 15 minutes earlier' CODEC(Delta(8), ZSTD(1)),
    `site` LowCardinality(String) COMMENT 'Stable id of the site' CODEC(ZSTD(1)),
    `retention` UInt16 COMMENT 'Days that it is kept, as the site said when it arrived' CODEC(ZSTD(1)),
    `type` LowCardinality(String) COMMENT 'Report type: csp-violation, or any other as sent' CODEC(ZSTD(1)),
    `format` LowCardinality(String) COMMENT 'Dialect of the wire that it came in' CODEC(ZSTD(1)),
    `destination` String COMMENT 'Where the data would have gone: registrable domain, else bare scheme, inline, eval, none' CODEC(ZSTD(3)),
    `host` String COMMENT 'Blocked host, redacted; empty if there is none' CODEC(ZSTD(3)),
    `directive` LowCardinality(String) COMMENT 'Effective directive; unknown; none if it is no CSP violation' CODEC(ZSTD(1)),
    `disposition` LowCardinality(String) COMMENT 'enforce, report, unknown' CODEC(ZSTD(1)),
    `page_kind` LowCardinality(String) COMMENT 'checkout, admin, other: by the site\'s profile' CODEC(ZSTD(1)),
    `tampering` LowCardinality(String) COMMENT 'Shape it would have, were it tampering: js, link, none' CODEC(ZSTD(1)),
    `labels` Array(LowCardinality(String)) COMMENT 'What is known about it: extension, bot, repeat, card-number and others' CODEC(ZSTD(1)),
    `document_host` LowCardinality(String) COMMENT 'Host of the page' CODEC(ZSTD(1)),
    `document_path` String COMMENT 'Path of the page, redacted' CODEC(ZSTD(3)),
    `blocked` String COMMENT 'Blocked URL or keyword, redacted: values are shape and keyed hash' CODEC(ZSTD(3)),
    `source` String COMMENT 'Script that did it, redacted. A page can forge it' CODEC(ZSTD(3)),
    `line` UInt32 COMMENT 'Line in the source, 0 if unknown' CODEC(T64, ZSTD(1)),
    `column` UInt32 COMMENT 'Column in the source, 0 if unknown' CODEC(T64, ZSTD(1)),
    `sample` String COMMENT 'First characters of inline code, without digits and literals' CODEC(ZSTD(3)),
    `policy` UInt64 COMMENT 'Hash of the page\'s policy, see policies; 0 if none was sent' CODEC(ZSTD(1)),
    `referrer_host` LowCardinality(String) COMMENT 'Host of the page\'s referrer' CODEC(ZSTD(1)),
    `status_code` UInt16 COMMENT 'Status of the document, 0 if unknown' CODEC(ZSTD(1)),
    `client` UInt64 COMMENT 'Keyed pseudonym of address and browser, changes with its period; 0 if not kept' CODEC(ZSTD(1)),
    `network` UInt64 COMMENT 'Keyed pseudonym of the /24 or /48; 0 if not kept' CODEC(ZSTD(1)),
    `country` LowCardinality(String) COMMENT 'Country of the client, ISO 3166-1 alpha-2; empty if unknown' CODEC(ZSTD(1)),
    `asn` UInt32 COMMENT 'Autonomous system of the client, 0 if unknown' CODEC(ZSTD(1)),
    `browser` LowCardinality(String) COMMENT 'Family that the user agent claims' CODEC(ZSTD(1)),
    `browser_major` UInt16 COMMENT 'Major version, 0 if unknown' CODEC(ZSTD(1)),
    `mobile` Bool COMMENT 'A phone or a tablet' CODEC(ZSTD(1)),
    `card_brand` LowCardinality(String) COMMENT 'Brand of a card number that stood in it; empty if none did' CODEC(ZSTD(1)),
    `card_length` UInt8 COMMENT 'Digits of that number, 0 if there was none' CODEC(ZSTD(1)),
    `card_encoding` LowCardinality(String) COMMENT 'How it was written: plain, separated, percent, base64, hex, split' CODEC(ZSTD(1)),
    `body` String COMMENT 'Body of a report that is no CSP violation, as JSON, redacted' CODEC(ZSTD(3)),
    INDEX segment_range segment TYPE minmax GRANULARITY 1,
    INDEX received_range received_at TYPE minmax GRANULARITY 1,
    PROJECTION by_destination
    (
        SELECT
            destination,
            _part_offset
        ORDER BY destination
    ),
    PROJECTION by_site
    (
        SELECT
            site,
            min(received_at),
            max(received_at),
            count()
        GROUP BY site
    ),
    PROJECTION by_destination_site
    (
        SELECT
            destination,
            site,
            page_kind,
            hasAny(labels, ['own-domain', 'private-host']),
            min(received_at),
            max(received_at),
            count()
        GROUP BY
            destination,
            site,
            page_kind,
            hasAny(labels, ['own-domain', 'private-host'])
    ),
    PROJECTION by_destination_day
    (
        SELECT
            destination,
            toDate(received_at),
            site,
            page_kind,
            directive,
            disposition,
            count()
        GROUP BY
            destination,
            toDate(received_at),
            site,
            page_kind,
            directive,
            disposition
    )
)
ENGINE = MergeTree
PARTITION BY (retention, toYYYYMM(received_at))
ORDER BY (toDate(received_at), site, received_at)
TTL toDateTime(received_at) + toIntervalDay(retention)
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE schema_migrations
(
    `number` UInt32 COMMENT 'Number of the file, from 1, without gaps',
    `name` String COMMENT 'Name of the file without number and ending',
    `checksum` String COMMENT 'BLAKE3 of the file, in hexadecimal',
    `applied_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When it ran to its end'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE segments
(
    `collector` UUID COMMENT 'The collector' CODEC(ZSTD(1)),
    `segment` UInt64 COMMENT 'Epoch in the high 32 bits, sequence in the low' CODEC(Delta(8), ZSTD(1)),
    `received_from` DateTime64(3, 'UTC') COMMENT 'First receipt in it' CODEC(Delta(8), ZSTD(1)),
    `received_to` DateTime64(3, 'UTC') COMMENT 'Last receipt in it' CODEC(Delta(8), ZSTD(1)),
    `reports` UInt32 COMMENT 'Rows of it in reports' CODEC(T64, ZSTD(1)),
    `inserted_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the mark was set' CODEC(Delta(8), ZSTD(1)),
    INDEX inserted_range inserted_at TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
ORDER BY (collector, segment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE VIEW v_alerts
(
    `organization` LowCardinality(String) COMMENT 'Whose alert it is; operator is the installation\'s',
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
    organization,
    alert,
    anyIf(JSONExtractString(detail, 'destination'), action = 'alert.raised') AS destination,
    argMaxIf(JSONExtractString(detail, 'severity'), seq, (action IN ('alert.raised', 'alert.worsened'))) AS severity,
    argMaxIf(if(action = 'alert.triaged', JSONExtractString(detail, 'to'), 'open'), seq, (action IN ('alert.raised', 'alert.reopened', 'alert.triaged'))) AS state,
    if(state = 'closed', argMaxIf(JSONExtractString(detail, 'cause'), seq, action = 'alert.triaged'), '') AS cause,
    CAST((cause IN ('skimmer', 'fake-payment-page', 'supplier-compromise')), 'Bool') AS is_attack,
    minIf(at, action = 'alert.raised') AS raised_at,
    minIf(at, action = 'alert.triaged') AS looked_at,
    if(state = 'closed', maxIf(at, action = 'alert.triaged'), toDateTime64(0, 3, 'UTC')) AS closed_at,
    countIf((action = 'alert.reopened') OR ((action = 'alert.triaged') AND (JSONExtractString(detail, 'to') = 'open'))) AS reopened,
    countIf(action = 'alert.overdue') AS overdue
FROM
(
    SELECT
        organization,
        subject AS alert,
        seq,
        at,
        action,
        detail
    FROM audit
    FINAL
    WHERE startsWith(action, 'alert.')
)
GROUP BY
    organization,
    alert
HAVING countIf(action = 'alert.raised') > 0;

CREATE VIEW v_coverage
(
    `site` LowCardinality(String) COMMENT 'Stable id of the site',
    `first_report` DateTime64(3, 'UTC') COMMENT 'First receipt of all that is kept',
    `last_report` DateTime64(3, 'UTC') COMMENT 'Last receipt',
    `reports` UInt64 COMMENT 'Reports that are kept',
    `silent_hours` Int64 COMMENT 'Whole hours since the last receipt'
)
AS SELECT
    site,
    min(received_at) AS first_report,
    max(received_at) AS last_report,
    count() AS reports,
    dateDiff('hour', max(received_at), now64(3, 'UTC')) AS silent_hours
FROM reports
GROUP BY site;

CREATE VIEW v_destination_days
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
    toDate(received_at) AS day,
    site,
    destination,
    directive,
    page_kind,
    disposition,
    count() AS reports,
    uniqCombinedIf(client, client != 0) AS clients,
    uniqCombinedIf(network, network != 0) AS networks,
    min(received_at) AS first_report,
    max(received_at) AS last_report
FROM reports
GROUP BY
    day,
    site,
    destination,
    directive,
    page_kind,
    disposition;

CREATE VIEW v_destinations
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
    destination,
    min(received_at) AS first_report,
    max(received_at) AS last_report,
    minIf(received_at, page_kind = 'checkout') AS first_payment_report,
    count() AS reports,
    countIf(page_kind = 'checkout') AS payment_reports,
    uniqCombined(site) AS sites,
    uniqCombinedIf(network, network != 0) AS networks
FROM reports
GROUP BY destination;

CREATE VIEW v_outcomes
(
    `hour` DateTime('UTC') COMMENT 'Start of the hour of receipt',
    `site` LowCardinality(String) COMMENT 'Stable id of the site; empty if no site was found',
    `outcome` LowCardinality(String) COMMENT 'stored: a row of reports; folded: over a limit, counted only; discarded; refused',
    `reason` LowCardinality(String) COMMENT 'Why it was discarded or refused; else empty',
    `entries` UInt64 COMMENT 'Entries; submissions where the outcome is refused'
)
AS SELECT
    hour,
    site,
    outcome,
    reason,
    sum(count) AS entries
FROM report_outcomes
GROUP BY
    hour,
    site,
    outcome,
    reason;

CREATE VIEW v_policy_directives
(
    `policy` UInt64 COMMENT 'Hash of what the policy says, as in v_reports',
    `directive` String COMMENT 'Name of the directive, in small letters',
    `sources` Array(String) COMMENT 'What it allows, as it stands in the policy',
    `seen` DateTime64(3, 'UTC') COMMENT 'When a collector met the policy last after a start'
)
AS SELECT
    policy,
    lower(words[1]) AS directive,
    arraySlice(words, 2) AS sources,
    seen
FROM
(
    SELECT
        hash AS policy,
        seen,
        splitByWhitespace(arrayJoin(splitByChar(';', text))) AS words
    FROM policies
    FINAL
)
WHERE notEmpty(words);

CREATE VIEW v_reports
(
    `id` String COMMENT 'Identity of the report, unique',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the submission arrived. Always bound it: it is what the rows are ordered by',
    `occurred_at` DateTime64(3, 'UTC') COMMENT 'When the browser says it happened, at most 15 minutes earlier',
    `site` LowCardinality(String) COMMENT 'Stable id of the site',
    `type` LowCardinality(String) COMMENT 'Report type: csp-violation, or any other as sent',
    `destination` String COMMENT 'Where the data would have gone: registrable domain, else bare scheme, inline, eval, none',
    `host` String COMMENT 'Blocked host; empty if there is none',
    `directive` LowCardinality(String) COMMENT 'Effective directive; unknown; none if it is no CSP violation',
    `disposition` LowCardinality(String) COMMENT 'enforce: the browser blocked it; report: it only told; unknown',
    `page_kind` LowCardinality(String) COMMENT 'checkout: a payment page; admin; other',
    `tampering` LowCardinality(String) COMMENT 'Shape it would have, were it tampering: js, link, none',
    `labels` Array(LowCardinality(String)) COMMENT 'What is known about it: extension, bot, repeat, own-domain and others',
    `has_card_number` Bool COMMENT 'A card number stood in it. The number itself is nowhere',
    `card_brand` LowCardinality(String) COMMENT 'Brand of that number; empty if there was none',
    `document_host` LowCardinality(String) COMMENT 'Host of the page',
    `document_path` String COMMENT 'Path of the page, redacted',
    `blocked` String COMMENT 'Blocked URL or keyword, redacted',
    `source` String COMMENT 'Script that did it, redacted. A page can forge it',
    `line` UInt32 COMMENT 'Line in the source, 0 if unknown',
    `sample` String COMMENT 'First characters of inline code, without digits and literals',
    `policy` UInt64 COMMENT 'Hash of the page\'s policy, see v_policy_directives; 0 if none was sent',
    `client` UInt64 COMMENT 'Keyed pseudonym of address and browser, changes with its period; 0 if not kept',
    `network` UInt64 COMMENT 'Keyed pseudonym of the /24 or /48; 0 if not kept',
    `country` LowCardinality(String) COMMENT 'Country of the client, ISO 3166-1 alpha-2; empty if unknown',
    `asn` UInt32 COMMENT 'Autonomous system of the client, 0 if unknown',
    `browser` LowCardinality(String) COMMENT 'Family that the user agent claims',
    `browser_major` UInt16 COMMENT 'Major version, 0 if unknown',
    `mobile` Bool COMMENT 'A phone or a tablet'
)
AS SELECT
    id,
    received_at,
    occurred_at,
    site,
    type,
    destination,
    host,
    directive,
    disposition,
    page_kind,
    tampering,
    labels,
    CAST(card_brand != '', 'Bool') AS has_card_number,
    card_brand,
    document_host,
    document_path,
    blocked,
    source,
    line,
    sample,
    policy,
    client,
    network,
    country,
    asn,
    browser,
    browser_major,
    mobile
FROM reports;

CREATE VIEW v_site_days
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
    toDate(received_at) AS day,
    site,
    count() AS reports,
    countIf(page_kind = 'checkout') AS payment_reports,
    countIf(card_brand != '') AS card_reports,
    countIf(disposition = 'enforce') AS blocked_reports,
    uniqCombined(destination) AS destinations,
    uniqCombinedIf(client, client != 0) AS clients,
    uniqCombinedIf(network, network != 0) AS networks,
    min(received_at) AS first_report,
    max(received_at) AS last_report
FROM reports
GROUP BY
    day,
    site;
