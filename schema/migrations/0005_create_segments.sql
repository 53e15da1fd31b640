-- A row is one segment whose reports, policies and counts all stand in their tables: the commit mark.
-- Written last by the drain. A segment that was set aside is inserted again only if its row is missing here.
-- Read by the drain and by the detector, which follows segments, never time.
CREATE TABLE IF NOT EXISTS segments
(
    `collector` UUID COMMENT 'The collector' CODEC(ZSTD(1)),
    `segment` UInt64 COMMENT 'Epoch in the high 32 bits, sequence in the low' CODEC(Delta(8), ZSTD(1)),
    `received_from` DateTime64(3, 'UTC') COMMENT 'First receipt in it' CODEC(Delta(8), ZSTD(1)),
    `received_to` DateTime64(3, 'UTC') COMMENT 'Last receipt in it' CODEC(Delta(8), ZSTD(1)),
    `reports` UInt32 COMMENT 'Rows of it in reports' CODEC(T64, ZSTD(1)),
    `inserted_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When the mark was set' CODEC(Delta(8), ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (collector, segment)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
