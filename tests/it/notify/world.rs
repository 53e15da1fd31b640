//! [`World`]: control state with two organizations and their shops, findings, and a notifier on a clock moved by hand.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use skimwatch::cases::Cases;
use skimwatch::clock::{Clock as _, ManualClock, SharedClock, SystemClock, Timestamp};
use skimwatch::finding::{Finding, Severity};
use skimwatch::ids::{AlertId, CampaignId, OrganizationId, SiteId};
use skimwatch::language::Language;
use skimwatch::notify::{Mailer, Notifier, Settings, Smtp, SmtpTls};
use skimwatch::registry::{
    Author, Channel, ChannelKind, ChannelRequest, ChannelRules, OrganizationFacts,
    OrganizationKind, Registry, Target,
};

use super::receiver::Receiver;
use crate::cases::finding;

pub(super) const PUBLIC: &str = "https://skimwatch.psp.example";

/// Who has which shops: `en-pay` shop-a and shop-b, `ja-pay` shop-b and shop-c.
pub(super) struct World {
    pub(super) registry: Arc<Registry>,
    pub(super) cases: Cases,
    pub(super) clock: Arc<ManualClock>,
    pub(super) notifier: Notifier,
    pub(super) file: PathBuf,
    pub(super) start: i64,
    _dir: tempfile::TempDir,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(None, true)
    }

    pub(super) fn mailing(server: &Receiver) -> Self {
        Self::with(Some(server), true)
    }

    pub(super) fn with(mail: Option<&Receiver>, allow_private: bool) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("control.sqlite");
        // Receivers look at the age of what they get.
        let now = SystemClock::shared().now();
        let clock = ManualClock::at(now);
        let shared = Arc::clone(&clock) as SharedClock;
        let registry = Registry::open(&file, Arc::clone(&shared)).expect("a registry");
        let registry = Arc::new(registry);
        people(&registry);
        let settings = Settings {
            allow_private,
            public_url: Some(PUBLIC.to_owned()),
            ..Settings::default()
        };
        let mailer = mail.map(|server| {
            Mailer::new(&Smtp {
                host: "127.0.0.1".to_owned(),
                port: Some(server.address.port()),
                tls: SmtpTls::None,
                login: None,
                authorities: Vec::new(),
                from: "Skimwatch <alerts@psp.example>".to_owned(),
            })
            .expect("a server")
        });
        Self {
            cases: Cases::new(Arc::clone(&registry)),
            notifier: Notifier::new(Arc::clone(&registry), shared, settings, mailer),
            registry,
            clock,
            file,
            start: now.0,
            _dir: dir,
        }
    }

    /// A webhook of an organization's, whose receiver knows the secret.
    pub(super) fn webhook(&self, of: &str, to: &Receiver, rules: ChannelRules) -> String {
        let (id, secret) = self.channel(of, (ChannelKind::Webhook, &[&to.url()]), rules);
        to.secret(&secret.expect("webhooks have one"));
        id
    }

    pub(super) fn channel(
        &self,
        of: &str,
        (kind, target): (ChannelKind, &[&str]),
        rules: ChannelRules,
    ) -> (String, Option<String>) {
        let target: Vec<String> = target.iter().map(|&it| it.to_owned()).collect();
        let request = ChannelRequest {
            kind,
            target: Target::parse(kind, &target).expect("a target"),
            rules,
        };
        let made = self.registry.add_channel(&org(of), &request, &author());
        made.expect("a channel")
    }

    pub(super) fn listed(&self, of: &str) -> Vec<Channel> {
        self.registry.channels(&org(of)).expect("channels")
    }

    /// Has a finding of now taken down.
    pub(super) fn find(&self, destination: &str, severity: Severity, sites: &[&str]) {
        let second = (self.clock.now().0 - self.start) / 1000;
        let finding = finding(destination, severity, (self.start, second), sites);
        self.record(finding);
    }

    pub(super) fn record(&self, finding: Finding) {
        self.cases.record(&[finding]).expect("taken down");
    }

    /// Every channel that is due has its turn.
    pub(super) async fn turn(&self) -> usize {
        let mut taken = 0;
        for (channel, _) in self.notifier.due(100).await.expect("a list") {
            taken += self.notifier.turn(&channel).await.expect("a turn");
        }
        taken
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How many rows a condition holds for.
    pub(super) fn count(&self, of: &str) -> u32 {
        let connection = rusqlite::Connection::open(&self.file).expect("a file");
        let sql = format!("SELECT count(*) FROM {of}");
        connection
            .query_row(&sql, [], |row| row.get(0))
            .expect("a number")
    }
}

fn people(registry: &Registry) {
    let shop = |key: &str, name: &str| {
        json!({ "key": key, "name": name, "domains": [format!("{key}.example")], "country": "JP",
                "checkout_paths": ["/checkout"] })
    };
    let shops = json!({ "format": 1, "merchants": [
        shop("shop-a", "Shop A"), shop("shop-b", "東京ショップ"), shop("shop-c", "大阪ショップ"),
    ]});
    registry.import(&shops.to_string(), "test").expect("shops");
    let all = [
        ("en-pay", Language::En, ["shop-a", "shop-b"]),
        ("ja-pay", Language::Ja, ["shop-b", "shop-c"]),
    ];
    for (id, language, sites) in all {
        organization(registry, id, language);
        for site in sites {
            share(registry, id, site);
        }
    }
}

pub(super) fn organization(registry: &Registry, id: &str, language: Language) {
    let facts = OrganizationFacts {
        name: language.pick("English Pay", "日本ペイ").to_owned(),
        kind: OrganizationKind::Psp,
        language,
        tells_others: false,
    };
    let put = registry.put_organization(&org(id), facts, &author());
    put.expect("an organization");
}

pub(super) fn share(registry: &Registry, organization: &str, site: &str) {
    let site = SiteId::new(site).expect("an id");
    let shared = registry.share_site(&org(organization), (&site, ""), &author());
    shared.expect("shared");
}

pub(super) fn org(id: &str) -> OrganizationId {
    OrganizationId::new(id).expect("an id")
}

pub(super) fn author() -> Author {
    Author::of_installation("test")
}

pub(super) fn alert_of(destination: &str, organization: &str) -> AlertId {
    AlertId::of(&CampaignId::of(destination), organization)
}

pub(super) fn rules() -> ChannelRules {
    ChannelRules {
        most_per_hour: 1000,
        ..ChannelRules::named("Security")
    }
}
