//! One merchant as an import describes it, read and checked.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::sites::SiteEntry;
use crate::ids::{SiteId, SiteKey};
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

/// A merchant in an import. Only the key must be there; what is absent or null stays as it is, or
/// takes its default at a new site. Unknown fields are ignored.
#[derive(Debug, Deserialize)]
pub(super) struct Merchant {
    pub(super) key: String,
    name: Option<String>,
    country: Option<String>,
    platform: Option<String>,
    domains: Option<Vec<String>>,
    checkout_paths: Option<Vec<String>>,
    admin_paths: Option<Vec<String>>,
    payment: Option<Value>,
    csp: Option<Value>,
    policy: Option<String>,
    harmless_parameters: Option<Vec<String>>,
    rate: Option<u32>,
    retention_days: Option<u16>,
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

impl Merchant {
    /// The site as it will be: what stands already, with what the import says put over it.
    pub(super) fn apply(self, standing: Option<&SiteEntry>) -> Result<SiteEntry, String> {
        let mut entry = match standing {
            Some(entry) => entry.clone(),
            None => fresh(&self.key)?,
        };
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
        set(&mut entry.csp, self.csp, |v| object("csp", v))?;
        set(&mut entry.policy, self.policy, policy)?;
        Ok(entry)
    }
}

/// Which fields differ.
pub(super) fn differences(old: &SiteEntry, new: &SiteEntry) -> Vec<&'static str> {
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
    )
    .into_iter()
    .map(|name| name.rsplit(['.', ' ']).next().unwrap_or(name))
    .collect()
}

fn fresh(key: &str) -> Result<SiteEntry, String> {
    let id = SiteId::new(key).map_err(|e| e.to_string())?;
    let key = SiteKey::new(key).map_err(|e| e.to_string())?;
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
        country: String::new(),
        platform: String::new(),
        payment: Value::Object(serde_json::Map::new()),
        csp: Value::Object(serde_json::Map::new()),
        policy: String::new(),
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

pub(super) fn text(field: &str, value: String) -> Result<String, String> {
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
