//! `skimwatch user`: who may log in to the pages.

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::{Value, json};

use super::{admin, output};
use crate::config::Config;
use crate::ids::OrganizationId;
use crate::language::Language;
use crate::registry::{Invitation, Newcomer, Registry, User};
use crate::role::Role;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Invite somebody, and print the link with which they set a password. It counts once, for 72 hours.
    Add(Invited),
    /// Who may log in for an organization.
    List {
        /// Whose people.
        #[arg(long, value_name = "ID", default_value = "operator")]
        organization: OrganizationId,
        /// One JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Give somebody another role, and end their sessions.
    SetRole {
        #[command(flatten)]
        of: Known,
        /// operator, administrator, analyst, merchant, merchant-reader or auditor.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Let somebody in no longer, and end their sessions.
    Disable(Known),
    /// Let somebody in again.
    Enable(Known),
    /// Print a link with which somebody sets another password, end their sessions, and any wait after wrong passwords.
    Reset(Known),
    /// Take away the second factor of somebody who lost phone and recovery codes.
    ResetTotp(Known),
    /// Forget somebody, except for what the audit log says of them.
    Remove(Known),
}

/// Somebody new.
#[derive(Debug, clap::Args)]
pub(super) struct Invited {
    /// The e-mail address that they will log in with.
    email: String,
    /// Their name.
    #[arg(long, value_name = "TEXT")]
    name: String,
    /// operator (of the organization operator alone), administrator, analyst, merchant, merchant-reader or auditor.
    #[arg(long, value_parser = role)]
    role: Role,
    /// Whose people they belong to.
    #[arg(long, value_name = "ID", default_value = "operator")]
    organization: OrganizationId,
    /// What they read: en or ja.
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = language)]
    language: Language,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Somebody who is there.
#[derive(Debug, clap::Args)]
pub(super) struct Known {
    /// The e-mail address that they log in with.
    email: String,
    /// Refuse unless they belong to this organization.
    #[arg(long, value_name = "ID")]
    organization: Option<OrganizationId>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Does what the arguments say.
pub(super) fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let author = admin::author();
    match command {
        Command::Add(given) => add(config, &registry, given)?,
        Command::List { organization, json } => list(&registry, (&organization, json))?,
        Command::SetRole { role, of } => {
            let user = found(&registry, &of)?;
            let changed = registry.set_role((&user.organization, &user.id), role, &author)?;
            told(
                &changed,
                of.json,
                &format!("has the role {}", role.as_str()),
            );
        }
        Command::Disable(of) => active(&registry, (&of, false))?,
        Command::Enable(of) => active(&registry, (&of, true))?,
        Command::Reset(of) => {
            let user = found(&registry, &of)?;
            let link = registry.reset_user((&user.organization, &user.id), &author)?;
            invited(config, &link, of.json);
        }
        Command::ResetTotp(of) => {
            let user = found(&registry, &of)?;
            let changed = registry.reset_totp((&user.organization, &user.id), &author)?;
            told(&changed, of.json, "has no second factor");
        }
        Command::Remove(of) => {
            let user = found(&registry, &of)?;
            registry.remove_user((&user.organization, &user.id), &author)?;
            told(&user, of.json, "is removed");
        }
    }
    Ok(())
}

fn add(config: &Config, registry: &Registry, given: Invited) -> anyhow::Result<()> {
    let newcomer = Newcomer {
        email: given.email,
        name: given.name,
        role: given.role,
        language: given.language,
    };
    let invitation = registry.invite_user(&given.organization, &newcomer, &admin::author())?;
    invited(config, &invitation, given.json);
    Ok(())
}

/// Tells the link, which is told nowhere else.
fn invited(config: &Config, invitation: &Invitation, as_json: bool) {
    let path = format!("/invitation#code={}", invitation.code);
    let base = config.web.public_url.as_deref();
    let link = base.map(|base| format!("{base}{path}"));
    let expires = invitation.expires_at.to_string();
    if as_json {
        let mut told = described(&invitation.user);
        told["invitation"] =
            json!({ "code": invitation.code, "link": link, "expires_at": expires });
        output::line(&told.to_string());
        return;
    }
    let email = &invitation.user.email;
    output::line(&format!(
        "{email} sets a password here, once, until {expires}:"
    ));
    output::line(&link.unwrap_or(path));
    if base.is_none() {
        output::line("at the address of the pages; set web.public_url to see the whole link");
    }
}

fn list(
    registry: &Registry,
    (organization, as_json): (&OrganizationId, bool),
) -> anyhow::Result<()> {
    let known = registry.organization(organization)?;
    known.with_context(|| format!("there is no organization {organization}"))?;
    let users = registry.users(organization)?;
    if as_json {
        let list: Vec<Value> = users.iter().map(described).collect();
        output::line(&Value::Array(list).to_string());
        return Ok(());
    }
    if users.is_empty() {
        output::line("nobody; add somebody with `skimwatch user add`");
    }
    for user in &users {
        let (role, state) = (user.role.as_str(), state(user));
        output::line(&format!("{}\t{role}\t{state}\t{}", user.email, user.name));
    }
    Ok(())
}

fn active(registry: &Registry, (of, is_active): (&Known, bool)) -> anyhow::Result<()> {
    let user = found(registry, of)?;
    let them = (&user.organization, user.id.as_str());
    let changed = registry.set_active(them, is_active, &admin::author())?;
    let what = if is_active {
        "may log in"
    } else {
        "may not log in"
    };
    told(&changed, of.json, what);
    Ok(())
}

fn told(user: &User, as_json: bool, what: &str) {
    if as_json {
        output::line(&described(user).to_string());
    } else {
        output::line(&format!("{} {what}", user.email));
    }
}

/// The user with the address, if they belong where it was said.
fn found(registry: &Registry, of: &Known) -> anyhow::Result<User> {
    let user = registry.user_of_email(&of.email)?;
    let fits = |user: &User| {
        let wanted = of.organization.as_ref();
        wanted.is_none_or(|wanted| *wanted == user.organization)
    };
    let user = user.filter(fits);
    user.with_context(|| format!("there is no user {}: see `skimwatch user list`", of.email))
}

fn role(word: &str) -> Result<Role, String> {
    Role::of_word(word).ok_or_else(|| {
        let roles = Role::ALL.map(Role::as_str).join(", ");
        format!("there is no role {word}: it is one of {roles}")
    })
}

fn language(tag: &str) -> Result<Language, String> {
    Language::of_tag(tag).ok_or_else(|| "a language is en or ja".to_owned())
}

fn state(user: &User) -> &'static str {
    match (user.is_active, user.can_enter(), user.is_invited) {
        (false, _, _) => "disabled",
        (true, true, _) => "active",
        (true, false, true) => "invited",
        (true, false, false) => "lapsed",
    }
}

fn described(user: &User) -> Value {
    json!({
        "id": user.id, "organization": user.organization, "email": user.email, "name": user.name,
        "role": user.role, "language": user.language.tag(), "state": state(user), "totp": user.has_totp,
        "linked": user.is_linked, "created_at": user.created_at.to_string(),
        "last_seen": user.last_seen.map(|at| at.to_string()),
    })
}
