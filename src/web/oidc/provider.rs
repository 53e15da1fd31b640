//! [`Provider`]: one that says who somebody is. What it publishes of itself is kept for an hour, and asked for anew
//! when it has other keys.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EmptyAdditionalClaims, EndUserEmail, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, SubjectIdentifier, TokenResponse as _,
};
use tokio::sync::Mutex;

use super::CALLBACK;
use super::client::{Client, is_safe};
use crate::registry::Identity;

/// How long what a provider publishes is kept.
const KEPT: Duration = Duration::from_secs(3600);

/// It is not asked for more often than this, whether it answers or not.
const ASKED_EVERY: Duration = Duration::from_secs(10);

/// A provider, as the settings tell it.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Its address.
    pub issuer: String,
    /// What it calls us.
    pub client_id: String,
    /// What shows it that we are we.
    pub client_secret: String,
    /// What people call it.
    pub name: String,
    /// Where the pages are, as browsers call them.
    pub public_url: String,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Why nobody is let in.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It cannot be used as it is set.
    #[error("web.oidc cannot be used: {0}")]
    Settings(String),
    /// It does not answer, or not as a provider does.
    #[error("the provider cannot be asked: {0}")]
    Away(String),
    /// What it says cannot be verified.
    #[error("the provider's word cannot be verified: {0}")]
    Answer(String),
}

/// One that says who somebody is.
#[derive(Debug)]
pub struct Provider {
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect: RedirectUrl,
    name: String,
    client: Client,
    known: Mutex<Known>,
}

/// What it has published, and when it was asked.
#[derive(Debug, Default)]
struct Known {
    asked: Option<Duration>,
    metadata: Option<(Duration, Arc<CoreProviderMetadata>)>,
}

/// A login that begins.
pub(super) struct Begun {
    /// Where the browser goes.
    pub(super) address: String,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// The client as the library types one that was made from what the provider publishes.
type Relying = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// One with these settings. It is not asked yet.
    ///
    /// # Errors
    /// [`ProviderError::Settings`] says which cannot be used.
    pub fn new(settings: &ProviderSettings) -> Result<Self, ProviderError> {
        let wrong = |what: &str| ProviderError::Settings(what.to_owned());
        let issuer = IssuerUrl::new(settings.issuer.clone());
        let issuer = issuer.map_err(|_shape| wrong("issuer is no URL"))?;
        let url = issuer.url();
        if !is_safe(Some(url.scheme()), url.host_str()) {
            return Err(wrong("issuer is neither https nor on this machine"));
        }
        if settings.client_id.is_empty() || settings.client_secret.is_empty() {
            return Err(wrong("set client_id and client_secret, too"));
        }
        let redirect = RedirectUrl::new(format!("{}{CALLBACK}", settings.public_url));
        Ok(Self {
            redirect: redirect.map_err(|_shape| wrong("web.public_url is no URL"))?,
            client_id: ClientId::new(settings.client_id.clone()),
            client_secret: ClientSecret::new(settings.client_secret.clone()),
            name: settings.name.clone(),
            client: Client::new(),
            known: Mutex::default(),
            issuer,
        })
    }

    /// What people call it.
    pub(in crate::web) fn name(&self) -> &str {
        &self.name
    }

    /// Where a browser goes, and what must fit when it comes back.
    pub(super) async fn begin(&self, now: Duration) -> Result<Begun, ProviderError> {
        let client = self.relying(self.metadata(now).await?.as_ref());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (address, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        if !is_safe(Some(address.scheme()), address.host_str()) {
            let what = "its authorization endpoint is neither https nor on this machine";
            return Err(ProviderError::Away(what.to_owned()));
        }
        Ok(Begun {
            address: address.into(),
            state: state.into_secret(),
            nonce: nonce.secret().to_owned(),
            verifier: verifier.into_secret(),
        })
    }

    /// Who it says that somebody is who came back with this code.
    pub(super) async fn end(
        &self,
        (issuer, code): (Option<&str>, String),
        (nonce, verifier): (String, String),
        now: Duration,
    ) -> Result<Identity, ProviderError> {
        if issuer.is_some_and(|issuer| issuer != self.issuer.as_str()) {
            let what = "the answer names another issuer".to_owned();
            return Err(ProviderError::Answer(what));
        }
        let metadata = self.metadata(now).await?;
        let client = self.relying(&metadata);
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(away)?;
        let tokens = request
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&|request| self.client.ask(request))
            .await
            .map_err(|error| match error {
                openidconnect::RequestTokenError::ServerResponse(_) => {
                    ProviderError::Answer("it takes the code for none of its own".to_owned())
                }
                error => away(error),
            })?;
        let token = tokens.id_token();
        let token =
            token.ok_or_else(|| ProviderError::Answer("there is no ID token".to_owned()))?;
        let nonce = Nonce::new(nonce);
        let (subject, email) = match verified(&client, token, &nonce) {
            // It may have other keys than an hour ago.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let metadata = self.renewed(&metadata, now).await?;
                verified(&self.relying(&metadata), token, &nonce)
            }
            result => result,
        }
        .map_err(|error| ProviderError::Answer(said(&error)))?;
        let email = match email {
            Some(email) => email,
            None => self.email(&client, tokens.access_token(), &subject).await?,
        };
        Ok(Identity {
            issuer: self.issuer.to_string(),
            subject: subject.to_string(),
            verified_email: email.verified.then_some(email.address).flatten(),
        })
    }

    /// The address that its ID token does not tell.
    async fn email(
        &self,
        client: &Relying,
        access: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<Email, ProviderError> {
        // Whom it has told before is known without an address.
        let Ok(request) = client.user_info(access.clone(), Some(subject.clone())) else {
            return Ok(Email::default());
        };
        let told: CoreUserInfoClaims = request
            .request_async(&|request| self.client.ask(request))
            .await
            .map_err(away)?;
        Ok(Email::new(told.email(), told.email_verified()))
    }

    fn relying(&self, metadata: &CoreProviderMetadata) -> Relying {
        CoreClient::from_provider_metadata(
            metadata.clone(),
            self.client_id.clone(),
            Some(self.client_secret.clone()),
        )
        .set_redirect_uri(self.redirect.clone())
    }

    /// What it publishes, as far as that is an hour old at most.
    async fn metadata(&self, now: Duration) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((at, metadata)) if now.saturating_sub(*at) < KEPT => Ok(Arc::clone(metadata)),
            _ => self.ask(&mut known, now).await,
        }
    }

    /// The same after `stale`, unless that was asked for just now.
    async fn renewed(
        &self,
        stale: &Arc<CoreProviderMetadata>,
        now: Duration,
    ) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let mut known = self.known.lock().await;
        match &known.metadata {
            Some((_, metadata)) if !Arc::ptr_eq(metadata, stale) => Ok(Arc::clone(metadata)),
            _ => self.ask(&mut known, now).await,
        }
    }

    /// One asks at a time: whoever holds the lock.
    async fn ask(
        &self,
        known: &mut Known,
        now: Duration,
    ) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        let asked = known.asked.map(|at| now.saturating_sub(at));
        if asked.is_some_and(|ago| ago < ASKED_EVERY) {
            let what = "it was asked just now".to_owned();
            return Err(ProviderError::Away(what));
        }
        known.asked = Some(now);
        let client = |request| self.client.ask(request);
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &client).await;
        let metadata = Arc::new(found.map_err(away)?);
        known.metadata = Some((now, Arc::clone(&metadata)));
        Ok(metadata)
    }
}

/// An address, as it is told.
#[derive(Default)]
struct Email {
    address: Option<String>,
    verified: bool,
}

impl Email {
    fn new(address: Option<&EndUserEmail>, verified: Option<bool>) -> Self {
        Self {
            address: address.map(|address| address.to_string()),
            verified: verified == Some(true),
        }
    }
}

/// Checks signature, issuer, audience, time and nonce. The address is none if the token tells none.
fn verified(
    client: &Relying,
    token: &CoreIdToken,
    nonce: &Nonce,
) -> Result<(SubjectIdentifier, Option<Email>), ClaimsVerificationError> {
    let claims: &openidconnect::IdTokenClaims<EmptyAdditionalClaims, _> =
        token.claims(&client.id_token_verifier(), nonce)?;
    let email = claims.email();
    let email = email.map(|address| Email::new(Some(address), claims.email_verified()));
    Ok((claims.subject().clone(), email))
}

fn away(error: impl std::error::Error) -> ProviderError {
    ProviderError::Away(said(&error))
}

/// An error and its causes. None of them holds a secret: bodies are not among them.
fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
