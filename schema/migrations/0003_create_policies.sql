-- A row is one policy text, without nonces, report endpoints and secrets.
-- Written by the drain: the policies that a segment's reports name, before the reports themselves.
-- Read to explain a report, and by the policy builder. Joined by `reports.policy`.
CREATE TABLE IF NOT EXISTS policies
(
    `hash` UInt64 COMMENT 'Hash of what the policy says, the same whatever its nonces',
    `text` String COMMENT 'The policy, redacted' CODEC(ZSTD(3)),
    `seen` DateTime64(3, 'UTC') COMMENT 'When a collector met it last after a start'
)
ENGINE = ReplacingMergeTree(seen)
ORDER BY hash
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
