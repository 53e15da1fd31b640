//! Hides what a host's labels carry, and leaves its registrable domain: that is the destination.

use crate::normalize::{Host, is_ip, pieces};

use super::base64::has_base64_digits;
use super::card;
use super::encodings;
use super::value::Veil;
use super::word::is_word;

/// Most labels below the registrable domain that are shown.
pub const MAX_LABELS: usize = 16;

impl Veil<'_> {
    /// Appends a host.
    pub(super) fn push_host(&self, out: &mut String, host: Host<'_>) {
        if host.is_ip {
            out.push_str(if self.closed && encodings::find(host.name).is_some() {
                "*"
            } else {
                host.name
            });
            return;
        }
        let below = host.name.get(..host.name.len() - host.domain.len());
        let labels = pieces(below.unwrap_or(""), |b| b == b'.');
        for label in labels.filter(|label| !label.is_empty()).take(MAX_LABELS) {
            // What is left of a number is in the labels beside it.
            if is_word(label) && !(self.closed && has_digit(label)) {
                out.push_str(label);
            } else {
                self.push_value(out, label);
            }
            out.push('.');
        }
        self.push_domain(out, host);
    }

    /// Appends a registrable domain as it is, unless it or its host carries a card number.
    pub(super) fn push_domain(&self, out: &mut String, Host { name, domain, .. }: Host<'_>) {
        let carries = has_base64_digits(domain)
            || (self.closed && encodings::find(name).is_some())
            || holds_a_number(domain);
        match domain.contains('.') {
            // Browsers report what no DNS knows: the last label may hold a number too.
            true if carries => {
                for (at, label) in domain.split('.').enumerate() {
                    let hidden = has_base64_digits(label) || has_digit(label);
                    out.push_str(if at > 0 { "." } else { "" });
                    out.push_str(if hidden { "*" } else { label });
                }
            }
            false if carries => out.push('*'),
            // No name of the DNS, so it names nobody.
            false if !is_word(domain) => self.push_value(out, domain),
            _ => out.push_str(domain),
        }
    }
}

/// Whether a name has as many digits as a card number, which may be among others there.
fn holds_a_number(domain: &str) -> bool {
    let digits = domain.bytes().filter(u8::is_ascii_digit).count();
    digits >= *card::DIGITS.start() && !is_ip(domain)
}

pub(super) fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}
