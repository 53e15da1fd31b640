//! `skimwatch trust`: the destinations that people vouch for.

use serde_json::{Value, json};

use super::args::Which;
use super::{admin, output};
use crate::config::Config;
use crate::ids::SiteId;
use crate::registry::{Trust, TrustsOf};

/// `skimwatch trust add DOMAIN`.
pub(super) fn add(config: &Config, which: &Which, why: &str) -> anyhow::Result<()> {
    let of = place(which)?;
    let registry = admin::open_registry(config)?;
    let domain = registry.add_trust(&which.domain, &of, (admin::ACTOR, why))?;
    output::line(&format!("{domain} is trusted {of}"));
    Ok(())
}

/// `skimwatch trust remove DOMAIN`.
pub(super) fn remove(config: &Config, which: &Which) -> anyhow::Result<()> {
    let of = place(which)?;
    let registry = admin::open_registry(config)?;
    let domain = registry.remove_trust(&which.domain, &of, admin::ACTOR)?;
    output::line(&format!("{domain} is no longer trusted {of}"));
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
        output::line("nothing is trusted");
    }
    for trust in trusts {
        let (destination, of, at) = (trust.destination, trust.of, trust.at);
        let (actor, why) = (trust.actor, trust.why);
        output::line(&format!("{destination}\t{of}\t{at}\t{actor}\t{why}"));
    }
    Ok(())
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
        "destination": trust.destination, "site": site, "actor": trust.actor,
        "at": trust.at.to_string(), "why": trust.why,
    })
}
