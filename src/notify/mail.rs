//! A letter by mail. [`Mailer`] is the type to know.
//!
//! The message's `Message-ID` comes from its name in the outbox, so that a mail program keeps one of two. Headers are
//! made of parsed addresses and encoded words: no text of a stranger's can add one. Plain text only: there is nothing to
//! click but the link to our own page.

use std::time::{Duration, SystemTime};

use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use rustls::pki_types::CertificateDer;

use super::SettingsError;
use super::failure::{Failure, Kind};
use super::letter::{Letter, Part};
use super::words;
use crate::clock::Timestamp;

/// Longest wait for the server at each step.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte, on port 465.
    #[default]
    Implicit,
    /// By STARTTLS, which the server must offer, on port 587.
    Starttls,
    /// Not at all, on port 25: for a server on this machine.
    None,
}

/// The mail server that takes our mail.
#[derive(Clone)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port, if it is not the usual one.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub tls: SmtpTls,
    /// User name and password, if it asks for them.
    pub login: Option<(String, String)>,
    /// Authorities that are believed beside those of the web.
    pub authorities: Vec<CertificateDer<'static>>,
    /// Whom mail is from: `Skimwatch <alerts@psp.example>`.
    pub from: String,
}

/// Sends mail.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

impl Mailer {
    /// Sends by this server.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting.
    pub fn new(smtp: &Smtp) -> Result<Self, SettingsError> {
        let from = smtp.from.parse().map_err(|_invalid| SettingsError::From)?;
        let parameters = || parameters(smtp);
        let (tls, port) = match smtp.tls {
            SmtpTls::Implicit => (Tls::Wrapper(parameters()?), 465),
            SmtpTls::Starttls => (Tls::Required(parameters()?), 587),
            SmtpTls::None => (Tls::None, 25),
        };
        // Its name is for a builder that knows nothing of TLS yet.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
            .port(smtp.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = &smtp.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self {
            transport: builder.build(),
            from,
        })
    }

    /// Sends a letter to all of these. Where the server refuses one of them for good, the others still get it; then
    /// the words tell which.
    pub(super) async fn send(
        &self,
        (id, at): (&str, Timestamp),
        addresses: &[Address],
        letter: &Letter,
    ) -> Result<String, Failure> {
        let message = self.message((id, at), addresses, letter)?;
        match self.hand_over(&message, addresses.to_vec()).await {
            Ok(()) => return Ok(String::new()),
            Err(failure) if failure.kind != Kind::Refused || addresses.len() < 2 => {
                return Err(failure);
            }
            // The server took it from nobody: one refused address ends the transaction.
            Err(_) => {}
        }
        let (mut arrived, mut last) = (false, None);
        for address in addresses {
            match self.hand_over(&message, vec![address.clone()]).await {
                Ok(()) => arrived = true,
                Err(failure) => last = Some((address, failure)),
            }
        }
        match last {
            Some((address, failure)) if arrived => Ok(format!("{address}: {}", failure.why)),
            Some((_, failure)) => Err(failure),
            None => Ok(String::new()),
        }
    }

    async fn hand_over(&self, message: &Message, to: Vec<Address>) -> Result<(), Failure> {
        let envelope = Envelope::new(Some(self.from.email.clone()), to);
        let envelope = envelope.map_err(|error| Failure::again(error.to_string()))?;
        let written = message.formatted();
        let sent = self.transport.send_raw(&envelope, &written).await;
        sent.map(drop).map_err(|error| failure(&error))
    }

    fn message(
        &self,
        (id, at): (&str, Timestamp),
        addresses: &[Address],
        letter: &Letter,
    ) -> Result<Message, Failure> {
        let domain = self.from.email.domain();
        let since_1970 = Duration::from_millis(u64::try_from(at.0).unwrap_or_default());
        let mut message: MessageBuilder = Message::builder()
            .from(self.from.clone())
            .date(SystemTime::UNIX_EPOCH + since_1970)
            .message_id(Some(format!("<{id}@{domain}>")))
            .subject(letter.title.clone())
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(thread) = &letter.thread {
            message = message.references(format!("<alert.{thread}@{domain}>"));
        }
        for address in addresses {
            message = message.to(Mailbox::new(None, address.clone()));
        }
        let message = message.header(ContentType::TEXT_PLAIN).body(text(letter));
        message.map_err(|error| Failure {
            kind: Kind::Refused,
            why: error.to_string(),
        })
    }
}

fn parameters(smtp: &Smtp) -> Result<TlsParameters, SettingsError> {
    let wrong = |error: lettre::transport::smtp::Error| SettingsError::Server(error.to_string());
    let mut builder = TlsParameters::builder(smtp.host.clone());
    for authority in &smtp.authorities {
        let certificate = Certificate::from_der(authority.to_vec()).map_err(wrong)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(wrong)
}

/// A refusal for good is one of the message or its address, unless it is of us: then another try may succeed.
fn failure(error: &lettre::transport::smtp::Error) -> Failure {
    let code = error.status().map(|code| code.to_string());
    let of_us = matches!(code.as_deref(), Some("530" | "534" | "535" | "538"));
    let kind = if error.is_permanent() && !of_us {
        Kind::Refused
    } else {
        Kind::Again(None)
    };
    Failure {
        kind,
        why: format!("the mail server: {error}"),
    }
}

/// The text, in lines.
fn text(letter: &Letter) -> String {
    let mut text = String::new();
    for part in &letter.parts {
        match part {
            Part::Text(words) => text += &format!("{words}\r\n"),
            Part::Fact(name, value) => text += &format!("{name}: {value}\r\n"),
            Part::List(name, items) => {
                text += &format!("\r\n{name}:\r\n");
                items
                    .iter()
                    .for_each(|item| text += &format!("- {item}\r\n"));
            }
        }
        text += "\r\n";
    }
    if let Some(link) = &letter.link {
        text += &format!("{}: {link}\r\n\r\n", letter.t(words::OPEN));
    }
    text += &format!("-- \r\n{}\r\n", letter.closing);
    text
}
