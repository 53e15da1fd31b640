//! [`ReportFilter`]: which reports, whoever asks for them: lists, counts over time, files.

use std::fmt;
use std::str::FromStr;

use super::conditions::Conditions;
use super::spread::OF_DESTINATIONS;
use crate::clock::Timestamp;
use crate::ids::SiteId;
use crate::normalize::registrable_domain;

/// Which reports. What is not set does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFilter {
    /// Of this site.
    pub site: Option<SiteId>,
    /// To one of these destinations: registrable domains, bare schemes, `inline`, `eval`, `none`. Empty: to any.
    pub destinations: Vec<String>,
    /// To this host.
    pub host: Option<String>,
    /// With this label.
    pub label: Option<String>,
    /// Of this directive.
    pub directive: Option<String>,
    /// Blocked, or told of only: `enforce`, `report`, `unknown`.
    pub disposition: Option<String>,
    /// On this kind of page.
    pub page_kind: Option<String>,
    /// Of this report type.
    pub report_type: Option<String>,
    /// By browsers of this family.
    pub browser: Option<String>,
    /// From this country.
    pub country: Option<String>,
    /// From the network of this pseudonym.
    pub network: Option<u64>,
    /// Whether a card number stood in it.
    pub card: Option<bool>,
    /// Of pages with the policy of this hash.
    pub policy: Option<u64>,
    /// Received at this moment or later.
    pub since: Option<Timestamp>,
    /// Received before this moment.
    pub until: Option<Timestamp>,
}

impl ReportFilter {
    /// Of all, received at this moment or later.
    pub fn since(since: Timestamp) -> Self {
        Self {
            since: Some(since),
            ..Self::default()
        }
    }

    /// Adds what it asks for to the scope.
    pub(super) fn within(&self, mut all: Conditions) -> Conditions {
        let site = self.site.as_ref().map(SiteId::as_str);
        all.text("site = {site:String}", "site", site);
        if !self.destinations.is_empty() {
            all.texts(OF_DESTINATIONS, "destinations", self.destinations.clone());
        }
        // Where a host belongs is indexed, the host itself is not.
        let owner = self.host.as_deref().map(registrable_domain);
        all.text("destination = {owner:String}", "owner", owner);
        for (sql, name, value) in [
            ("host = {host:String}", "host", &self.host),
            ("has(labels, {label:String})", "label", &self.label),
            (
                "directive = {directive:String}",
                "directive",
                &self.directive,
            ),
            (
                "disposition = {disposition:String}",
                "disposition",
                &self.disposition,
            ),
            (
                "page_kind = {page_kind:String}",
                "page_kind",
                &self.page_kind,
            ),
            ("type = {type:String}", "type", &self.report_type),
            ("browser = {browser:String}", "browser", &self.browser),
            ("country = {country:String}", "country", &self.country),
        ] {
            all.text(sql, name, value.as_deref());
        }
        all.unsigned("network = {network:UInt64}", "network", self.network);
        all.unsigned("policy = {policy:UInt64}", "policy", self.policy);
        match self.card {
            Some(true) => all.fixed("card_length > 0"),
            Some(false) => all.fixed("card_length = 0"),
            None => {}
        }
        all.between(self.since, self.until);
        all
    }
}

/// A number of 64 bits as rows are shown: in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hexadecimal(pub u64);

/// A text that is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("16 hexadecimal digits are expected, as reports show them")]
pub struct InvalidHexadecimal;

impl fmt::Display for Hexadecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Hexadecimal {
    type Err = InvalidHexadecimal;

    fn from_str(text: &str) -> Result<Self, InvalidHexadecimal> {
        let is_one = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = is_one.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        number.map(Self).ok_or(InvalidHexadecimal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_shown() {
        for (text, number) in [
            ("00000000000000ff", Some(255)),
            ("FFFFFFFFFFFFFFFF", Some(u64::MAX)),
            ("ff", None),
            ("+0000000000000ff", None),
            ("00000000000000fg", None),
            ("", None),
        ] {
            let read = text.parse::<Hexadecimal>().ok();
            assert_eq!(read.map(|it| it.0), number, "{text}");
            if let Some(read) = read {
                assert_eq!(read.to_string(), text.to_lowercase());
            }
        }
    }
}
