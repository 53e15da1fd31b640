//! Logging in, accounts, and the people of an organization.

use super::Text;
use super::messages::*;
use crate::clock::Timestamp;
use crate::language::Language;
use crate::registry::{MAX_USERS, MIN_PASSWORD_CHARS, PeopleError};
use crate::role::Role;

/// A role, as people call it.
pub(in crate::web) fn role(role: Role) -> Text {
    match role {
        Role::Operator => ROLE_OPERATOR,
        Role::Administrator => ROLE_ADMINISTRATOR,
        Role::Analyst => ROLE_ANALYST,
        Role::Merchant => ROLE_MERCHANT,
        Role::MerchantReader => ROLE_MERCHANT_READER,
        Role::Auditor => ROLE_AUDITOR,
    }
}

/// What they may do.
pub(in crate::web) fn role_more(role: Role) -> Text {
    match role {
        Role::Operator => ROLE_OPERATOR_MORE,
        Role::Administrator => ROLE_ADMINISTRATOR_MORE,
        Role::Analyst => ROLE_ANALYST_MORE,
        Role::Merchant => ROLE_MERCHANT_MORE,
        Role::MerchantReader => ROLE_MERCHANT_READER_MORE,
        Role::Auditor => ROLE_AUDITOR_MORE,
    }
}

/// What a password must be like.
pub(in crate::web) fn password_rule(language: Language) -> String {
    password_more(language, MIN_PASSWORD_CHARS)
}

/// Why nothing was changed, or nobody let in.
pub(in crate::web) fn people_problem(
    language: Language,
    error: &PeopleError,
    now: Timestamp,
) -> String {
    let text = match error {
        PeopleError::Waits(until) => return wait(language, until.0.saturating_sub(now.0)),
        PeopleError::TooMany => return too_many_users(language, MAX_USERS),
        PeopleError::ShortPassword => return short_password(language, MIN_PASSWORD_CHARS),
        PeopleError::Email => BAD_EMAIL,
        PeopleError::Name => BAD_NAME,
        PeopleError::Taken => EMAIL_TAKEN,
        PeopleError::Elsewhere => OPERATOR_ELSEWHERE,
        PeopleError::LastOperator => LAST_OPERATOR,
        PeopleError::LongPassword => LONG_PASSWORD,
        PeopleError::CommonPassword => COMMON_PASSWORD,
        PeopleError::Wrong => WRONG_PASSWORD,
        PeopleError::WrongCode => WRONG_CODE,
        PeopleError::Invitation => BAD_LINK,
        PeopleError::Totp => FACTOR_CHANGED,
        PeopleError::NoUser | PeopleError::NotYours | PeopleError::NotYoursToGive(_) => {
            FORBIDDEN_MORE
        }
        PeopleError::Stranger => STRANGER_MORE,
        PeopleError::Linked => LINKED_ELSEWHERE_MORE,
        PeopleError::Registry(_) | PeopleError::Sealed | PeopleError::Hash(_) => INTERNAL_MORE,
    };
    text.of(language).to_owned()
}

/// How long somebody waits, in whole minutes, never less than they do.
fn wait(language: Language, millis: i64) -> String {
    let minutes = millis.div_euclid(60_000) + i64::from(millis.rem_euclid(60_000) > 0);
    wrong_too_often(language, minutes.unsigned_abs().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_minutes() {
        for (millis, english) in [
            (1, "in a minute."),
            (60_000, "in a minute."),
            (60_001, "in 2 minutes."),
            (30 * 60_000, "in 30 minutes."),
        ] {
            let told = wait(Language::En, millis);
            assert!(told.ends_with(english), "{millis}: {told}");
        }
    }
}
