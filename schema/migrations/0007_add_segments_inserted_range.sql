-- Readers look every few seconds for marks that were set lately; marks are there for good, and many.
ALTER TABLE segments
    ADD INDEX IF NOT EXISTS inserted_range inserted_at TYPE minmax GRANULARITY 1
