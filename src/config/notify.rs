//! The settings of notices, and what becomes of them: [`Notify::settings`], [`Notify::mailer`].

use std::path::PathBuf;

use serde::Deserialize;

use super::{Secret, Web};
use crate::notify::{self, Mailer, SettingsError, SmtpTls};

/// How organizations are told of alerts.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notify {
    /// Whether notices may go to private networks, and without TLS. Whoever may add a channel then reaches whatever this
    /// machine reaches. Default: no.
    pub allow_private: bool,
    /// PEM file of authorities that are believed beside those of the web, of receivers and the mail server.
    pub tls_ca: Option<PathBuf>,
    /// The mail server.
    pub smtp: Smtp,
}

/// The mail server that takes notices.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    /// Its name. Not set: no mail is sent.
    pub host: Option<String>,
    /// Its port. Default: 465, with `starttls` 587, with `none` 25.
    pub port: Option<u16>,
    /// `implicit` (the default), `starttls`, or `none` for a server on this machine.
    pub tls: Tls,
    /// User name, if the server asks for one.
    pub user: Option<String>,
    /// Password.
    pub password: Secret,
    /// Whom mail is from: `Skimwatch <alerts@psp.example>`.
    pub from: String,
}

/// How the connection to it is protected.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// From the first byte.
    #[default]
    Implicit,
    /// By STARTTLS, which the server must offer.
    Starttls,
    /// Not at all.
    None,
}

impl Notify {
    /// How notices are sent. Reads the file of authorities.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting.
    pub fn settings(&self, web: &Web) -> Result<notify::Settings, SettingsError> {
        let url = web.public_url.as_deref();
        let authorities = self
            .tls_ca
            .as_deref()
            .map(notify::authorities)
            .transpose()?;
        Ok(notify::Settings {
            allow_private: self.allow_private,
            public_url: url.map(|url| url.trim_end_matches('/').to_owned()),
            authorities: authorities.unwrap_or_default(),
        })
    }

    /// Who sends mail, if a server is set.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting.
    pub fn mailer(&self, settings: &notify::Settings) -> Result<Option<Mailer>, SettingsError> {
        let smtp = &self.smtp;
        let Some(host) = &smtp.host else {
            return Ok(None);
        };
        let login = smtp.user.clone();
        let login = login.map(|user| (user, smtp.password.reveal().to_owned()));
        Mailer::new(&notify::Smtp {
            host: host.clone(),
            port: smtp.port,
            tls: match smtp.tls {
                Tls::Implicit => SmtpTls::Implicit,
                Tls::Starttls => SmtpTls::Starttls,
                Tls::None => SmtpTls::None,
            },
            login,
            authorities: settings.authorities.clone(),
            from: smtp.from.clone(),
        })
        .map(Some)
    }
}
