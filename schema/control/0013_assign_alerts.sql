-- Whose it is to look at an alert: the e-mail address of a user of its organization; empty: nobody's in particular.
ALTER TABLE alerts ADD COLUMN assignee TEXT NOT NULL DEFAULT '';
