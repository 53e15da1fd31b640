-- How long alerts wait for people. Moments are milliseconds since 1970.

-- When it was raised or last opened again: its deadlines count from then.
ALTER TABLE alerts ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;
UPDATE alerts SET opened_at = raised_at;
-- When somebody first decided something about it, and when it was closed; NULL until then.
ALTER TABLE alerts ADD COLUMN looked_at INTEGER;
ALTER TABLE alerts ADD COLUMN closed_at INTEGER;
UPDATE alerts SET closed_at = changed_at WHERE state = 'closed';
UPDATE alerts SET looked_at = (
    SELECT min(at) FROM alert_events
    WHERE alert = alerts.id AND what IN ('acknowledged', 'contained', 'closed'));
-- Which of its deadlines were told to have passed since then: 0 to 4, see src/cases/deadlines.rs.
ALTER TABLE alerts ADD COLUMN escalation INTEGER NOT NULL DEFAULT 0;
CREATE INDEX alerts_unresolved ON alerts (opened_at) WHERE state != 'closed';
