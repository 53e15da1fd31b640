//! The text of every statement. Values are bound. `?1` of the reads is the scope: the organization whose sites may be
//! seen, or NULL for all of them.

/// Which campaign a destination belongs to, how high it stands there, and since when.
pub(super) const MEMBER: &str =
    "SELECT campaign, severity, score, joined_at FROM campaign_members WHERE id = ?1";

/// How high a campaign stands.
pub(super) const STANDING: &str = "SELECT severity, score FROM campaigns WHERE id = ?1";

/// Campaigns at some sites, a JSON array, that were still seen there at a moment; site by site. The last column says
/// whether one of their destinations is used in this way.
pub(super) const CANDIDATES: &str = "
    SELECT s.campaign, s.site, s.first_seen, s.last_seen, c.destination, c.account, c.raised_at,
           (SELECT count(*) FROM campaign_sites WHERE campaign = c.id),
           EXISTS (SELECT 1 FROM campaign_members WHERE campaign = c.id AND kind = ?2)
    FROM campaign_sites AS s
    JOIN campaigns AS c ON c.id = s.campaign
    WHERE s.site IN (SELECT value FROM json_each(?1)) AND s.last_seen >= ?3";

/// The causes of the alerts of a campaign that are closed.
pub(super) const CAUSES: &str = "SELECT cause FROM alerts WHERE campaign = ?1 AND state = 'closed'";

/// A destination of a campaign.
pub(super) const ADD_MEMBER: &str = "
    INSERT INTO campaign_members (id, campaign, destination, account, kind, severity, score, reasons, joined_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

/// A destination that stands higher than before.
pub(super) const RAISE_MEMBER: &str =
    "UPDATE campaign_members SET kind = ?2, severity = ?3, score = ?4, reasons = ?5 WHERE id = ?1";

/// A destination at a site, new or seen again.
pub(super) const PUT_MEMBER_SITE: &str = "
    INSERT INTO campaign_member_sites (member, site, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (member, site) DO UPDATE SET
        first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)";

/// The destinations of a campaign, as far as they were at sites that may be seen: the one that it was raised for first.
pub(super) const MEMBERS: &str = "
    SELECT m.destination, m.account, m.kind, m.severity, m.score, m.reasons, m.joined_at, min(s.first_seen),
           max(s.last_seen), count(*)
    FROM campaign_members AS m JOIN campaign_member_sites AS s ON s.member = m.id
    WHERE m.campaign = ?2
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o WHERE o.organization = ?1 AND o.site = s.site))
    GROUP BY m.id
    ORDER BY m.id <> m.campaign, m.joined_at, m.id";

/// A new campaign.
pub(super) const ADD_CAMPAIGN: &str = "
    INSERT INTO campaigns (id, destination, account, kind, severity, score, reasons, judged_at, raised_at,
                           first_seen, last_seen)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?8)";

/// A campaign that stands higher than before.
pub(super) const RAISE_CAMPAIGN: &str = "
    UPDATE campaigns SET severity = ?2, score = ?3, reasons = ?4, judged_at = ?5 WHERE id = ?1";

/// What happens at the destination that a campaign was raised for.
pub(super) const SET_KIND: &str = "UPDATE campaigns SET kind = ?2 WHERE id = ?1";

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

/// The alerts of a campaign, and whose they are.
pub(super) const ALERTS_OF_CAMPAIGN: &str = "SELECT id, organization, state, cause, changed_at FROM alerts WHERE campaign = ?1 ORDER BY organization";

/// Whether an organization is told how many merchants of others were hit.
pub(super) const TELLS_OTHERS: &str = "SELECT tells_others FROM organizations WHERE id = ?1";

/// The organizations that see a site.
pub(super) const ORGANIZATIONS_OF: &str =
    "SELECT organization FROM organization_sites WHERE site = ?1 ORDER BY organization";

/// A new alert.
pub(super) const ADD_ALERT: &str = "
    INSERT INTO alerts (id, campaign, organization, state, raised_at, changed_at, opened_at, cause, note)
    VALUES (?1, ?2, ?3, 'open', ?4, ?4, ?4, '', '')";

/// State and cause of an alert, and whose it is.
pub(super) const STATE: &str = "SELECT state, cause, organization FROM alerts WHERE id = ?1";

/// An alert in another state. The first that somebody does is the first look; being opened again begins the deadlines
/// anew.
pub(super) const SET_STATE: &str = "
    UPDATE alerts SET
        state = ?2, changed_at = ?3, cause = ?4, note = ?5,
        closed_at = iif(?2 = 'closed', ?3, NULL),
        looked_at = iif(?2 = 'open', looked_at, coalesce(looked_at, ?3)),
        opened_at = iif(?2 = 'open', ?3, opened_at),
        escalation = iif(?2 = 'open', 0, escalation)
    WHERE id = ?1";

/// Whose an alert is, and who looks after it.
pub(super) const ASSIGNEE: &str = "SELECT organization, assignee FROM alerts WHERE id = ?1";

/// Whether an organization has this user, who is let in and has one of these roles: a JSON array.
pub(super) const MAY_BE_ASSIGNED: &str = "
    SELECT EXISTS (SELECT 1 FROM users
                   WHERE organization = ?1 AND email = ?2 AND state = 'active'
                     AND role IN (SELECT value FROM json_each(?3)))";

/// Somebody looks after an alert.
pub(super) const ASSIGN: &str = "UPDATE alerts SET assignee = ?2 WHERE id = ?1";

/// Alerts that are not closed and were opened before a moment, the longest waiting first.
pub(super) const WAITING: &str = "
    SELECT a.id, a.organization, a.state, c.severity, a.opened_at, a.escalation
    FROM alerts AS a JOIN campaigns AS c ON c.id = a.campaign
    WHERE a.state != 'closed' AND a.opened_at <= ?1 AND a.escalation < 4
    ORDER BY a.opened_at, a.id";

/// That a deadline has passed is told.
pub(super) const ESCALATE: &str =
    "UPDATE alerts SET escalation = ?2 WHERE id = ?1 AND state != 'closed' AND escalation < ?2";

/// What is known of how alerts were dealt with that were raised since a moment, the newest first.
pub(super) const PERFORMANCE: &str = "
    SELECT c.severity, a.state, a.cause, a.raised_at, a.opened_at, a.looked_at, a.closed_at
    FROM alerts AS a JOIN campaigns AS c ON c.id = a.campaign
    WHERE a.organization = ?2 AND a.raised_at >= ?3
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s
                                 JOIN organization_sites AS o ON o.organization = ?1 AND o.site = s.site
                                 WHERE s.campaign = a.campaign))
    ORDER BY a.raised_at DESC
    LIMIT ?4";

/// One more event of an alert.
pub(super) const ADD_EVENT: &str = "
    INSERT INTO alert_events (alert, seq, at, actor, what, subject)
    VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM alert_events WHERE alert = ?1), ?2, ?3, ?4, ?5)";

/// The events of an alert, in order.
pub(super) const EVENTS: &str =
    "SELECT at, actor, what, subject FROM alert_events WHERE alert = ?1 ORDER BY seq";

/// The number of the newest event of all alerts.
pub(super) const NEWEST_EVENT: &str = "SELECT coalesce(max(number), 0) FROM alert_events";

/// Events of an organization's alerts with numbers after one and up to another, in order.
pub(super) const EVENTS_AFTER: &str = "
    SELECT e.number, e.alert, e.at, e.actor, e.what, e.subject
    FROM alert_events AS e JOIN alerts AS a ON a.id = e.alert
    WHERE a.organization = ?1 AND e.number > ?2 AND e.number <= ?3
    ORDER BY e.number
    LIMIT ?4";

/// Alerts with their campaigns, newest first. The campaign's columns come first. A site that may not be seen
/// selects nothing: whether it was hit is what the reader may not know.
pub(super) const ALERTS: &str = "
    SELECT c.id, c.destination, c.account, c.kind, c.severity, c.score, c.reasons, c.judged_at, c.raised_at,
           c.first_seen, c.last_seen, a.id, a.state, a.raised_at, a.changed_at, a.cause, a.note,
           a.opened_at, a.looked_at, a.closed_at, coalesce(u.email, '')
    FROM alerts AS a JOIN campaigns AS c ON c.id = a.campaign
    LEFT JOIN users AS u ON u.email = a.assignee AND u.organization = a.organization AND u.state = 'active'
    WHERE (?9 IS NULL OR a.organization = ?9)
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s
                                 JOIN organization_sites AS o ON o.organization = ?1 AND o.site = s.site
                                 WHERE s.campaign = a.campaign))
      AND (?2 IS NULL OR a.id = ?2)
      AND (?3 IS NULL OR a.state IN (SELECT value FROM json_each(?3)))
      AND (?4 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s WHERE s.campaign = a.campaign AND s.site = ?4
                                   AND (?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o
                                                              WHERE o.organization = ?1 AND o.site = s.site))))
      AND (?5 IS NULL OR EXISTS (SELECT 1 FROM campaign_members AS m, campaign_member_sites AS s
                                 WHERE m.campaign = a.campaign AND m.destination = ?5 AND s.member = m.id
                                   AND (?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o
                                                              WHERE o.organization = ?1 AND o.site = s.site))))
      AND (?6 IS NULL OR (a.raised_at, a.id) < (?6, ?7))
      AND (?10 IS NULL OR u.email = ?10)
    ORDER BY a.raised_at DESC, a.id DESC
    LIMIT ?8";

/// Campaigns, newest first. The same columns as those of a campaign in the list of alerts.
pub(super) const CAMPAIGNS: &str = "
    SELECT c.id, c.destination, c.account, c.kind, c.severity, c.score, c.reasons, c.judged_at, c.raised_at,
           c.first_seen, c.last_seen
    FROM campaigns AS c
    WHERE (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s
                                 JOIN organization_sites AS o ON o.organization = ?1 AND o.site = s.site
                                 WHERE s.campaign = c.id))
      AND (?2 IS NULL OR (c.raised_at, c.id) < (?2, ?3))
    ORDER BY c.raised_at DESC, c.id DESC
    LIMIT ?4";

/// Where a campaign was seen, in the order in which the merchants were hit; the last column says whether
/// the site may be seen.
pub(super) const HITS: &str = "
    SELECT site, first_seen, last_seen, joined_at, clients, networks, page_networks, directives, card_number,
           ?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o WHERE o.organization = ?1 AND o.site = s.site)
    FROM campaign_sites AS s
    WHERE campaign = ?2
    ORDER BY first_seen, site";

/// Alerts of an organization about some destinations: a JSON array.
pub(super) const BY_DESTINATION: &str = "
    SELECT m.destination, a.id
    FROM campaign_members AS m
    JOIN campaign_member_sites AS s ON s.member = m.id
    JOIN alerts AS a ON a.campaign = m.campaign AND a.organization = ?3
    WHERE m.destination IN (SELECT value FROM json_each(?2))
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o WHERE o.organization = ?1 AND o.site = s.site))
    GROUP BY m.destination, a.id
    ORDER BY a.raised_at, a.id";

/// Destinations that the alerts of an organization are about, as far as sites that it sees report them: the newest.
pub(super) const ALERTED: &str = "
    SELECT m.destination
    FROM alerts AS a
    JOIN campaign_members AS m ON m.campaign = a.campaign
    WHERE a.organization = ?2
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_member_sites AS s
                                 JOIN organization_sites AS o ON o.organization = ?1 AND o.site = s.site
                                 WHERE s.member = m.id))
    GROUP BY m.destination
    ORDER BY max(a.raised_at) DESC
    LIMIT ?3";

/// Alerts by state.
pub(super) const COUNTS: &str = "
    SELECT state, count(*)
    FROM alerts AS a
    WHERE a.organization = ?2
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s
                                 JOIN organization_sites AS o ON o.organization = ?1 AND o.site = s.site
                                 WHERE s.campaign = a.campaign))
    GROUP BY state";

/// Unresolved alerts of an organization: how urgent they are, and since when they are open.
pub(super) const UNRESOLVED: &str = "
    SELECT c.severity, a.state, a.opened_at
    FROM alerts AS a JOIN campaigns AS c ON c.id = a.campaign
    WHERE a.organization = ?2 AND a.state <> 'closed'
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM campaign_sites AS s
                                 JOIN organization_sites AS o ON o.organization = ?1 AND o.site = s.site
                                 WHERE s.campaign = a.campaign))
    ORDER BY a.opened_at
    LIMIT ?3";

/// Unresolved alerts of each site that has any.
pub(super) const UNRESOLVED_BY_SITE: &str = "
    SELECT s.site, count(*)
    FROM campaign_sites AS s JOIN alerts AS a ON a.campaign = s.campaign AND a.organization = ?2
    WHERE a.state <> 'closed'
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o WHERE o.organization = ?1 AND o.site = s.site))
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

/// A site is forgotten of every destination; then those that were nowhere else are, and that they joined.
pub(super) const FORGET_MEMBERS: [&str; 3] = [
    "DELETE FROM campaign_member_sites WHERE site = ?1",
    "DELETE FROM alert_events WHERE what = 'member-joined' AND EXISTS (
         SELECT 1 FROM alerts AS a JOIN campaign_members AS m ON m.campaign = a.campaign
         WHERE a.id = alert AND m.destination = subject
           AND NOT EXISTS (SELECT 1 FROM campaign_member_sites WHERE member = m.id))",
    "DELETE FROM campaign_members WHERE NOT EXISTS (SELECT 1 FROM campaign_member_sites WHERE member = id)",
];

/// A campaign whose own destination was forgotten goes by the first that is left.
pub(super) const RENAME_CAMPAIGNS: &str = "
    UPDATE campaigns SET (destination, account, kind) = (
        SELECT destination, account, kind FROM campaign_members
        WHERE campaign = campaigns.id ORDER BY joined_at, id LIMIT 1)
    WHERE id NOT IN (SELECT id FROM campaign_members) AND id IN (SELECT campaign FROM campaign_members)";

/// That an alert was opened again stays, but not because of which site.
pub(super) const FORGET_REASONS: &str =
    "UPDATE alert_events SET subject = '' WHERE what = 'reopened' AND subject = ?1";

/// A campaign is forgotten, in the order that its references ask for.
pub(super) const FORGET_CAMPAIGN: [&str; 4] = [
    "DELETE FROM campaign_members WHERE campaign = ?1",
    "DELETE FROM alert_events WHERE alert IN (SELECT id FROM alerts WHERE campaign = ?1)",
    "DELETE FROM alerts WHERE campaign = ?1",
    "DELETE FROM campaigns WHERE id = ?1",
];
