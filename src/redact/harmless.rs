//! [`Harmless`]: parameters of which a site says that their values are nobody's secret.
//!
//! The rule: the site's word is not enough. A name that means a secret is refused. A value stays only in a blocked
//! URL, if it is short and plain, if all that stay have few digits together, and if no card number stands anywhere
//! in the entry. Whoever reports chooses names and values: an attacker may send what was stolen under a listed name,
//! so lists should be short.

use super::base64::has_base64_digits;
use super::value::decoded;
use super::word::longest;

/// Most names of one site.
pub const MAX_HARMLESS: usize = 32;

/// Longest name, in characters.
pub const MAX_HARMLESS_NAME: usize = 64;

/// Longest value that stays readable, in characters.
pub const MAX_HARMLESS_VALUE: usize = 64;

/// Most digits in all values of one URL that stay: no more than may be shown of a card number (PCI DSS 3.4.1), six
/// at its beginning and four at its end. A number in parts that nobody recognizes is not made readable by a list.
const MAX_DIGITS: usize = 10;

/// Most letters and digits in a row in a value: tokens and hashes have more.
const MAX_ROW: usize = 24;

/// Parts of names that mean a secret or a person, wherever in the name they stand.
const SECRET_PARTS: &str = "
    account address auth bearer birth card cookie credit csrf cvc cvv debit email expir firstname
    fullname holder iban jwt kaiin lastname mail meigi passphrase passw phone secret securitycode
    session surname token xsrf";

/// Words that mean a secret or a person if they are a whole word of the name: `pan`, not `company`.
const SECRET_WORDS: &str = "
    acct addr bic cc ccn ccno ccnum cid code csc cvn cvnum dob exp hash key login mm name nonce
    number otp pan pass pin pwd sid sig signature ssn tel user username yy yyyy zip";

/// Why a name cannot be on the list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HarmlessError {
    /// It is no name of a parameter.
    #[error(
        "{0:?} is no name of a parameter: 1 to {MAX_HARMLESS_NAME} of letters, digits, . _ ~ - [ ] in ASCII"
    )]
    NoName(String),
    /// It means something that must never be readable.
    #[error(
        "{name:?} may carry a secret or tell a person, because of {word:?}: its values stay hidden"
    )]
    Secret {
        /// The name.
        name: String,
        /// What in it says so.
        word: &'static str,
    },
    /// There are too many.
    #[error("there are {0} names, more than {MAX_HARMLESS}")]
    TooMany(usize),
}

/// The names of one site. Asking costs no memory; most sites have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Harmless(Vec<Box<str>>);

impl Harmless {
    /// Of a site that lists no names.
    pub fn none() -> &'static Self {
        static NONE: Harmless = Harmless(Vec::new());
        &NONE
    }

    /// Whether it lists no names.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of the names that may be on a list; others are left out, so that what an older program let pass stays
    /// hidden.
    pub fn of(names: &[String]) -> Self {
        let mut names: Vec<Box<str>> = names
            .iter()
            .take(MAX_HARMLESS)
            .filter(|name| check_name(name).is_ok())
            .map(|name| name.as_str().into())
            .collect();
        names.sort_unstable();
        names.shrink_to_fit();
        Self(names)
    }

    /// Whether all of the names may be on a list.
    ///
    /// # Errors
    /// [`HarmlessError`] names the first that may not, and why.
    pub fn check(names: &[String]) -> Result<(), HarmlessError> {
        if names.len() > MAX_HARMLESS {
            return Err(HarmlessError::TooMany(names.len()));
        }
        names.iter().try_for_each(|name| check_name(name))
    }

    /// The list for this query: none, if what it would let stay has too many digits.
    pub(super) fn within(&self, query: &str) -> &Self {
        if self.0.is_empty() {
            return self;
        }
        let digits: usize = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter(|(name, value)| self.shows(&decoded(name), value))
            .map(|(_, value)| value.bytes().filter(u8::is_ascii_digit).count())
            .sum();
        if digits > MAX_DIGITS {
            Self::none()
        } else {
            self
        }
    }

    /// Whether a parameter of this name, free of percent-encoding, may show this value, as it was sent. Names
    /// are told apart by case, as servers do.
    pub(super) fn shows(&self, name: &str, value: &str) -> bool {
        self.0.binary_search_by(|it| (**it).cmp(name)).is_ok() && is_plain(value)
    }
}

fn check_name(name: &str) -> Result<(), HarmlessError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._~-[]".contains(&b);
    if !(1..=MAX_HARMLESS_NAME).contains(&name.len()) || !name.bytes().all(plain) {
        return Err(HarmlessError::NoName(name.chars().take(80).collect()));
    }
    match secret_in(name) {
        Some(word) => Err(HarmlessError::Secret {
            name: name.to_owned(),
            word,
        }),
        None => Ok(()),
    }
}

/// What in a name says that it means a secret: a part of it without its punctuation, or one of its words.
fn secret_in(name: &str) -> Option<&'static str> {
    let letters: String = name
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let part = SECRET_PARTS
        .split_whitespace()
        .find(|part| letters.contains(part));
    part.or_else(|| {
        let words = words(name);
        let is_there = |secret: &&str| words.iter().any(|word| word.eq_ignore_ascii_case(secret));
        SECRET_WORDS.split_whitespace().find(is_there)
    })
}

/// `ccNum[exp_2]` → `cc`, `Num`, `exp`, and `ccNum`, which may be one word, too.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for run in name.split(|c: char| !c.is_ascii_alphabetic()) {
        words.push(run);
        let mut start = 0;
        for (at, pair) in run.as_bytes().windows(2).enumerate() {
            if pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase() {
                words.push(&run[start..=at]);
                start = at + 1;
            }
        }
        words.push(&run[start..]);
    }
    words
}

/// Short, of one alphabet, and no token, as far as can be told.
fn is_plain(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._~-".contains(&b);
    value.len() <= MAX_HARMLESS_VALUE
        && value.bytes().all(plain)
        && longest(value.as_bytes(), |b| b.is_ascii_alphanumeric()) <= MAX_ROW
        && !has_base64_digits(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_may_be_listed() {
        for name in [
            "utm_source",
            "utm_medium",
            "currency",
            "lang",
            "event",
            "items[0][sku]",
            "company",
            "expand",
            "pagePath",
            "v",
            "ga4.stream-id",
        ] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "a b", "n%61me", "é", "a=b", "a&b", &"x".repeat(65)] {
            assert!(
                matches!(check_name(name), Err(HarmlessError::NoName(_))),
                "{name}"
            );
        }
        for (name, word) in [
            ("cvv", "cvv"),
            ("CVV2", "cvv"),
            ("c_v_v", "cvv"),
            ("cardNumber", "card"),
            ("card[number]", "card"),
            ("pan", "pan"),
            ("p.pan", "pan"),
            ("myPan", "pan"),
            ("exp", "exp"),
            ("ccExp", "cc"),
            ("exp-year", "exp"),
            ("Password", "passw"),
            ("csrf_token", "csrf"),
            ("access.token", "token"),
            ("e-mail", "email"),
            ("userEmail", "email"),
            ("PHPSESSION", "session"),
            ("sid", "sid"),
            ("key", "key"),
            ("first_name", "firstname"),
            ("name", "name"),
            ("zip", "zip"),
            ("otp1", "otp"),
            ("sessionId", "session"),
        ] {
            let name = name.to_owned();
            assert_eq!(
                check_name(&name),
                Err(HarmlessError::Secret {
                    name: name.clone(),
                    word
                }),
                "{name}"
            );
        }
    }

    #[test]
    fn lists_are_bounded_and_what_may_not_be_listed_is_left_out() {
        let names = |count: usize| -> Vec<String> { (0..count).map(|n| format!("p{n}")).collect() };
        assert_eq!(Harmless::check(&names(32)), Ok(()));
        assert_eq!(Harmless::check(&names(33)), Err(HarmlessError::TooMany(33)));
        let stored = ["lang", "cvv", "a b"].map(str::to_owned);
        let harmless = Harmless::of(&stored);
        assert!(harmless.shows("lang", "ja") && !harmless.shows("cvv", "ja"));
        assert_eq!(Harmless::of(&names(40)).0.len(), MAX_HARMLESS);
    }

    #[test]
    fn values_that_may_be_shown() {
        let harmless = Harmless::of(&["q".to_owned()]);
        for (name, value, want) in [
            ("a word", "spring-sale", true),
            ("nothing", "", true),
            ("an order", "A-20261125-0042", true),
            ("the longest", &"ab.".repeat(21), true),
            ("too long", &"ab.".repeat(22), false),
            ("a hash", "d41d8cd98f00b204e9800998ecf8427e", false),
            ("letters in a row", &"k".repeat(25), false),
            ("digits as base64", "MTExMTEx", false),
            ("an address", "jane@example.test", false),
            ("encoded", "a%20b", false),
            ("a plus", "a+b", false),
            ("a name in Japanese", "名前", false),
        ] {
            assert_eq!(harmless.shows("q", value), want, "{name}");
        }
        assert!(!harmless.shows("Q", "a") && !harmless.shows("r", "a"));
    }
}
