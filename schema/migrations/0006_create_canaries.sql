-- A row counts the canary reports of one page in one window of time: page views that reported at all.
-- Written by the drain: of one segment at first, of all segments after two days.
-- Read as the denominator of rates, and as proof that a site still serves its header.
CREATE TABLE IF NOT EXISTS canaries
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
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
