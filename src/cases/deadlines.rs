//! [`Deadlines`]: how long an alert may wait for people, and who is told when it waits longer.
//!
//! An alert has two: until somebody has looked at it, and until it is closed with a cause. When one passes, the
//! organization is told; when as much time again has passed, the operator is too. Each is told once, and again after
//! the alert was opened again.

use std::time::Duration;

use rusqlite::params;
use serde::Deserialize;
use serde_json::json;

use super::alert::State;
use super::error::CasesError;
use super::event::What;
use super::read::word;
use super::record::add_event;
use super::{Cases, queries};
use crate::clock::Timestamp;
use crate::finding::Severity;
use crate::ids::{AlertId, OPERATOR};
use crate::registry::{Announcement, Deed, NoticeKind};

/// Most alerts that are told of in one look; the rest wait for the next.
const MOST_AT_ONCE: u32 = 500;

/// Who stands in the log for a deadline that passed.
const ACTOR: &str = "deadlines";

/// How long alerts may wait, in hours, by severity.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deadlines {
    /// Of critical alerts. Default: 1 and 24.
    pub critical: Deadline,
    /// Of high ones. Default: 4 and 72.
    pub high: Deadline,
    /// Of medium ones. Default: 24 and 336.
    pub medium: Deadline,
}

/// How long alerts of one severity may wait.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Hours until somebody has looked at it.
    pub look_hours: u32,
    /// Hours until it is closed.
    pub close_hours: u32,
}

/// What is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Late {
    /// Nobody has looked at it.
    Look,
    /// The same, twice as long: the operator is told too.
    LookTwice,
    /// It is not closed.
    Close,
    /// The same, twice as long: the operator is told too.
    CloseTwice,
}

impl Default for Deadlines {
    fn default() -> Self {
        let hours = |look_hours, close_hours| Deadline {
            look_hours,
            close_hours,
        };
        Self {
            critical: hours(1, 24),
            high: hours(4, 72),
            medium: hours(24, 336),
        }
    }
}

impl Deadlines {
    fn of(&self, severity: Severity) -> Deadline {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium | Severity::Low => self.medium,
        }
    }

    /// Until when something must be done next about an alert that was opened then; `None` once it is closed.
    pub(super) fn due_at(
        &self,
        severity: Severity,
        state: State,
        opened: Timestamp,
    ) -> Option<Timestamp> {
        let deadline = self.of(severity);
        let hours = match state {
            State::Open => deadline.look_hours,
            State::Acknowledged | State::Contained => deadline.close_hours,
            State::Closed => return None,
        };
        Some(after(opened, hours, 1))
    }

    /// The most urgent of what is late about an alert that was opened then.
    fn late(
        &self,
        severity: Severity,
        state: State,
        (opened, now): (Timestamp, Timestamp),
    ) -> Option<Late> {
        let deadline = self.of(severity);
        let has_passed = |hours, times| after(opened, hours, times) <= now;
        let all = [
            (
                Late::CloseTwice,
                state < State::Closed && has_passed(deadline.close_hours, 2),
            ),
            (
                Late::Close,
                state < State::Closed && has_passed(deadline.close_hours, 1),
            ),
            (
                Late::LookTwice,
                state == State::Open && has_passed(deadline.look_hours, 2),
            ),
            (
                Late::Look,
                state == State::Open && has_passed(deadline.look_hours, 1),
            ),
        ];
        all.into_iter().find(|(_, is)| *is).map(|(late, _)| late)
    }

    /// Whether something is late about an alert that was opened then.
    pub(super) fn is_late(
        &self,
        severity: Severity,
        state: State,
        (opened, now): (Timestamp, Timestamp),
    ) -> bool {
        self.late(severity, state, (opened, now)).is_some()
    }

    /// The shortest of them: nothing that was opened later is late.
    fn shortest(&self) -> Duration {
        let all = [self.critical, self.high, self.medium];
        let hours = all
            .iter()
            .flat_map(|it| [it.look_hours, it.close_hours])
            .min();
        Duration::from_secs(u64::from(hours.unwrap_or(0)) * 3600)
    }
}

fn after(moment: Timestamp, hours: u32, times: i64) -> Timestamp {
    Timestamp(
        moment
            .0
            .saturating_add(i64::from(hours) * times * 3_600_000),
    )
}

impl Late {
    /// The word in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::LookTwice => "look-twice",
            Self::Close => "close",
            Self::CloseTwice => "close-twice",
        }
    }

    /// What a word stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        let all = [Self::Look, Self::LookTwice, Self::Close, Self::CloseTwice];
        all.into_iter().find(|late| late.as_str() == word)
    }

    /// Its number in the column `escalation`; 0 is none.
    fn number(self) -> i64 {
        self as i64 + 1
    }

    /// Whether the operator is told too.
    fn concerns_operator(self) -> bool {
        matches!(self, Self::LookTwice | Self::CloseTwice)
    }
}

/// An alert that waits too long.
struct Overdue {
    alert: AlertId,
    organization: String,
    severity: Severity,
    late: Late,
}

impl Cases {
    /// Tells of the deadlines that have passed. The alerts that are late now and were not before.
    ///
    /// # Errors
    /// [`CasesError`] if the control state refuses; then nobody was told.
    pub fn escalate(&self, now: Timestamp) -> Result<Vec<(AlertId, Late)>, CasesError> {
        let late = self.late(now)?;
        if late.is_empty() {
            return Ok(Vec::new());
        }
        self.registry.change(|change, journal| {
            for Overdue {
                alert,
                organization,
                severity,
                late,
            } in &late
            {
                let values = params![alert.as_str(), late.number()];
                // Somebody may have closed it meanwhile.
                if change.execute(queries::ESCALATE, values)? == 0 {
                    continue;
                }
                add_event(change, alert, (now, ACTOR), (What::Overdue, late.as_str()))?;
                let mut concerned = vec![organization.as_str()];
                if late.concerns_operator() && organization != OPERATOR {
                    concerned.push(OPERATOR);
                }
                for organization in concerned {
                    journal.note(&Deed {
                        actor: ACTOR,
                        organization,
                        action: "alert.overdue",
                        subject: alert.as_str(),
                        detail: json!({ "late": late.as_str() }),
                    })?;
                    journal.announce(&Announcement {
                        organization,
                        alert: Some(alert),
                        kind: NoticeKind::Overdue,
                        severity: *severity,
                        subject: late.as_str(),
                    })?;
                }
            }
            Ok::<_, CasesError>(())
        })?;
        Ok(late.into_iter().map(|it| (it.alert, it.late)).collect())
    }

    fn late(&self, now: Timestamp) -> Result<Vec<Overdue>, CasesError> {
        let connection = self.registry.lock();
        let mut statement = connection.prepare_cached(queries::WAITING)?;
        let mut rows = statement.query([now.minus(self.deadlines.shortest()).0])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, state, severity): (String, String, String) =
                (row.get(0)?, row.get(2)?, row.get(3)?);
            let (state, severity) = (
                word(&state, State::of_word)?,
                word(&severity, Severity::of_word)?,
            );
            let (opened, told): (i64, i64) = (row.get(4)?, row.get(5)?);
            let late = self
                .deadlines
                .late(severity, state, (Timestamp(opened), now));
            if let Some(late) = late.filter(|late| late.number() > told) {
                found.push(Overdue {
                    alert: word(&id, |text| text.parse().ok())?,
                    organization: row.get(1)?,
                    severity,
                    late,
                });
            }
            if found.len() >= MOST_AT_ONCE as usize {
                break;
            }
        }
        Ok(found)
    }
}
