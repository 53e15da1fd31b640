//! The text of every statement on channels, notices and deliveries. Values are bound.

/// Columns of a channel, without its secret, and how it stands: what waits, what was given up, the last failure.
macro_rules! channels {
    ($where:literal) => {
        concat!(
            "SELECT c.id, c.organization, c.kind, c.name, c.target, c.least, c.quiet_from, c.quiet_to, c.quiet_offset,
                    c.most_per_hour, c.state, c.paused_why, c.actor, c.created_at,
                    (SELECT count(*) FROM deliveries
                     WHERE channel = c.id AND state IN ('waiting', 'held')),
                    (SELECT count(*) FROM deliveries WHERE channel = c.id AND state = 'given-up'),
                    (SELECT max(sent_at) FROM deliveries WHERE channel = c.id AND state = 'sent'),
                    coalesce((SELECT error FROM deliveries
                              WHERE channel = c.id AND error <> '' AND state <> 'sent'
                              ORDER BY notice DESC LIMIT 1), '')
             FROM channels AS c WHERE ",
            $where
        )
    };
}

/// Channels of an organization, in the order in which they were made.
pub(super) const CHANNELS: &str = channels!("c.organization = ?1 ORDER BY c.created_at, c.id");

/// One of them.
pub(super) const CHANNEL: &str = channels!("c.organization = ?1 AND c.id = ?2");

/// How many an organization has.
pub(super) const CHANNEL_COUNT: &str = "SELECT count(*) FROM channels WHERE organization = ?1";

/// A new channel.
pub(super) const ADD_CHANNEL: &str = "
    INSERT INTO channels (id, organization, kind, name, target, secret, least, quiet_from, quiet_to, quiet_offset,
                          most_per_hour, state, paused_why, actor, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'active', '', ?12, ?13)";

/// What is told, when, and how much.
pub(super) const CHANGE_CHANNEL: &str = "
    UPDATE channels SET name = ?3, least = ?4, quiet_from = ?5, quiet_to = ?6, quiet_offset = ?7, most_per_hour = ?8
    WHERE organization = ?1 AND id = ?2";

/// Active or paused, and why.
pub(super) const SET_CHANNEL_STATE: &str =
    "UPDATE channels SET state = ?2, paused_why = ?3 WHERE id = ?1";

/// A channel goes, with all that was on its way to it.
pub(super) const REMOVE_CHANNEL: &str = "DELETE FROM channels WHERE organization = ?1 AND id = ?2";

/// Channels that want to be told: those of an organization that tell of this severity, or one of them, whatever it
/// tells of.
pub(super) const LISTENERS: &str = "
    SELECT id FROM channels
    WHERE organization = ?1 AND id = coalesce(?3, id)
      AND (?3 IS NOT NULL OR least IN (SELECT value FROM json_each(?2)))
    ORDER BY id";

/// A notice.
pub(super) const ADD_NOTICE: &str = "
    INSERT INTO notices (organization, kind, alert, severity, subject, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    RETURNING id";

/// A notice on its way.
pub(super) const ADD_DELIVERY: &str = "
    INSERT INTO deliveries (id, notice, channel, state, attempts, next_at, error)
    VALUES (?1, ?2, ?3, 'waiting', 0, ?4, '')";

/// Active channels that something waits for, those that have waited longest first, with their organizations. Not those
/// whose first message is being sent, or is to be tried again later: what follows waits for it.
pub(super) const DUE_CHANNELS: &str = "
    SELECT d.channel, c.organization
    FROM deliveries AS d JOIN channels AS c ON c.id = d.channel
    WHERE d.state IN ('waiting', 'held') AND d.next_at <= ?1 AND c.state = 'active'
      AND NOT EXISTS (SELECT 1 FROM deliveries AS first
                      WHERE first.channel = c.id AND first.state = 'waiting' AND first.message IS NOT NULL
                        AND first.next_at > ?1)
    GROUP BY d.channel
    ORDER BY min(d.notice)
    LIMIT ?2";

/// The channel as whoever sends needs it.
pub(super) const ADDRESSEE: &str = "
    SELECT c.organization, c.kind, c.name, c.target, c.secret, c.quiet_from, c.quiet_to, c.quiet_offset,
           c.most_per_hour, o.name, o.language
    FROM channels AS c JOIN organizations AS o ON o.id = c.organization
    WHERE c.id = ?1 AND c.state = 'active'";

/// What waits for a channel, in order: so many, and of what follows what is critical.
pub(super) const TO_DO: &str = "
    SELECT d.id, d.state, d.message, d.attempts, d.next_at, n.kind, n.alert, n.severity, n.subject, n.at
    FROM deliveries AS d JOIN notices AS n ON n.id = d.notice
    WHERE d.channel = ?1 AND d.state IN ('waiting', 'held')
      AND (n.severity = 'critical' OR d.message IS NOT NULL
           OR d.notice <= (SELECT max(notice) FROM (SELECT notice FROM deliveries
                                                    WHERE channel = ?1 AND state IN ('waiting', 'held')
                                                    ORDER BY notice LIMIT ?2)))
    ORDER BY d.message IS NULL, d.notice
    LIMIT 2 * ?2";

/// When a channel was told something lately, the oldest first.
pub(super) const TOLD_SINCE: &str = "
    SELECT max(sent_at) FROM deliveries
    WHERE channel = ?1 AND state = 'sent' AND sent_at > ?2
    GROUP BY message
    ORDER BY 1";

/// Held until then, if it was not taken up.
pub(super) const HOLD: &str = "
    UPDATE deliveries SET state = 'held', next_at = ?2
    WHERE channel = ?1 AND message IS NULL AND state IN ('waiting', 'held')
      AND NOT (state = 'held' AND next_at = ?2)";

/// Taken up, as a part of a message. Nobody else takes it up before then.
pub(super) const TAKE: &str = "
    UPDATE deliveries SET state = 'waiting', message = ?2, attempts = attempts + 1, next_at = ?3 WHERE id = ?1";

/// The receiver took it.
pub(super) const SENT: &str = "
    UPDATE deliveries SET state = 'sent', sent_at = ?2, error = ?3 WHERE message = ?1 AND state = 'waiting'";

/// It is tried again then.
pub(super) const TRY_AGAIN: &str = "
    UPDATE deliveries SET next_at = ?2, error = ?3 WHERE message = ?1 AND state = 'waiting'";

/// It is not tried again.
pub(super) const GIVE_UP: &str = "
    UPDATE deliveries SET state = 'given-up', error = ?2 WHERE message = ?1 AND state = 'waiting'";

/// The notices of a message.
pub(super) const NOTICES_OF: &str =
    "SELECT notice FROM deliveries WHERE message = ?1 ORDER BY notice";

/// The newest notices of an organization, or of all, at each channel.
pub(super) const TOLD: &str = "
    SELECT c.name, c.organization, d.state, n.at, d.sent_at, n.alert, n.severity
    FROM notices AS n JOIN deliveries AS d ON d.notice = n.id JOIN channels AS c ON c.id = d.channel
    WHERE ?1 IS NULL OR n.organization = ?1
    ORDER BY n.id DESC
    LIMIT ?2";

/// How many wait on active channels, and since when the oldest that is not held does.
pub(super) const WAITING: &str = "
    SELECT count(*), min(CASE WHEN d.state = 'waiting' THEN n.at END)
    FROM deliveries AS d JOIN channels AS c ON c.id = d.channel JOIN notices AS n ON n.id = d.notice
    WHERE d.state IN ('waiting', 'held') AND c.state = 'active'";

/// What was told, or given up, and is old.
pub(super) const PRUNE: &str = "
    DELETE FROM notices
    WHERE at < ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE notice = notices.id AND state IN ('waiting', 'held'))";

/// What tells of the alerts of a campaign that is forgotten.
pub(super) const FORGET_ALERTS: &str =
    "DELETE FROM notices WHERE alert IN (SELECT id FROM alerts WHERE campaign = ?1)";

/// A site is forgotten: that it joined, and that it is why an alert was opened again.
pub(super) const FORGET_JOINS: &str =
    "DELETE FROM notices WHERE kind = 'site-joined' AND subject = ?1";
pub(super) const FORGET_REASONS: &str =
    "UPDATE notices SET subject = '' WHERE kind = 'reopened' AND subject = ?1";

/// Destinations that were forgotten with it.
pub(super) const FORGET_MEMBERS: &str = "
    DELETE FROM notices WHERE kind = 'member-joined' AND NOT EXISTS (
        SELECT 1 FROM alerts AS a JOIN campaign_members AS m ON m.campaign = a.campaign
        WHERE a.id = notices.alert AND m.destination = notices.subject)";
