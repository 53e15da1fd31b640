//! Why somebody is not let in, or people are not changed. [`PeopleError`] is the type to know.

use crate::clock::Timestamp;
use crate::registry::RegistryError;
use crate::role::Role;

/// Why nothing was changed, and nobody let in.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The control state cannot be read or changed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// No e-mail address of a usual shape.
    #[error("this is no e-mail address: name@example.com, in ASCII, of at most {max} bytes", max = super::MAX_EMAIL_BYTES)]
    Email,
    /// No name, or too long a one.
    #[error("give a name of 1 to {max} characters without line breaks", max = crate::registry::MAX_NAME_CHARS)]
    Name,
    /// Somebody has this address already, here or in another organization.
    #[error("somebody has this e-mail address already")]
    Taken,
    /// There is no such user in that organization.
    #[error("there is no such user in this organization: see `skimwatch user list`")]
    NoUser,
    /// The organization belongs to others.
    #[error("only people of the organization and the operator change its people")]
    NotYours,
    /// Their role does not let them give or take that one.
    #[error("you may not give the role {}, or take it", .0.as_str())]
    NotYoursToGive(Role),
    /// Only people of the operator's organization operate.
    #[error("the role operator is for people of the organization operator")]
    Elsewhere,
    /// Nobody would be left to run the installation.
    #[error("this is the last operator who can log in: let another one set a password first")]
    LastOperator,
    /// The organization has as many users as it may have.
    #[error("there are {max} users, which is the most: remove one first", max = super::MAX_USERS)]
    TooMany,
    /// The password is too short.
    #[error("a password has at least {min} characters", min = super::MIN_PASSWORD_CHARS)]
    ShortPassword,
    /// The password is too long.
    #[error("a password has at most {max} bytes", max = super::MAX_PASSWORD_BYTES)]
    LongPassword,
    /// The password is what guessers try first.
    #[error("this password is among those that are tried first: choose another")]
    CommonPassword,
    /// Address or password is wrong, or nobody may log in with them.
    #[error("the e-mail address or the password is wrong")]
    Wrong,
    /// The code is wrong, or was used already.
    #[error("the code is wrong, or was used already")]
    WrongCode,
    /// Too many wrong ones in a row: none is looked at until then.
    #[error("too many wrong passwords or codes; try again after {0}")]
    Waits(Timestamp),
    /// The link was used, replaced, or is too old.
    #[error("the link was used already, was replaced by another, or is too old: ask for a new one")]
    Invitation,
    /// They have a second factor, or have none, so that this cannot be done.
    #[error("the second factor was set up or removed meanwhile: look at it again")]
    Totp,
    /// The provider's user is nobody here.
    #[error("nobody here has this verified e-mail address: ask an administrator to invite you")]
    Stranger,
    /// The e-mail address belongs to somebody whom the provider knows by another name.
    #[error("the user with this e-mail address is linked to another account of the provider")]
    Linked,
    /// What was sealed does not open.
    #[error(
        "a sealed secret does not open: control.key in the folder of keys is another one than it was sealed under, or \
         the secret was changed"
    )]
    Sealed,
    /// The hash of a password cannot be made or read.
    #[error("a password cannot be hashed: {0}")]
    Hash(argon2::password_hash::Error),
}

impl From<rusqlite::Error> for PeopleError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Registry(error.into())
    }
}

impl From<argon2::password_hash::Error> for PeopleError {
    fn from(error: argon2::password_hash::Error) -> Self {
        Self::Hash(error)
    }
}
