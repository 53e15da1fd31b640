//! Overviews, the list of merchants, and the pages about one.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use skimwatch::clock::Timestamp;
use skimwatch::finding::FindingKind;
use skimwatch::ids::{OrganizationId, SiteId};
use skimwatch::language::Language;
use skimwatch::registry::{Author, OrganizationFacts, OrganizationKind, SiteFacts, TokenRequest};
use skimwatch::role::Role;
use skimwatch::scope::Scope;
use skimwatch::store::Attempt;

use super::{Answer, HOSTILE, Site};
use crate::database::{Database, Segment, now, report};

const HOUR: Duration = Duration::from_secs(3600);

/// Reports of sites, so many hours before a moment each.
async fn put(database: &Database, start: Timestamp, rows: &[(&str, u32, usize)]) {
    let mut segment = Segment::new(1);
    for (site, hours, count) in rows {
        for _ in 0..*count {
            let at = start.minus(HOUR * *hours);
            segment
                .reports
                .push(report(at, &[("site", (*site).into())]));
        }
    }
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
}

impl Site {
    /// What an organization with these sites gets.
    async fn as_merchant(&self, role: Role, sites: &[&str], path: &str) -> Answer {
        let token = self.merchant(role, sites);
        self.shown(&token, path).await
    }

    async fn shown(&self, token: &str, path: &str) -> Answer {
        let request = TestRequest::get().uri(path);
        self.ask(request.insert_header(("Authorization", format!("Bearer {token}"))))
            .await
    }

    /// The token of an organization with these sites.
    fn merchant(&self, role: Role, sites: &[&str]) -> String {
        let author = Author::of_installation("test");
        let organization = OrganizationId::new("tea").expect("a plain id");
        let facts = OrganizationFacts {
            name: "Tea".to_owned(),
            kind: OrganizationKind::Merchant,
            language: Language::En,
            tells_others: false,
        };
        let registry = &self.pages.registry;
        registry
            .put_organization(&organization, facts, &author)
            .expect("an organization");
        for site in sites {
            let site = SiteId::new(site).expect("a plain id");
            registry
                .share_site(&organization, (&site, ""), &author)
                .expect("shared");
        }
        let request = TokenRequest {
            name: "test".to_owned(),
            role,
            days: 1,
        };
        let made = registry.add_token(&organization, &request, &author);
        let (_, token) = made.expect("a token");
        token
    }
}

#[tokio::test]
async fn a_merchant_is_told_in_one_sentence() {
    let database = Database::new().await;
    let start = now();
    let rows = [("shop-b", 1, 1), ("shop-a", 90, 10), ("shop-a", 89, 10)];
    put(&database, start, &rows).await;
    for (name, sites, alert, sentence) in [
        (
            "all is well",
            &["shop-b"][..],
            false,
            "Safe, as far as we can see",
        ),
        ("nothing ever came", &["quiet"], false, "We cannot tell yet"),
        (
            "one of two never reported",
            &["quiet", "shop-b"],
            false,
            "We cannot tell yet",
        ),
        (
            "it came and stopped",
            &["shop-a"],
            false,
            "Your shop has stopped reporting",
        ),
        ("an attack", &["shop-b"], true, "Act now"),
        (
            "an attack on somebody else",
            &["quiet"],
            true,
            "We cannot tell yet",
        ),
    ] {
        let site = Site::new(database.store.clone(), start);
        let token = site.merchant(Role::Merchant, sites);
        if alert {
            site.raise("evil.example", FindingKind::Exfiltration);
        }
        let page = site.shown(&token, "/").await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        assert!(page.text.contains(sentence), "{name}: {}", page.text);
        assert_eq!(page.text.matches("class=\"answer").count(), 1, "{name}");
        for other in ["shop-a", "shop-b", "quiet"] {
            let seen = page.text.contains(&format!("/sites/{other}"));
            assert_eq!(seen, sites.contains(&other), "{name}: {other}");
        }
    }
    let away = Site::to_nowhere();
    let page = away
        .as_merchant(Role::MerchantReader, &["shop-b"], "/")
        .await;
    assert!(page.text.contains("We cannot tell at the moment"));
}

#[tokio::test]
async fn an_overview_counts_coverage_and_shows_what_waits() {
    let database = Database::new().await;
    let start = now();
    let rows = [("shop-b", 90, 10), ("shop-b", 89, 10), ("shop-a", 48, 2)];
    put(&database, start, &rows).await;
    let site = Site::new(database.store.clone(), start);
    let id = site.raise("evil.example", FindingKind::Exfiltration);
    site.clock.advance(HOUR * 2);
    let page = site.get("/").await.text;
    for (word, count) in [("sending", 0), ("silent", 1), ("unclear", 1), ("never", 1)] {
        let part = format!("href=\"/sites?coverage={word}\"");
        let legend = page.split(&part).nth(1).unwrap_or_default();
        let figure = legend.split("<strong>").nth(1).unwrap_or_default();
        assert!(
            figure.starts_with(&format!("{count}<")),
            "{word}: {figure:.40}"
        );
        let list = site.get(&format!("/sites?coverage={word}")).await.text;
        let shown = list.matches("href=\"/sites/").count();
        assert_eq!(shown, count, "{word}");
    }
    assert!(
        page.contains("1 overdue"),
        "a critical alert must be looked at within an hour"
    );
    assert!(page.contains("<table class=\"matrix\"") && page.contains(&format!("/alerts/{id}")));
}

#[tokio::test]
async fn merchants_are_found_sorted_and_labelled() {
    let site = Site::to_nowhere();
    let names = |text: &str| -> Vec<String> {
        let rows = text.split("<td><a href=\"/sites/").skip(1);
        rows.map(|row| row.split('"').next().unwrap_or_default().to_owned())
            .collect()
    };
    let csrf = site.get("/sites").await.csrf().to_owned();
    let fields = [
        ("csrf", csrf.as_str()),
        ("site", "shop-b"),
        ("site", "quiet"),
        ("label", "tier-1"),
    ];
    let label = |action| [&fields[..], &[("action", action)]].concat();
    let done = site.post("/sites?sort=-name", &label("add")).await;
    assert_eq!(done.header("location"), "/sites?sort=-name");
    for (query, found) in [
        ("", &["shop-a", "shop-b", "quiet"][..]),
        ("?q=SHOP%20b", &["shop-b"]),
        ("?q=%E9%9D%99%E3%81%8B", &["quiet"]),
        ("?label=tier-1", &["shop-b", "quiet"]),
        ("?label=tier-1&sort=-name", &["quiet", "shop-b"]),
        ("?coverage=never", &[]),
        ("?page=2", &[]),
        ("?page=4000000000", &[]),
    ] {
        let page = site.get(&format!("/sites{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(names(&page.text), found, "{query}");
    }
    let done = site.post("/sites", &label("remove")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(
        names(&site.get("/sites?label=tier-1").await.text),
        Vec::<String>::new()
    );
    site.pages.registry.audit_verify().expect("whole");
}

#[tokio::test]
async fn what_is_no_label_changes_nothing() {
    let site = Site::to_nowhere();
    let csrf = site.get("/sites").await.csrf().to_owned();
    let before = site.pages.registry.audit_verify().expect("whole");
    for (name, wrong, status) in [
        (
            "without the token of the form",
            [("csrf", "x"), ("label", "a"), ("action", "add")],
            StatusCode::FORBIDDEN,
        ),
        (
            "two words",
            [("csrf", csrf.as_str()), ("label", "a b"), ("action", "add")],
            StatusCode::BAD_REQUEST,
        ),
        (
            "no label",
            [("csrf", csrf.as_str()), ("label", ""), ("action", "add")],
            StatusCode::BAD_REQUEST,
        ),
        (
            "nothing to do",
            [("csrf", csrf.as_str()), ("label", "a"), ("action", "burn")],
            StatusCode::BAD_REQUEST,
        ),
    ] {
        assert_eq!(site.post("/sites", &wrong).await.status, status, "{name}");
    }
    let after = site.pages.registry.audit_verify().expect("whole");
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_list_leaves_as_a_file_that_no_spreadsheet_runs() {
    let site = Site::to_nowhere();
    let id = SiteId::new("shop-b").expect("a plain id");
    let facts = SiteFacts {
        name: Some("=HYPERLINK(\"https://evil.example\")".to_owned()),
        ..SiteFacts::default()
    };
    let author = Author::of_installation("test");
    let registry = &site.pages.registry;
    registry
        .change_site(&Scope::Operator, (&id, facts), &author)
        .expect("changed");
    let file = site.get("/sites.csv?q=shop").await;
    assert_eq!(
        file.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    let text = file.text.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 2, "{text}");
    let cells: Vec<&str> = rows.iter().flatten().collect();
    assert!(cells.contains(&HOSTILE));
    assert!(cells.contains(&"'=HYPERLINK(\"https://evil.example\")"));
    assert!(
        cells
            .iter()
            .all(|cell| !cell.starts_with(['=', '+', '-', '@'])),
        "{text}"
    );
}

#[tokio::test]
async fn a_site_shows_its_policies_and_scripts() {
    let database = Database::new().await;
    let start = now();
    let mut segment = Segment::new(1);
    segment.reports.push(report(
        start,
        &[
            ("site", "shop-b".into()),
            ("page_kind", "checkout".into()),
            ("source", "shop.example/js/pay.js".into()),
        ],
    ));
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    let site = Site::new(database.store.clone(), start);
    let scripts = site.get("/sites/shop-b/scripts").await.text;
    assert!(scripts.contains("shop.example/js/pay.js"), "{scripts}");
    assert!(scripts.contains("named as origin"));
    let policies = site.get("/sites/shop-b/policies").await;
    assert_eq!(policies.status, StatusCode::OK);
    for path in [
        "/sites/nobody/scripts",
        "/sites/nobody/policies",
        "/sites/%20/scripts",
    ] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let foreign = site
        .as_merchant(Role::Merchant, &["quiet"], "/sites/shop-b/scripts")
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}
