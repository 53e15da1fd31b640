//! `skimwatch trust`: the destinations that people vouch for, and those that they know to be bad.

use serde_json::{Value, json};

use super::args::Which;
use super::{admin, output};
use crate::config::Config;
use crate::ids::SiteId;
use crate::registry::{Trust, TrustsOf};
use crate::trust::Verdict;

/// `skimwatch trust add DOMAIN`.
pub(super) fn add(config: &Config, which: &Which, why: &str) -> anyhow::Result<()> {
    let (domain, of) = judge(config, which, Verdict::Approved, why)?;
    output::line(&format!("{domain} is trusted {of}"));
    Ok(())
}

/// `skimwatch trust block DOMAIN`.
pub(super) fn block(config: &Config, which: &Which, why: &str) -> anyhow::Result<()> {
    let (domain, of) = judge(config, which, Verdict::Blocked, why)?;
    output::line(&format!("{domain} is blocked {of}"));
    Ok(())
}

/// `skimwatch trust remove DOMAIN`.
pub(super) fn remove(config: &Config, which: &Which, why: Option<&str>) -> anyhow::Result<()> {
    let of = place(which)?;
    let registry = admin::open_registry(config)?;
    let domain = registry.withdraw(&which.domain, &of, (&admin::author(), why))?;
    output::line(&format!("{domain} is no longer trusted or blocked {of}"));
    Ok(())
}

/// `skimwatch trust list`.
pub(super) fn list(config: &Config, as_json: bool) -> anyhow::Result<()> {
    let trusts = admin::open_registry(config)?.trusts()?;
    if as_json {
        let list: Vec<Value> = trusts.iter().map(described).collect();
        output::line(&Value::Array(list).to_string());
        return Ok(());
    }
    if trusts.is_empty() {
        output::line("nothing is trusted or blocked");
    }
    for trust in trusts {
        let (destination, of, at) = (trust.destination, trust.of, trust.at);
        let (verdict, actor, why) = (trust.verdict.as_str(), trust.actor, trust.why);
        output::line(&format!(
            "{destination}\t{verdict} {of}\t{at}\t{actor}\t{why}"
        ));
    }
    Ok(())
}

fn judge(
    config: &Config,
    which: &Which,
    verdict: Verdict,
    why: &str,
) -> anyhow::Result<(String, TrustsOf)> {
    let of = place(which)?;
    let registry = admin::open_registry(config)?;
    let domain = registry.judge(&which.domain, (&of, verdict), (&admin::author(), why))?;
    Ok((domain, of))
}

fn place(which: &Which) -> anyhow::Result<TrustsOf> {
    Ok(match &which.site {
        Some(site) => TrustsOf::Site(SiteId::new(site)?),
        None => TrustsOf::All,
    })
}

fn described(trust: &Trust) -> Value {
    let site = match &trust.of {
        TrustsOf::All => None,
        TrustsOf::Site(site) => Some(site),
    };
    json!({
        "destination": trust.destination, "site": site, "verdict": trust.verdict.as_str(),
        "organization": trust.organization, "actor": trust.actor, "at": trust.at.to_string(), "why": trust.why,
    })
}
