//! [`Ledger`]: one finding on its way into the tables. It raises a campaign, joins one, or makes one rise. What follows
//! for the alerts of each organization is told by [`Inboxes`].

use rusqlite::{OptionalExtension as _, Transaction, params};
use serde_json::json;

use super::inboxes::{Inboxes, News};
use super::record::Recorded;
use super::{RECORDED_FROM, cluster, queries};
use crate::finding::{Finding, Hit, Severity};
use crate::ids::CampaignId;
use crate::registry::{Journal, RegistryError};

/// One finding on its way into the tables.
pub(super) struct Ledger<'a, 'j> {
    change: &'a Transaction<'a>,
    journal: &'a mut Journal<'j>,
    recorded: &'a mut Recorded,
    finding: &'a Finding,
    /// The campaign that it belongs to: its own, unless it has joined another.
    campaign: CampaignId,
    news: Vec<News>,
}

/// What is known of the destination already.
struct Known {
    campaign: CampaignId,
    standing: (Severity, f64),
    joined_at: i64,
}

impl<'a, 'j> Ledger<'a, 'j> {
    pub(super) fn new(
        (change, journal): (&'a Transaction<'a>, &'a mut Journal<'j>),
        recorded: &'a mut Recorded,
        finding: &'a Finding,
    ) -> Self {
        Self {
            change,
            journal,
            recorded,
            finding,
            campaign: finding.campaign.clone(),
            news: Vec::new(),
        }
    }

    pub(super) fn take(mut self) -> Result<(), RegistryError> {
        let is_low = self.finding.severity < RECORDED_FROM;
        let mut is_new = false;
        match self.known()? {
            None if is_low => return Ok(()),
            None => match cluster::campaign_of(self.change, self.finding)? {
                Some(campaign) => {
                    self.campaign = campaign;
                    self.join()?;
                }
                None => {
                    is_new = true;
                    self.raise()?;
                }
            },
            // Passed over when it came first, and so when a detector starts over.
            Some(known) if is_low && self.finding.at.0 <= known.joined_at => return Ok(()),
            Some(known) => {
                self.campaign = known.campaign;
                self.rise(known.standing)?;
            }
        }
        for hit in &self.finding.hits {
            self.put(hit, is_new)?;
        }
        let last = self.finding.hits.iter().map(|hit| hit.last_seen).max();
        let (first, last) = (self.finding.first_seen, last.unwrap_or(self.finding.at));
        self.execute(
            queries::SEEN_CAMPAIGN,
            params![self.campaign.as_str(), first.0, last.0],
        )?;
        let campaign = (&self.campaign, self.finding);
        Inboxes::of((self.change, self.journal), self.recorded, campaign)?.tell(&self.news)
    }

    fn known(&self) -> Result<Option<Known>, RegistryError> {
        type Row = (String, String, f64, i64);
        let mut statement = self.change.prepare_cached(queries::MEMBER)?;
        let row: Option<Row> = statement
            .query_row([self.finding.campaign.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let Some((campaign, severity, score, joined_at)) = row else {
            return Ok(None);
        };
        Ok(Some(Known {
            campaign: cluster::id(campaign)?,
            standing: (level(&severity)?, score),
            joined_at,
        }))
    }

    fn raise(&mut self) -> Result<(), RegistryError> {
        let finding = self.finding;
        self.execute(
            queries::ADD_CAMPAIGN,
            params![
                finding.campaign.as_str(),
                finding.destination,
                finding.account.as_deref().unwrap_or_default(),
                finding.kind.as_str(),
                finding.severity.as_str(),
                finding.score,
                json!(finding.reasons).to_string(),
                finding.at.0,
                finding.first_seen.0,
            ],
        )?;
        self.add_member()
    }

    /// It becomes part of a campaign that is known for another destination.
    fn join(&mut self) -> Result<(), RegistryError> {
        self.add_member()?;
        self.news.push(News::Member);
        self.lift()
    }

    fn add_member(&self) -> Result<(), RegistryError> {
        let finding = self.finding;
        self.execute(
            queries::ADD_MEMBER,
            params![
                finding.campaign.as_str(),
                self.campaign.as_str(),
                finding.destination,
                finding.account.as_deref().unwrap_or_default(),
                finding.kind.as_str(),
                finding.severity.as_str(),
                finding.score,
                json!(finding.reasons).to_string(),
                finding.at.0,
            ],
        )
    }

    fn rise(&mut self, standing: (Severity, f64)) -> Result<(), RegistryError> {
        let finding = self.finding;
        if (finding.severity, finding.score) <= standing {
            return Ok(());
        }
        self.execute(
            queries::RAISE_MEMBER,
            params![
                finding.campaign.as_str(),
                finding.kind.as_str(),
                finding.severity.as_str(),
                finding.score,
                json!(finding.reasons).to_string(),
            ],
        )?;
        if finding.campaign == self.campaign {
            let kind = finding.kind.as_str();
            self.execute(queries::SET_KIND, params![self.campaign.as_str(), kind])?;
        }
        self.lift()
    }

    /// The campaign stands as high as the highest of its members.
    fn lift(&mut self) -> Result<(), RegistryError> {
        let finding = self.finding;
        let mut statement = self.change.prepare_cached(queries::STANDING)?;
        let (severity, score): (String, f64) = statement
            .query_row([self.campaign.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let standing = level(&severity)?;
        if (finding.severity, finding.score) <= (standing, score) {
            return Ok(());
        }
        let severity = finding.severity.as_str();
        self.execute(
            queries::RAISE_CAMPAIGN,
            params![
                self.campaign.as_str(),
                severity,
                finding.score,
                json!(finding.reasons).to_string(),
                finding.at.0,
            ],
        )?;
        if finding.severity > standing {
            self.news.push(News::Worse);
        }
        Ok(())
    }

    fn put(&mut self, hit: &Hit, is_new: bool) -> Result<(), RegistryError> {
        let (campaign, site) = (self.campaign.as_str(), hit.site.as_str());
        let standing: Option<String> = self
            .change
            .prepare_cached(queries::HIT)?
            .query_row([campaign, site], |row| row.get(0))
            .optional()?;
        let (first, last) = (hit.first_seen.0, hit.last_seen.0);
        self.execute(
            queries::PUT_HIT,
            params![
                campaign,
                site,
                first,
                last,
                self.finding.at.0,
                hit.clients,
                hit.networks,
                hit.page_networks,
                directives(hit, standing.as_deref()),
                hit.card_number,
            ],
        )?;
        let member = self.finding.campaign.as_str();
        self.execute(queries::PUT_MEMBER_SITE, params![member, site, first, last])?;
        if standing.is_none() && !is_new {
            self.news.push(News::Site(hit.site.clone()));
        }
        Ok(())
    }

    fn execute(
        &self,
        sql: &'static str,
        values: impl rusqlite::Params,
    ) -> Result<(), RegistryError> {
        self.change.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }
}

fn level(word: &str) -> Result<Severity, RegistryError> {
    Severity::of_word(word).ok_or_else(|| RegistryError::Damaged(format!("severity {word}")))
}

/// The directives of a hit, and those that stood already, as JSON in a fixed order.
fn directives(hit: &Hit, standing: Option<&str>) -> String {
    let standing: Vec<String> = standing
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let fresh = hit.directives.iter().map(|it| it.as_str().to_owned());
    let all: std::collections::BTreeSet<String> = standing.into_iter().chain(fresh).collect();
    json!(all).to_string()
}
