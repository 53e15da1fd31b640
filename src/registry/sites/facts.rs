//! [`SiteFacts`]: what is told of a site, checked and put over what is known.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SiteEntry;
use crate::ids::{MerchantId, SiteId, SiteKey};
use crate::redact::Harmless;
use crate::sites::{DEFAULT_RETENTION_DAYS, KeyRecord, KeyState, MAX_RETENTION_DAYS, SiteRecord};

/// Most domains, checkout paths, admin paths of one site.
pub const MAX_LIST: usize = 64;
/// Longest name of a site, country or platform, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// Longest domain, in bytes: RFC 1035 §2.3.4.
pub const MAX_DOMAIN_BYTES: usize = 253;
/// Longest path, in bytes.
pub const MAX_PATH_BYTES: usize = 1024;
/// Longest policy, and longest JSON of payment or csp, in bytes.
pub const MAX_POLICY_BYTES: usize = 64 * 1024;
/// Highest limit of a site, in entries per second.
pub const MAX_RATE: u32 = 1_000_000;

/// How a page may take payments.
const INTEGRATIONS: [&str; 2] = ["js", "link"];

/// Most labels of one site.
pub const MAX_LABELS: usize = 16;

/// What is told of a site. What is absent or null stays as it is, or takes its default at a new site.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct SiteFacts {
    /// Its name, for people.
    pub name: Option<String>,
    /// Country, ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Shop software.
    pub platform: Option<String>,
    /// Hosts that it is served from.
    pub domains: Option<Vec<String>>,
    /// Beginnings of the paths of its checkout.
    pub checkout_paths: Option<Vec<String>>,
    /// Beginnings of the paths of its administration.
    pub admin_paths: Option<Vec<String>>,
    /// How it takes payments: a JSON object with `integration` (`js`, `link`) and `psp`.
    pub payment: Option<Value>,
    /// How the page takes payments: `js` (the shop's own form, sent by a script) or `link` (another's page). A part of
    /// `payment`.
    pub integration: Option<String>,
    /// Who takes the payments for it: a domain. A part of `payment`.
    pub psp: Option<String>,
    /// Where and how its policy reports: a JSON object.
    pub csp: Option<Value>,
    /// Its policy, as it is sent.
    pub policy: Option<String>,
    /// Names of query parameters whose values stay readable.
    pub harmless_parameters: Option<Vec<String>>,
    /// Its own limit, in entries per second.
    pub rate: Option<u32>,
    /// Days that its reports are kept.
    pub retention_days: Option<u16>,
    /// Whose it is.
    pub merchant: Option<MerchantId>,
    /// Words to find it by.
    pub labels: Option<Vec<String>>,
}

/// The fields that an import may set, by name, for the audit log.
macro_rules! differences {
    ($old:expr, $new:expr, $($field:ident).+ $(, $($more:ident).+)* $(,)?) => {{
        let mut names = Vec::new();
        if $old.$($field).+ != $new.$($field).+ { names.push(stringify!($($field).+)); }
        $(if $old.$($more).+ != $new.$($more).+ { names.push(stringify!($($more).+)); })*
        names
    }};
}

impl SiteFacts {
    /// The names of the fields, for whoever wants to refuse others.
    pub const FIELDS: [&str; 16] = [
        "name",
        "country",
        "platform",
        "domains",
        "checkout_paths",
        "admin_paths",
        "payment",
        "integration",
        "psp",
        "csp",
        "policy",
        "harmless_parameters",
        "rate",
        "retention_days",
        "merchant",
        "labels",
    ];

    /// The site as it will be: what stands already, with what is told put over it.
    pub(in crate::registry) fn apply(self, mut entry: SiteEntry) -> Result<SiteEntry, String> {
        let record = &mut entry.record;
        set(&mut record.name, self.name, |v| text("name", v))?;
        set(&mut record.domains, self.domains, domains)?;
        set(&mut record.checkout_paths, self.checkout_paths, |v| {
            paths("checkout_paths", v)
        })?;
        set(&mut record.admin_paths, self.admin_paths, |v| {
            paths("admin_paths", v)
        })?;
        set(
            &mut record.harmless_parameters,
            self.harmless_parameters,
            harmless,
        )?;
        set(&mut record.retention_days, self.retention_days, retention)?;
        if let Some(rate) = self.rate {
            record.rate = Some(in_range("rate", rate, 1..=MAX_RATE)?);
        }
        set(&mut entry.country, self.country, |v| text("country", v))?;
        set(&mut entry.platform, self.platform, |v| text("platform", v))?;
        set(&mut entry.payment, self.payment, |v| object("payment", v))?;
        if let Some(integration) = self.integration {
            if !INTEGRATIONS.contains(&integration.as_str()) {
                return Err(format!("integration is {integration:?}, not js or link"));
            }
            entry.payment["integration"] = Value::from(integration);
        }
        if let Some(psp) = self.psp {
            entry.payment["psp"] = Value::from(text("psp", psp)?);
        }
        set(&mut entry.csp, self.csp, |v| object("csp", v))?;
        set(&mut entry.policy, self.policy, policy)?;
        set(&mut entry.labels, self.labels, labels)?;
        entry.merchant = self.merchant.unwrap_or(entry.merchant);
        Ok(entry)
    }
}

/// Which fields differ.
pub(in crate::registry) fn differences(old: &SiteEntry, new: &SiteEntry) -> Vec<&'static str> {
    differences!(
        old,
        new,
        record.name,
        record.domains,
        record.checkout_paths,
        record.admin_paths,
        record.harmless_parameters,
        record.rate,
        record.retention_days,
        country,
        platform,
        payment,
        csp,
        policy,
        merchant,
        labels,
    )
    .into_iter()
    .map(|name| name.rsplit(['.', ' ']).next().unwrap_or(name))
    .collect()
}

/// A site of which nothing else is known yet.
pub(in crate::registry) fn fresh(id: SiteId, key: SiteKey) -> Result<SiteEntry, String> {
    let merchant = MerchantId::new(id.as_str()).map_err(|e| e.to_string())?;
    let record = SiteRecord {
        name: id.to_string(),
        id,
        keys: vec![KeyRecord {
            key,
            state: KeyState::Active,
        }],
        domains: Vec::new(),
        checkout_paths: Vec::new(),
        admin_paths: Vec::new(),
        harmless_parameters: Vec::new(),
        rate: None,
        retention_days: DEFAULT_RETENTION_DAYS,
    };
    Ok(SiteEntry {
        record,
        merchant,
        country: String::new(),
        platform: String::new(),
        payment: Value::Object(serde_json::Map::new()),
        csp: Value::Object(serde_json::Map::new()),
        policy: String::new(),
        labels: Vec::new(),
        retiring: BTreeMap::new(),
    })
}

fn set<T>(
    field: &mut T,
    value: Option<T>,
    check: impl FnOnce(T) -> Result<T, String>,
) -> Result<(), String> {
    if let Some(value) = value {
        *field = check(value)?;
    }
    Ok(())
}

pub(in crate::registry) fn text(field: &str, value: String) -> Result<String, String> {
    if value.chars().count() > MAX_NAME_CHARS {
        return Err(format!(
            "{field} is longer than {MAX_NAME_CHARS} characters"
        ));
    }
    if value.chars().any(char::is_control) {
        return Err(format!("{field} holds a control character"));
    }
    Ok(value)
}

fn policy(value: String) -> Result<String, String> {
    if value.len() > MAX_POLICY_BYTES {
        return Err(format!("policy is longer than {MAX_POLICY_BYTES} bytes"));
    }
    Ok(value)
}

fn object(field: &str, value: Value) -> Result<Value, String> {
    if !value.is_object() || value.to_string().len() > MAX_POLICY_BYTES {
        return Err(format!(
            "{field} is no JSON object of at most {MAX_POLICY_BYTES} bytes"
        ));
    }
    Ok(value)
}

fn labels(list: Vec<String>) -> Result<Vec<String>, String> {
    if list.len() > MAX_LABELS {
        return Err(format!("labels has more than {MAX_LABELS} items"));
    }
    list.into_iter()
        .map(|label| match label.trim() {
            "" => Err("labels holds an empty one".to_owned()),
            label => text("a label", label.to_owned()),
        })
        .collect()
}

fn harmless(names: Vec<String>) -> Result<Vec<String>, String> {
    Harmless::check(&names).map_err(|refusal| format!("harmless_parameters: {refusal}"))?;
    Ok(names)
}

fn retention(days: u16) -> Result<u16, String> {
    in_range("retention_days", days, 1..=MAX_RETENTION_DAYS)
}

fn in_range<T: PartialOrd + fmt::Display>(
    field: &str,
    value: T,
    range: std::ops::RangeInclusive<T>,
) -> Result<T, String> {
    if range.contains(&value) {
        Ok(value)
    } else {
        let (least, most) = (range.start(), range.end());
        Err(format!("{field} is {value}, not {least} to {most}"))
    }
}

fn domains(list: Vec<String>) -> Result<Vec<String>, String> {
    let list: Vec<String> = bounded("domains", list)?
        .into_iter()
        .map(|domain| domain.trim_end_matches('.').to_lowercase())
        .collect();
    let good = |domain: &String| {
        let fits = (1..=MAX_DOMAIN_BYTES).contains(&domain.len());
        // Letters beyond ASCII are how people write IDN hosts.
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        fits && domain.chars().all(plain) && domain.split('.').all(|label| !label.is_empty())
    };
    match list.iter().find(|domain| !good(domain)) {
        Some(domain) => Err(format!("{domain:?} in domains is no host name")),
        None => Ok(list),
    }
}

fn paths(field: &str, list: Vec<String>) -> Result<Vec<String>, String> {
    let list = bounded(field, list)?;
    let good = |path: &String| {
        path.starts_with('/') && path.len() <= MAX_PATH_BYTES && !path.chars().any(char::is_control)
    };
    match list.iter().find(|path| !good(path)) {
        Some(path) => Err(format!(
            "{path:?} in {field} is no path: it begins with / and has at most {MAX_PATH_BYTES} bytes"
        )),
        None => Ok(list),
    }
}

fn bounded(field: &str, list: Vec<String>) -> Result<Vec<String>, String> {
    if list.len() > MAX_LIST {
        return Err(format!("{field} has more than {MAX_LIST} items"));
    }
    Ok(list)
}
