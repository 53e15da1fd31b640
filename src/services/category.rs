//! [`Category`]: what a service is for.

/// What a service is for, in the words of third-party-web and one more: payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Advertisements, conversions, affiliates.
    Ad,
    /// Measures visitors.
    Analytics,
    /// Loads what others configure.
    TagManager,
    /// Takes payments or checks cards.
    Payment,
    /// Libraries, fonts and files of others.
    Cdn,
    /// Sites and files of its customers.
    Hosting,
    /// Chat and support.
    CustomerSuccess,
    /// Social networks.
    Social,
    /// Videos.
    Video,
    /// Newsletters, personalization, reviews.
    Marketing,
    /// Asks for consent to cookies.
    ConsentProvider,
    /// Whatever pages need: maps, addresses, captchas, checks of fraud.
    Utility,
    /// Publishers and their parts.
    Content,
    /// None of these.
    Other,
}

impl Category {
    const ALL: [Self; 14] = [
        Self::Ad,
        Self::Analytics,
        Self::TagManager,
        Self::Payment,
        Self::Cdn,
        Self::Hosting,
        Self::CustomerSuccess,
        Self::Social,
        Self::Video,
        Self::Marketing,
        Self::ConsentProvider,
        Self::Utility,
        Self::Content,
        Self::Other,
    ];

    /// As the lists write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ad => "ad",
            Self::Analytics => "analytics",
            Self::TagManager => "tag-manager",
            Self::Payment => "payment",
            Self::Cdn => "cdn",
            Self::Hosting => "hosting",
            Self::CustomerSuccess => "customer-success",
            Self::Social => "social",
            Self::Video => "video",
            Self::Marketing => "marketing",
            Self::ConsentProvider => "consent-provider",
            Self::Utility => "utility",
            Self::Content => "content",
            Self::Other => "other",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == text)
    }
}
