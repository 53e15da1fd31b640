-- A row is one stored entry of an acknowledged submission, redacted. Nothing in it is merged with another.
-- Written by the drain of each collector: a segment of its log is one insert under one deduplication token.
-- Read by site and time (the key), by destination (the projection), by segment (the detector), and by analysts.
CREATE TABLE IF NOT EXISTS reports
(
    `id` String ALIAS concat(toString(collector), '-', lower(leftPad(hex(segment), 16, '0')), '-', toString(`index`)) COMMENT 'Identity of the report as text: collector, segment, index. Unique',
    `collector` UUID COMMENT 'The collector that took it in' CODEC(ZSTD(1)),
    `segment` UInt64 COMMENT 'Segment of the collector''s log: epoch in the high 32 bits, sequence in the low' CODEC(Delta(8), ZSTD(1)),
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
    `page_kind` LowCardinality(String) COMMENT 'checkout, admin, other: by the site''s profile' CODEC(ZSTD(1)),
    `tampering` LowCardinality(String) COMMENT 'Shape it would have, were it tampering: js, link, none' CODEC(ZSTD(1)),
    `labels` Array(LowCardinality(String)) COMMENT 'What is known about it: extension, bot, repeat, card-number and others' CODEC(ZSTD(1)),
    `document_host` LowCardinality(String) COMMENT 'Host of the page' CODEC(ZSTD(1)),
    `document_path` String COMMENT 'Path of the page, redacted' CODEC(ZSTD(3)),
    `blocked` String COMMENT 'Blocked URL or keyword, redacted: values are shape and keyed hash' CODEC(ZSTD(3)),
    `source` String COMMENT 'Script that did it, redacted. A page can forge it' CODEC(ZSTD(3)),
    `line` UInt32 COMMENT 'Line in the source, 0 if unknown' CODEC(T64, ZSTD(1)),
    `column` UInt32 COMMENT 'Column in the source, 0 if unknown' CODEC(T64, ZSTD(1)),
    `sample` String COMMENT 'First characters of inline code, without digits and literals' CODEC(ZSTD(3)),
    `policy` UInt64 COMMENT 'Hash of the page''s policy, see policies; 0 if none was sent' CODEC(ZSTD(1)),
    `referrer_host` LowCardinality(String) COMMENT 'Host of the page''s referrer' CODEC(ZSTD(1)),
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
        SELECT destination, _part_offset
        ORDER BY destination
    ),
    PROJECTION by_site
    (
        SELECT site, min(received_at), max(received_at), count()
        GROUP BY site
    )
)
ENGINE = MergeTree
PARTITION BY (retention, toYYYYMM(received_at))
ORDER BY (toDate(received_at), site, received_at)
TTL toDateTime(received_at) + toIntervalDay(retention)
SETTINGS ttl_only_drop_parts = 1, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
