//! [`Channel`]: a place where an organization is told, and what is asked for with a new one.

use std::fmt;

use hyper::Uri;
use lettre::Address;
use serde_json::json;

use super::super::error::RegistryError;
use super::super::merchant::text;
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::OrganizationId;

/// Most channels of one organization.
pub const MAX_CHANNELS: u32 = 20;
/// Most mail addresses of one channel.
pub const MAX_ADDRESSES: usize = 20;
/// Longest address to post to, or to send mail to, in bytes.
pub const MAX_TARGET_BYTES: usize = 2000;
/// Most messages an hour that may be asked for.
pub const MAX_PER_HOUR: u32 = 1000;
/// What every signing secret begins with, as Standard Webhooks writes it.
pub const SECRET_PREFIX: &str = "whsec_";

const MINUTES_OF_DAY: u16 = 24 * 60;
/// No place on earth is further from UTC, in minutes.
const MAX_OFFSET: i16 = 14 * 60;

/// How a channel tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// JSON, signed, to a program of the organization's.
    Webhook,
    /// An incoming webhook of Slack.
    Slack,
    /// A workflow of Microsoft Teams that posts what it receives.
    Teams,
    /// Mail.
    Mail,
}

impl ChannelKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Webhook, Self::Slack, Self::Teams, Self::Mail];

    /// The word in rows and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Mail => "mail",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Where a channel leads.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// An address to post to. It may be a secret: of Slack and Teams, whoever knows it may post.
    Url(Uri),
    /// Mail addresses.
    Mail(Vec<Address>),
}

impl Target {
    /// Reads what is told of a new channel: one address to post to, or mail addresses.
    ///
    /// # Errors
    /// [`RegistryError::Field`] says what is wrong with it.
    pub fn parse(kind: ChannelKind, given: &[String]) -> Result<Self, RegistryError> {
        if given.iter().any(|it| it.len() > MAX_TARGET_BYTES) {
            return refuse(format!("target: longer than {MAX_TARGET_BYTES} bytes"));
        }
        match (kind, given) {
            (ChannelKind::Mail, []) => refuse("target: name a mail address".to_owned()),
            (ChannelKind::Mail, all) if all.len() > MAX_ADDRESSES => {
                refuse(format!("target: {MAX_ADDRESSES} mail addresses at most"))
            }
            (ChannelKind::Mail, all) => Ok(Self::Mail(
                all.iter().map(|it| mail(it)).collect::<Result<_, _>>()?,
            )),
            (_, [one]) => Ok(Self::Url(url(one)?)),
            _ => refuse("target: name one address that begins with https://".to_owned()),
        }
    }

    /// As it is stored.
    pub(super) fn column(&self) -> String {
        match self {
            Self::Url(url) => url.to_string(),
            Self::Mail(all) => {
                let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
                json!(all).to_string()
            }
        }
    }

    /// What is stored, read back.
    pub(super) fn of_column(kind: ChannelKind, column: &str) -> Result<Self, RegistryError> {
        let damaged = |what: String| RegistryError::Damaged(format!("target of a channel: {what}"));
        let given = match kind {
            ChannelKind::Mail => {
                serde_json::from_str(column).map_err(|error| damaged(error.to_string()))?
            }
            _ => vec![column.to_owned()],
        };
        Self::parse(kind, &given).map_err(|error| damaged(error.to_string()))
    }

    /// What may be shown of it: the host alone, since the rest may be a secret; of mail, the addresses.
    pub fn shown(&self) -> String {
        match self {
            Self::Url(url) => url.host().unwrap_or_default().to_owned(),
            Self::Mail(all) => {
                let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
                all.join(", ")
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

/// Hours in which only what is critical is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Minute of the day at which they begin, and at which they end; the same twice: there are none.
    pub from: u16,
    /// See `from`. Before it: they go over midnight.
    pub to: u16,
    /// How many minutes the day is ahead of UTC.
    pub offset: i16,
}

impl Quiet {
    /// No quiet hours.
    pub const NONE: Self = Self {
        from: 0,
        to: 0,
        offset: 0,
    };

    /// When the quiet hours end that it is in now, if it is in any.
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        const MINUTE: i64 = 60_000;
        let day = i64::from(MINUTES_OF_DAY) * MINUTE;
        let into_day = (now.0 + i64::from(self.offset) * MINUTE).rem_euclid(day);
        let (from, to) = (i64::from(self.from) * MINUTE, i64::from(self.to) * MINUTE);
        let length = (to - from).rem_euclid(day);
        let gone = (into_day - from).rem_euclid(day);
        (gone < length).then(|| Timestamp(now.0 + length - gone))
    }
}

/// What a channel tells of, when, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRules {
    /// What people call it.
    pub name: String,
    /// What is below this is not told.
    pub least: Severity,
    /// When only what is critical is told. The rest is told afterwards.
    pub quiet: Quiet,
    /// What goes beyond this is told together, unless it is critical.
    pub most_per_hour: u32,
}

impl ChannelRules {
    /// From Medium on, at any time, twenty an hour.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            least: Severity::Medium,
            quiet: Quiet::NONE,
            most_per_hour: 20,
        }
    }

    /// The same with its bounds kept.
    pub(super) fn checked(&self) -> Result<Self, RegistryError> {
        let name = text("name", self.name.trim().to_owned()).map_err(RegistryError::Field)?;
        if name.is_empty() {
            return refuse("name: say what the channel is called".to_owned());
        }
        let quiet = self.quiet;
        if quiet.from >= MINUTES_OF_DAY || quiet.to >= MINUTES_OF_DAY {
            return refuse("quiet: from 00:00 to 23:59".to_owned());
        }
        if quiet.offset.abs() > MAX_OFFSET {
            return refuse("quiet: a day is 14 hours ahead of UTC at most, or behind".to_owned());
        }
        if !(1..=MAX_PER_HOUR).contains(&self.most_per_hour) {
            return refuse(format!("most_per_hour: 1 to {MAX_PER_HOUR}"));
        }
        Ok(Self {
            name,
            ..self.clone()
        })
    }
}

/// What is asked for with a new channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRequest {
    /// How it tells.
    pub kind: ChannelKind,
    /// Where it leads.
    pub target: Target,
    /// What it tells of.
    pub rules: ChannelRules,
}

/// A channel, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// What it is called by in commands.
    pub id: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// How it tells.
    pub kind: ChannelKind,
    /// Where it leads.
    pub target: Target,
    /// What it tells of.
    pub rules: ChannelRules,
    /// Whether it tells now. What comes meanwhile waits.
    pub is_active: bool,
    /// Why the program itself paused it; empty if a person did.
    pub paused_why: String,
    /// Who made it.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// Notices that wait.
    pub waiting: u32,
    /// Notices that never arrived and are not tried any more.
    pub given_up: u32,
    /// When something arrived last.
    pub sent_at: Option<Timestamp>,
    /// Why the newest that did not arrive did not; empty if there is none.
    pub error: String,
}

fn refuse<T>(what: String) -> Result<T, RegistryError> {
    Err(RegistryError::Field(what))
}

fn mail(given: &str) -> Result<Address, RegistryError> {
    let given = given.trim();
    // The longest that a mail server must take (RFC 5321 §4.5.3.1.3).
    let fits = given.len() <= 254 && given.is_ascii();
    let address = fits.then(|| given.parse().ok()).flatten();
    address.ok_or_else(|| {
        RegistryError::Field("target: no mail address such as security@psp.example".to_owned())
    })
}

fn url(given: &str) -> Result<Uri, RegistryError> {
    let wrong = || {
        RegistryError::Field(
            "target: no address such as https://psp.example/hooks, without user name and password"
                .to_owned(),
        )
    };
    let url: Uri = given.trim().parse().map_err(|_invalid| wrong())?;
    let scheme = matches!(url.scheme_str(), Some("https" | "http"));
    let authority = url.authority().ok_or_else(wrong)?;
    let plain = !authority.as_str().contains('@') && !authority.host().is_empty();
    (scheme && plain).then_some(url).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of a target, if it is one. What is stored reads back.
    fn shown(kind: ChannelKind, given: &[&str]) -> Option<String> {
        let given: Vec<String> = given.iter().map(|&it| it.to_owned()).collect();
        let target = Target::parse(kind, &given).ok()?;
        let again = Target::of_column(kind, &target.column());
        assert_eq!(again.expect("it reads back"), target);
        assert_eq!(format!("{target:?}"), target.shown());
        Some(target.shown())
    }

    #[test]
    fn targets() {
        let hosts = [
            ("https", "https://psp.example/h?k=secret", true),
            (
                "http is for the sender to refuse",
                "http://psp.example/",
                true,
            ),
            ("another scheme", "file:///etc/passwd", false),
            ("a path alone", "/hooks", false),
            ("a password", "https://u:p@psp.example/", false),
        ];
        for (name, url, good) in hosts {
            let expected = good.then(|| "psp.example".to_owned());
            assert_eq!(shown(ChannelKind::Webhook, &[url]), expected, "{name}");
        }
        let long = format!("https://h.example/{}", "x".repeat(MAX_TARGET_BYTES));
        let two = ["https://a.example/", "https://b.example/"];
        for wrong in [&[][..], &two, &[&long]] {
            assert_eq!(shown(ChannelKind::Slack, wrong), None, "{wrong:?}");
        }
        let many = vec!["a@psp.example"; MAX_ADDRESSES + 1];
        let header = "a@psp.example\r\nBcc: b@psp.example";
        for wrong in [&[][..], &["psp.example"], &[header], &many] {
            assert_eq!(shown(ChannelKind::Mail, wrong), None, "{wrong:?}");
        }
        let both = ["a@psp.example", "b@psp.example"];
        assert_eq!(shown(ChannelKind::Mail, &both), Some(both.join(", ")));
    }

    #[test]
    fn quiet_hours() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let night = Quiet {
            from: 22 * 60,
            to: 7 * 60,
            offset: 9 * 60,
        };
        let noon = Quiet {
            from: 12 * 60,
            to: 13 * 60,
            offset: 0,
        };
        for (name, quiet, now, end) in [
            ("none", Quiet::NONE, "2026-01-31T00:00:00Z", None),
            (
                "before midnight",
                night,
                "2026-01-31T13:00:00Z",
                Some("2026-01-31T22:00:00Z"),
            ),
            (
                "after midnight",
                night,
                "2026-01-31T16:30:00Z",
                Some("2026-01-31T22:00:00Z"),
            ),
            (
                "the last moment",
                night,
                "2026-01-31T21:59:59.999Z",
                Some("2026-01-31T22:00:00Z"),
            ),
            ("the end", night, "2026-01-31T22:00:00Z", None),
            ("by day", night, "2026-01-31T12:59:59Z", None),
            (
                "within a day",
                noon,
                "2026-01-31T12:30:00Z",
                Some("2026-01-31T13:00:00Z"),
            ),
            ("outside", noon, "2026-01-31T13:30:00Z", None),
        ] {
            assert_eq!(quiet.end(at(now)), end.map(at), "{name}");
        }
    }
}
