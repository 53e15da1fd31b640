//! What is kept of the client: pseudonyms and coarse facts.

/// The client of a submission, without its address. [`NOBODY`](Self::NOBODY) where no client data is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Keyed pseudonym of address and user agent; 0 if no client data is kept.
    pub client: u64,
    /// Keyed pseudonym of the /24 (IPv4) or /48 (IPv6); 0 if no client data is kept.
    pub network: u64,
    /// ISO 3166-1 alpha-2, or two spaces if unknown.
    pub country: [u8; 2],
    /// Autonomous system number, 0 if unknown.
    pub asn: u32,
    /// What the user agent claims to be.
    pub browser: Browser,
}

impl Visitor {
    /// What is kept of every client where none is to be told from another: nothing.
    pub const NOBODY: Self = Self {
        client: 0,
        network: 0,
        country: *b"  ",
        asn: 0,
        browser: Browser {
            family: Family::Unknown,
            major: 0,
            mobile: false,
        },
    };
}

/// What a user agent claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Browser {
    /// The engine's family.
    pub family: Family,
    /// Major version, 0 if unknown.
    pub major: u16,
    /// A phone or a tablet.
    pub mobile: bool,
}

/// Browser families that differ in how they report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Chrome, Edge, Opera, Samsung Internet and all else built on Chromium.
    Chromium,
    /// Firefox and its kin.
    Firefox,
    /// Safari, every browser on iOS, WebKitGTK.
    WebKit,
    /// A program that says it is no browser.
    Bot,
    /// None of these.
    Other,
    /// Nobody looked: no client data is kept.
    Unknown,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Chromium,
        Self::Firefox,
        Self::WebKit,
        Self::Bot,
        Self::Other,
        Self::Unknown,
    ];

    /// The family of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.as_str() == word)
    }

    /// The word in rows; none for [`Unknown`](Self::Unknown).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
            Self::Bot => "bot",
            Self::Other => "other",
            Self::Unknown => "",
        }
    }
}
