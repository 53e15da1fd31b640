//! [`Gate`]: what it takes to let people in.

use std::time::Duration;

use actix_web::web;
use tokio::sync::Semaphore;

use super::error::PageError;
use super::oidc::Provider;
use crate::registry::Vault;

/// Passwords that are looked at, at once: each takes a core for tens of milliseconds, and 19 MiB.
const MOST_HASHES: usize = 2;

/// Longest wait for one's turn.
const LONGEST_TURN: Duration = Duration::from_secs(10);

/// What it takes to let people in.
#[derive(Debug)]
pub struct Gate {
    /// Opens second factors.
    pub vault: Vault,
    /// Whether everybody must have a second factor.
    pub asks_totp: bool,
    /// The address of the pages, without a path: `https://skimwatch.example`. Not set: as the browser calls it.
    pub public_url: Option<String>,
    /// Who else says who somebody is.
    pub provider: Option<Provider>,
    hashes: Semaphore,
}

impl Gate {
    /// One that lets in with passwords alone.
    pub fn new(vault: Vault) -> Self {
        Self {
            vault,
            asks_totp: false,
            public_url: None,
            provider: None,
            hashes: Semaphore::new(MOST_HASHES),
        }
    }

    /// Does what makes or checks a password, off this thread, when its turn has come.
    pub(super) async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PageError> {
        let turn = tokio::time::timeout(LONGEST_TURN, self.hashes.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(PageError::Busy);
        };
        Ok(web::block(work).await?)
    }
}
