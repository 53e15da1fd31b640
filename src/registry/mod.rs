//! Control state: organizations, people, sites, keys, tokens, who changed what. [`Registry`] is the type to know.
//!
//! One SQLite file, because these facts need transactions and uniqueness. The rule: a change is one
//! transaction that also appends to the hash-chained audit log and raises the version; collectors see
//! it when the snapshot is [published](Registry::publish).

mod audit;
mod bulk;
mod caller;
mod database;
mod erasures;
mod error;
mod idempotency;
mod merchants;
mod organizations;
mod outbox;
mod people;
mod portfolios;
mod queries;
mod session;
mod sites;
mod token;
mod tokens;
mod trusts;

pub use audit::{AuditEntry, AuditFilter, AuditHead, MAX_AUDIT_PAGE};
pub use bulk::{
    Bulk, BulkAnswer, ExportFormat, Exported, ImportSummary, Keys, Line, MAX_MERCHANTS, Outcome,
    Verdict, harmless_cell, lines_of_csv, lines_of_json, sites_in_import,
};
pub use caller::{Author, Caller, NotAllowed};
pub use database::{Deed, Journal, Registry};
pub use erasures::Recorded as RecordedErasure;
pub(crate) use erasures::{read as read_erasures, record as record_erasure};
pub use error::RegistryError;
pub use idempotency::{Done, MAX_ONCE_KEY_BYTES, MAX_ONCE_KEYS, Made, Once, OnceKey};
pub use merchants::{MAX_NAMED_SITES, MerchantEntry};
pub use organizations::{MAX_ORGANIZATIONS, Organization, OrganizationFacts, OrganizationKind};
pub use outbox::{
    Addressee, Announcement, Channel, ChannelKind, ChannelRequest, ChannelRules, MAX_ADDRESSES,
    MAX_CHANNELS, MAX_PER_HOUR, MAX_TARGET_BYTES, MAX_TOLD, Message, Next, NoticeKind, Quiet,
    SECRET_PREFIX, Sending, Target, Told, Waiting, WaitingNotices,
};
pub(crate) use outbox::{forget_alerts as forget_notices, forget_site as forget_site_in_notices};
pub use people::{
    Entered, FREE_GUESSES, INVITATION_LIFE, Identity, Invitation, LONGEST_WAIT, MAX_EMAIL_BYTES,
    MAX_PASSWORD_BYTES, MAX_SESSIONS, MAX_USERS, MIN_PASSWORD_CHARS, Newcomer, Offer, PeopleError,
    Person, Purpose, RECOVERY_CODES, SESSION_IDLE, SessionEntry, Stage, User, VAULT_KEY_BYTES,
    Vault,
};
pub use session::{MAX_SESSION_BYTES, SESSION_LIFE, Session};
pub use sites::{
    MAX_DOMAIN_BYTES, MAX_LABELS, MAX_LIST, MAX_NAME_CHARS, MAX_OVERLAP, MAX_PAGE, MAX_PATH_BYTES,
    MAX_POLICY_BYTES, MAX_RATE, NewSite, SiteEntry, SiteFacts, SiteLine, SiteOwner,
};
pub use token::{Authenticator, MAX_TOKEN_BYTES};
pub use tokens::{MAX_TOKEN_DAYS, MAX_TOKENS, TOKEN_PREFIX, TokenEntry, TokenRequest};
pub use trusts::{
    Decided, MAX_HISTORY, MAX_TRUSTS_EVERYWHERE, MAX_TRUSTS_OF_SITE, MAX_WHY_CHARS, Trust, TrustsOf,
};
pub(crate) use trusts::{count as count_trusts, forget as forget_trusts};
