//! Path of a page → [`PageKind`]: by what the site says, then by what such pages are called.
//!
//! The two are added up, never set against each other: a list that forgot a page must not hide it.
//! Whole words of a path are compared, so that `/cartoons` is no cart.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::address::Address;
use super::profile::Profile;
use super::url::{UrlParts, pieces};
use super::violation::PageKind;
use super::words::Words;

/// Most segments of a path that are looked at.
pub const MAX_SEGMENTS: usize = 16;

/// Words that make a checkout page wherever they stand in a segment, between `-`, `_` and `.`.
static CHECKOUT_WORDS: Words<13> = Words::new([
    "checkout",
    "checkouts",
    "payment",
    "payments",
    "pay",
    "cart",
    "basket",
    "billing",
    "kessai",
    "chumon",
    "konyu",
    "shiharai",
    "onepage",
]);

/// Words that make one only as a whole segment: they have other uses too.
static CHECKOUT_SEGMENTS: Words<11> = Words::new([
    "order",
    "purchase",
    "shopping",
    "bag",
    "buy",
    "thankyou",
    "thanks",
    "order-received",
    "place-order",
    "regi",
    "cashier",
]);

/// Japanese has no spaces, so these count anywhere in a segment.
const CHECKOUT_JAPANESE: [&str; 10] = [
    "支払",
    "決済",
    "購入",
    "注文",
    "カート",
    "買い物かご",
    "買物かご",
    "レジ",
    "会計",
    "クレジットカード",
];

/// A history of orders is no checkout.
const NOT_CHECKOUT_JAPANESE: &str = "履歴";

/// Words that make an admin page as a whole segment.
static ADMIN_SEGMENTS: Words<12> = Words::new([
    "admin",
    "wp-admin",
    "wp-login",
    "administrator",
    "adminpanel",
    "admin-panel",
    "admin_panel",
    "backend",
    "backoffice",
    "back-office",
    "kanri",
    "manager",
]);

/// Words that make one only as the first segment: shoppers have dashboards too.
static ADMIN_FIRST_SEGMENTS: Words<3> = Words::new(["manage", "management", "dashboard"]);

const ADMIN_JAPANESE: &str = "管理";

/// Beginnings of paths, decoded, without a slash at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Patterns(Box<[Box<str>]>);

impl Patterns {
    pub(super) fn new(paths: &[String]) -> Self {
        let clean = |path: &String| {
            let path = path.trim();
            let path = UrlParts::of(path).map_or(path, |url| url.path);
            let path = decode(path.trim_end_matches('/')).into_owned();
            if path.is_empty() || path.starts_with('/') {
                path.into()
            } else {
                format!("/{path}").into()
            }
        };
        let given = paths.iter().filter(|path| !path.trim().is_empty());
        Self(given.map(clean).collect())
    }

    /// Length of the longest pattern that the path begins with, segment by segment.
    fn longest(&self, path: &str) -> Option<usize> {
        let fits = |pattern: &&str| {
            path.get(..pattern.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(pattern))
                && path
                    .get(pattern.len()..)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.0
            .iter()
            .map(AsRef::as_ref)
            .filter(fits)
            .map(str::len)
            .max()
    }
}

/// The kind of the page at this address; [`PageKind::Other`] for what is no address.
pub(super) fn kind(page: &Address<'_>, profile: &Profile) -> PageKind {
    page.url().map_or(PageKind::Other, |url| {
        let path = decode(url.path);
        by_profile(&path, profile).unwrap_or_else(|| by_custom(&path, url.query))
    })
}

fn by_profile(path: &str, profile: &Profile) -> Option<PageKind> {
    let checkout = profile.checkout.longest(path);
    let admin = profile.admin.longest(path);
    match (checkout, admin) {
        (None, None) => None,
        (checkout, admin) if checkout >= admin => Some(PageKind::Checkout),
        _ => Some(PageKind::Admin),
    }
}

fn by_custom(path: &str, query: &str) -> PageKind {
    let mut kind = PageKind::Other;
    let segments = pieces(path, is_slash).filter(|segment| !segment.is_empty());
    for (at, segment) in segments.take(MAX_SEGMENTS).enumerate() {
        if is_admin(at, segment) {
            return PageKind::Admin;
        }
        if kind == PageKind::Other && is_checkout(segment) {
            kind = PageKind::Checkout;
        }
    }
    // OpenCart and its kin keep the page's name in the query: `index.php?route=checkout/cart`.
    let mut pairs = pieces(query, |b| b == b'&');
    match pairs.find_map(|pair| pair.strip_prefix("route=")) {
        Some(route) if route.split(['/', '|']).any(is_checkout) => PageKind::Checkout,
        _ => kind,
    }
}

fn is_slash(b: u8) -> bool {
    b == b'/'
}

fn is_admin(at: usize, segment: &str) -> bool {
    let name = without_extension(segment);
    ADMIN_SEGMENTS.has(name)
        || (at == 0 && ADMIN_FIRST_SEGMENTS.has(name))
        || (!segment.is_ascii() && segment.contains(ADMIN_JAPANESE))
}

fn is_checkout(segment: &str) -> bool {
    if CHECKOUT_SEGMENTS.has(without_extension(segment))
        || segment
            .as_bytes()
            .split(|b| matches!(b, b'-' | b'_' | b'.'))
            .any(|word| CHECKOUT_WORDS.has(word))
    {
        return true;
    }
    !segment.is_ascii()
        && !segment.contains(NOT_CHECKOUT_JAPANESE)
        && CHECKOUT_JAPANESE.iter().any(|word| segment.contains(word))
}

/// `cart.php` is `cart`.
fn without_extension(segment: &str) -> &[u8] {
    let end = segment.bytes().position(|b| b == b'.');
    &segment.as_bytes()[..end.unwrap_or(segment.len())]
}

fn decode(path: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', path.as_bytes()).is_none() {
        return Cow::Borrowed(path);
    }
    percent_decode_str(path).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str) -> &'static str {
        let page = format!("https://shop.test{path}");
        kind(&page.as_str().into(), &Profile::default()).as_str()
    }

    #[test]
    fn pages_by_custom() {
        for (path, want) in [
            ("/checkout/connect/e-uri?order=1", "checkout"),
            ("/cart", "checkout"),
            ("/cart.php", "checkout"),
            ("/cartoons", "other"),
            ("/discartes/", "other"),
            ("/shopping/confirm", "checkout"),
            ("/checkout/onepage/success/", "checkout"),
            ("/order-pay/", "checkout"),
            ("/order-history", "other"),
            ("/ORDER/payment", "checkout"),
            ("/secure/pay", "checkout"),
            ("/paypal-info", "other"),
            (
                "/%E3%81%94%E6%B3%A8%E6%96%87/%E3%81%8A%E6%94%AF%E6%89%95%E3%81%84",
                "checkout",
            ),
            ("/%E6%B3%A8%E6%96%87%E5%B1%A5%E6%AD%B4", "other"),
            ("/買い物かご", "checkout"),
            ("/商品/緑茶", "other"),
            ("/index.php?route=checkout/checkout", "checkout"),
            ("/index.php?route=product/list", "other"),
            ("/", "other"),
            ("", "other"),
            ("/admin/order/12", "admin"),
            ("/wp-admin/admin.php", "admin"),
            ("/ec/admin/", "admin"),
            ("/dashboard", "admin"),
            ("/account/dashboard", "other"),
            ("/administration-costs", "other"),
            ("/管理画面/", "admin"),
        ] {
            assert_eq!(of(path), want, "{path}");
        }
        for text in ["about", "blob", "", "inline", "not a url"] {
            assert_eq!(
                kind(&text.into(), &Profile::default()),
                PageKind::Other,
                "{text}"
            );
        }
    }

    #[test]
    fn the_site_says_more() {
        let checkout = ["/kasse/", "%E3%81%8A", "/shop/admin/pos"].map(str::to_owned);
        let admin = ["/shop/admin".to_owned(), "/kasse/verwaltung".to_owned()];
        let profile = Profile::new(&[], &checkout, &admin);
        for (path, want) in [
            ("/kasse", PageKind::Checkout),
            ("/kasse/1", PageKind::Checkout),
            ("/kassenbon", PageKind::Other),
            ("/kasse/verwaltung/x", PageKind::Admin),
            ("/お/x", PageKind::Checkout),
            ("/shop/admin/pos", PageKind::Checkout),
            ("/shop/admin/x", PageKind::Admin),
            ("/cart", PageKind::Checkout),
        ] {
            assert_eq!(
                kind(&format!("https://a.test{path}").as_str().into(), &profile),
                want,
                "{path}"
            );
        }
        let whole = Profile::new(&[], &["/".to_owned()], &[]);
        assert_eq!(
            kind(&"https://pay.test/x".into(), &whole),
            PageKind::Checkout
        );
    }
}
