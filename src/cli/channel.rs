//! `skimwatch channel`: where organizations are told of their alerts.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::args::{AddChannel, Channel, OneChannel, Whose};
use super::{admin, output};
use crate::config::Config;
use crate::finding::Severity;
use crate::ids::OrganizationId;
use crate::notify;
use crate::registry::{
    self, Author, ChannelKind, ChannelRequest, ChannelRules, Quiet, Registry, Target,
};

/// `skimwatch channel …`.
pub(super) fn run(config: &Config, command: &Channel) -> anyhow::Result<()> {
    let registry = admin::open_registry(config)?;
    let author = Author::of_installation(admin::ACTOR);
    let of = |one: &OneChannel| Ok::<_, anyhow::Error>((whose(&one.whose)?, one.id.clone()));
    match command {
        Channel::Add(what) => return add(config, &registry, what, &author),
        Channel::List { whose: it, json } => return list(&registry, &whose(it)?, *json),
        Channel::Pause(one) => {
            let (organization, id) = of(one)?;
            registry.set_channel_active((&organization, &id), false, &author)?;
            output::line("paused: what comes waits");
        }
        Channel::Resume(one) => {
            let (organization, id) = of(one)?;
            registry.set_channel_active((&organization, &id), true, &author)?;
            output::line("active: what has waited is sent");
        }
        Channel::Remove(one) => {
            let (organization, id) = of(one)?;
            registry.remove_channel((&organization, &id), &author)?;
            output::line("removed");
        }
        Channel::Test(one) => {
            let (organization, id) = of(one)?;
            registry.test_channel((&organization, &id), &author)?;
            output::line("a test is on its way: `skimwatch channel list` shows whether it arrived");
        }
    }
    Ok(())
}

fn add(
    config: &Config,
    registry: &Registry,
    what: &AddChannel,
    author: &Author,
) -> anyhow::Result<()> {
    let kind = ChannelKind::of_word(&what.kind);
    let kind = kind.context("a channel is a webhook, slack, teams or mail")?;
    let target = Target::parse(kind, &what.target)?;
    if let Target::Url(url) = &target {
        notify::check_target(url, config.notify.allow_private)?;
    }
    let least = Severity::of_word(&what.least);
    let rules = ChannelRules {
        name: what.name.clone(),
        least: least.context("--least is low, medium, high or critical")?,
        quiet: quiet(what)?,
        most_per_hour: what.most_per_hour,
    };
    let request = ChannelRequest {
        kind,
        target,
        rules,
    };
    let (id, secret) = registry.add_channel(&whose(&what.whose)?, &request, author)?;
    if what.json {
        output::line(&json!({ "id": id, "secret": secret }).to_string());
        return Ok(());
    }
    output::line(&id);
    if let Some(secret) = secret {
        output::line(&format!(
            "{secret}\tthe secret that its messages are signed with; it shows only now"
        ));
    }
    Ok(())
}

fn list(registry: &Registry, organization: &OrganizationId, as_json: bool) -> anyhow::Result<()> {
    let channels = registry.channels(organization)?;
    if as_json {
        let list: Vec<Value> = channels.iter().map(described).collect();
        output::line(&Value::Array(list).to_string());
        return Ok(());
    }
    if channels.is_empty() {
        output::line(&format!(
            "{organization} has no channels: nobody is told of its alerts"
        ));
    }
    for channel in &channels {
        let (kind, rules) = (channel.kind.as_str(), &channel.rules);
        let least = rules.least.as_str();
        let sent = channel
            .sent_at
            .map_or("never".to_owned(), |at| at.to_string());
        output::line(&format!(
            "{}\t{kind}\t{}\t{}\t{}\tfrom {least}\t{} waiting\t{} given up\tlast sent {sent}\t{}",
            channel.id,
            state(channel),
            rules.name,
            channel.target.shown(),
            channel.waiting,
            channel.given_up,
            channel.error,
        ));
    }
    Ok(())
}

fn state(channel: &registry::Channel) -> &'static str {
    if channel.is_active {
        "active"
    } else {
        "paused"
    }
}

fn described(channel: &registry::Channel) -> Value {
    let (rules, quiet) = (&channel.rules, channel.rules.quiet);
    let is_quiet = quiet.from != quiet.to;
    let quiet =
        is_quiet.then(|| json!({ "from": quiet.from, "to": quiet.to, "offset": quiet.offset }));
    json!({
        "id": channel.id, "organization": channel.organization, "kind": channel.kind.as_str(),
        "name": rules.name, "target": channel.target.shown(), "least": rules.least.as_str(), "quiet": quiet,
        "most_per_hour": rules.most_per_hour, "state": state(channel), "paused_why": channel.paused_why,
        "actor": channel.actor, "created_at": channel.created_at.to_string(), "waiting": channel.waiting,
        "given_up": channel.given_up, "sent_at": channel.sent_at.map(|at| at.to_string()), "error": channel.error,
    })
}

fn whose(whose: &Whose) -> anyhow::Result<OrganizationId> {
    Ok(OrganizationId::new(&whose.organization)?)
}

/// Reads `22:00-07:00` and `+09:00`.
fn quiet(what: &AddChannel) -> anyhow::Result<Quiet> {
    let Some(span) = &what.quiet else {
        return Ok(Quiet::NONE);
    };
    let span = span
        .split_once('-')
        .map(|(from, to)| (minutes(from), minutes(to)));
    let Some((Some(from), Some(to))) = span else {
        anyhow::bail!("--quiet is a span of the day, such as 22:00-07:00");
    };
    let (sign, rest) = match what.offset.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, what.offset.trim_start_matches('+')),
    };
    let offset = minutes(rest).and_then(|it| i16::try_from(it).ok());
    let offset = offset.context("--offset is a time ahead of UTC, such as +09:00")?;
    Ok(Quiet {
        from,
        to,
        offset: sign * offset,
    })
}

/// `07:30` as minutes.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}
