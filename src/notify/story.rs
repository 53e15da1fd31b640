//! [`Story`]: a notice, and what it is about as the organization may see it now.

use std::collections::BTreeMap;

use super::NotifyError;
use crate::cases::{Alert, Cases};
use crate::ids::SiteId;
use crate::registry::{Addressee, NoticeKind, Registry, RegistryError, Waiting};
use crate::scope::Scope;

/// Most merchants that a notice names; the rest are counted.
pub(super) const MOST_NAMES: usize = 10;

/// A notice, and what it is about.
#[derive(Clone, Debug)]
pub struct Story {
    /// What is new.
    pub(super) notice: Waiting,
    /// The alert; none of a test.
    pub(super) alert: Option<Alert>,
    /// What sites are called, as far as they are named.
    names: BTreeMap<SiteId, String>,
}

impl Story {
    /// What people call a site.
    pub(super) fn name<'a>(&'a self, site: &'a str) -> &'a str {
        let name = self.names.get(site).map(|name| name.trim());
        name.filter(|name| !name.is_empty()).unwrap_or(site)
    }
}

/// Looks up what these notices are about. Those of which nothing is left to see are left out.
pub(super) fn tell(
    registry: &Registry,
    cases: &Cases,
    to: &Addressee,
    notices: &[Waiting],
) -> Result<Vec<Story>, NotifyError> {
    let scope = registry.scope(&to.organization)?;
    let mut stories = Vec::new();
    for notice in notices {
        let alert = match &notice.alert {
            Some(id) => cases.alert(&scope, id)?,
            None => None,
        };
        if alert.is_none() && notice.kind != NoticeKind::Test {
            continue;
        }
        let mut notice = notice.clone();
        if !may_be_told(&scope, &notice, alert.as_ref()) {
            notice.subject.clear();
        }
        let names = names(registry, &scope, (&notice, alert.as_ref()))?;
        stories.push(Story {
            notice,
            alert,
            names,
        });
    }
    Ok(stories)
}

/// Whether the organization may see what is new, still.
fn may_be_told(scope: &Scope, notice: &Waiting, alert: Option<&Alert>) -> bool {
    match (notice.kind, alert) {
        (NoticeKind::SiteJoined | NoticeKind::Reopened, _) => scope.sees(&notice.subject),
        (NoticeKind::MemberJoined, Some(alert)) => {
            let mut members = alert.campaign.members.iter();
            members.any(|it| it.destination == notice.subject)
        }
        _ => true,
    }
}

fn names(
    registry: &Registry,
    scope: &Scope,
    (notice, alert): (&Waiting, Option<&Alert>),
) -> Result<BTreeMap<SiteId, String>, RegistryError> {
    let hits = alert.map_or(&[][..], |it| &it.campaign.sites);
    let sites = hits.iter().take(MOST_NAMES).map(|hit| hit.site.clone());
    let mut names = BTreeMap::new();
    for site in sites.chain(SiteId::new(&notice.subject).ok()) {
        if let Some(entry) = registry.site(scope, &site)? {
            names.insert(site, entry.record.name);
        }
    }
    Ok(names)
}
