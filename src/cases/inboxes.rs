//! [`Inboxes`]: the alerts of one campaign, one for each organization that sees a merchant who was hit, and the operator's.
//!
//! The rules: an organization is told what happened at sites that it sees, and nothing else; what people ended begins
//! again when it goes on.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};
use serde_json::{Value, json};

use super::alert::State;
use super::event::What;
use super::queries;
use super::record::{Recorded, add_event};
use super::triage::Cause;
use crate::clock::Timestamp;
use crate::finding::{Finding, Severity};
use crate::ids::{AlertId, CampaignId, OPERATOR, SiteId};
use crate::registry::{Announcement, Deed, Journal, NoticeKind, RegistryError};

/// Who stands in the log for what nobody did by hand.
pub(super) const ACTOR: &str = "detector";

/// Reports that come in so long after an alert was ended still tell of before, in milliseconds: pages stay open, and
/// browsers hold reports back.
const LATE: i64 = 3_600_000;

/// What a finding changed in a campaign that was known.
pub(super) enum News {
    /// It stands higher.
    Worse,
    /// The finding's destination belongs to it.
    Member,
    /// It is at one more site.
    Site(SiteId),
}

/// The alerts of one campaign.
pub(super) struct Inboxes<'a, 'j> {
    change: &'a Transaction<'a>,
    journal: &'a mut Journal<'j>,
    recorded: &'a mut Recorded,
    campaign: &'a CampaignId,
    finding: &'a Finding,
    /// Which sites of the finding each organization sees. The operator sees them all.
    seen: BTreeMap<String, BTreeSet<&'a str>>,
    standing: BTreeMap<String, Standing>,
}

/// An alert that is there already.
struct Standing {
    alert: AlertId,
    state: State,
    cause: Option<Cause>,
    changed_at: i64,
}

impl<'a, 'j> Inboxes<'a, 'j> {
    pub(super) fn of(
        (change, journal): (&'a Transaction<'a>, &'a mut Journal<'j>),
        recorded: &'a mut Recorded,
        (campaign, finding): (&'a CampaignId, &'a Finding),
    ) -> Result<Self, RegistryError> {
        let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut statement = change.prepare_cached(queries::ORGANIZATIONS_OF)?;
        for hit in &finding.hits {
            let site = hit.site.as_str();
            let organizations = statement.query_map([site], |row| row.get::<_, String>(0))?;
            for organization in organizations {
                seen.entry(organization?).or_default().insert(site);
            }
        }
        let all = finding.hits.iter().map(|hit| hit.site.as_str());
        seen.insert(OPERATOR.to_owned(), all.collect());
        Ok(Self {
            change,
            journal,
            recorded,
            campaign,
            finding,
            seen,
            standing: standing(change, campaign)?,
        })
    }

    /// Raises the alert of whoever has none yet, and tells the others what is new.
    pub(super) fn tell(mut self, news: &[News]) -> Result<(), RegistryError> {
        let organizations: BTreeSet<String> = self.seen.keys().cloned().collect();
        for organization in &organizations {
            match self.standing.remove(organization) {
                None => self.raise(organization)?,
                Some(alert) => self.go_on(organization, alert, news)?,
            }
        }
        // Whoever sees none of its merchants any more still sees how high it stands.
        for (organization, alert) in std::mem::take(&mut self.standing) {
            let worse = news.iter().any(|news| matches!(news, News::Worse));
            if worse {
                self.worsen(&organization, &alert)?;
            }
        }
        Ok(())
    }

    fn raise(&mut self, organization: &str) -> Result<(), RegistryError> {
        let alert = AlertId::of(self.campaign, organization);
        let severity = self.severity()?;
        let values = params![
            alert.as_str(),
            self.campaign.as_str(),
            organization,
            self.finding.at.0
        ];
        self.change
            .prepare_cached(queries::ADD_ALERT)?
            .execute(values)?;
        self.event(&alert, What::Raised, &severity)?;
        let detail = json!({ "destination": self.finding.destination, "severity": severity });
        self.note((organization, &alert), "alert.raised", detail)?;
        self.announce((organization, &alert), (NoticeKind::Raised, ""))?;
        self.recorded.raised.push(alert);
        Ok(())
    }

    fn go_on(
        &mut self,
        organization: &str,
        alert: Standing,
        news: &[News],
    ) -> Result<(), RegistryError> {
        let mut begins_again = None;
        for news in news {
            match news {
                News::Worse => {
                    self.worsen(organization, &alert)?;
                    begins_again = Some("");
                }
                News::Member => {
                    self.add_member(organization, &alert)?;
                    begins_again = begins_again.or(alert.was_attack().then_some(""));
                }
                News::Site(site) if self.sees(organization, site) => {
                    self.event(&alert.alert, What::SiteJoined, site.as_str())?;
                    let news = (NoticeKind::SiteJoined, site.as_str());
                    self.announce((organization, &alert.alert), news)?;
                    let joined = (alert.alert.clone(), site.clone());
                    self.recorded.joined.push(joined);
                    if alert.was_attack() {
                        begins_again = Some(site.as_str());
                    }
                }
                News::Site(_) => {}
            }
        }
        let again = || self.seen_again(organization, &alert);
        match begins_again.or_else(again).map(str::to_owned) {
            Some(site) if alert.state >= State::Contained => {
                self.reopen(organization, &alert, &site)
            }
            _ => Ok(()),
        }
    }

    fn worsen(&mut self, organization: &str, alert: &Standing) -> Result<(), RegistryError> {
        let severity = self.finding.severity.as_str();
        self.event(&alert.alert, What::Worsened, severity)?;
        let detail = json!({ "severity": severity });
        self.note((organization, &alert.alert), "alert.worsened", detail)?;
        let news = (NoticeKind::Worsened, severity);
        self.announce((organization, &alert.alert), news)?;
        self.recorded.worsened.push(alert.alert.clone());
        Ok(())
    }

    fn add_member(&mut self, organization: &str, alert: &Standing) -> Result<(), RegistryError> {
        let (destination, severity) = (&self.finding.destination, self.finding.severity);
        self.event(&alert.alert, What::MemberJoined, destination)?;
        let detail = json!({ "destination": destination, "severity": severity.as_str() });
        self.note((organization, &alert.alert), "alert.member-joined", detail)?;
        let news = (NoticeKind::MemberJoined, destination.as_str());
        self.announce((organization, &alert.alert), news)?;
        let joined = (alert.alert.clone(), destination.clone());
        self.recorded.members.push(joined);
        Ok(())
    }

    /// The site where an attack that people ended goes on.
    fn seen_again(&self, organization: &str, alert: &Standing) -> Option<&'a str> {
        if alert.state == State::Closed && !alert.was_attack() {
            return None;
        }
        let mut hits = self.finding.hits.iter();
        let again = hits.find(|hit| {
            hit.last_seen.0 > alert.changed_at + LATE && self.sees(organization, &hit.site)
        });
        again.map(|hit| hit.site.as_str())
    }

    fn reopen(
        &mut self,
        organization: &str,
        alert: &Standing,
        site: &str,
    ) -> Result<(), RegistryError> {
        let open = State::Open.as_str();
        let values = params![alert.alert.as_str(), open, self.finding.at.0, "", ""];
        self.change
            .prepare_cached(queries::SET_STATE)?
            .execute(values)?;
        self.event(&alert.alert, What::Reopened, site)?;
        let detail = json!({ "site": site });
        self.note((organization, &alert.alert), "alert.reopened", detail)?;
        self.announce((organization, &alert.alert), (NoticeKind::Reopened, site))?;
        self.recorded.reopened.push(alert.alert.clone());
        Ok(())
    }

    fn sees(&self, organization: &str, site: &SiteId) -> bool {
        let sites = self.seen.get(organization);
        sites.is_some_and(|sites| sites.contains(site.as_str()))
    }

    /// How high the campaign stands, which may be higher than the finding.
    fn severity(&self) -> Result<String, RegistryError> {
        let mut statement = self.change.prepare_cached(queries::STANDING)?;
        Ok(statement.query_row([self.campaign.as_str()], |row| row.get(0))?)
    }

    fn event(&self, alert: &AlertId, what: What, subject: &str) -> Result<(), RegistryError> {
        let by: (Timestamp, &str) = (self.finding.at, ACTOR);
        add_event(self.change, alert, by, (what, subject))
    }

    /// Tells the organization, if it wants to be told of what stands as high as this.
    fn announce(
        &mut self,
        (organization, alert): (&str, &AlertId),
        (kind, subject): (NoticeKind, &str),
    ) -> Result<(), RegistryError> {
        let word = self.severity()?;
        let severity = Severity::of_word(&word).ok_or(RegistryError::Damaged(word))?;
        self.journal.announce(&Announcement {
            organization,
            alert: Some(alert),
            kind,
            severity,
            subject,
        })
    }

    fn note(
        &mut self,
        (organization, alert): (&str, &AlertId),
        action: &'static str,
        detail: Value,
    ) -> Result<(), RegistryError> {
        self.journal.note(&Deed {
            actor: ACTOR,
            organization,
            action,
            subject: alert.as_str(),
            detail,
        })
    }
}

impl Standing {
    /// Whether people ended it knowing that cards were at risk, or have not ended it.
    fn was_attack(&self) -> bool {
        self.cause.is_none_or(Cause::is_attack)
    }
}

fn standing(
    change: &Transaction<'_>,
    campaign: &CampaignId,
) -> Result<BTreeMap<String, Standing>, RegistryError> {
    let mut statement = change.prepare_cached(queries::ALERTS_OF_CAMPAIGN)?;
    let mut rows = statement.query([campaign.as_str()])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (id, state, cause): (String, String, String) = (row.get(0)?, row.get(2)?, row.get(3)?);
        let damaged = || RegistryError::Damaged(format!("alert {id}: {state}"));
        let alert = Standing {
            alert: id.parse().map_err(|_invalid| damaged())?,
            state: State::of_word(&state).ok_or_else(damaged)?,
            cause: Cause::of_word(&cause),
            changed_at: row.get(4)?,
        };
        found.insert(row.get(1)?, alert);
    }
    Ok(found)
}
