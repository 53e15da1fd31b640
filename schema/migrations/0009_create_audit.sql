-- A row is one entry of the audit log, as it stands in the control state: who changed what.
-- Written by the web role, in order, within seconds. The control state is what counts; this is a copy.
-- Read by analysts, and by `skimwatch audit verify`, which finds here what was cut off the end there.
CREATE TABLE IF NOT EXISTS audit
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
