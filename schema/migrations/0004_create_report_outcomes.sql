-- A row counts what became of one site's entries in one hour: of one segment at first, of all segments after two days.
-- Written by the drain, beside the reports of the same segment, so that the counts survive what the rows survive.
-- Read by the stats: received = stored + folded + discarded. Refused submissions stand outside the equation.
CREATE TABLE IF NOT EXISTS report_outcomes
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
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
