-- On a service that anybody may use, a campaign is about one account; as in reports, redacted. Empty: about all of it.
ALTER TABLE campaigns ADD COLUMN account TEXT NOT NULL DEFAULT '';
-- Networks that report anything on the same pages since it came up; 0 if they were not counted.
ALTER TABLE campaign_sites ADD COLUMN page_networks INTEGER NOT NULL DEFAULT 0;
