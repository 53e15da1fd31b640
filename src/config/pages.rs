//! What the pages are told of where they are and who says who somebody is. [`Oidc`] is the type to know.

use serde::Deserialize;

use super::{Secret, Web};

/// A provider of OpenID Connect.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Oidc {
    /// Its address, as its discovery document tells it. Not set: people log in with passwords.
    pub issuer: Option<String>,
    /// What it calls this installation.
    pub client_id: String,
    /// What shows it that this is the installation.
    pub client_secret: Secret,
    /// What people call it. Default: `SSO`.
    pub name: String,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: None,
            client_id: String::new(),
            client_secret: Secret::default(),
            name: "SSO".to_owned(),
        }
    }
}

/// Says what is wrong with them.
pub(super) fn check(web: &mut Web) -> Result<(), String> {
    if let Some(url) = &mut web.public_url {
        *url = origin(url).ok_or(
            "web.public_url: https://HOST or https://HOST:PORT without a path; http is for this machine alone",
        )?;
    }
    if web.oidc.issuer.is_some() && web.public_url.is_none() {
        return Err(
            "web.oidc.issuer needs web.public_url: the provider sends browsers back there"
                .to_owned(),
        );
    }
    Ok(())
}

/// An address without a path, as browsers write origins.
fn origin(url: &str) -> Option<String> {
    let uri: hyper::Uri = url.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let host = authority.host();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    let is_here = host == "localhost" || address.is_ok_and(|it| it.is_loopback());
    let is_plain = !authority.as_str().contains('@') && uri.query().is_none() && uri.path() == "/";
    let is_safe = scheme == "https" || (scheme == "http" && is_here);
    let whole = format!("{scheme}://{authority}").to_ascii_lowercase();
    (is_plain && is_safe && !host.is_empty()).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_pages_are() {
        for (given, kept) in [
            ("https://Pages.example", Some("https://pages.example")),
            ("https://pages.example/", Some("https://pages.example")),
            (
                "https://pages.example:8443",
                Some("https://pages.example:8443"),
            ),
            ("http://127.0.0.1:8081", Some("http://127.0.0.1:8081")),
            ("http://localhost:8081", Some("http://localhost:8081")),
            ("http://[::1]:8081", Some("http://[::1]:8081")),
            ("http://pages.example", None),
            ("pages.example", None),
            ("https://pages.example/path", None),
            ("https://pages.example/?x=1", None),
            ("https://me@pages.example", None),
            ("ftp://pages.example", None),
            ("", None),
        ] {
            assert_eq!(origin(given).as_deref(), kept, "{given}");
        }
    }

    #[test]
    fn a_provider_needs_to_know_where_the_pages_are() {
        let mut web = Web::default();
        assert_eq!(check(&mut web), Ok(()));
        web.oidc.issuer = Some("https://login.example".to_owned());
        assert!(check(&mut web).is_err());
        web.public_url = Some("https://pages.example/".to_owned());
        assert_eq!(check(&mut web), Ok(()));
        assert_eq!(web.public_url.as_deref(), Some("https://pages.example"));
    }
}
