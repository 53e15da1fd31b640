-- A row is one report, in the columns that people ask about, with a flag for card numbers.
-- Written by nobody: it shows `reports`, and what is erased there is gone here.
-- Read by analysts. Conditions on `received_at`, `site` and `destination` use the same indexes as there.
CREATE VIEW IF NOT EXISTS v_reports
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
    `policy` UInt64 COMMENT 'Hash of the page''s policy, see v_policy_directives; 0 if none was sent',
    `client` UInt64 COMMENT 'Keyed pseudonym of address and browser, changes with its period; 0 if not kept',
    `network` UInt64 COMMENT 'Keyed pseudonym of the /24 or /48; 0 if not kept',
    `country` LowCardinality(String) COMMENT 'Country of the client, ISO 3166-1 alpha-2; empty if unknown',
    `asn` UInt32 COMMENT 'Autonomous system of the client, 0 if unknown',
    `browser` LowCardinality(String) COMMENT 'Family that the user agent claims',
    `browser_major` UInt16 COMMENT 'Major version, 0 if unknown',
    `mobile` Bool COMMENT 'A phone or a tablet'
)
AS SELECT
    id, received_at, occurred_at, site, type, destination, host, directive, disposition, page_kind, tampering, labels,
    CAST(card_brand != '', 'Bool') AS has_card_number, card_brand, document_host, document_path, blocked, source, line,
    sample, policy, client, network, country, asn, browser, browser_major, mobile
FROM reports
