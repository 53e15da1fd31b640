//! [`Feed`]: what happens to the alerts of an organization, in the order in which it is written down.

use rusqlite::params;

use super::alert::Alert;
use super::event::{Event, What};
use super::read::{may_be_seen, word};
use super::{Cases, CasesError, queries};
use crate::clock::Timestamp;
use crate::ids::AlertId;
use crate::scope::Scope;

/// Most events that are read at once.
pub const MAX_FEED: u32 = 100;

/// What happened to alerts in scope after some event.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// What happened, in order.
    pub news: Vec<News>,
    /// The number up to which nothing is left to read.
    pub read_to: u64,
    /// Whether there is more.
    pub more: bool,
}

/// Something that happened to an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// Its number: numbers only grow.
    pub number: u64,
    /// What happened.
    pub event: Event,
    /// The alert as it is now.
    pub alert: Alert,
}

impl Cases {
    /// The number of the newest event of all alerts: whoever listens from now on begins after it.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn newest_event(&self) -> Result<u64, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::NEWEST_EVENT)?;
        let newest = statement.query_row([], |row| row.get::<_, i64>(0))?;
        Ok(u64::try_from(newest).unwrap_or(0))
    }

    /// What happened after an event to the alerts of the reader's organization, as far as it is in scope.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn feed(&self, scope: &Scope, after: u64) -> Result<Feed, CasesError> {
        // Asked first: what is written meanwhile comes next time.
        let newest = self.newest_event()?;
        let events = self.events_after(scope, (after, newest))?;
        let more = events.len() >= MAX_FEED as usize;
        let last = events.last().map_or(newest, |(number, ..)| *number);
        let mut news = Vec::new();
        for (number, id, event) in events {
            // It may be out of scope, or erased since.
            let Some(alert) = self.alert(scope, &id)? else {
                continue;
            };
            if may_be_seen(scope, &alert.campaign, &event) {
                news.push(News {
                    number,
                    event,
                    alert,
                });
            }
        }
        // An event may be gone by erasure; numbers before it are not given again.
        let read_to = if more { last } else { newest.max(after) };
        Ok(Feed {
            news,
            read_to,
            more,
        })
    }

    fn events_after(
        &self,
        scope: &Scope,
        (after, newest): (u64, u64),
    ) -> Result<Vec<(u64, AlertId, Event)>, CasesError> {
        let bound = |it: u64| i64::try_from(it).unwrap_or(i64::MAX);
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::EVENTS_AFTER)?;
        let organization = scope.organization();
        let values = params![organization, bound(after), bound(newest), MAX_FEED];
        let mut rows = statement.query(values)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (alert, what): (String, String) = (row.get(1)?, row.get(4)?);
            let event = Event {
                at: Timestamp(row.get(2)?),
                actor: row.get(3)?,
                what: word(&what, What::of_word)?,
                subject: row.get(5)?,
            };
            let number = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
            found.push((number, word(&alert, |it| it.parse().ok())?, event));
        }
        Ok(found)
    }
}
