-- What belongs to a campaign: the destination that it was raised for, and others that the same merchants report.
-- Moments are milliseconds since 1970.

CREATE TABLE campaign_members (
    -- The campaign that it would be by itself: a finding goes by this name.
    id TEXT NOT NULL PRIMARY KEY,
    campaign TEXT NOT NULL REFERENCES campaigns (id),
    -- Registrable domain, and the account there as in campaigns.
    destination TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The highest that was found, with its score and reasons.
    severity TEXT NOT NULL,
    score REAL NOT NULL,
    reasons TEXT NOT NULL CHECK (json_type(reasons) = 'array'),
    -- When it was found to belong there.
    joined_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_members_by_campaign ON campaign_members (campaign);
CREATE INDEX campaign_members_by_destination ON campaign_members (destination);

-- Where each of them was seen.
CREATE TABLE campaign_member_sites (
    member TEXT NOT NULL REFERENCES campaign_members (id),
    site TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (member, site)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_member_sites_by_site ON campaign_member_sites (site);

-- A campaign of before has one: its own.
INSERT INTO campaign_members (id, campaign, destination, account, kind, severity, score, reasons, joined_at)
SELECT id, id, destination, account, kind, severity, score, reasons, raised_at FROM campaigns;
INSERT INTO campaign_member_sites (member, site, first_seen, last_seen)
SELECT campaign, site, first_seen, last_seen FROM campaign_sites;
