//! [`Ticket`]: what a browser carries while its user is at the provider, sealed, so that nothing is kept here.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::registry::{PeopleError, Purpose, Vault};

/// How long somebody may be there.
pub(super) const TICKET_LIFE: Duration = Duration::from_secs(600);

/// Longest sealed one that is looked at.
const MAX_SEALED_BYTES: usize = 3072;

const PURPOSE: Purpose<'_> = Purpose {
    of: "provider login",
    whose: "",
};

/// What must fit what comes back.
#[derive(Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    /// Where they wanted to go.
    pub(super) next: String,
    /// In milliseconds since 1970.
    pub(super) begun_at: i64,
}

impl Ticket {
    pub(super) fn seal(&self, vault: &Vault) -> Result<String, PeopleError> {
        let json = serde_json::to_vec(self).map_err(|_never| PeopleError::Sealed)?;
        Ok(URL_SAFE_NO_PAD.encode(vault.seal(&json, PURPOSE)?))
    }

    /// One of ours that is not too old.
    pub(super) fn open(sealed: &str, vault: &Vault, now: Timestamp) -> Option<Self> {
        let sealed = Some(sealed).filter(|it| it.len() <= MAX_SEALED_BYTES)?;
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let ticket: Self = serde_json::from_slice(&vault.open(&sealed, PURPOSE).ok()?).ok()?;
        let oldest = now.minus(TICKET_LIFE);
        (oldest.0 <= ticket.begun_at && ticket.begun_at <= now.0).then_some(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::VAULT_KEY_BYTES;

    #[test]
    fn a_ticket_lasts_ten_minutes_and_is_ours() {
        let vault = Vault::new([7; VAULT_KEY_BYTES]);
        let at = Timestamp(1_800_000_000_000);
        let ticket = Ticket {
            state: "state".to_owned(),
            nonce: "nonce".to_owned(),
            verifier: "verifier".to_owned(),
            next: "/".to_owned(),
            begun_at: at.0,
        };
        let sealed = ticket.seal(&vault).expect("sealed");
        let opens = |sealed: &str, vault: &Vault, millis: i64| {
            Ticket::open(sealed, vault, Timestamp(at.0 + millis)).is_some()
        };
        let other = Vault::new([8; VAULT_KEY_BYTES]);
        assert!(opens(&sealed, &vault, 0) && opens(&sealed, &vault, 600_000));
        assert!(!opens(&sealed, &vault, 600_001) && !opens(&sealed, &vault, -1));
        assert!(!opens(&sealed, &other, 0) && !opens(&sealed[1..], &vault, 0));
        assert!(!opens("", &vault, 0) && !opens(&"A".repeat(9000), &vault, 0));
    }
}
