//! Reports as detection reads them back. [`SightingRow`] owns the text that a [`Sighting`] borrows.

use std::collections::HashMap;

use clickhouse::Row;
use serde::Deserialize;

use super::client::{Store, within};
use super::error::StoreError;
use super::feed::Stretch;
use super::queries;
use crate::clock::Timestamp;
use crate::enrich::{Family, is_hosting};
use crate::ids::SiteId;
use crate::normalize::{Directive, Label, Labels, PageKind};
use crate::redact::CSP_VIOLATION;
use crate::scope::Scope;
use crate::sighting::{Sighting, Source};

/// What detection needs of a row of `reports`.
#[derive(Clone, Debug, Row, Deserialize)]
pub struct SightingRow {
    received_at: i64,
    site: String,
    destination: String,
    host: String,
    directive: String,
    page_kind: String,
    labels: Vec<String>,
    document_host: String,
    document_path: String,
    blocked: String,
    source: String,
    policy: u64,
    client: u64,
    network: u64,
    asn: u32,
    browser: String,
    mobile: bool,
    card_encoding: String,
}

#[derive(Debug, Row, Deserialize)]
struct PolicyRow {
    hash: u64,
    text: String,
}

impl SightingRow {
    /// Receipt of the report.
    pub fn at(&self) -> Timestamp {
        Timestamp(self.received_at)
    }

    /// Pseudonym of the client, 0 if none is kept.
    pub fn client(&self) -> u64 {
        self.client
    }

    /// The hash of its policy, 0 if none was sent.
    pub fn policy(&self) -> u64 {
        self.policy
    }

    /// The site's id; `None` if this program did not write it.
    pub fn site(&self) -> Option<SiteId> {
        SiteId::new(&self.site).ok()
    }

    /// What detection sees of it. Words of a newer program are taken for unknown ones.
    pub fn sighting<'a>(&'a self, site: &'a SiteId, policy_text: &'a str) -> Sighting<'a> {
        let mut labels = Labels::default();
        for label in self.labels.iter().filter_map(|word| Label::of_word(word)) {
            labels.insert(label);
        }
        Sighting {
            at: self.at(),
            site,
            destination: &self.destination,
            host: &self.host,
            blocked: &self.blocked,
            directive: Directive::of_word(&self.directive).unwrap_or(Directive::Unknown),
            page_kind: PageKind::of_word(&self.page_kind).unwrap_or(PageKind::Other),
            after_payment: Sighting::is_after_payment(&self.document_path),
            labels,
            source: Source::of(&self.source, &self.document_host, &self.destination),
            client: self.client,
            network: self.network,
            from_hosting: is_hosting(self.asn),
            family: Family::of_word(&self.browser).unwrap_or(Family::Other),
            mobile: self.mobile,
            card_encoding: &self.card_encoding,
            policy: self.policy,
            policy_text,
        }
    }
}

impl Store {
    /// The violations in some segments, in the order in which they were taken in.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn sightings(
        &self,
        scope: &Scope,
        stretch: &Stretch,
    ) -> Result<Vec<SightingRow>, StoreError> {
        let mut conditions = self.within(scope).await?;
        let collector = stretch.collector.to_string();
        conditions.text(
            "collector = {collector:UUID}",
            "collector",
            Some(&collector),
        );
        conditions.text("type = {type:String}", "type", Some(CSP_VIOLATION));
        conditions.numbers(
            "segment IN {segments:Array(UInt64)}",
            "segments",
            stretch.segments(),
        );
        let sql = format!(
            "{}{}{}",
            queries::SIGHTINGS,
            conditions.clause(),
            queries::BY_PLACE
        );
        let query = conditions.fill(self.reader().query(&sql));
        within(self.read_timeout, query.fetch_all()).await
    }

    /// The texts of policies, redacted, by their hashes.
    ///
    /// # Errors
    /// [`StoreError`] if ClickHouse does not say.
    pub async fn policy_texts(&self, hashes: &[u64]) -> Result<HashMap<u64, String>, StoreError> {
        let query = self.reader().query_raw(queries::POLICY_TEXTS);
        let query = query.param("hashes", hashes);
        let rows = within(self.read_timeout, query.fetch_all::<PolicyRow>()).await?;
        Ok(rows.into_iter().map(|row| (row.hash, row.text)).collect())
    }
}
