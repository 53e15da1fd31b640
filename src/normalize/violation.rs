//! The types that normalizing yields.

use super::{Address, Host, is_ip};
use crate::enrich::Visitor;
use crate::parse::{Shape, Text};

/// One entry, its closed sets decided, its text not yet redacted.
#[derive(Clone, Debug)]
pub struct Violation<'a> {
    /// The wire's dialect.
    pub shape: Shape,
    /// Time between the violation and its arrival, clamped to [`MAX_AGE`](super::MAX_AGE).
    pub age: std::time::Duration,
    /// Who sent it.
    pub visitor: Visitor,
    /// Where the data would have gone.
    pub destination: Destination,
    /// The page's kind, by the site's profile.
    pub page_kind: PageKind,
    /// Which kind of tampering it would be, if it were tampering.
    pub tampering: Tampering,
    /// What is known about it; a label never hides anything.
    pub labels: Labels,
    /// The address of the page.
    pub document: Address<'a>,
    /// What it reports.
    pub subject: Subject<'a>,
}

/// What an entry reports.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every one is the large variant, and none is kept"
)]
pub enum Subject<'a> {
    /// A violation of a content security policy.
    CspViolation {
        /// The directive that was violated.
        directive: Directive,
        /// Whether the browser blocked it.
        disposition: Disposition,
        /// The blocked URL or keyword, as sent.
        blocked: Address<'a>,
        /// The referrer, as sent.
        referrer: Address<'a>,
        /// The script that did it, as sent.
        source: Address<'a>,
        /// Line in the source file, 0 if unknown.
        line: u32,
        /// Column in the source file, 0 if unknown.
        column: u32,
        /// First characters of inline code.
        sample: Text<'a>,
        /// The policy as the browser holds it.
        policy: Text<'a>,
        /// Status of the document, 0 if unknown.
        status_code: u16,
    },
    /// Any other report type.
    Other {
        /// Its type, as sent.
        report_type: Text<'a>,
        /// Its body, as JSON text.
        json: &'a str,
    },
}

/// Where the data would have gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Destination {
    /// A host: its registrable domain by the public suffix list with its private section, or the
    /// address itself for an IP literal, and the whole host in lower case.
    Host {
        /// Registrable domain, or the IP literal.
        domain: String,
        /// Host as reported.
        host: String,
    },
    /// A bare scheme: `data`, `blob`, `wss`, `chrome-extension`.
    Scheme(String),
    /// Inline code or style.
    Inline,
    /// Code made from a string.
    Eval,
    /// Nothing was said.
    None,
}

impl Destination {
    /// The host, if it is one.
    pub fn host(&self) -> Option<Host<'_>> {
        match self {
            Self::Host { domain, host } => Some(Host {
                name: host,
                domain,
                is_ip: is_ip(host),
            }),
            _ => None,
        }
    }

    /// The registrable domain or address, else the bare scheme, `inline`, `eval` or `none`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Host { domain, .. } => domain,
            Self::Scheme(scheme) => scheme,
            Self::Inline => "inline",
            Self::Eval => "eval",
            Self::None => "none",
        }
    }
}

macro_rules! words {
    ($(#[$meta:meta])* $type:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $type { $($(#[$vmeta])* $variant),+ }

        impl $type {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in rows and answers.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one of a word.
            pub fn of_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// The directives of CSP Level 3, its companions and its past.
    Directive {
        /// `base-uri`
        BaseUri = "base-uri",
        /// `block-all-mixed-content`
        BlockAllMixedContent = "block-all-mixed-content",
        /// `child-src`
        ChildSrc = "child-src",
        /// `connect-src`
        ConnectSrc = "connect-src",
        /// `default-src`
        DefaultSrc = "default-src",
        /// `fenced-frame-src`
        FencedFrameSrc = "fenced-frame-src",
        /// `font-src`
        FontSrc = "font-src",
        /// `form-action`
        FormAction = "form-action",
        /// `frame-ancestors`
        FrameAncestors = "frame-ancestors",
        /// `frame-src`
        FrameSrc = "frame-src",
        /// `img-src`
        ImgSrc = "img-src",
        /// `manifest-src`
        ManifestSrc = "manifest-src",
        /// `media-src`
        MediaSrc = "media-src",
        /// `navigate-to`
        NavigateTo = "navigate-to",
        /// `object-src`
        ObjectSrc = "object-src",
        /// `plugin-types`
        PluginTypes = "plugin-types",
        /// `prefetch-src`
        PrefetchSrc = "prefetch-src",
        /// `require-trusted-types-for`
        RequireTrustedTypesFor = "require-trusted-types-for",
        /// `sandbox`
        Sandbox = "sandbox",
        /// `script-src`
        ScriptSrc = "script-src",
        /// `script-src-attr`
        ScriptSrcAttr = "script-src-attr",
        /// `script-src-elem`
        ScriptSrcElem = "script-src-elem",
        /// `style-src`
        StyleSrc = "style-src",
        /// `style-src-attr`
        StyleSrcAttr = "style-src-attr",
        /// `style-src-elem`
        StyleSrcElem = "style-src-elem",
        /// `trusted-types`
        TrustedTypes = "trusted-types",
        /// `upgrade-insecure-requests`
        UpgradeInsecureRequests = "upgrade-insecure-requests",
        /// `webrtc`
        Webrtc = "webrtc",
        /// `worker-src`
        WorkerSrc = "worker-src",
        /// A word that is no known directive, or none at all.
        Unknown = "unknown",
        /// The entry is no CSP violation.
        None = "none",
    }
}

words! {
    /// Whether the browser blocked it.
    Disposition {
        /// It was blocked.
        Enforce = "enforce",
        /// It was only reported.
        Report = "report",
        /// The browser does not say.
        Unknown = "unknown",
    }
}

words! {
    /// What a page is for.
    PageKind {
        /// Card data may be typed in or the shopper is led to where it is.
        Checkout = "checkout",
        /// The shop's staff works there.
        Admin = "admin",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// Which of the two shapes of tampering an entry would belong to.
    Tampering {
        /// An injected script copies the form.
        Js = "js",
        /// The shopper is led to a fake payment page.
        Link = "link",
        /// Neither.
        None = "none",
    }
}

words! {
    /// What is known about an entry. Kept and weighed, never a reason to drop it.
    Label {
        /// Its source or destination is a browser extension's scheme. A page can forge it.
        Extension = "extension",
        /// A browser's own machinery.
        BrowserInternal = "browser-internal",
        /// An app's embedded browser.
        Webview = "webview",
        /// Antivirus or ad filter that rewrites pages.
        Antivirus = "antivirus",
        /// Known adware, coupon or toolbar host.
        Adware = "adware",
        /// A tool that the visitor chose: a reading list, a spelling checker.
        UserTool = "user-tool",
        /// A filtering proxy stands between.
        Proxy = "proxy",
        /// Translated, cached or archived copy of the page.
        Translation = "translation",
        /// Localhost, private address, or a name without a dot.
        PrivateHost = "private-host",
        /// A public IP address in place of a name.
        BareIp = "bare-ip",
        /// The user agent says it is no browser.
        Bot = "bot",
        /// The user agent is of one engine, the body of another.
        ShapeConflict = "shape-conflict",
        /// The document is not on the site's domains.
        ForeignDocument = "foreign-document",
        /// The destination is on the site's own domains.
        OwnDomain = "own-domain",
        /// A URL that is not one: doubled authority, userinfo kept.
        MalformedUrl = "malformed-url",
        /// A browser sent the same entry again. Stored all the same.
        Repeat = "repeat",
        /// A card number stood in it.
        CardNumber = "card-number",
        /// It stood only in the page's own address, its referrer or its policy, not in what was blocked.
        CardOnPage = "card-on-page",
        /// Some field was cut at its cap.
        Cut = "cut",
        /// Its network brought much at once that the site had never seen.
        Burst = "burst",
    }
}

/// A set of labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Labels(u32);

impl Labels {
    /// Adds one.
    pub fn insert(&mut self, label: Label) {
        self.0 |= 1 << (label as u32);
    }

    /// Adds those that there are.
    pub(super) fn extend(&mut self, label: Option<Label>) {
        if let Some(label) = label {
            self.insert(label);
        }
    }

    /// Whether it is there.
    pub fn contains(self, label: Label) -> bool {
        self.0 & (1 << (label as u32)) != 0
    }

    /// All of them, in the order of [`Label::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Label> {
        Label::ALL
            .iter()
            .copied()
            .filter(move |&label| self.contains(label))
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
