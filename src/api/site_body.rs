//! What callers tell of a site, and what they are told of it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::error::ApiError;
use super::moment::Moment;
use crate::ids::MerchantId;
use crate::registry::{SiteEntry, SiteFacts};

/// What is told of a site; what is absent stays as it is, or takes its default at a new site
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = SiteFacts)]
pub(super) struct Body {
    /// Its id, for ever: for the operator, else it is made. Of a new site alone
    #[schema(max_length = 64)]
    pub(super) site: Option<String>,
    /// What the organization calls it, no two alike. Of a new site alone
    #[schema(max_length = 200)]
    pub(super) reference: Option<String>,
    /// For people
    #[schema(max_length = 200)]
    name: Option<String>,
    /// ISO 3166-1 alpha-2
    #[schema(max_length = 200, example = "JP")]
    country: Option<String>,
    /// Shop software
    #[schema(max_length = 200)]
    platform: Option<String>,
    /// Hosts that it is served from
    #[schema(max_items = 64, example = json!(["shop.example"]))]
    domains: Option<Vec<String>>,
    /// Beginnings of the paths of its payment pages
    #[schema(max_items = 64, example = json!(["/checkout"]))]
    checkout_paths: Option<Vec<String>>,
    /// Beginnings of the paths of its administration
    #[schema(max_items = 64)]
    admin_paths: Option<Vec<String>>,
    /// How it takes payments
    #[schema(value_type = Option<Object>)]
    payment: Option<Map<String, Value>>,
    /// `js` (the shop's own form, sent by a script) or `link` (another's page)
    #[schema(pattern = "^(js|link)$")]
    integration: Option<String>,
    /// Who takes the payments for it: a domain
    #[schema(max_length = 200)]
    psp: Option<String>,
    /// Where and how its policy reports
    #[schema(value_type = Option<Object>)]
    csp: Option<Map<String, Value>>,
    /// Its policy, as it is sent
    policy: Option<String>,
    /// Names of query parameters whose values stay readable
    harmless_parameters: Option<Vec<String>>,
    /// Its own limit, in entries per second
    #[schema(minimum = 1, maximum = 1000000)]
    rate: Option<u32>,
    /// Days that its reports are kept
    #[schema(minimum = 1, maximum = 3650)]
    retention_days: Option<u16>,
    /// Whose it is
    #[schema(max_length = 64)]
    merchant: Option<String>,
    /// Words to find it by
    #[schema(max_items = 16)]
    labels: Option<Vec<String>>,
}

/// A site and all its settings
#[derive(Serialize, ToSchema)]
#[schema(as = SiteDetail)]
pub(super) struct View<'a> {
    /// Stable id
    site: &'a str,
    /// For people
    name: &'a str,
    /// Whose it is
    merchant: &'a str,
    keys: Vec<KeyView<'a>>,
    /// Hosts that it is served from
    domains: &'a [String],
    /// Beginnings of the paths of its payment pages
    checkout_paths: &'a [String],
    /// Beginnings of the paths of its administration
    admin_paths: &'a [String],
    /// Names of query parameters whose values stay readable
    harmless_parameters: &'a [String],
    /// ISO 3166-1 alpha-2 or empty
    country: &'a str,
    /// Shop software or empty
    platform: &'a str,
    /// How it takes payments
    #[schema(value_type = Object)]
    payment: &'a Value,
    /// Where and how its policy reports
    #[schema(value_type = Object)]
    csp: &'a Value,
    /// Its policy when it was last told
    policy: &'a str,
    /// Words to find it by
    labels: &'a [String],
    /// Entries per second; null: the default
    rate: Option<u32>,
    /// Days that its reports are kept
    retention_days: u16,
}

/// A key of a site, and until when it counts
#[derive(Serialize, ToSchema)]
#[schema(as = KeyDetail)]
struct KeyView<'a> {
    /// What stands in `/r/{key}`
    key: &'a str,
    /// active, retired
    state: &'static str,
    /// When it is to be retired
    retires_at: Option<Moment>,
}

impl Body {
    /// What is told, without what goes with a new site alone.
    pub(super) fn facts(self) -> Result<SiteFacts, ApiError> {
        let merchant = self.merchant.as_deref().map(MerchantId::new).transpose();
        let merchant = merchant.map_err(|error| ApiError::Body(format!("merchant: {error}")))?;
        Ok(SiteFacts {
            name: self.name,
            country: self.country,
            platform: self.platform,
            domains: self.domains,
            checkout_paths: self.checkout_paths,
            admin_paths: self.admin_paths,
            payment: self.payment.map(Value::Object),
            integration: self.integration,
            psp: self.psp,
            csp: self.csp.map(Value::Object),
            policy: self.policy,
            harmless_parameters: self.harmless_parameters,
            rate: self.rate,
            retention_days: self.retention_days,
            merchant,
            labels: self.labels,
        })
    }
}

impl<'a> View<'a> {
    pub(super) fn of(entry: &'a SiteEntry) -> Self {
        let record = &entry.record;
        let key = |it: &'a crate::sites::KeyRecord| KeyView {
            key: it.key.as_str(),
            state: it.state.as_str(),
            retires_at: entry.retiring.get(&it.key).copied().map(Moment),
        };
        Self {
            site: record.id.as_str(),
            name: &record.name,
            merchant: entry.merchant.as_str(),
            keys: record.keys.iter().map(key).collect(),
            domains: &record.domains,
            checkout_paths: &record.checkout_paths,
            admin_paths: &record.admin_paths,
            harmless_parameters: &record.harmless_parameters,
            country: &entry.country,
            platform: &entry.platform,
            payment: &entry.payment,
            csp: &entry.csp,
            policy: &entry.policy,
            labels: &entry.labels,
            rate: record.rate,
            retention_days: record.retention_days,
        }
    }
}
