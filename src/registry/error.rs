//! Why the registry refuses.

use super::trusts::{MAX_WHY_CHARS, TrustsOf};
use crate::ids::{MerchantId, OrganizationId, SiteId, SiteKey};
use crate::normalize::NotRegistrable;
use crate::sites::SitesError;

/// Why the registry refuses. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// SQLite refuses.
    #[error("the control database refuses: {0}; look after control.sqlite in the data directory")]
    Database(#[from] rusqlite::Error),
    /// The file cannot be made.
    #[error("the control database cannot be opened: {0}; look after the data directory")]
    File(#[from] std::io::Error),
    /// The file was made by a newer program.
    #[error(
        "the control database is at schema {found}, this program knows up to {known}: \
         use a newer skimwatch"
    )]
    Newer {
        /// Schema of the file.
        found: u32,
        /// Last schema of this program.
        known: u32,
    },
    /// What is stored does not read back, which would be a defect or a foreign hand.
    #[error("the control database holds something that this program did not write: {0}")]
    Damaged(String),
    /// The import is no JSON of the right shape.
    #[error("the import is not a list of merchants: {0}")]
    NotMerchants(#[source] serde_json::Error),
    /// The import is no table with the right columns.
    #[error("the import is no table: {0}")]
    NotTable(String),
    /// The import is in a format of the future.
    #[error("the import says format {0}; this program reads format 1")]
    Format(u64),
    /// The import is too long.
    #[error("the import holds {0} merchants, more than {max}", max = super::MAX_MERCHANTS)]
    TooMany(usize),
    /// One merchant in the import cannot be used. None was imported.
    #[error("merchant {index} (key {key:?}): {what}; nothing was imported")]
    Merchant {
        /// Its place in the list, from 0.
        index: usize,
        /// Its key as far as it can be read.
        key: String,
        /// What is wrong with it.
        what: String,
    },
    /// No such site.
    #[error("there is no site {0}")]
    NoSite(SiteId),
    /// A field of what is to be added or changed cannot be used: its name, and what is wrong with it.
    #[error("{0}")]
    Field(String),
    /// No such organization.
    #[error("there is no organization {0}")]
    NoOrganization(OrganizationId),
    /// There are as many organizations as may be.
    #[error("there are {max} organizations, which is the most", max = super::MAX_ORGANIZATIONS)]
    TooManyOrganizations,
    /// The organization does not see the site, so it cannot be taken from it.
    #[error("{organization} does not see site {site}")]
    NotShared {
        /// The organization.
        organization: OrganizationId,
        /// The site.
        site: SiteId,
    },
    /// No such merchant, or none that may be seen.
    #[error("there is no merchant {0}")]
    NoMerchant(MerchantId),
    /// There are as many sites as may be.
    #[error("there are {max} sites, which is the most", max = crate::sites::MAX_SITES)]
    TooManySites,
    /// No such token, or it counts no more.
    #[error("there is no such token, or it was revoked already: see `skimwatch token list`")]
    NoToken,
    /// The organization has as many tokens as it may have.
    #[error("{0} has {max} tokens, which is the most: revoke one first", max = super::MAX_TOKENS)]
    TooManyTokens(OrganizationId),
    /// The request was made before under its key, so nothing was done.
    #[error("this request was made before")]
    MadeBefore,
    /// The key of another request.
    #[error("this key was sent with another request")]
    KeyReused,
    /// The caller's requests of a day have as many keys as are remembered.
    #[error("{max} requests with a key in 24 hours are the most: send the others without one", max = super::MAX_ONCE_KEYS)]
    TooManyOnce,
    /// No such channel.
    #[error("there is no such channel: see `skimwatch channel list`")]
    NoChannel,
    /// The organization has as many channels as it may have.
    #[error("{0} has {max} channels, which is the most: remove one first", max = super::MAX_CHANNELS)]
    TooManyChannels(OrganizationId),
    /// No such key.
    #[error("there is no key {0}")]
    NoKey(SiteKey),
    /// The site has as many keys as it may have.
    #[error("site {0} has {max} keys, which is the most", max = crate::sites::MAX_KEYS)]
    TooManyKeys(SiteId),
    /// What the verdict is on is no registrable domain.
    #[error(transparent)]
    NotRegistrable(#[from] NotRegistrable),
    /// Nobody said why, or at too great length.
    #[error(
        "say why, in 1 to {MAX_WHY_CHARS} characters without line breaks: whoever reads the list later has nothing else to go by"
    )]
    NoWhy,
    /// There is no verdict on it there, so none can be withdrawn.
    #[error("{destination} is neither trusted nor blocked {of}: see `skimwatch trust list`")]
    NotTrusted {
        /// The domain.
        destination: String,
        /// Where.
        of: TrustsOf,
    },
    /// The verdict would count for others too, or is somebody else's.
    #[error(
        "a verdict on {destination} {of} is not yours to change: others go by it too, so ask the operator"
    )]
    NotYourVerdict {
        /// The domain.
        destination: String,
        /// Where.
        of: TrustsOf,
    },
    /// There are as many verdicts there as may be.
    #[error("{} destinations have a verdict {of}, which is the most: withdraw one first", of.most())]
    TooManyTrusts {
        /// Where.
        of: TrustsOf,
    },
    /// The audit log was tampered with.
    #[error("the audit log is broken at entry {seq}: {what}")]
    Audit {
        /// Number of the entry.
        seq: i64,
        /// What does not fit.
        what: &'static str,
    },
    /// The system has no randomness to give.
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
    /// The snapshot cannot be written.
    #[error(transparent)]
    Snapshot(#[from] SitesError),
}
