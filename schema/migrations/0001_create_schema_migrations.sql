-- A row is one migration that this database has been through.
-- Written by `skimwatch migrate`, one row after each file that ran to its end.
-- Read by every start: a number that the program does not know means a newer database, and it refuses.
CREATE TABLE IF NOT EXISTS schema_migrations
(
    `number` UInt32 COMMENT 'Number of the file, from 1, without gaps',
    `name` String COMMENT 'Name of the file without number and ending',
    `checksum` String COMMENT 'BLAKE3 of the file, in hexadecimal',
    `applied_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When it ran to its end'
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
