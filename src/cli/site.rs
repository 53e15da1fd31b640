//! `skimwatch site`: sites and their keys.

use std::time::Duration;

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::{Value, json};

use super::{admin, args, output};
use crate::app;
use crate::config::Config;
use crate::ids::{SiteId, SiteKey};
use crate::registry::{MAX_PAGE, Registry, SiteEntry};
use crate::scope::Scope;
use crate::sites::KeyState;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// All sites: id, keys that count, name. To add or change sites, see `skimwatch import`.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// All that is known of a site, as JSON.
    Show {
        /// The site's id.
        site: SiteId,
    },
    /// Make another key for a site and print it; the keys it has stay good.
    AddKey {
        /// The site's id.
        site: SiteId,
    },
    /// Exchange the keys of a site: print a new one, and let the others count for a while longer.
    ///
    /// Put the new key into the shop's header within that time. Then the others are retired by themselves: browsers that
    /// still post to them are told with 410 never to do so again.
    RotateKey {
        /// The site's id.
        site: SiteId,
        /// How long the others still count: 30d, 12h; 0s retires them at once.
        #[arg(long, value_name = "TIME", value_parser = args::span, default_value = "30d")]
        overlap: Duration,
    },
    /// Take a key out of use: browsers that post to it are told never to do so again.
    RetireKey {
        /// The key.
        key: SiteKey,
    },
    /// Take a site out of use: all its keys are retired, no organization sees it any more. Its reports stay until their
    /// time is over; see `skimwatch erase site`.
    Retire {
        /// The site's id.
        site: SiteId,
    },
}

pub(super) fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let (all, author) = (Scope::Operator, admin::author());
    match command {
        Command::List { json } => return list(&registry, json),
        Command::Show { site } => {
            let entry = registry.site(&all, &site)?;
            let entry = entry.with_context(|| format!("there is no site {site}"))?;
            output::line(&format!("{:#}", described(&entry)));
            return Ok(());
        }
        Command::AddKey { site } => {
            let key = registry.add_key(&all, &site, &author)?;
            output::line(key.as_str());
        }
        Command::RotateKey { site, overlap } => {
            let (key, _) = registry.rotate_key(&all, (&site, overlap), &author)?;
            output::line(key.as_str());
        }
        Command::RetireKey { key } => {
            registry.retire_key(&all, &key, &author)?;
            output::line("retired");
        }
        Command::Retire { site } => {
            registry.retire_site(&all, &site, &author)?;
            output::line("retired");
        }
    }
    registry.publish(&app::snapshot_path(config))?;
    Ok(())
}

fn list(registry: &Registry, as_json: bool) -> anyhow::Result<()> {
    let mut after: Option<SiteId> = None;
    loop {
        let page = registry.sites(&Scope::Operator, after.as_ref(), MAX_PAGE)?;
        for entry in &page {
            let record = &entry.record;
            if as_json {
                output::line(&described(entry).to_string());
                continue;
            }
            let keys = record.keys.iter();
            let active: Vec<&str> = keys
                .filter(|it| it.state == KeyState::Active)
                .map(|it| it.key.as_str())
                .collect();
            output::line(&format!(
                "{}\t{}\t{}",
                record.id,
                active.join(" "),
                record.name
            ));
        }
        match page.into_iter().last() {
            Some(last) => after = Some(last.record.id),
            None => return Ok(()),
        }
    }
}

fn described(entry: &SiteEntry) -> Value {
    let record = &entry.record;
    let retiring = entry.retiring.iter();
    let retiring: serde_json::Map<String, Value> = retiring
        .map(|(key, at)| (key.to_string(), json!(at.to_string())))
        .collect();
    json!({
        "site": record.id,
        "name": record.name,
        "merchant": entry.merchant,
        "country": entry.country,
        "platform": entry.platform,
        "domains": record.domains,
        "checkout_paths": record.checkout_paths,
        "admin_paths": record.admin_paths,
        "payment": entry.payment,
        "csp": entry.csp,
        "policy": entry.policy,
        "harmless_parameters": record.harmless_parameters,
        "rate": record.rate,
        "retention_days": record.retention_days,
        "labels": entry.labels,
        "keys": record.keys,
        "retiring": retiring,
    })
}
