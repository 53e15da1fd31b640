//! A site is erased from campaigns and alerts, in the change that writes the erasure down.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::error::CasesError;
use super::{Cases, queries};
use crate::erasure::{Erasure, Target};
use crate::registry::{
    TrustsOf, count_trusts, forget_notices, forget_site_in_notices, forget_trusts, record_erasure,
};

/// What campaigns and alerts hold of a site, and what people decided for it alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Campaigns that were seen there.
    pub hits: u32,
    /// Events of alerts that name it.
    pub events: u32,
    /// Campaigns that were seen nowhere else: they go as a whole.
    pub campaigns: u32,
    /// Alerts of those.
    pub alerts: u32,
    /// Destinations that are trusted at it alone.
    pub trusts: u32,
}

impl Traces {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Cases {
    /// What campaigns and alerts hold of a target. Of a client they hold nothing.
    ///
    /// # Errors
    /// [`CasesError`] if the control state cannot be read.
    pub fn traces(&self, target: &Target) -> Result<Traces, CasesError> {
        let connection = self.registry.lock();
        Ok(look(&connection, target)?.0)
    }

    /// Writes an erasure down and forgets what campaigns and alerts hold of its target, in one change. `rows` is
    /// what it was found to cover elsewhere, for the audit log. Returns the erasure's number.
    ///
    /// # Errors
    /// [`CasesError`] if the control state refuses; then nothing was changed.
    pub fn erase(
        &self,
        erasure: &Erasure,
        rows: &Value,
        actor: &str,
    ) -> Result<(i64, Traces), CasesError> {
        self.registry.change(|change, journal| {
            let (traces, alone) = look(change, &erasure.target)?;
            if let Target::Site(site) = &erasure.target {
                for sql in [
                    queries::FORGET_HITS,
                    queries::FORGET_JOINS,
                    queries::FORGET_REASONS,
                ] {
                    change.execute(sql, [site.as_str()])?;
                }
                let [of_site, joins, members] = queries::FORGET_MEMBERS;
                change.execute(of_site, [site.as_str()])?;
                for sql in [joins, members, queries::RENAME_CAMPAIGNS] {
                    change.execute(sql, [])?;
                }
                forget_trusts(change, site)?;
                forget_site_in_notices(change, site)?;
            }
            for campaign in alone {
                forget_notices(change, &campaign)?;
                for sql in queries::FORGET_CAMPAIGN {
                    change.execute(sql, [&campaign])?;
                }
            }
            let detail = json!({
                "rows": rows, "campaigns_named": traces.hits, "events": traces.events,
                "campaigns": traces.campaigns, "alerts": traces.alerts, "trusts": traces.trusts,
            });
            let id = record_erasure(change, journal, erasure, (actor, detail))?;
            Ok((id, traces))
        })
    }
}

/// The traces of a target, and the campaigns that were seen at this site alone.
fn look(connection: &Connection, target: &Target) -> Result<(Traces, Vec<String>), CasesError> {
    let Target::Site(site) = target else {
        return Ok((Traces::default(), Vec::new()));
    };
    let trusts = count_trusts(connection, &TrustsOf::Site(site.clone()))?;
    let site = site.as_str();
    let mut traces = connection.query_row(queries::TRACES, [site], |row| {
        Ok(Traces {
            hits: row.get(0)?,
            events: row.get(1)?,
            trusts,
            ..Traces::default()
        })
    })?;
    let mut statement = connection.prepare(queries::CAMPAIGNS_OF_ONE)?;
    let alone = statement.query_map([site], |row| row.get(0))?;
    let alone: Vec<String> = alone.collect::<Result<_, _>>()?;
    traces.campaigns = u32::try_from(alone.len()).unwrap_or(u32::MAX);
    for campaign in &alone {
        traces.alerts +=
            connection.query_row(queries::ALERTS_OF, [campaign], |row| row.get::<_, u32>(0))?;
    }
    Ok((traces, alone))
}
