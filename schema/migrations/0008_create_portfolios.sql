-- A row is one site of a long list of sites: those that one organization sees.
-- Written by whoever asks in the name of that list, all its rows in one block. The control state decides what is in it.
-- Read by every query that is cut to the list.
CREATE TABLE IF NOT EXISTS portfolios
(
    `portfolio` UInt128 COMMENT 'What the list goes by: a hash of the sites in it' CODEC(ZSTD(1)),
    `site` String COMMENT 'Stable id of the site' CODEC(ZSTD(1)),
    `listed_at` DateTime('UTC') DEFAULT now() COMMENT 'When the list was written' CODEC(Delta(4), ZSTD(1))
)
ENGINE = ReplacingMergeTree(listed_at)
PRIMARY KEY (portfolio, site)
ORDER BY (portfolio, site)
TTL listed_at + toIntervalDay(3)
