//! [`Evidence`]: what was seen, in figures; [`Reason`]: how much it weighs.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// One reason for a finding, or against it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// What was seen.
    #[serde(flatten)]
    pub evidence: Evidence,
    /// What was measured, such as a log-likelihood ratio or a number of merchants; 1 if it is a fact or is not. The
    /// configuration's weight times this are the points.
    #[serde(default)]
    pub value: f64,
    /// Points that it adds to the score; negative if it speaks for a harmless cause.
    pub weight: f64,
}

impl Reason {
    /// The word for programs: `new-on-payment-pages`.
    pub fn code(&self) -> &'static str {
        self.evidence.code()
    }

    /// The sentence for people.
    pub fn text(&self, language: Language) -> String {
        super::words::sentence(&self.evidence, language)
    }
}

/// What was seen. Each is a statement that can be checked in the reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Evidence {
    /// It is new on payment pages, and the pages report it, not single visitors.
    NewOnPaymentPages {
        /// Merchants that have nothing else in common.
        merchants: u32,
        /// Browsers that reported it; 0 if no client data is kept.
        clients: u32,
        /// Networks that they are in; without client data the stretches of five minutes in which it was
        /// reported, site by site.
        networks: u32,
        /// Share of the networks, or stretches, that report anything on these pages, in percent.
        share: u8,
    },
    /// At most merchants only single visitors report it, as they do of their extensions.
    FollowsVisitors {
        /// Merchants where it does not follow the page.
        merchants: u32,
    },
    /// A good share of those who report anything on the pages reports it.
    FollowsPages {
        /// Networks that report it.
        networks: u32,
        /// Networks that report anything since it came up.
        of: u32,
    },
    /// Merchants were hit one soon after the other.
    SpreadsFast {
        /// How many.
        merchants: u32,
    },
    /// It spreads as what merchants take up by themselves.
    SpreadsSlowly {
        /// How many merchants have it.
        merchants: u32,
    },
    /// Most of its reports come from pages that are shown after the payment.
    AfterPayment {
        /// Share of its reports from payment pages, in percent.
        share: u8,
    },
    /// A script of its own brought it.
    ByItself,
    /// Merchants allow it in their policies since it came up there.
    AllowedSince {
        /// How many.
        merchants: u32,
    },
    /// All of its browsers are of one family.
    OneBrowserFamily {
        /// Browsers that reported it.
        clients: u32,
    },
    /// Its browsers are of several families, phones among them.
    ManyBrowserFamilies {
        /// How many families.
        families: u8,
    },
    /// It is on payment pages and nowhere else, where the merchant reports all pages.
    PaymentPagesOnly,
    /// It is on other pages too.
    OtherPagesToo {
        /// Share of its reports that come from them, in percent.
        share: u8,
    },
    /// Data goes there and nothing comes from there.
    SendsOnly,
    /// Forms are sent there.
    FormsGoThere,
    /// Code, style and frames come from there, as they do of a widget.
    LooksLikeWidget,
    /// A script comes from there, and data goes there, as with a counting tag.
    LooksLikeTag,
    /// Its name imitates that of a well-known service.
    ImitatesService,
    /// Its name imitates that of the shop.
    ImitatesShop,
    /// It is a well-known service.
    WellKnown,
    /// It is one account on a service that anybody may use.
    AccountOfService,
    /// Its name is of a kind that is sold for next to nothing.
    CheapName,
    /// A tag manager put it on the page.
    ByTagManager,
    /// A browser extension is its source.
    ByExtension,
    /// The same script of the shops' own is its source at several merchants.
    SharedScript {
        /// Merchants where it is.
        merchants: u32,
    },
    /// Card numbers stand in the addresses.
    CardNumbers {
        /// Browsers in whose reports they stood; 0 if no client data is kept.
        clients: u32,
        /// Whether they were written in an encoding that hides them.
        hidden: bool,
    },
    /// Those who report it report nothing else that visitors of these pages report.
    LooksForged {
        /// Networks that do not.
        networks: u32,
    },
    /// Destinations come up by the dozen on a site's payment pages.
    Flooded {
        /// How many on the day on which it was told.
        destinations: u32,
    },
    /// It came up while payment pages flooded us with junk, and the same browsers report both.
    HiddenInFlood {
        /// Merchants whose pages do that.
        merchants: u32,
        /// Networks that report both.
        networks: u32,
    },
    /// It came up together with many others that as many networks report: which of them matters cannot be told.
    OneOfMany {
        /// How many there are at the merchant where there are most.
        destinations: u32,
    },
    /// Somebody decided that it is known to be bad.
    Blocked {
        /// Merchants where it is that the decision is for.
        merchants: u32,
    },
    /// Merchants have reported it for long.
    KnownForLong {
        /// Merchants where it is not new.
        merchants: u32,
    },
    /// Merchants allow it in their policies.
    AllowedByPolicies {
        /// How many.
        merchants: u32,
    },
}

impl Evidence {
    /// The word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NewOnPaymentPages { .. } => "new-on-payment-pages",
            Self::FollowsPages { .. } => "follows-pages",
            Self::SpreadsFast { .. } => "spreads-fast",
            Self::SpreadsSlowly { .. } => "spreads-slowly",
            Self::AfterPayment { .. } => "after-payment",
            Self::ByItself => "by-itself",
            Self::AllowedSince { .. } => "allowed-since",
            Self::FollowsVisitors { .. } => "follows-visitors",
            Self::OneBrowserFamily { .. } => "one-browser-family",
            Self::ManyBrowserFamilies { .. } => "many-browser-families",
            Self::PaymentPagesOnly => "payment-pages-only",
            Self::OtherPagesToo { .. } => "other-pages-too",
            Self::SendsOnly => "sends-only",
            Self::FormsGoThere => "forms-go-there",
            Self::LooksLikeWidget => "looks-like-widget",
            Self::LooksLikeTag => "looks-like-tag",
            Self::ImitatesService => "imitates-service",
            Self::ImitatesShop => "imitates-shop",
            Self::WellKnown => "well-known",
            Self::AccountOfService => "account-of-service",
            Self::CheapName => "cheap-name",
            Self::ByTagManager => "by-tag-manager",
            Self::ByExtension => "by-extension",
            Self::SharedScript { .. } => "shared-script",
            Self::CardNumbers { .. } => "card-numbers",
            Self::LooksForged { .. } => "looks-forged",
            Self::Flooded { .. } => "flooded",
            Self::HiddenInFlood { .. } => "hidden-in-flood",
            Self::OneOfMany { .. } => "one-of-many",
            Self::Blocked { .. } => "blocked",
            Self::KnownForLong { .. } => "known-for-long",
            Self::AllowedByPolicies { .. } => "allowed-by-policies",
        }
    }
}
