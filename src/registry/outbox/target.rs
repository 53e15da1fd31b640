//! [`Target`]: where a channel leads, checked.

use std::fmt;

use hyper::Uri;
use lettre::Address;
use serde_json::json;

use super::super::error::RegistryError;
use super::channel::{ChannelKind, refuse};

/// Most mail addresses of one channel.
pub const MAX_ADDRESSES: usize = 20;
/// Longest address to post to, or to send mail to, in bytes.
pub const MAX_TARGET_BYTES: usize = 2000;

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
}
