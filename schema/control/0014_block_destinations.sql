-- What people know to be bad, beside what they vouch for: one verdict for each destination and place.

ALTER TABLE trusts ADD COLUMN verdict TEXT NOT NULL DEFAULT 'approved'
    CHECK (verdict IN ('approved', 'blocked'));
-- Whose verdict it is: the id of an organization. Nobody else may change it, the operator apart.
ALTER TABLE trusts ADD COLUMN organization TEXT NOT NULL DEFAULT 'operator';
CREATE INDEX trusts_by_destination ON trusts (destination);
-- A destination's history of verdicts, however long the log is.
CREATE INDEX audit_of_verdicts ON audit (subject, seq)
    WHERE action IN ('trust.added', 'trust.removed', 'block.added', 'block.removed');
