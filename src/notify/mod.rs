//! Organizations are told of their alerts: notices leave the outbox by mail, webhook, Slack or Teams. [`Notifier`] is
//! the type to know.
//!
//! # What holds
//!
//! * *None is lost*: a notice was written in the change that it tells of, and stays until its receiver has taken it or
//!   three days of trying are over, which the audit log and the list of channels show.
//! * *In order*: of a channel, the next message goes out when the one before has arrived or was given up. What is
//!   critical overtakes what is held back, and nothing else.
//! * *Doubled under the same name, if at all*: whoever dies between sending and writing that down sends again. Nothing
//!   can rule that out. But the name that a receiver knows a message by (`webhook-id`, `Message-ID`) and the notices in it
//!   stay the same at each try, so a receiver may drop what it has. Slack and Teams know no such name.
//! * *Quiet rules never hold back what is critical*, see [`rules`](mod@rules).
//! * What is told is read when it is sent, in the scope of the organization: what was erased meanwhile is not told.
//! * *Where tenants lead us we look first*: addresses in private networks are refused after the name is resolved, and
//!   redirects are not followed, see [`address`](mod@address).

mod address;
mod failure;
mod letter;
mod mail;
mod plain;
mod post;
mod rules;
mod settings;
mod slack;
mod story;
mod teams;
mod webhook;
mod words;

pub use address::{Refused, check as check_target};
pub use mail::{Mailer, Smtp, SmtpTls};
pub use rules::{GIVE_UP_AFTER, plan};
pub use settings::{Settings, SettingsError, authorities};
pub use story::Story;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::Uri;
use hyper::body::Bytes;
use tokio::task::spawn_blocking;

use crate::cases::{Cases, CasesError};
use crate::clock::{SharedClock, Timestamp};
use crate::metrics;
use crate::registry::{Addressee, ChannelKind, Message, Registry, RegistryError, Sending, Target};
use failure::Failure;
use letter::Letter;
use post::Poster;

/// Longest time that one try takes. Whoever takes a message up has it alone for that long and some seconds more.
const LONGEST_TRY: Duration = Duration::from_secs(20);
const LEASE: Duration = Duration::from_secs(30);
/// Most messages that go to a channel before others get their turn.
const MOST_AT_A_TURN: usize = 50;
/// How long it is known what was told.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

/// Sends notices.
#[derive(Clone, Debug)]
pub struct Notifier {
    registry: Arc<Registry>,
    cases: Cases,
    clock: SharedClock,
    settings: Arc<Settings>,
    poster: Poster,
    mailer: Option<Mailer>,
    is_stopping: Arc<AtomicBool>,
}

/// Why a turn ended early. What was to be sent waits.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The control state.
    #[error("notices wait: {0}")]
    Registry(#[from] RegistryError),
    /// What the notices are about.
    #[error("notices wait: {0}")]
    Cases(#[from] CasesError),
}

impl Notifier {
    /// Sends those of this control state; mail only with a mailer.
    pub fn new(
        registry: Arc<Registry>,
        clock: SharedClock,
        settings: Settings,
        mailer: Option<Mailer>,
    ) -> Self {
        Self {
            cases: Cases::new(Arc::clone(&registry)),
            registry,
            clock,
            poster: Poster::new(&settings),
            settings: Arc::new(settings),
            mailer,
            is_stopping: Arc::default(),
        }
    }

    /// Channels for which something can be done now, with their organizations.
    ///
    /// # Errors
    /// [`NotifyError`] if the control state cannot be read.
    pub async fn due(&self, most: u32) -> Result<Vec<(String, String)>, NotifyError> {
        self.blocking(move |it| Ok(it.registry.due_channels(it.clock.now(), most)?))
            .await
    }

    /// Sends what can be sent to a channel now, message by message. How many were taken up.
    ///
    /// # Errors
    /// [`NotifyError`] if the control state cannot be read or written.
    pub async fn turn(&self, channel: &str) -> Result<usize, NotifyError> {
        for sent in 0..MOST_AT_A_TURN {
            if self.is_stopping.load(Ordering::Relaxed) {
                return Ok(sent);
            }
            let channel = channel.to_owned();
            let taken = self.blocking(move |it| it.take(&channel)).await?;
            let Some((addressee, message, stories)) = taken else {
                return Ok(sent);
            };
            let outcome = self.deliver(&addressee, &message, &stories).await;
            let note =
                move |it: Self| Ok(it.registry.record_message(&addressee, &message, &outcome)?);
            self.blocking(note).await?;
        }
        Ok(MOST_AT_A_TURN)
    }

    /// Begins no other message: turns end with the one that is under way.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Tells the metrics how much waits, and deletes what is old.
    ///
    /// # Errors
    /// [`NotifyError`] if the control state cannot be read or written.
    pub async fn look_after(&self, prune: bool) -> Result<(), NotifyError> {
        self.blocking(move |it| {
            let (now, waiting) = (it.clock.now(), it.registry.waiting_notices()?);
            let age = waiting
                .oldest
                .map_or(0, |at| now.0.saturating_sub(at.0).max(0));
            let age = Duration::from_millis(age.unsigned_abs());
            metrics::get().notices_waiting.set(waiting.count.into());
            metrics::get().notices_oldest_seconds.set(age.as_secs_f64());
            if prune {
                it.registry.prune_notices(now.minus(KEPT))?;
            }
            Ok(())
        })
        .await
    }

    fn take(&self, channel: &str) -> Result<Option<(Addressee, Message, Vec<Story>)>, NotifyError> {
        let now = self.clock.now();
        let plan = |addressee: &Addressee, waiting: &[_], told: &[_]| {
            plan(addressee, waiting, (told, now))
        };
        let taken = self.registry.take_message(channel, (now, LEASE), plan)?;
        let Some((addressee, message)) = taken else {
            return Ok(None);
        };
        let stories = story::tell(&self.registry, &self.cases, &addressee, &message.notices)?;
        Ok(Some((addressee, message, stories)))
    }

    /// One try.
    async fn deliver(&self, to: &Addressee, message: &Message, stories: &[Story]) -> Sending {
        let tries = &metrics::get().notices_tries;
        if stories.is_empty() {
            metrics::count(tries, "given-up");
            let why = "what it told of was erased, or is at no site of the organization any more";
            return Sending::GivenUp(why.to_owned());
        }
        let sent = tokio::time::timeout(LONGEST_TRY, self.send(to, message, stories)).await;
        let sent = sent.unwrap_or_else(|_late| Err(Failure::again("it took too long")));
        let failure = match sent {
            Ok(although) => {
                metrics::count(tries, "sent");
                return Sending::Sent(although);
            }
            Err(failure) => failure,
        };
        let outcome = rules::after(&failure, message, self.clock.now());
        let is_over = !matches!(outcome, Sending::Again(..));
        metrics::count(tries, if is_over { "given-up" } else { "failed" });
        let (channel, attempt) = (&to.channel, message.attempt);
        tracing::warn!(%channel, attempt, is_over, why = %failure.why, "a notice did not arrive");
        outcome
    }

    async fn send(
        &self,
        to: &Addressee,
        message: &Message,
        stories: &[Story],
    ) -> Result<String, Failure> {
        let now = self.clock.now();
        let link = self.settings.public_url.as_deref();
        match &to.target {
            Target::Url(url) => self.post(to, url, (message, stories, link, now)).await,
            Target::Mail(addresses) => {
                let mailer = self.mailer.as_ref();
                let mailer = mailer.ok_or_else(|| {
                    Failure::again("this installation sends no mail: set notify.smtp.host and notify.smtp.from")
                })?;
                let letter = Letter::of(to, stories, link);
                mailer.send((&message.id, now), addresses, &letter).await
            }
        }
    }

    async fn post(
        &self,
        to: &Addressee,
        url: &Uri,
        (message, stories, link, now): (&Message, &[Story], Option<&str>, Timestamp),
    ) -> Result<String, Failure> {
        let (body, headers) = match to.kind {
            ChannelKind::Webhook => {
                let body = webhook::body(to, stories, link).to_string();
                let headers = webhook::headers(&to.secret, (&message.id, now), &body)?;
                (body, headers)
            }
            ChannelKind::Slack => (
                slack::body(&Letter::of(to, stories, link)).to_string(),
                Vec::new(),
            ),
            ChannelKind::Teams | ChannelKind::Mail => (
                teams::body(&Letter::of(to, stories, link)).to_string(),
                Vec::new(),
            ),
        };
        self.poster.post(url, &headers, Bytes::from(body)).await?;
        Ok(String::new())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> Result<T, NotifyError> + Send + 'static,
    ) -> Result<T, NotifyError> {
        let it = self.clone();
        let done = spawn_blocking(move || work(it)).await;
        done.expect("work on the control state ends")
    }
}
