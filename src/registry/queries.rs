//! The text of every statement. Values are bound.

/// The version of the control state.
pub(super) const VERSION: &str = "SELECT version FROM meta";

/// One more change.
pub(super) const NEXT_VERSION: &str = "UPDATE meta SET version = version + 1";

/// All that is known of sites after an id, in the order of ids.
pub(super) const SITES: &str = "
    SELECT id, name, country, platform, domains, checkout_paths, admin_paths, payment, csp, policy,
           rate, retention_days, harmless_parameters
    FROM sites
    WHERE id > ?1
    ORDER BY id
    LIMIT ?2";

/// How many sites there are.
pub(super) const SITE_COUNT: &str = "SELECT count(*) FROM sites";

/// All that is known of one site.
pub(super) const SITE: &str = "
    SELECT id, name, country, platform, domains, checkout_paths, admin_paths, payment, csp, policy,
           rate, retention_days, harmless_parameters
    FROM sites
    WHERE id = ?1";

/// Writes a site down, new or not.
pub(super) const PUT_SITE: &str = "
    INSERT INTO sites (id, name, country, platform, domains, checkout_paths, admin_paths, payment, csp,
                       policy, rate, retention_days, harmless_parameters)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
    ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, country = excluded.country, platform = excluded.platform,
        domains = excluded.domains, checkout_paths = excluded.checkout_paths,
        admin_paths = excluded.admin_paths, payment = excluded.payment, csp = excluded.csp,
        policy = excluded.policy, rate = excluded.rate, retention_days = excluded.retention_days,
        harmless_parameters = excluded.harmless_parameters";

/// Keys of a site.
pub(super) const KEYS: &str =
    "SELECT key, state FROM site_keys WHERE site = ?1 ORDER BY state, key";

/// Owner and state of a key.
pub(super) const KEY: &str = "SELECT site, state FROM site_keys WHERE key = ?1";

/// A new key.
pub(super) const ADD_KEY: &str =
    "INSERT INTO site_keys (key, site, state) VALUES (?1, ?2, 'active')";

/// A key out of use.
pub(super) const RETIRE_KEY: &str = "UPDATE site_keys SET state = 'retired' WHERE key = ?1";

/// The end of the audit log.
pub(super) const LAST_ENTRY: &str = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";

/// One more entry.
pub(super) const ADD_ENTRY: &str = "
    INSERT INTO audit (seq, at, actor, action, subject, detail, prev_hash, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// The whole audit log.
pub(super) const ENTRIES: &str = "
    SELECT seq, at, actor, action, subject, detail, prev_hash, hash FROM audit ORDER BY seq";

/// Erasures asked for since, whose target is known.
pub(super) const ERASURES: &str = "
    SELECT id, kind, target, requested_at, applied_at IS NOT NULL
    FROM erasures
    WHERE requested_at >= ?1 AND target != ''
    ORDER BY id";

/// The number of the newest erasure.
pub(super) const NEWEST_ERASURE: &str = "SELECT coalesce(max(id), 0) FROM erasures";

/// One more erasure.
pub(super) const ADD_ERASURE: &str =
    "INSERT INTO erasures (kind, target, requested_at) VALUES (?1, ?2, ?3)";

/// Nothing of it is left, for the first time.
pub(super) const APPLY_ERASURE: &str =
    "UPDATE erasures SET applied_at = ?2 WHERE id = ?1 AND applied_at IS NULL";

/// A pseudonym is kept no longer than it is looked for.
pub(super) const FORGET_CLIENTS: &str =
    "UPDATE erasures SET target = '' WHERE kind = 'client' AND target != '' AND requested_at < ?1";

/// Whether something may have been erased since of which we no longer know whose it was.
pub(super) const HAS_FORGOTTEN: &str =
    "SELECT EXISTS (SELECT 1 FROM erasures WHERE requested_at >= ?1 AND target = '')";

/// Everything that is trusted: everywhere first, then site by site.
pub(super) const TRUSTS: &str =
    "SELECT destination, site, actor, trusted_at, why FROM trusts ORDER BY site, destination";

/// Why a destination is trusted there.
pub(super) const TRUST: &str = "SELECT why FROM trusts WHERE site = ?1 AND destination = ?2";

/// How many are trusted there.
pub(super) const TRUST_COUNT: &str = "SELECT count(*) FROM trusts WHERE site = ?1";

/// Trusted from now on, or for another reason.
pub(super) const PUT_TRUST: &str = "
    INSERT INTO trusts (destination, site, actor, trusted_at, why) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (site, destination) DO UPDATE SET
        actor = excluded.actor, trusted_at = excluded.trusted_at, why = excluded.why";

/// Not trusted there any more.
pub(super) const REMOVE_TRUST: &str = "DELETE FROM trusts WHERE site = ?1 AND destination = ?2";

/// Nothing is trusted there any more.
pub(super) const FORGET_TRUSTS: &str = "DELETE FROM trusts WHERE site = ?1";

/// The number of changes of what is trusted.
pub(super) const TRUSTS_VERSION: &str = "SELECT trusts FROM meta";

/// One more of them.
pub(super) const NEXT_TRUSTS_VERSION: &str = "UPDATE meta SET trusts = trusts + 1";
