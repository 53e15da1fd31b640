//! Campaigns and alerts: a finding that comes again changes nothing, and what is closed stays closed for a
//! reason.

mod deadlines;
mod members;
mod people;
mod readers;
mod record;
mod replay;

use std::path::PathBuf;
use std::sync::Arc;

use skimwatch::cases::{Cases, CasesError, Cause, State, Triage, What};
use skimwatch::clock::{ManualClock, Timestamp};
use skimwatch::finding::{Evidence, Finding, FindingKind, Hit, Reason, Severity};
use skimwatch::ids::{AlertId, CampaignId, OPERATOR, OrganizationId, SiteId};
use skimwatch::language::Language;
use skimwatch::normalize::Directive;
use skimwatch::registry::{Author, OrganizationFacts, OrganizationKind, Registry};
use skimwatch::scope::Scope;

pub(crate) const START: i64 = 1_767_193_243_936;

/// Control state of its own.
pub(crate) struct Bench {
    pub(crate) cases: Cases,
    pub(crate) registry: Arc<Registry>,
    file: PathBuf,
    _dir: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("control.sqlite");
        let clock = ManualClock::at(Timestamp(START));
        let registry = Arc::new(Registry::open(&file, clock).expect("a registry"));
        Self {
            cases: Cases::new(Arc::clone(&registry)),
            registry,
            file,
            _dir: dir,
        }
    }

    /// Every row of every table that findings change, and how long the audit log is.
    fn rows(&self) -> Vec<String> {
        let connection = rusqlite::Connection::open(&self.file).expect("a file");
        let mut found = Vec::new();
        for (table, key) in [
            ("campaigns", "id"),
            ("campaign_sites", "campaign, site"),
            ("campaign_members", "id"),
            ("campaign_member_sites", "member, site"),
            ("alerts", "id"),
            ("alert_events", "alert, seq"),
            ("meta", "1"),
        ] {
            let sql = format!("SELECT * FROM {table} ORDER BY {key}");
            let mut statement = connection.prepare(&sql).expect("a table");
            let width = statement.column_count();
            let mut rows = statement.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                let values = (0..width).map(|i| row.get::<_, rusqlite::types::Value>(i));
                let values: Result<Vec<_>, _> = values.collect();
                found.push(format!("{table} {:?}", values.expect("values")));
            }
        }
        found.push(format!(
            "{:?}",
            self.registry.audit_verify().expect("whole")
        ));
        found
    }

    fn triage(&self, id: &AlertId, triage: &Triage) -> Result<(), CasesError> {
        let author = Author::of_installation("somebody");
        let by = (&author, Timestamp(START + 500_000));
        self.cases.triage(&Scope::Operator, id, by, triage)
    }

    /// What the people of an organization see that has these sites.
    pub(crate) fn sees(&self, organization: &str, sites: &[&str]) -> Scope {
        organization_of(&self.registry, organization, sites);
        let id = OrganizationId::new(organization).expect("a plain id");
        self.registry.scope(&id).expect("readable")
    }

    fn state(&self, id: &AlertId) -> State {
        let alert = self.cases.alert(&Scope::Operator, id).expect("readable");
        alert.expect("it is there").state
    }

    fn count(&self, id: &AlertId, what: What) -> usize {
        let events = self.cases.events(&Scope::Operator, id).expect("readable");
        events.iter().filter(|event| event.what == what).count()
    }
}

/// The alert that an organization has about a destination.
pub(crate) fn alert_for(organization: &str, destination: &str) -> AlertId {
    AlertId::of(&CampaignId::of(destination), organization)
}

/// Makes an organization that has these sites, which need not be there yet.
pub(crate) fn organization_of(registry: &Registry, id: &str, sites: &[&str]) {
    let author = Author::of_installation("test");
    let facts = OrganizationFacts {
        name: format!("The {id}"),
        kind: OrganizationKind::Psp,
        language: Language::En,
        tells_others: true,
    };
    let organization = OrganizationId::new(id).expect("a plain id");
    let made = registry.put_organization(&organization, facts, &author);
    made.expect("an organization");
    for site in sites {
        let merchants = serde_json::json!({"merchants": [{"key": site}]}).to_string();
        registry.import(&merchants, "test").expect("good");
        let site = SiteId::new(site).expect("a plain id");
        let shared = registry.share_site(&organization, (&site, ""), &author);
        shared.expect("shared");
    }
}

/// A finding at this many seconds after the start; each site reports it from a second of its own.
pub(crate) fn finding(
    destination: &str,
    severity: Severity,
    (start, second): (i64, i64),
    sites: &[&str],
) -> Finding {
    let at = start + second * 1000;
    let hit = |(i, site): (usize, &&str)| Hit {
        site: SiteId::new(site).expect("a plain id"),
        first_seen: Timestamp(start - 60_000 + i64::try_from(i).expect("few") * 1000),
        last_seen: Timestamp(at),
        clients: 3,
        networks: 2,
        page_networks: 3,
        directives: vec![Directive::ConnectSrc],
        card_number: false,
    };
    let reason = |evidence, value, weight| Reason {
        evidence,
        value,
        weight,
    };
    let merchants = u32::try_from(sites.len()).expect("few");
    Finding {
        campaign: CampaignId::of(destination),
        destination: destination.to_owned(),
        account: None,
        kind: FindingKind::Exfiltration,
        severity,
        score: 6.5,
        rises: true,
        at: Timestamp(at),
        first_seen: Timestamp(start - 60_000),
        reasons: vec![
            reason(
                Evidence::NewOnPaymentPages {
                    merchants,
                    clients: 9,
                    networks: 8,
                    share: 80,
                },
                2.5,
                5.0,
            ),
            reason(Evidence::SendsOnly, 1.0, 1.5),
        ],
        hits: sites.iter().enumerate().map(hit).collect(),
    }
}

/// The operator's alert about a destination.
pub(crate) fn alert_of(destination: &str) -> AlertId {
    AlertId::of(&CampaignId::of(destination), OPERATOR)
}

fn evil(severity: Severity, second: i64, sites: &[&str]) -> Finding {
    finding("evil.example", severity, (START, second), sites)
}

fn close(cause: Cause) -> Triage {
    let note = "the plugin is gone".to_owned();
    Triage::Close { cause, note }
}
