//! User agent → [`Browser`], by the few words that tell engines apart.
//!
//! Engines differ in how they report, brands do not: Edge, Opera and Samsung Internet are Chromium, and
//! whatever runs on iOS is WebKit. Anyone can send any user agent; it is a claim.

use std::cell::RefCell;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::{Browser, Family};
use crate::generations::Generations;

/// Bytes of a user agent that are looked at.
pub const MAX_USER_AGENT_BYTES: usize = 512;

/// Words in the user agents of programs that call themselves a browser (`Mozilla/…`) and are none.
const BOT_WORDS: [&str; 6] = ["bot", "crawl", "spider", "zgrab", "+http", "headless"];

/// How the user agents of libraries and tools begin.
const TOOLS: [&str; 16] = [
    "curl/",
    "wget/",
    "python",
    "go-http-client",
    "java/",
    "okhttp",
    "libwww",
    "axios/",
    "node",
    "ruby",
    "php",
    "apache-httpclient",
    "perl",
    "masscan",
    "nmap",
    "httpie",
];

/// Words that are searched for in every user agent, made ready for it.
struct Words {
    bots: [Finder<'static>; 6],
    mobile: [Finder<'static>; 4],
    apple: Finder<'static>,
    ios: Finder<'static>,
    edge: Finder<'static>,
    chrome: Finder<'static>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    bots: BOT_WORDS.map(Finder::new),
    mobile: ["Mobi", "Android", "iPad", "Tablet"].map(Finder::new),
    apple: Finder::new("iP"),
    ios: Finder::new("iOS/"),
    edge: Finder::new("Edge/"),
    chrome: Finder::new("Chrome/"),
});

/// Most user agents that a thread remembers, twice. Few hundred send nearly all reports.
pub const MAX_USER_AGENTS: usize = 256;

thread_local! {
    static SEEN: RefCell<Generations<Browser, Box<str>>> = RefCell::default();
}

impl Browser {
    /// What the user agent claims to be.
    pub fn of(user_agent: &str) -> Self {
        let ua = &user_agent[..user_agent.floor_char_boundary(MAX_USER_AGENT_BYTES)];
        SEEN.with_borrow_mut(|seen| {
            if let Some(known) = seen.renew(ua, MAX_USER_AGENTS) {
                return *known;
            }
            let browser = Self::read(ua);
            seen.insert(ua.into(), browser, MAX_USER_AGENTS);
            browser
        })
    }

    fn read(ua: &str) -> Self {
        if is_bot(ua) {
            return Self {
                family: Family::Bot,
                major: 0,
                mobile: false,
            };
        }
        let (family, major) = engine(ua);
        let mut mobile = WORDS.mobile.iter();
        Self {
            family,
            major,
            mobile: mobile.any(|word| word.find(ua.as_bytes()).is_some()),
        }
    }
}

/// The order matters: every Chromium names `AppleWebKit`, iOS browsers name a brand of Chromium or Firefox.
fn engine(ua: &str) -> (Family, u16) {
    if is_ios(ua.as_bytes()) {
        let major = major_after(ua, "Version/").or_else(|| major_after(ua, " OS "));
        return (Family::WebKit, major.unwrap_or(0));
    }
    // EdgeHTML, which also names Chrome.
    if let Some(major) = major_behind(ua, &WORDS.edge) {
        return (Family::Other, major);
    }
    if let Some(major) = major_behind(ua, &WORDS.chrome).or_else(|| major_after(ua, "Chromium/")) {
        return (Family::Chromium, major);
    }
    if ua.contains("Gecko/") && ua.contains("rv:") {
        let major = major_after(ua, "Firefox/").or_else(|| major_after(ua, "rv:"));
        return (Family::Firefox, major.unwrap_or(0));
    }
    if ua.contains("AppleWebKit/") {
        return (Family::WebKit, major_after(ua, "Version/").unwrap_or(0));
    }
    (Family::Other, 0)
}

/// Names a device, or a brand as it calls itself there.
fn is_ios(ua: &[u8]) -> bool {
    let devices = [&b"hone"[..], b"ad", b"od"];
    let brands = [&b"Cr"[..], b"Fx", b"Edg"];
    let is_device = |at| devices.iter().any(|rest| ua[at + 2..].starts_with(rest));
    let is_brand = |at| brands.iter().any(|brand| ua[..at].ends_with(brand));
    WORDS.apple.find_iter(ua).any(is_device) || WORDS.ios.find_iter(ua).any(is_brand)
}

fn is_bot(ua: &str) -> bool {
    let mut lower = [0; MAX_USER_AGENT_BYTES];
    let lower = &mut lower[..ua.len()];
    lower.copy_from_slice(ua.as_bytes());
    lower.make_ascii_lowercase();
    // What calls itself a browser is none of the tools.
    let is_tool = || TOOLS.iter().any(|tool| lower.starts_with(tool.as_bytes()));
    (!lower.starts_with(b"mozilla/") && is_tool())
        || WORDS.bots.iter().any(|word| names(lower, word))
}

/// Whether a word stands in the text, two names apart that only look like it: Cubot makes phones, and
/// headless Chrome is Chromium.
fn names(lower: &[u8], word: &Finder<'_>) -> bool {
    word.find_iter(lower).any(|at| {
        let (before, after) = (&lower[..at], &lower[at + word.needle().len()..]);
        !before.ends_with(b"cu") && !after.starts_with(b"chrome")
    })
}

fn major_after(ua: &str, word: &str) -> Option<u16> {
    major_behind(ua, &Finder::new(word))
}

/// The number that follows a word.
fn major_behind(ua: &str, word: &Finder<'_>) -> Option<u16> {
    let at = word.find(ua.as_bytes())? + word.needle().len();
    let rest = &ua[at..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser(family: Family, major: u16, mobile: bool) -> Browser {
        Browser {
            family,
            major,
            mobile,
        }
    }

    #[test]
    fn tells_engines_apart() {
        let table = include_str!("../../tests/fixtures/user_agents.tsv");
        for row in table.lines().skip(1) {
            let cells: Vec<_> = row.split('\t').collect();
            let [name, family, major, mobile, ua] = cells[..] else {
                unreachable!("five cells: {row}");
            };
            let browser = Browser::of(ua);
            let found = (
                browser.family.as_str(),
                browser.major.to_string(),
                browser.mobile,
            );
            assert_eq!(
                found,
                (family, major.to_owned(), mobile == "mobile"),
                "{name}"
            );
        }
    }

    #[test]
    fn tells_programs_from_browsers() {
        for ua in [
            "curl/8.5.0",
            "python-requests/2.32.3",
            "Go-http-client/1.1",
            "Mozilla/5.0 zgrab/0.x",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0 Safari/537.36",
            "Mozilla/5.0 (compatible; Baiduspider/2.0)",
            "AdsBot-Google (+http://www.google.com/adsbot.html)",
        ] {
            assert_eq!(Browser::of(ua), browser(Family::Bot, 0, false), "{ua}");
        }
    }

    #[test]
    fn looks_at_the_start_of_a_long_one() {
        let long = format!(
            "Mozilla/5.0 (X11; rv:143.0) Gecko/1 Firefox/143.0 {}bot",
            "é".repeat(4000)
        );
        assert_eq!(Browser::of(&long), browser(Family::Firefox, 143, false));
    }
}
