//! The arguments.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use super::{import, organization, site, token, user};
use crate::config::Roles;
use crate::ids::{OPERATOR, OrganizationId};

/// Collects what browsers report of checkout pages and keeps it.
#[derive(Debug, Parser)]
#[command(name = "skimwatch", version)]
pub(super) struct Arguments {
    /// TOML file of settings; the environment (SKIMWATCH__SECTION__KEY) goes before it.
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take reports in, deliver them, answer questions: everything in one process, or some roles.
    Serve {
        /// Which parts: intake, detect, web, separated by commas.
        #[arg(long)]
        roles: Option<Roles>,
        /// End when standard input ends: for a parent whose end is to be this one's too.
        #[arg(long, hide = true)]
        leash: bool,
    },
    /// Show the product on this machine: made-up shops, a campaign that unfolds, and a shop to try it in.
    Demo,
    /// Run the embedded ClickHouse; `serve` starts one when no ClickHouse is set.
    Engine {
        /// Folder of its data.
        #[arg(long, value_name = "DIR")]
        path: PathBuf,
        /// Address of its HTTP face, on loopback.
        #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8123")]
        listen: SocketAddr,
    },
    /// Bring the database's schema up to date.
    Migrate,
    /// Add or change sites from a file, all of them or none; those that are not in it stay as they are.
    ///
    /// A merchant's "key" is its site's id and the key in the address that browsers post to. What a line does not tell
    /// stays as it is. --dry-run shows what would become of each line.
    Import(Box<import::Import>),
    /// Write all sites to a file that `import` takes back.
    Export(import::Export),
    /// Post recorded requests to a collector.
    Replay {
        /// One request a line, captured or simulated.
        file: PathBuf,
        /// http://HOST:PORT/r/{site}
        #[arg(long)]
        url: String,
        /// How many times faster than recorded; 0 is as fast as answers come.
        #[arg(long, default_value_t = 1.0)]
        speed: f64,
    },
    /// Run recorded requests, or what is stored, through the live detector and write the alerts it would raise.
    ///
    /// Files need no database: limits and detection see them as they would have come in. With --since, rows are read
    /// back from ClickHouse as the live detector reads them, and nothing is written there.
    Backtest(Box<Backtest>),
    /// Ask the database something, read-only.
    Sql {
        /// One SELECT (or SHOW, DESCRIBE, EXPLAIN).
        query: String,
        /// Any output format of ClickHouse.
        #[arg(long, default_value = "TabSeparated")]
        format: String,
    },
    /// Sites and their keys.
    #[command(subcommand)]
    Site(site::Command),
    /// Organizations, and which sites they see.
    ///
    /// A payment service provider with 3,000 shops, for instance: `organization put psp-1 --name "Example Payments" --kind
    /// psp --language ja`, then `import shops.csv --organization psp-1`.
    #[command(subcommand)]
    Organization(organization::Command),
    /// Tokens of programs that use the API.
    #[command(subcommand)]
    Token(token::Command),
    /// Parts of the log that are not in ClickHouse: waiting, or set aside because ClickHouse refused them.
    #[command(subcommand)]
    Segments(Segments),
    /// Erase what came in for a site, or from a client, up to now. Without --yes: show what that would be.
    #[command(subcommand)]
    Erase(Erase),
    /// Destinations that are known to be harmless, or to be bad.
    ///
    /// A trusted destination is a domain that somebody vouches for, such as the provider's own or a vendor's. Trust
    /// silences no card numbers and no fake payment page: who is vouched for can be broken into. A blocked destination is
    /// known to be bad: one report of it raises an alert.
    #[command(subcommand)]
    Trust(Trust),
    /// Where organizations are told of their alerts: webhooks for programs, Slack, Teams, mail.
    ///
    /// A notice is written together with what it tells of and sent while `serve` runs with the role web; what cannot be
    /// sent is tried for three days. Mail needs a server: SKIMWATCH__NOTIFY__SMTP__HOST, __FROM, __USER, __PASSWORD.
    /// Set SKIMWATCH__WEB__PUBLIC_URL, and notices lead to the page of their alert.
    #[command(subcommand)]
    Channel(Box<Channel>),
    /// People who log in to the pages.
    ///
    /// The first operator: `skimwatch user add you@example.com --name You --role operator` prints a link. Whoever opens it
    /// sets a password and can log in. From then on web.bootstrap_token is void, and operators and administrators
    /// invite the others on the page People.
    #[command(subcommand)]
    User(user::Command),
    /// The record of administrative changes.
    #[command(subcommand)]
    Audit(Audit),
    /// Print what a shell needs to complete commands: `skimwatch completion bash > /etc/bash_completion.d/skimwatch`.
    Completion {
        /// Which shell.
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Channel {
    /// Add a channel and print its id; of a webhook also the secret that it is signed with, which shows only now.
    ///
    /// Webhooks are signed as standardwebhooks.com has it: any of its libraries verifies them with the secret. Of a message
    /// that comes twice, `webhook-id` is the same.
    Add(AddChannel),
    /// Channels, what waits for them, and why it does.
    List {
        #[command(flatten)]
        whose: Whose,
        /// One JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Send nothing to a channel for now. What comes meanwhile waits.
    Pause(OneChannel),
    /// Send again, what has waited first.
    Resume(OneChannel),
    /// Remove a channel, with what waits for it.
    Remove(OneChannel),
    /// Send a test to a channel, the way that every notice goes; `list` shows whether it arrived.
    Test(OneChannel),
}

#[derive(Debug, clap::Args)]
pub(super) struct AddChannel {
    /// webhook, slack, teams or mail.
    pub(super) kind: String,
    /// The address to post to, which begins with https://, or mail addresses.
    #[arg(required = true)]
    pub(super) target: Vec<String>,
    /// What people call it.
    #[arg(long, value_name = "TEXT")]
    pub(super) name: String,
    /// What is below this is not told: low, medium, high, critical. What is done about an alert is low.
    #[arg(long, value_name = "SEVERITY", default_value = "medium")]
    pub(super) least: String,
    /// When only what is critical is told at once, such as 22:00-07:00; the rest comes afterwards, together.
    #[arg(long, value_name = "FROM-TO")]
    pub(super) quiet: Option<String>,
    /// The time zone of the quiet hours, such as +09:00.
    #[arg(
        long,
        value_name = "OFFSET",
        default_value = "+00:00",
        allow_hyphen_values = true
    )]
    pub(super) offset: String,
    /// Most messages an hour; the rest comes together, unless it is critical.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(super) most_per_hour: u32,
    #[command(flatten)]
    pub(super) whose: Whose,
    /// Answer as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

/// One channel.
#[derive(Debug, clap::Args)]
pub(super) struct OneChannel {
    /// Its id, as `list` shows it.
    pub(super) id: String,
    #[command(flatten)]
    pub(super) whose: Whose,
}

/// Whose channels.
#[derive(Debug, clap::Args)]
pub(super) struct Whose {
    /// The organization.
    #[arg(long, value_name = "ORG", default_value = OPERATOR)]
    pub(super) organization: String,
}

/// What a backtest reads, and how it judges.
#[derive(Debug, clap::Args)]
pub(super) struct Backtest {
    /// What was received within this time: 14d, 36h, 90m. The detector remembers nothing of before, so let it begin
    /// some days before what it is to judge.
    #[arg(long, value_name = "TIME", value_parser = span, conflicts_with_all = ["merchants", "requests", "networks"])]
    pub(super) since: Option<Duration>,
    /// Merchants, as for `import`.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["since", "weights"])]
    pub(super) merchants: Option<PathBuf>,
    /// One recorded request a line, in order of arrival.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["since", "weights"])]
    pub(super) requests: Option<PathBuf>,
    /// Where the alerts go, one JSON object a line.
    #[arg(long, value_name = "FILE", required_unless_present_any = ["against", "weights"])]
    pub(super) alerts: Option<PathBuf>,
    /// Networks in place of the IP databases: {"networks": [{"cidr", "asn", "country"}]}.
    #[arg(long, value_name = "FILE")]
    pub(super) networks: Option<PathBuf>,
    /// TOML file with a section `detect`: show which alerts would be different if what it says were in use.
    #[arg(long, value_name = "FILE")]
    pub(super) against: Option<PathBuf>,
    /// What is different, as one JSON object.
    #[arg(long, requires = "against")]
    pub(super) json: bool,
    /// Print the weights of the evidence that are in use, and do nothing else.
    #[arg(long, conflicts_with_all = ["since", "merchants", "requests", "networks", "alerts", "against"])]
    pub(super) weights: bool,
}

/// Reads a number and the letter of its unit.
pub(super) fn span(text: &str) -> Result<Duration, String> {
    let units = [('d', 24 * 3600), ('h', 3600), ('m', 60), ('s', 1)];
    let found = units.iter().find_map(|(letter, seconds)| {
        let number: u32 = text.strip_suffix(*letter)?.parse().ok()?;
        Some(Duration::from_secs(u64::from(number) * seconds))
    });
    found.ok_or_else(|| "a time is a number and d, h, m or s: 14d, 36h".to_owned())
}

#[derive(Debug, Subcommand)]
pub(super) enum Trust {
    /// Trust a domain: at every site, or at one. Silences no card numbers and no fake payment page.
    Add {
        #[command(flatten)]
        which: Which,
        /// Why it is harmless and who has checked it, for whoever reads the list later.
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Block a domain that is known to be bad: at every site, or at one. One report of it raises an alert.
    Block {
        #[command(flatten)]
        which: Which,
        /// How it is known to be bad, for whoever gets the alert.
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Trust or block a domain no longer, where it was trusted or blocked.
    Remove {
        #[command(flatten)]
        which: Which,
        /// Why not any more.
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// What is trusted or blocked, where, by whom, since when, and why.
    List {
        /// One JSON array.
        #[arg(long)]
        json: bool,
    },
}

/// Which domain, and where.
#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// A registrable domain, such as vendor.example, in Unicode or Punycode.
    pub(super) domain: String,
    /// At this site alone.
    #[arg(long, value_name = "ID")]
    pub(super) site: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Check that no entry was changed, removed, put in or moved.
    ///
    /// Each entry's hash covers the entry before, so a change anywhere but at the end shows in the log itself. What was
    /// cut off the end shows by the copy in ClickHouse, as far as that had got. Keep the hash that this prints elsewhere,
    /// such as on paper: it proves that the log then was this one.
    Verify {
        /// Do not ask ClickHouse for its copy.
        #[arg(long)]
        alone: bool,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Write the log, oldest first, one JSON object a line.
    Export {
        /// Of this organization, and of the installation about sites that it sees; else all of it.
        #[arg(long, value_name = "ID")]
        organization: Option<OrganizationId>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Segments {
    /// What was set aside and why, and what waits.
    List {
        /// One JSON array.
        #[arg(long)]
        json: bool,
    },
    /// What a segment holds: its counts by site, then its rows, as JSON lines, redacted as they were written.
    Show {
        /// Its id, as `list` shows it.
        id: String,
    },
    /// Insert what was set aside, after asking whether it is there already.
    Reinsert {
        /// Its id, as `list` shows it.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// Everything that was set aside.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Erase {
    /// A site's reports, counts, place in alerts, and what is trusted at it alone. Its registration and its keys stay.
    Site {
        /// The site's id.
        site: String,
        #[command(flatten)]
        how: How,
    },
    /// A client's reports, at all sites. Counts stay: they hold no client.
    Client {
        /// Its pseudonym: `client` of a row.
        #[arg(long, value_name = "PSEUDONYM", required_unless_present = "address")]
        id: Option<String>,
        /// Its address, to find its present pseudonym. Those of earlier periods cannot be computed any more.
        #[arg(
            long,
            value_name = "IP",
            conflicts_with = "id",
            requires = "user_agent"
        )]
        address: Option<IpAddr>,
        /// The User-Agent that it sends, whole.
        #[arg(long, value_name = "TEXT", requires = "address")]
        user_agent: Option<String>,
        #[command(flatten)]
        how: How,
    },
}

/// How it is erased and told.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct How {
    /// Erase. It cannot be undone.
    #[arg(long)]
    pub(super) yes: bool,
    /// Answer as one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

impl Command {
    /// Whether it runs until it is stopped.
    pub(super) fn is_server(&self) -> bool {
        matches!(self, Self::Serve { .. } | Self::Engine { .. })
    }
}
