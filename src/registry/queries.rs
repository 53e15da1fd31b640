//! The text of every statement. Values are bound.

/// The version of the control state.
pub(super) const VERSION: &str = "SELECT version FROM meta";

/// One more change.
pub(super) const NEXT_VERSION: &str = "UPDATE meta SET version = version + 1";

/// All that is known of sites after an id, in the order of ids.
pub(super) const SITES: &str = "
    SELECT id, name, country, platform, domains, checkout_paths, admin_paths, payment, csp, policy,
           rate, retention_days, harmless_parameters, merchant, labels
    FROM sites
    WHERE id > ?1
    ORDER BY id
    LIMIT ?2";

/// The same of the sites of an organization.
pub(super) const SITES_OF: &str = "
    SELECT s.id, s.name, s.country, s.platform, s.domains, s.checkout_paths, s.admin_paths, s.payment, s.csp, s.policy,
           s.rate, s.retention_days, s.harmless_parameters, s.merchant, s.labels
    FROM organization_sites AS o JOIN sites AS s ON s.id = o.site
    WHERE o.organization = ?3 AND o.site > ?1
    ORDER BY o.site
    LIMIT ?2";

/// What lists show of all sites; of those of an organization, if it is named.
pub(super) const SITE_LINES: &str = "
    SELECT id, iif(trim(name) = '', id, name), platform, coalesce(json_extract(payment, '$.integration'), ''), labels
    FROM sites AS s
    WHERE ?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o WHERE o.organization = ?1 AND o.site = s.id)
    ORDER BY id";

/// How many sites there are.
pub(super) const SITE_COUNT: &str = "SELECT count(*) FROM sites";

/// All that is known of one site.
pub(super) const SITE: &str = "
    SELECT id, name, country, platform, domains, checkout_paths, admin_paths, payment, csp, policy,
           rate, retention_days, harmless_parameters, merchant, labels
    FROM sites
    WHERE id = ?1";

/// Writes a site down, new or not.
pub(super) const PUT_SITE: &str = "
    INSERT INTO sites (id, name, country, platform, domains, checkout_paths, admin_paths, payment, csp,
                       policy, rate, retention_days, harmless_parameters, merchant, labels)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
    ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, country = excluded.country, platform = excluded.platform,
        domains = excluded.domains, checkout_paths = excluded.checkout_paths,
        admin_paths = excluded.admin_paths, payment = excluded.payment, csp = excluded.csp,
        policy = excluded.policy, rate = excluded.rate, retention_days = excluded.retention_days,
        harmless_parameters = excluded.harmless_parameters, merchant = excluded.merchant, labels = excluded.labels";

/// Keys of a site.
pub(super) const KEYS: &str =
    "SELECT key, state, retires_at FROM site_keys WHERE site = ?1 ORDER BY state, key";

/// Owner and state of a key.
pub(super) const KEY: &str = "SELECT site, state FROM site_keys WHERE key = ?1";

/// A new key.
pub(super) const ADD_KEY: &str =
    "INSERT INTO site_keys (key, site, state) VALUES (?1, ?2, 'active')";

/// A key out of use.
pub(super) const RETIRE_KEY: &str = "UPDATE site_keys SET state = 'retired' WHERE key = ?1";

/// A key that counts until then, unless it ends earlier.
pub(super) const RETIRE_KEY_AT: &str = "
    UPDATE site_keys SET retires_at = min(coalesce(retires_at, ?2), ?2) WHERE key = ?1 AND state = 'active'";

/// Keys whose time is over.
pub(super) const DUE_KEYS: &str =
    "SELECT key, site FROM site_keys WHERE state = 'active' AND retires_at <= ?1 ORDER BY key";

/// Whether there are any.
pub(super) const ARE_KEYS_DUE: &str =
    "SELECT EXISTS (SELECT 1 FROM site_keys WHERE state = 'active' AND retires_at <= ?1)";

/// All keys of a site out of use.
pub(super) const RETIRE_KEYS_OF: &str =
    "UPDATE site_keys SET state = 'retired' WHERE site = ?1 AND state = 'active'";

/// The number of changes of what collectors know.
pub(super) const SITES_VERSION: &str = "SELECT sites FROM meta";

/// One more of them.
pub(super) const NEXT_SITES_VERSION: &str = "UPDATE meta SET sites = sites + 1";

/// A merchant, new or not.
pub(super) const PUT_MERCHANT: &str = "
    INSERT INTO merchants (id, name, country) VALUES (?1, ?2, ?3)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, country = excluded.country";

/// A merchant that is not there yet.
pub(super) const ADD_MERCHANT: &str =
    "INSERT INTO merchants (id, name, country) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

/// What an organization calls a site.
pub(super) const REFERENCE: &str =
    "SELECT reference FROM organization_sites WHERE organization = ?1 AND site = ?2";

/// What is known of a merchant.
pub(super) const MERCHANT: &str = "SELECT name, country FROM merchants WHERE id = ?1";

/// An organization sees a merchant before it has sites.
pub(super) const SHARE_MERCHANT: &str = "INSERT INTO organization_merchants (organization, merchant) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

/// Whether an organization sees a merchant: one of its sites, or the merchant itself.
pub(super) const IS_MERCHANT_SEEN: &str = "
    SELECT EXISTS (SELECT 1 FROM organization_merchants WHERE organization = ?1 AND merchant = ?2)
        OR EXISTS (SELECT 1 FROM sites AS s JOIN organization_sites AS o ON o.site = s.id AND o.organization = ?1
                   WHERE s.merchant = ?2)";

/// Merchants after an id, in the order of ids.
pub(super) const MERCHANTS: &str = "
    SELECT id, name, country FROM merchants WHERE id > ?1 AND ?3 IS NULL ORDER BY id LIMIT ?2";

/// The same of those that an organization sees.
pub(super) const MERCHANTS_OF: &str = "
    SELECT id, name, country FROM merchants
    WHERE id > ?1 AND id IN (
        SELECT merchant FROM organization_merchants WHERE organization = ?3
        UNION
        SELECT s.merchant FROM organization_sites AS o JOIN sites AS s ON s.id = o.site WHERE o.organization = ?3)
    ORDER BY id
    LIMIT ?2";

/// The sites of a merchant that an organization sees; NULL: all of them.
pub(super) const SITES_OF_MERCHANT: &str = "
    SELECT s.id FROM sites AS s
    WHERE s.merchant = ?2
      AND (?1 IS NULL OR EXISTS (SELECT 1 FROM organization_sites AS o WHERE o.organization = ?1 AND o.site = s.id))
    ORDER BY s.id
    LIMIT ?3";

/// No organization sees a site any more.
pub(super) const UNSHARE_EVERYWHERE: &str = "DELETE FROM organization_sites WHERE site = ?1";

/// The site that an organization calls so; one without a name of its own goes by its id.
pub(super) const SITE_OF_REFERENCE: &str = "
    SELECT site FROM organization_sites
    WHERE organization = ?1 AND (reference = ?2 OR (reference = '' AND site = ?2))
    ORDER BY reference DESC
    LIMIT 1";

/// The end of the audit log.
pub(super) const LAST_ENTRY: &str = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";

/// One more entry.
pub(super) const ADD_ENTRY: &str = "
    INSERT INTO audit (seq, at, actor, action, subject, detail, prev_hash, hash, organization)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

/// The whole audit log.
pub(super) const ENTRIES: &str = "
    SELECT seq, at, actor, action, subject, detail, prev_hash, hash, organization FROM audit ORDER BY seq";

/// Entries of the audit log between two numbers, neither of them included, in this order: those of an organization, and
/// those of the installation about sites that it sees. Without an organization: all.
macro_rules! entries {
    ($order:literal) => {
        concat!(
            "
    SELECT seq, at, actor, action, subject, detail, prev_hash, hash, organization
    FROM audit
    WHERE seq > ?2 AND seq < ?3
      AND (?1 IS NULL OR organization = ?1
           OR ((organization IS NULL OR organization = 'operator') AND EXISTS (
               SELECT 1 FROM organization_sites AS o WHERE o.organization = ?1 AND o.site = subject)))
    ORDER BY ",
            $order,
            "
    LIMIT ?4"
        )
    };
}

/// Newest first.
pub(super) const NEWEST_ENTRIES: &str = entries!("seq DESC");

/// Oldest first.
pub(super) const OLDEST_ENTRIES: &str = entries!("seq");

/// What a request did, if it was made: organization, caller, key.
pub(super) const ONCE: &str = "
    SELECT request, action, subject FROM idempotency WHERE organization = ?1 AND caller = ?2 AND key = ?3";

/// How many keys of a caller are remembered.
pub(super) const ONCE_COUNT: &str =
    "SELECT count(*) FROM idempotency WHERE organization = ?1 AND caller = ?2";

/// A request was made.
pub(super) const ADD_ONCE: &str = "
    INSERT INTO idempotency (organization, caller, key, request, action, subject, at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// What was made long ago may be made again.
pub(super) const FORGET_ONCE: &str = "DELETE FROM idempotency WHERE at < ?1";

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

/// Columns of a verdict.
macro_rules! trusts {
    ($rest:literal) => {
        concat!(
            "SELECT destination, site, verdict, organization, actor, trusted_at, why FROM trusts ",
            $rest
        )
    };
}

/// All verdicts: those for every site first, then site by site.
pub(super) const TRUSTS: &str = trusts!("ORDER BY site, destination");

/// Those about a destination.
pub(super) const TRUSTS_ABOUT: &str = trusts!("WHERE destination = ?1 ORDER BY site");

/// The one about a destination there.
pub(super) const TRUST: &str = trusts!("WHERE site = ?1 AND destination = ?2");

/// How many there are for a place.
pub(super) const TRUST_COUNT: &str = "SELECT count(*) FROM trusts WHERE site = ?1";

/// Decided so from now on, or for another reason.
pub(super) const PUT_TRUST: &str = "
    INSERT INTO trusts (destination, site, verdict, organization, actor, trusted_at, why)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (site, destination) DO UPDATE SET
        verdict = excluded.verdict, organization = excluded.organization, actor = excluded.actor,
        trusted_at = excluded.trusted_at, why = excluded.why";

/// Whether an organization sees a site, and whether another one does.
pub(super) const SEEN_BY: &str = "
    SELECT count(CASE WHEN organization = ?2 THEN 1 END), count(CASE WHEN organization <> ?2 THEN 1 END)
    FROM organization_sites
    WHERE site = ?1";

/// What was decided about a destination, newest first.
pub(super) const VERDICTS_OF: &str = "
    SELECT seq, at, actor, action, subject, detail, prev_hash, hash, organization
    FROM audit
    WHERE subject = ?1 AND action IN ('trust.added', 'trust.removed', 'block.added', 'block.removed')
    ORDER BY seq DESC
    LIMIT ?2";

/// Not trusted there any more.
pub(super) const REMOVE_TRUST: &str = "DELETE FROM trusts WHERE site = ?1 AND destination = ?2";

/// Nothing is trusted there any more.
pub(super) const FORGET_TRUSTS: &str = "DELETE FROM trusts WHERE site = ?1";

/// The number of changes of what is trusted.
pub(super) const TRUSTS_VERSION: &str = "SELECT trusts FROM meta";

/// One more of them.
pub(super) const NEXT_TRUSTS_VERSION: &str = "UPDATE meta SET trusts = trusts + 1";

/// Organizations after an id, in the order of ids, and how many sites each sees.
pub(super) const ORGANIZATIONS: &str = "
    SELECT id, name, kind, language, tells_others, created_at,
           (SELECT count(*) FROM organization_sites WHERE organization = id)
    FROM organizations
    WHERE id > ?1
    ORDER BY id
    LIMIT ?2";

/// One of them.
pub(super) const ORGANIZATION: &str = "
    SELECT id, name, kind, language, tells_others, created_at,
           (SELECT count(*) FROM organization_sites WHERE organization = id)
    FROM organizations
    WHERE id = ?1";

/// How many organizations there are.
pub(super) const ORGANIZATION_COUNT: &str = "SELECT count(*) FROM organizations";

/// An organization, new or not.
pub(super) const PUT_ORGANIZATION: &str = "
    INSERT INTO organizations (id, name, kind, language, tells_others, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (id) DO UPDATE SET
        name = excluded.name, kind = excluded.kind, language = excluded.language,
        tells_others = excluded.tells_others";

/// A site that an organization sees, new or under another name than before.
pub(super) const SHARE_SITE: &str = "
    INSERT INTO organization_sites (organization, site, reference) VALUES (?1, ?2, ?3)
    ON CONFLICT (organization, site) DO UPDATE SET reference = excluded.reference
    WHERE reference != excluded.reference";

/// Whether another site of the organization has this name.
pub(super) const REFERENCE_TAKEN: &str = "
    SELECT 1 FROM organization_sites
    WHERE organization = ?1 AND reference = ?3 AND reference != '' AND site != ?2";

/// A site that an organization no longer sees.
pub(super) const UNSHARE_SITE: &str =
    "DELETE FROM organization_sites WHERE organization = ?1 AND site = ?2";

/// The sites that an organization sees.
pub(super) const PORTFOLIO: &str = "SELECT site FROM organization_sites WHERE organization = ?1";

/// The number of changes of who sees what.
pub(super) const PORTFOLIOS_VERSION: &str = "SELECT portfolios FROM meta";

/// One more of them.
pub(super) const NEXT_PORTFOLIOS_VERSION: &str = "UPDATE meta SET portfolios = portfolios + 1";

/// Tokens of an organization, those that count first, the newest first.
pub(super) const TOKENS: &str = "
    SELECT id, name, organization, role, actor, created_at, expires_at, revoked_at
    FROM tokens
    WHERE organization = ?1
    ORDER BY revoked_at IS NOT NULL, created_at DESC, id";

/// How many of them count.
pub(super) const TOKEN_COUNT: &str = "SELECT count(*) FROM tokens WHERE organization = ?1 AND revoked_at IS NULL AND expires_at > ?2";

/// A new token.
pub(super) const ADD_TOKEN: &str = "
    INSERT INTO tokens (id, hash, name, organization, role, actor, created_at, expires_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// A token out of use.
pub(super) const REVOKE_TOKEN: &str =
    "UPDATE tokens SET revoked_at = ?3 WHERE id = ?1 AND organization = ?2 AND revoked_at IS NULL";

/// Whose token it is, as long as it counts.
pub(super) const TOKEN_OF_HASH: &str = "
    SELECT id, organization, role FROM tokens WHERE hash = ?1 AND revoked_at IS NULL AND expires_at > ?2";
