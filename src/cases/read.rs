//! Alerts and campaigns as a reader may see them.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::json;

use super::alert::{Alert, State};
use super::campaign::{Campaign, SiteHit};
use super::cursor::Cursor;
use super::deadlines::Deadlines;
use super::error::CasesError;
use super::event::{Event, What};
use super::member::Member;
use super::triage::Cause;
use super::{Cases, queries};
use crate::clock::Timestamp;
use crate::finding::{FindingKind, Severity};
use crate::ids::{AlertId, CampaignId, OrganizationId, SiteId};
use crate::registry::RegistryError;
use crate::scope::Scope;

/// Most alerts or campaigns on one page.
pub const MAX_PAGE: u32 = 500;

/// Which alerts. What is not set does not matter.
#[derive(Clone, Debug, Default)]
pub struct AlertFilter {
    /// This one.
    pub id: Option<AlertId>,
    /// In one of these states; empty: in any.
    pub states: Vec<State>,
    /// About this site.
    pub site: Option<SiteId>,
    /// About this destination.
    pub destination: Option<String>,
    /// Assigned to this user.
    pub assignee: Option<String>,
    /// Of this organization, for the operator, who sees each one's; not set: the reader's own.
    pub organization: Option<OrganizationId>,
}

impl AlertFilter {
    /// Whose alerts are meant; `None` for anybody's: the operator knows one by its id alone.
    fn organization<'a>(&'a self, scope: &'a Scope) -> Option<&'a str> {
        match (scope, &self.organization) {
            (Scope::Operator, Some(named)) => Some(named.as_str()),
            (Scope::Operator, None) if self.id.is_some() => None,
            _ => Some(scope.organization()),
        }
    }
}

/// One page of alerts, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertPage {
    /// At most as many as asked for.
    pub alerts: Vec<Alert>,
    /// Where the next page begins, if there may be one.
    pub next: Option<Cursor>,
}

impl Cases {
    /// Alerts in scope, newest first, beginning after `after`.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn alerts(
        &self,
        scope: &Scope,
        filter: &AlertFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<AlertPage, CasesError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let seen = visible(scope);
        let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
        let states = (!states.is_empty()).then(|| json!(states).to_string());
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::ALERTS)?;
        let mut rows = statement.query(params![
            seen,
            filter.id.as_ref().map(AlertId::as_str),
            states,
            filter.site.as_ref().map(SiteId::as_str),
            filter.destination,
            after.map(|cursor| cursor.raised_at),
            after.map(|cursor| cursor.id.as_str()),
            limit,
            filter.organization(scope),
            filter.assignee,
        ])?;
        let mut alerts = Vec::new();
        while let Some(row) = rows.next()? {
            alerts.push(alert(&connection, (seen, &self.deadlines), row)?);
        }
        let full = alerts.len() >= limit as usize;
        let last = alerts.last().filter(|_| full);
        let next = last.map(|alert| Cursor::after(alert.raised_at, alert.id.as_str()));
        Ok(AlertPage { alerts, next })
    }

    /// One alert in scope.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn alert(&self, scope: &Scope, id: &AlertId) -> Result<Option<Alert>, CasesError> {
        let filter = AlertFilter {
            id: Some(id.clone()),
            ..AlertFilter::default()
        };
        Ok(self.alerts(scope, &filter, None, 1)?.alerts.pop())
    }

    /// What happened to an alert in scope, in order. A site outside the scope joins without a trace.
    ///
    /// # Errors
    /// [`CasesError::NoAlert`], or if the control state cannot be read.
    pub fn events(&self, scope: &Scope, id: &AlertId) -> Result<Vec<Event>, CasesError> {
        let alert = self.alert(scope, id)?;
        let alert = alert.ok_or_else(|| CasesError::NoAlert(id.clone()))?;
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::EVENTS)?;
        let mut rows = statement.query([id.as_str()])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            let what: String = row.get(2)?;
            let event = Event {
                at: Timestamp(row.get(0)?),
                actor: row.get(1)?,
                what: word(&what, What::of_word)?,
                subject: row.get(3)?,
            };
            if may_be_seen(scope, &alert.campaign, &event) {
                events.push(event);
            }
        }
        Ok(events)
    }

    /// Campaigns in scope, newest first, beginning after `after`.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn campaigns(
        &self,
        scope: &Scope,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<(Vec<Campaign>, Option<Cursor>), CasesError> {
        let limit = limit.clamp(1, MAX_PAGE);
        let seen = visible(scope);
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::CAMPAIGNS)?;
        let mut rows = statement.query(params![
            seen,
            after.map(|cursor| cursor.raised_at),
            after.map(|cursor| cursor.id.as_str()),
            limit
        ])?;
        let mut campaigns = Vec::new();
        while let Some(row) = rows.next()? {
            campaigns.push(campaign(&connection, seen, row)?);
        }
        let full = campaigns.len() >= limit as usize;
        let last = campaigns.last().filter(|_| full);
        let next = last.map(|it| Cursor::after(it.raised_at, it.id.as_str()));
        Ok((campaigns, next))
    }
}

/// The scope as the statements take it.
pub(super) fn visible(scope: &Scope) -> Option<&str> {
    scope.portfolio().map(|it| it.organization().as_str())
}

/// Whether an event tells of nothing outside the scope.
pub(super) fn may_be_seen(scope: &Scope, campaign: &Campaign, event: &Event) -> bool {
    let subject = event.subject.as_str();
    match event.what {
        What::SiteJoined | What::Reopened => subject.is_empty() || scope.sees(subject),
        What::MemberJoined => campaign.members.iter().any(|it| it.destination == subject),
        _ => true,
    }
}

fn alert(
    connection: &Connection,
    (seen, deadlines): (Option<&str>, &Deadlines),
    row: &Row<'_>,
) -> Result<Alert, CasesError> {
    let id: String = row.get(11)?;
    let state: String = row.get(12)?;
    let cause: String = row.get(15)?;
    let campaign = campaign(connection, seen, row)?;
    let state = word(&state, State::of_word)?;
    let opened_at = Timestamp(row.get(17)?);
    Ok(Alert {
        id: word(&id, |text| text.parse().ok())?,
        due_at: deadlines.due_at(campaign.severity, state, opened_at),
        campaign,
        state,
        raised_at: Timestamp(row.get(13)?),
        changed_at: Timestamp(row.get(14)?),
        opened_at,
        looked_at: row.get::<_, Option<i64>>(18)?.map(Timestamp),
        closed_at: row.get::<_, Option<i64>>(19)?.map(Timestamp),
        cause: Cause::of_word(&cause),
        note: row.get(16)?,
        assignee: row.get(20)?,
    })
}

fn campaign(
    connection: &Connection,
    seen: Option<&str>,
    row: &Row<'_>,
) -> Result<Campaign, CasesError> {
    let id: String = row.get(0)?;
    let members = members(connection, seen, &id)?;
    let severity: String = row.get(4)?;
    // Of a destination that was at other sites alone the reader learns nothing.
    let (destination, account, kind) = match members.first() {
        Some(first) => (first.destination.clone(), first.account.clone(), first.kind),
        None => {
            let kind: String = row.get(3)?;
            let kind = word(&kind, FindingKind::of_word)?;
            (row.get(1)?, some(row.get(2)?), kind)
        }
    };
    let (sites, others) = hits(connection, seen, &id)?;
    let (mut first_seen, mut last_seen) = (Timestamp(row.get(9)?), Timestamp(row.get(10)?));
    if others > 0 {
        // When it was at sites that the reader may not see is as much theirs as their names.
        first_seen = sites
            .iter()
            .map(|hit| hit.first_seen)
            .min()
            .unwrap_or(first_seen);
        last_seen = sites
            .iter()
            .map(|hit| hit.last_seen)
            .max()
            .unwrap_or(last_seen);
    }
    Ok(Campaign {
        id: word(&id, |text| CampaignId::try_from(text.to_owned()).ok())?,
        destination,
        account,
        kind,
        severity: word(&severity, Severity::of_word)?,
        score: row.get(5)?,
        reasons: list(&row.get::<_, String>(6)?)?,
        judged_at: Timestamp(row.get(7)?),
        raised_at: Timestamp(row.get(8)?),
        first_seen,
        last_seen,
        members,
        sites,
        others: if tells_others(connection, seen)? {
            others
        } else {
            0
        },
    })
}

/// Whether the reader is told how many merchants of others were hit.
fn tells_others(connection: &Connection, seen: Option<&str>) -> Result<bool, CasesError> {
    let Some(organization) = seen else {
        return Ok(true);
    };
    let mut statement = connection.prepare_cached(queries::TELLS_OTHERS)?;
    let told = statement.query_row([organization], |row| row.get(0));
    Ok(told.optional()?.unwrap_or(false))
}

fn members(
    connection: &Connection,
    seen: Option<&str>,
    campaign: &str,
) -> Result<Vec<Member>, CasesError> {
    let mut statement = connection.prepare_cached(queries::MEMBERS)?;
    let mut rows = statement.query(params![seen, campaign])?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, severity): (String, String) = (row.get(2)?, row.get(3)?);
        members.push(Member {
            destination: row.get(0)?,
            account: some(row.get(1)?),
            kind: word(&kind, FindingKind::of_word)?,
            severity: word(&severity, Severity::of_word)?,
            score: row.get(4)?,
            reasons: list(&row.get::<_, String>(5)?)?,
            joined_at: Timestamp(row.get(6)?),
            first_seen: Timestamp(row.get(7)?),
            last_seen: Timestamp(row.get(8)?),
            sites: row.get(9)?,
        });
    }
    Ok(members)
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn hits(
    connection: &Connection,
    seen: Option<&str>,
    campaign: &str,
) -> Result<(Vec<SiteHit>, u32), CasesError> {
    let mut statement = connection.prepare_cached(queries::HITS)?;
    let mut rows = statement.query(params![seen, campaign])?;
    let (mut hits, mut others) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if !row.get::<_, bool>(9)? {
            others += 1;
            continue;
        }
        let site: String = row.get(0)?;
        hits.push(SiteHit {
            site: word(&site, |text| SiteId::new(text).ok())?,
            first_seen: Timestamp(row.get(1)?),
            last_seen: Timestamp(row.get(2)?),
            joined_at: Timestamp(row.get(3)?),
            clients: row.get(4)?,
            networks: row.get(5)?,
            page_networks: row.get(6)?,
            directives: list(&row.get::<_, String>(7)?)?,
            card_number: row.get(8)?,
        });
    }
    Ok((hits, others))
}

/// What a word that is stored stands for.
pub(super) fn word<T>(
    text: &str,
    of_word: impl FnOnce(&str) -> Option<T>,
) -> Result<T, CasesError> {
    of_word(text).ok_or_else(|| RegistryError::Damaged(text.to_owned()).into())
}

fn list<T: serde::de::DeserializeOwned>(text: &str) -> Result<Vec<T>, CasesError> {
    serde_json::from_str(text).map_err(|e| RegistryError::Damaged(e.to_string()).into())
}
