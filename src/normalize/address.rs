//! [`Address`]: a URL or keyword as sent, cut into its parts once. Whoever needs a part asks for it here.
//!
//! Shops send the same pages, scripts and beacons all day, so each thread remembers where the parts of an address are.
//! It is found again by a keyed hash alone; of the text nothing is kept.

use std::cell::RefCell;
use std::hash::BuildHasher as _;
use std::ops::Range;
use std::sync::LazyLock;

use foldhash::quality::RandomState;

use super::destination::{is_ip, registrable_domain};
use super::noise::host_label;
use super::url::UrlParts;
use super::violation::Label;
use crate::generations::Generations;
use crate::parse::Text;

/// Most addresses that a thread remembers, twice: those met lately and those met before.
pub const MAX_ADDRESSES: usize = 2048;

thread_local! {
    static SEEN: RefCell<Generations<Option<Cut>>> = RefCell::default();
}

/// The secret of the hashes. Neither it nor they can be learned from outside, so nobody can aim at a hash.
static SECRET: LazyLock<RandomState> = LazyLock::new(RandomState::default);

/// A text that may be the address of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address<'a> {
    text: Text<'a>,
    hash: u64,
    cut: Option<Cut>,
}

/// Where in the text the parts are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cut {
    scheme: Range<u32>,
    host: Range<u32>,
    port: Range<u32>,
    path: Range<u32>,
    query: Range<u32>,
    malformed: bool,
    /// The host in lower case, if it was not sent so.
    lowered: Option<Box<str>>,
    /// Where in the host its registrable domain begins.
    domain: usize,
    is_ip: bool,
    label: Option<Label>,
}

/// The host of an address, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host<'s> {
    /// All of it, without port, brackets or trailing dots; may be empty.
    pub name: &'s str,
    /// Its end from the registrable domain on; all of it for an IP literal and a public suffix.
    pub domain: &'s str,
    /// It is an IPv4 or IPv6 literal.
    pub is_ip: bool,
}

impl<'a> Address<'a> {
    /// Cuts a text.
    pub fn new(text: Text<'a>) -> Self {
        Self::beside(text, &Address::default())
    }

    /// Cuts a text of the same report as another: their hosts are often the same.
    pub(super) fn beside(text: Text<'a>, other: &Address<'_>) -> Self {
        if text.is_empty() {
            return Self::default();
        }
        let hash = SECRET.hash_one(&*text);
        let cut = SEEN.with_borrow_mut(|seen| {
            if let Some(known) = seen.renew(&hash, MAX_ADDRESSES) {
                return known.clone();
            }
            let cut = UrlParts::of(&text).map(|url| Cut::of(&text, &url, other));
            if cut.as_ref().is_none_or(|cut| cut.lowered.is_none()) {
                seen.insert(hash, cut.clone(), MAX_ADDRESSES);
            }
            cut
        });
        Self { text, hash, cut }
    }

    /// Keyed hash of the text by a secret of this process; 0 for an empty one.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its parts; `None` if it leads to no host.
    pub fn url(&self) -> Option<UrlParts<'_>> {
        let cut = self.cut.as_ref()?;
        Some(UrlParts {
            scheme: self.part(&cut.scheme),
            host: self.part(&cut.host),
            port: self.part(&cut.port),
            path: self.part(&cut.path),
            query: self.part(&cut.query),
            malformed: cut.malformed,
        })
    }

    /// Its host; `None` if it leads to none.
    pub fn host(&self) -> Option<Host<'_>> {
        let cut = self.cut.as_ref()?;
        let name = match &cut.lowered {
            Some(name) => name,
            None => self.part(&cut.host),
        };
        Some(Host {
            name,
            domain: name.get(cut.domain..).unwrap_or(name),
            is_ip: cut.is_ip,
        })
    }

    /// What the host tells, by the list of those that follow the visitor.
    pub(super) fn label(&self) -> Option<Label> {
        self.cut.as_ref()?.label
    }

    fn part(&self, range: &Range<u32>) -> &str {
        let range = range.start as usize..range.end as usize;
        self.text.get(range).unwrap_or_default()
    }
}

impl<'a> From<&'a str> for Address<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text.into())
    }
}

impl<'s> Host<'s> {
    /// A host in lower case.
    pub fn of(name: &'s str) -> Self {
        Self {
            name,
            domain: registrable_domain(name),
            is_ip: is_ip(name),
        }
    }
}

impl Cut {
    fn of(text: &str, url: &UrlParts<'_>, other: &Address<'_>) -> Self {
        let is_lower = |b: u8| b.is_ascii() && !b.is_ascii_uppercase();
        let lowered = if url.host.bytes().all(is_lower) {
            None
        } else {
            Some(url.host.to_lowercase().into_boxed_str())
        };
        let name = lowered.as_deref().unwrap_or(url.host);
        let host = other
            .host()
            .filter(|host| host.name == name)
            .unwrap_or_else(|| Host::of(name));
        Self {
            scheme: range(text, url.scheme),
            host: range(text, url.host),
            port: range(text, url.port),
            path: range(text, url.path),
            query: range(text, url.query),
            malformed: url.malformed,
            domain: host.name.len() - host.domain.len(),
            is_ip: host.is_ip,
            label: host_label(name),
            lowered,
        }
    }
}

/// Where in a text a slice of it is. An empty part may be a slice of nothing.
fn range(text: &str, part: &str) -> Range<u32> {
    let start = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
    if start > text.len() {
        return 0..0;
    }
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    number(start)..number(start + part.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_of_the_text() {
        for text in [
            " https://u@a.test:8443/p?q=1#f",
            "//b.test",
            "https://a.test?x",
            "HTTPS://A.Test./",
            "https://[::1]/",
            "https://",
            "inline",
            "",
        ] {
            let address = Address::from(text);
            assert_eq!(address.url(), UrlParts::of(text), "{text}");
            assert_eq!(address.as_str(), text);
        }
    }

    #[test]
    fn hosts() {
        let page = Address::from("https://www.shop.co.jp/");
        for (text, name, domain, is_ip) in [
            (
                "https://www.shop.co.jp/x",
                "www.shop.co.jp",
                "shop.co.jp",
                false,
            ),
            (
                "https://CDN.Shop.co.jp/x",
                "cdn.shop.co.jp",
                "shop.co.jp",
                false,
            ),
            ("https://ÄB.test/", "äb.test", "äb.test", false),
            ("https://192.0.2.7/", "192.0.2.7", "192.0.2.7", true),
            ("https://[2001:DB8::7]/", "2001:db8::7", "2001:db8::7", true),
            ("https://localhost", "localhost", "localhost", false),
            ("https:///x", "", "", false),
        ] {
            let want = Some(Host {
                name,
                domain,
                is_ip,
            });
            assert_eq!(Address::from(text).host(), want, "{text}");
            assert_eq!(Address::beside(text.into(), &page).host(), want, "{text}");
        }
        assert_eq!(Address::from("inline").host(), None);
    }
}
