//! `skimwatch user`: who may log in to the pages.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::args::{Invited, OfUser, User as Command};
use super::{admin, output};
use crate::config::Config;
use crate::ids::OrganizationId;
use crate::language::Language;
use crate::registry::{Author, Invitation, Newcomer, Registry, User};
use crate::role::Role;

/// Does what the arguments say.
pub(super) fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let author = Author::of_installation(admin::ACTOR);
    match command {
        Command::Add(invited) => add(config, &registry, (&invited, &author)),
        Command::List { organization, json } => list(&registry, (&organization, json)),
        Command::SetRole { role, of } => {
            let user = found(&registry, &of)?;
            let role = role_of(&role)?;
            let changed = registry.set_role((&user.organization, &user.id), role, &author)?;
            told(
                &changed,
                of.json,
                &format!("has the role {}", role.as_str()),
            )
        }
        Command::Disable(of) => active(&registry, (&of, false), &author),
        Command::Enable(of) => active(&registry, (&of, true), &author),
        Command::Reset(of) => {
            let user = found(&registry, &of)?;
            let link = registry.reset_user((&user.organization, &user.id), &author)?;
            invited(config, &link, of.json)
        }
        Command::ResetTotp(of) => {
            let user = found(&registry, &of)?;
            let changed = registry.reset_totp((&user.organization, &user.id), &author)?;
            told(&changed, of.json, "has no second factor")
        }
        Command::Remove(of) => {
            let user = found(&registry, &of)?;
            registry.remove_user((&user.organization, &user.id), &author)?;
            told(&user, of.json, "is removed")
        }
    }
}

fn add(
    config: &Config,
    registry: &Registry,
    (given, author): (&Invited, &Author),
) -> anyhow::Result<()> {
    let organization = OrganizationId::new(&given.organization)?;
    let language = Language::of_tag(&given.language);
    let newcomer = Newcomer {
        email: given.email.clone(),
        name: given.name.clone(),
        role: role_of(&given.role)?,
        language: language.context("--language is en or ja")?,
    };
    let invitation = registry.invite_user(&organization, &newcomer, author)?;
    invited(config, &invitation, given.json)
}

/// Tells the link, which is told nowhere else.
fn invited(config: &Config, invitation: &Invitation, as_json: bool) -> anyhow::Result<()> {
    let path = format!("/invitation#code={}", invitation.code);
    let base = config.web.public_url.as_deref();
    let link = base.map(|base| format!("{base}{path}"));
    let expires = invitation.expires_at.to_string();
    if as_json {
        let mut told = described(&invitation.user);
        told["invitation"] =
            json!({ "code": invitation.code, "link": link, "expires_at": expires });
        output::line(&told.to_string());
        return Ok(());
    }
    let email = &invitation.user.email;
    output::line(&format!(
        "{email} sets a password here, once, until {expires}:"
    ));
    output::line(&link.unwrap_or(path));
    if base.is_none() {
        output::line("at the address of the pages; set web.public_url to see the whole link");
    }
    Ok(())
}

fn list(registry: &Registry, (organization, as_json): (&str, bool)) -> anyhow::Result<()> {
    let organization = OrganizationId::new(organization)?;
    let known = registry.organization(&organization)?;
    known.with_context(|| format!("there is no organization {organization}"))?;
    let users = registry.users(&organization)?;
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

fn active(
    registry: &Registry,
    (of, is_active): (&OfUser, bool),
    author: &Author,
) -> anyhow::Result<()> {
    let user = found(registry, of)?;
    let changed = registry.set_active((&user.organization, &user.id), is_active, author)?;
    let what = if is_active {
        "may log in"
    } else {
        "may not log in"
    };
    told(&changed, of.json, what)
}

fn told(user: &User, as_json: bool, what: &str) -> anyhow::Result<()> {
    if as_json {
        output::line(&described(user).to_string());
    } else {
        output::line(&format!("{} {what}", user.email));
    }
    Ok(())
}

/// The user with the address, if they belong where it was said.
fn found(registry: &Registry, of: &OfUser) -> anyhow::Result<User> {
    let user = registry.user_of_email(&of.email)?;
    let fits = |user: &User| {
        let wanted = of.organization.as_deref();
        wanted.is_none_or(|wanted| wanted == user.organization.as_str())
    };
    let user = user.filter(fits);
    user.with_context(|| format!("there is no user {}: see `skimwatch user list`", of.email))
}

fn role_of(word: &str) -> anyhow::Result<Role> {
    Role::of_word(word).with_context(|| {
        let roles = Role::ALL.map(Role::as_str).join(", ");
        format!("there is no role {word}: it is one of {roles}")
    })
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
