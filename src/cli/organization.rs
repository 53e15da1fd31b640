//! `skimwatch organization`: who has which sites.

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::{admin, output};
use crate::app;
use crate::config::Config;
use crate::ids::{OrganizationId, SiteId};
use crate::language::Language;
use crate::registry::{MAX_PAGE, Organization, OrganizationFacts, OrganizationKind};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add an organization, or change what is told of one.
    ///
    /// Its people see the sites that are shared with it and no others; each organization has alerts of its own to decide
    /// on. The operator's, called `operator`, is there from the beginning and sees everything.
    Put {
        /// What it goes by for ever: letters, digits, - and _.
        id: OrganizationId,
        /// Its name, for people.
        #[arg(long)]
        name: String,
        /// What it is.
        #[arg(long, value_enum, default_value_t = Kind::Psp)]
        kind: Kind,
        /// The language of its notices: en or ja.
        #[arg(long, value_parser = language, default_value = "en")]
        language: Language,
        /// Do not tell its people how many merchants of others a campaign hit.
        #[arg(long)]
        hide_others: bool,
    },
    /// All organizations.
    List {
        /// One JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Let an organization see a site. A site may be shared with several.
    Share {
        /// The organization's id.
        organization: OrganizationId,
        /// The site's id.
        site: SiteId,
        /// What the organization calls it.
        #[arg(long, default_value = "")]
        reference: String,
    },
    /// Let an organization see a site no longer.
    Unshare {
        /// The organization's id.
        organization: OrganizationId,
        /// The site's id.
        site: SiteId,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Kind {
    /// The operator of the installation, to change its name or language.
    Operator,
    /// A payment service provider.
    Psp,
    /// An acquirer.
    Acquirer,
    /// A merchant on its own.
    Merchant,
}

impl From<Kind> for OrganizationKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Operator => Self::Operator,
            Kind::Psp => Self::Psp,
            Kind::Acquirer => Self::Acquirer,
            Kind::Merchant => Self::Merchant,
        }
    }
}

pub(super) fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let author = admin::author();
    match command {
        Command::Put {
            id,
            name,
            kind,
            language,
            hide_others,
        } => {
            let facts = OrganizationFacts {
                name,
                kind: kind.into(),
                language,
                tells_others: !hide_others,
            };
            let is_new = registry.put_organization(&id, facts, &author)?;
            let done = if is_new { "added" } else { "as told" };
            output::line(&format!("{id} is {done}"));
        }
        Command::List { json } => list(&admin::open_registry(config)?, json)?,
        Command::Share {
            organization,
            site,
            reference,
        } => {
            registry.share_site(&organization, (&site, &reference), &author)?;
            output::line(&format!("{organization} sees {site}"));
        }
        Command::Unshare { organization, site } => {
            registry.unshare_site(&organization, &site, &author)?;
            output::line(&format!("{organization} sees {site} no longer"));
        }
    }
    registry.publish(&app::snapshot_path(config))?;
    Ok(())
}

fn list(registry: &crate::registry::Registry, as_json: bool) -> anyhow::Result<()> {
    let mut all = Vec::new();
    loop {
        let after = all.last().map(|it: &Organization| it.id.clone());
        let page = registry.organizations(after.as_ref(), MAX_PAGE)?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    if as_json {
        let list: Vec<Value> = all.iter().map(described).collect();
        output::line(&Value::Array(list).to_string());
        return Ok(());
    }
    for it in &all {
        let (kind, language) = (it.kind.as_str(), it.language.tag());
        let sites = match it.kind {
            OrganizationKind::Operator => "all sites".to_owned(),
            _ => format!("{} sites", it.sites),
        };
        output::line(&format!(
            "{}\t{kind}\t{language}\t{sites}\t{}",
            it.id, it.name
        ));
    }
    Ok(())
}

fn described(it: &Organization) -> Value {
    json!({
        "id": it.id,
        "name": it.name,
        "kind": it.kind,
        "language": it.language.tag(),
        "tells_others": it.tells_others,
        "created_at": it.created_at.to_string(),
        "sites": it.sites,
    })
}

fn language(text: &str) -> Result<Language, String> {
    Language::ALL
        .into_iter()
        .find(|language| language.tag() == text)
        .ok_or_else(|| "a language is en or ja".to_owned())
}
