-- A row is one directive of one policy: what that policy allows.
-- Written by nobody: it takes the texts of `policies` apart when it is read.
-- Read by analysts. Joined by `v_reports.policy`.
CREATE VIEW IF NOT EXISTS v_policy_directives
(
    `policy` UInt64 COMMENT 'Hash of what the policy says, as in v_reports',
    `directive` String COMMENT 'Name of the directive, in small letters',
    `sources` Array(String) COMMENT 'What it allows, as it stands in the policy',
    `seen` DateTime64(3, 'UTC') COMMENT 'When a collector met the policy last after a start'
)
AS SELECT
    policy, lower(words[1]) AS directive, arraySlice(words, 2) AS sources, seen
FROM
(
    SELECT hash AS policy, seen, splitByWhitespace(arrayJoin(splitByChar(';', text))) AS words
    FROM policies FINAL
)
WHERE notEmpty(words)
