//! A made-up shop. [`Shop`] is what is written in the table of them, [`Site`] what a run makes of it.

use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::ids::SiteKey;

/// What runs a shop, as far as its addresses show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Eccube,
    HostedCart,
    Woocommerce,
    Magento,
    /// Written for this shop, with Japanese addresses.
    CustomJa,
}

impl Platform {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Eccube => "eccube",
            Self::HostedCart => "hosted-cart",
            Self::Woocommerce => "woocommerce",
            Self::Magento => "magento",
            Self::CustomJa => "custom-ja",
        }
    }

    /// Before the number of a product.
    pub(super) fn product(self) -> &'static str {
        match self {
            Self::Eccube => "/products/detail/",
            Self::HostedCart => "/products/",
            Self::Woocommerce => "/product/",
            Self::Magento => "/catalog/product/view/id/",
            Self::CustomJa => "/%E5%95%86%E5%93%81/",
        }
    }

    pub(super) fn cart(self) -> &'static str {
        match self {
            Self::Eccube | Self::HostedCart | Self::Woocommerce => "/cart",
            Self::Magento => "/checkout/cart",
            Self::CustomJa => "/%E8%B2%B7%E3%81%84%E7%89%A9%E3%81%8B%E3%81%94",
        }
    }

    /// Where the card is typed in.
    pub(super) fn payment(self) -> &'static str {
        match self {
            Self::Eccube => "/shopping",
            Self::HostedCart => "/checkouts/payment",
            Self::Woocommerce | Self::Magento => "/checkout",
            Self::CustomJa => "/%E3%81%94%E6%B3%A8%E6%96%87/%E3%81%8A%E6%94%AF%E6%89%95%E3%81%84",
        }
    }

    fn checkout_paths(self) -> &'static [&'static str] {
        match self {
            Self::Eccube => &["/cart", "/shopping"],
            Self::HostedCart => &["/cart", "/checkouts"],
            Self::Woocommerce => &["/cart", "/checkout"],
            Self::Magento => &["/checkout"],
            Self::CustomJa => &[
                "/%E3%81%94%E6%B3%A8%E6%96%87",
                "/%E8%B2%B7%E3%81%84%E7%89%A9%E3%81%8B%E3%81%94",
            ],
        }
    }
}

/// Something of a third party that the shop uses and its policy forgot.
#[derive(Debug)]
pub(super) struct Vendor {
    pub(super) directive: &'static str,
    pub(super) blocked: &'static str,
    /// The vendor's own script, if that asks for it.
    pub(super) source: Option<&'static str>,
}

/// What a policy watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    /// Scripts, images, fonts, connections, on every page.
    All,
    /// The same, on the pages of the checkout only.
    Checkout,
    /// Scripts only, on every page.
    Scripts,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shop {
    /// Also the first label of its domain.
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) country: &'static str,
    pub(super) platform: Platform,
    /// Visits in a week.
    pub(super) visits: u32,
    pub(super) watch: Watch,
    pub(super) enforced: bool,
    /// By `report-to` where the browser can.
    pub(super) batches: bool,
    pub(super) psp: &'static str,
    pub(super) standing: &'static [&'static Vendor],
}

impl Shop {
    /// Hours ahead of UTC of the people who buy here.
    pub(super) fn hours_ahead(&self) -> i64 {
        match self.country {
            "JP" => 9,
            "DE" => 1,
            "US" => -6,
            _ => 0,
        }
    }

    fn policy(&self, collector: &str) -> String {
        let psp = self.psp;
        let to = if self.batches { "; report-to csp" } else { "" };
        let end = format!("report-uri {collector}/r/{}{to}", self.key);
        let tags = "https://www.googletagmanager.com";
        match self.watch {
            Watch::Scripts => format!(
                "script-src 'self' 'unsafe-inline' {tags} https://js.{psp}; object-src 'none'; {end}"
            ),
            Watch::All | Watch::Checkout => format!(
                "default-src 'self'; script-src 'self' 'unsafe-inline' {tags} https://js.{psp}; \
                 style-src 'self' 'unsafe-inline'; img-src 'self' data: https://www.google-analytics.com; \
                 connect-src 'self' https://www.google-analytics.com https://api.{psp}; font-src 'self' data:; \
                 frame-src https://js.{psp}; form-action 'self' https://pay.{psp}; base-uri 'self'; {end}"
            ),
        }
    }
}

/// A shop of this run.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) shop: &'static Shop,
    pub(super) key: SiteKey,
    /// `https://www.` and the domain.
    pub(super) origin: String,
    /// As a JSON string.
    pub(super) policy: Box<RawValue>,
}

impl Site {
    pub(super) fn new(shop: &'static Shop, collector: &str) -> Self {
        Self {
            shop,
            key: SiteKey::new(shop.key).expect("the table's keys are plain"),
            origin: format!("https://www.{}.example", shop.key),
            policy: to_raw_value(&shop.policy(collector)).expect("text is JSON"),
        }
    }

    pub(super) fn disposition(&self) -> &'static str {
        if self.shop.enforced {
            "enforce"
        } else {
            "report"
        }
    }

    /// As the import wants it.
    pub(super) fn merchant(&self) -> Value {
        let shop = self.shop;
        let domain = format!("{}.example", shop.key);
        let scope = if shop.watch == Watch::Checkout {
            "checkout"
        } else {
            "site"
        };
        let transport = if shop.batches { "both" } else { "report-uri" };
        json!({
            "key": shop.key,
            "name": shop.name,
            "domains": [domain, format!("www.{domain}")],
            "country": shop.country,
            "platform": shop.platform.as_str(),
            "checkout_paths": shop.platform.checkout_paths(),
            "payment": { "integration": if shop.platform == Platform::Eccube { "link" } else { "js" }, "psp": shop.psp },
            "csp": { "scope": scope, "disposition": self.disposition(), "transport": transport },
            "policy": self.policy,
        })
    }
}
