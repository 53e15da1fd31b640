//! People who log in: users of organizations, their passwords, second factors and sessions. [`User`] is one.
//!
//! The rules: a user belongs to one organization for good, and only its people and the operator change them; whoever
//! guesses learns neither a password nor who is there, and waits longer and longer, but never for ever; somebody who
//! can log in and run the installation is always left, once there was one; what is kept of a password, a cookie, a
//! link or a code is a hash, and what must be had again is [sealed](Vault). Every change stands in the audit log.

mod account;
mod enter;
mod error;
mod guesses;
mod invitations;
mod linked;
mod manage;
mod password;
mod queries;
mod second;
mod sessions;
mod user;
mod vault;

pub use enter::Entered;
pub use error::PeopleError;
pub use guesses::{FREE_GUESSES, LONGEST_WAIT};
pub use invitations::INVITATION_LIFE;
pub use linked::Identity;
pub use manage::{Invitation, MAX_USERS, Newcomer};
pub use password::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS};
pub use second::{Offer, RECOVERY_CODES};
pub use sessions::{MAX_SESSIONS, Person, SESSION_IDLE, SessionEntry, Stage};
pub use user::{MAX_EMAIL_BYTES, User};
pub use vault::{Purpose, VAULT_KEY_BYTES, Vault};
