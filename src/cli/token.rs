//! `skimwatch token`: tokens of programs.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{admin, output};
use crate::config::Config;
use crate::ids::OrganizationId;
use crate::registry::{TokenEntry, TokenRequest};
use crate::role::Role;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token for a program and print it. It is shown this once and kept nowhere.
    Add {
        /// What it is for, such as "SIEM export".
        name: String,
        /// Whose data it opens.
        #[arg(long, value_name = "ID", default_value = "operator")]
        organization: OrganizationId,
        /// What it allows: operator, administrator, analyst, merchant, merchant-reader, auditor.
        #[arg(long, value_parser = role, default_value = "auditor")]
        role: Role,
        /// How many days it lasts.
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// The tokens of an organization, without what they are.
    List {
        /// The organization's id.
        #[arg(long, value_name = "ID", default_value = "operator")]
        organization: OrganizationId,
        /// One JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Take a token out of use, for ever.
    Revoke {
        /// Its id, as `list` shows it.
        id: String,
        /// The organization's id.
        #[arg(long, value_name = "ID", default_value = "operator")]
        organization: OrganizationId,
    },
}

pub(super) fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    match command {
        Command::Add {
            name,
            organization,
            role,
            days,
        } => {
            let request = TokenRequest { name, role, days };
            let (_, token) = registry.add_token(&organization, &request, &admin::author())?;
            output::line(&token);
        }
        Command::List { organization, json } => {
            let tokens = registry.tokens(&organization)?;
            if json {
                let list: Vec<Value> = tokens.iter().map(described).collect();
                output::line(&Value::Array(list).to_string());
            } else if tokens.is_empty() {
                output::line("there are no tokens");
            } else {
                tokens.iter().for_each(|it| output::line(&line(it)));
            }
        }
        Command::Revoke { id, organization } => {
            registry.revoke_token(&organization, &id, &admin::author())?;
            output::line("revoked");
        }
    }
    Ok(())
}

fn line(it: &TokenEntry) -> String {
    let until = match it.revoked_at {
        Some(at) => format!("revoked {at}"),
        None => format!("until {}", it.expires_at),
    };
    format!("{}\t{}\t{until}\t{}", it.id, it.role.as_str(), it.name)
}

fn described(it: &TokenEntry) -> Value {
    json!({
        "id": it.id,
        "name": it.name,
        "organization": it.organization,
        "role": it.role,
        "actor": it.actor,
        "created_at": it.created_at.to_string(),
        "expires_at": it.expires_at.to_string(),
        "revoked_at": it.revoked_at.map(|at| at.to_string()),
    })
}

fn role(word: &str) -> Result<Role, String> {
    let words = Role::ALL.map(Role::as_str).join(", ");
    Role::of_word(word).ok_or_else(|| format!("a role is one of {words}"))
}
