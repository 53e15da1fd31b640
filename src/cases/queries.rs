//! The text of every statement. Values are bound. `?1` of the reads is the scope: a JSON array of the sites
//! that may be seen, or NULL for all of them.

/// Whether a campaign is known, how high it stands, and since when.
pub(super) const CAMPAIGN: &str = "SELECT severity, score, raised_at FROM campaigns WHERE id = ?1";

/// A new campaign.
pub(super) const ADD_CAMPAIGN: &str = "
    INSERT INTO campaigns (id, destination, account, kind, severity, score, reasons, judged_at, raised_at,
                           first_seen, last_seen)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?8)";

/// A campaign that stands higher than before.
pub(super) const RAISE_CAMPAIGN: &str = "
    UPDATE campaigns SET kind = ?2, severity = ?3, score = ?4, reasons = ?5, judged_at = ?6 WHERE id = ?1";

/// A campaign was seen again.
pub(super) const SEEN_CAMPAIGN: &str = "
    UPDATE campaigns SET first_seen = min(first_seen, ?2), last_seen = max(last_seen, ?3) WHERE id = ?1";

/// What is known of a campaign at a site.
pub(super) const HIT: &str =
    "SELECT directives FROM campaign_sites WHERE campaign = ?1 AND site = ?2";

/// A campaign at a site, new or seen again. Figures only grow, so that telling twice changes nothing.
pub(super) const PUT_HIT: &str = "
    INSERT INTO campaign_sites (campaign, site, first_seen, last_seen, joined_at, clients, networks,
                                page_networks, directives, card_number)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT (campaign, site) DO UPDATE SET
        first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen),
        clients = max(clients, excluded.clients), networks = max(networks, excluded.networks),
        page_networks = max(page_networks, excluded.page_networks),
        directives = excluded.directives, card_number = max(card_number, excluded.card_number)";

/// A new alert.
pub(super) const ADD_ALERT: &str = "
    INSERT INTO alerts (id, campaign, organization, state, raised_at, changed_at, cause, note)
    VALUES (?1, ?2, ?3, 'open', ?4, ?4, '', '')";

/// State and cause of an alert.
pub(super) const STATE: &str = "SELECT state, cause FROM alerts WHERE id = ?1";

/// An alert in another state.
pub(super) const SET_STATE: &str =
    "UPDATE alerts SET state = ?2, changed_at = ?3, cause = ?4, note = ?5 WHERE id = ?1";

/// One more event of an alert.
pub(super) const ADD_EVENT: &str = "
    INSERT INTO alert_events (alert, seq, at, actor, what, subject)
    VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM alert_events WHERE alert = ?1), ?2, ?3, ?4, ?5)";

/// The events of an alert, in order.
pub(super) const EVENTS: &str =
    "SELECT at, actor, what, subject FROM alert_events WHERE alert = ?1 ORDER BY seq";

/// Alerts with their campaigns, newest first. The campaign's columns come first. A site that may not be seen
/// selects nothing: whether it was hit is what the reader may not know.
pub(super) const ALERTS: &str = "
    SELECT c.id, c.destination, c.account, c.kind, c.severity, c.score, c.reasons, c.judged_at, c.raised_at,
           c.first_seen, c.last_seen, a.id, a.state, a.raised_at, a.changed_at, a.cause, a.note
    FROM alerts AS a JOIN campaigns AS c ON c.id = a.campaign
    WHERE (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s, json_each(?1) AS seen
                                 WHERE s.campaign = a.campaign AND s.site = seen.value))
      AND (?2 IS NULL OR a.id = ?2)
      AND (?3 IS NULL OR a.state IN (SELECT value FROM json_each(?3)))
      AND (?4 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites WHERE campaign = a.campaign AND site = ?4
                                   AND (?1 IS NULL OR site IN (SELECT value FROM json_each(?1)))))
      AND (?5 IS NULL OR c.destination = ?5)
      AND (?6 IS NULL OR (a.raised_at, a.id) < (?6, ?7))
    ORDER BY a.raised_at DESC, a.id DESC
    LIMIT ?8";

/// Campaigns, newest first. The same columns as those of a campaign in the list of alerts.
pub(super) const CAMPAIGNS: &str = "
    SELECT c.id, c.destination, c.account, c.kind, c.severity, c.score, c.reasons, c.judged_at, c.raised_at,
           c.first_seen, c.last_seen
    FROM campaigns AS c
    WHERE (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s, json_each(?1) AS seen
                                 WHERE s.campaign = c.id AND s.site = seen.value))
      AND (?2 IS NULL OR (c.raised_at, c.id) < (?2, ?3))
    ORDER BY c.raised_at DESC, c.id DESC
    LIMIT ?4";

/// Where a campaign was seen, in the order in which the merchants were hit; the last column says whether
/// the site may be seen.
pub(super) const HITS: &str = "
    SELECT site, first_seen, last_seen, joined_at, clients, networks, page_networks, directives, card_number,
           ?1 IS NULL OR site IN (SELECT value FROM json_each(?1))
    FROM campaign_sites
    WHERE campaign = ?2
    ORDER BY first_seen, site";

/// Alerts about some destinations: a JSON array.
pub(super) const BY_DESTINATION: &str = "
    SELECT c.destination, a.id
    FROM campaigns AS c JOIN alerts AS a ON a.campaign = c.id
    WHERE c.destination IN (SELECT value FROM json_each(?2))
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s, json_each(?1) AS seen
                                 WHERE s.campaign = c.id AND s.site = seen.value))
    ORDER BY a.raised_at, a.id";

/// Alerts by state.
pub(super) const COUNTS: &str = "
    SELECT state, count(*)
    FROM alerts AS a
    WHERE ?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s, json_each(?1) AS seen
                                WHERE s.campaign = a.campaign AND s.site = seen.value)
    GROUP BY state";

/// Unresolved alerts of each site that has any.
pub(super) const UNRESOLVED_BY_SITE: &str = "
    SELECT s.site, count(*)
    FROM campaign_sites AS s JOIN alerts AS a ON a.campaign = s.campaign
    WHERE a.state <> 'closed' AND (?1 IS NULL OR s.site IN (SELECT value FROM json_each(?1)))
    GROUP BY s.site";

/// How many campaigns were seen at a site, and how many events name it.
pub(super) const TRACES: &str = "
    SELECT (SELECT count(*) FROM campaign_sites WHERE site = ?1),
           (SELECT count(*) FROM alert_events WHERE what IN ('site-joined', 'reopened') AND subject = ?1)";

/// Campaigns that were seen at this site and no other.
pub(super) const CAMPAIGNS_OF_ONE: &str = "
    SELECT campaign FROM campaign_sites WHERE site = ?1
    EXCEPT
    SELECT campaign FROM campaign_sites WHERE site != ?1";

/// Alerts of a campaign.
pub(super) const ALERTS_OF: &str = "SELECT count(*) FROM alerts WHERE campaign = ?1";

/// A site is forgotten: where it was hit, and that it joined.
pub(super) const FORGET_HITS: &str = "DELETE FROM campaign_sites WHERE site = ?1";
pub(super) const FORGET_JOINS: &str =
    "DELETE FROM alert_events WHERE what = 'site-joined' AND subject = ?1";

/// That an alert was opened again stays, but not because of which site.
pub(super) const FORGET_REASONS: &str =
    "UPDATE alert_events SET subject = '' WHERE what = 'reopened' AND subject = ?1";

/// A campaign is forgotten, in the order that its references ask for.
pub(super) const FORGET_CAMPAIGN: [&str; 3] = [
    "DELETE FROM alert_events WHERE alert IN (SELECT id FROM alerts WHERE campaign = ?1)",
    "DELETE FROM alerts WHERE campaign = ?1",
    "DELETE FROM campaigns WHERE id = ?1",
];
