//! The reads that pages are made from, over a real ClickHouse.

use std::time::Duration;

use skimwatch::clock::Timestamp;
use skimwatch::ids::{OrganizationId, SiteId};
use skimwatch::scope::Scope;
use skimwatch::store::{Attempt, Coverage, MAX_SOURCES, Recent, ReportFilter, Store};

use crate::database::{Database, Segment, Value, now, report};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

fn id(site: &str) -> SiteId {
    SiteId::new(site).expect("a plain id")
}

/// What an organization with these sites sees.
pub(crate) fn seeing(sites: &[&str]) -> Scope {
    let organization = OrganizationId::new("psp").expect("a plain id");
    Scope::of(organization, sites.iter().map(|site| id(site)).collect())
}

fn only(site: &str) -> Scope {
    seeing(&[site])
}

/// Reports of hosts by age, site, destination, client, and what is known about them.
async fn put(database: &Database, rows: &[(Duration, &str, &str, i64, &'static str)]) -> Timestamp {
    let start = now();
    let mut segment = Segment::new(1);
    for (age, site, destination, client, label) in rows {
        let host = if destination.contains('.') {
            *destination
        } else {
            ""
        };
        let given = [
            ("site", (*site).into()),
            ("type", "csp-violation".into()),
            ("destination", (*destination).into()),
            ("host", host.into()),
            ("page_kind", "checkout".into()),
            ("client", (*client).into()),
            ("network", (*client / 2).into()),
            (
                "labels",
                Value::Texts(if label.is_empty() {
                    vec![]
                } else {
                    vec![label]
                }),
            ),
        ];
        segment.reports.push(report(start.minus(*age), &given));
    }
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    start
}

#[tokio::test]
async fn what_comes_in_is_counted_by_time() {
    let database = Database::new().await;
    let rows = [
        (Duration::ZERO, "a", "x.example", 1, ""),
        (10 * MINUTE, "a", "x.example", 2, ""),
        (10 * MINUTE, "b", "x.example", 3, ""),
        (300 * MINUTE, "b", "x.example", 4, ""),
        (3 * DAY, "c", "x.example", 5, ""),
    ];
    let start = put(&database, &rows).await;
    let store = &database.store;
    for (scope, recent, coverage) in [
        (Scope::Operator, (1, 3, 4), (2, 1)),
        (only("b"), (0, 1, 2), (1, 0)),
        (only("nobody"), (0, 0, 0), (0, 0)),
    ] {
        let (minute, hour, day) = recent;
        let found = store.recent(&scope, start).await.expect("answered");
        assert_eq!(found, Recent { minute, hour, day }, "{scope:?}");
        let (sending, unclear) = coverage;
        let found = store.coverage(&scope, start).await.expect("answered");
        let expected = Coverage {
            sending,
            unclear,
            ..Coverage::default()
        };
        assert_eq!(found, expected, "{scope:?}");
        let lately = ReportFilter::since(start.minus(DAY));
        let hours = store.histogram(&scope, &lately, 3 * 60 * MINUTE).await;
        let hours: u64 = hours
            .expect("answered")
            .iter()
            .map(|slice| slice.reports)
            .sum();
        assert_eq!(hours, 0, "{scope:?}: these reports were not counted");
    }
    let since = start.minus(60 * MINUTE);
    let series = store
        .histogram(&Scope::Operator, &ReportFilter::since(since), MINUTE)
        .await
        .expect("answered");
    let counts: Vec<u64> = series.iter().map(|slice| slice.reports).collect();
    assert_eq!(counts, [2, 1]);
    assert!(series.iter().all(|slice| slice.at % 60_000 == 0));
    assert!(series[0].at <= start.minus(10 * MINUTE).0);
    let own = store
        .histogram(&only("b"), &ReportFilter::since(since), MINUTE)
        .await
        .expect("answered");
    assert_eq!(own.len(), 1);
}

#[tokio::test]
async fn new_destinations_were_never_there_before() {
    let database = Database::new().await;
    let rows = [
        (40 * DAY, "a", "old.example", 1, ""),
        (MINUTE, "a", "old.example", 2, ""),
        (2 * MINUTE, "b", "new.example", 4, ""),
        (MINUTE, "a", "new.example", 4, ""),
        (MINUTE, "a", "new.example", 0, ""),
        (MINUTE, "a", "shop.example", 5, "own-domain"),
        (MINUTE, "a", "192.168.0.1", 6, "private-host"),
        (MINUTE, "a", "inline", 7, ""),
        (Duration::ZERO, "b", "newest.example", 8, "extension"),
    ];
    let start = put(&database, &rows).await;
    let store = &database.store;
    let names = |scope: Scope, site: Option<SiteId>, limit| async move {
        let since = start.minus(30 * DAY);
        let found = store
            .new_destinations(&scope, site.as_ref(), since, limit)
            .await;
        found
            .expect("answered")
            .into_iter()
            .map(|it| it.destination)
            .collect::<Vec<_>>()
    };
    let all = Scope::Operator;
    assert_eq!(
        names(all.clone(), None, 9).await,
        ["newest.example", "new.example"]
    );
    assert_eq!(names(all.clone(), None, 1).await, ["newest.example"]);
    assert_eq!(names(all.clone(), Some(id("a")), 9).await, ["new.example"]);
    assert_eq!(names(only("a"), None, 9).await, ["new.example"]);
    assert_eq!(
        names(only("a"), Some(id("b")), 9).await,
        Vec::<String>::new()
    );
    let since = start.minus(30 * DAY);
    let found = store
        .new_destinations(&all, None, since, 9)
        .await
        .expect("answered");
    let it = &found[1];
    assert_eq!(
        (it.sites, it.clients, it.networks, it.reports),
        (2, Some(1), Some(1), 3)
    );
    assert_eq!(
        (it.first, it.last),
        (start.minus(2 * MINUTE).0, start.minus(MINUTE).0)
    );
    assert_eq!(it.page_kinds, ["checkout"]);
}

#[tokio::test]
async fn a_destination_is_followed_from_site_to_site() {
    let database = Database::new().await;
    let rows = [
        (50 * MINUTE, "b", "x.example", 2, ""),
        (20 * MINUTE, "b", "x.example", 4, ""),
        (30 * MINUTE, "a", "x.example", 6, ""),
        (30 * MINUTE, "a", "other.example", 6, ""),
        (40 * DAY, "c", "x.example", 8, ""),
    ];
    let start = put(&database, &rows).await;
    let store = &database.store;
    let since = start.minus(30 * DAY);
    let found = store
        .spread(&Scope::Operator, &["x.example"], since)
        .await
        .expect("answered");
    let order: Vec<_> = found
        .iter()
        .map(|it| (it.site.as_str(), it.reports, it.clients))
        .collect();
    assert_eq!(order, [("b", 2, Some(2)), ("a", 1, Some(1))]);
    assert_eq!(found[0].last, start.minus(20 * MINUTE).0);
    assert_eq!(
        sliced(store, &Scope::Operator, since).await,
        ["a", "b", "b"]
    );
    assert_eq!(sliced(store, &only("a"), since).await, ["a"]);
    let own = store
        .spread(&only("a"), &["x.example"], since)
        .await
        .expect("answered");
    assert_eq!(own.len(), 1);
    let odd = store
        .spread(&Scope::Operator, &["x' OR 1 --"], since)
        .await
        .expect("answered");
    assert!(odd.is_empty());
}

async fn sliced(store: &Store, scope: &Scope, since: Timestamp) -> Vec<String> {
    let sites = [id("a"), id("b")];
    let about = (["x.example"].as_slice(), sites.as_slice());
    let slices = store
        .spread_over_time(scope, about, since, MINUTE)
        .await
        .expect("answered");
    slices.into_iter().map(|slice| slice.site).collect()
}

/// What a report says of what it reports: site, age in minutes, disposition, page, source.
type Told = (&'static str, u32, &'static str, &'static str, &'static str);

async fn tell(database: &Database, rows: &[Told]) -> Timestamp {
    let start = now();
    let mut segment = Segment::new(1);
    for (site, age, disposition, page, source) in rows {
        let given = [
            ("site", (*site).into()),
            ("destination", "x.example".into()),
            ("disposition", (*disposition).into()),
            ("document_host", (*page).into()),
            ("source", (*source).into()),
        ];
        segment
            .reports
            .push(report(start.minus(*age * MINUTE), &given));
    }
    let delivery = segment.delivery(Attempt::First);
    database.store.deliver(&delivery).await.expect("in");
    start
}

#[tokio::test]
async fn what_was_blocked_is_told_from_what_went_through() {
    let database = Database::new().await;
    let rows = [
        ("a", 9, "enforce", "", ""),
        ("a", 8, "enforce", "", ""),
        ("a", 7, "report", "", ""),
        ("a", 6, "unknown", "", ""),
        ("b", 5, "report", "", ""),
        ("c", 4, "unknown", "", ""),
    ];
    let since = tell(&database, &rows).await.minus(DAY);
    let found = database
        .store
        .spread(&Scope::Operator, &["x.example"], since)
        .await
        .expect("answered");
    let counts: Vec<_> = found
        .iter()
        .map(|it| (it.site.as_str(), it.enforced, it.reported, it.reports))
        .collect();
    assert_eq!(counts, [("a", 2, 1, 4), ("b", 0, 1, 1), ("c", 0, 0, 1)]);
}

#[tokio::test]
async fn the_script_that_most_shops_share_is_named_first() {
    let database = Database::new().await;
    let (js, own) = ("/js/x.js", "/own.mjs");
    let rows = [
        ("a", 9, "", "a.example", "a.example/own.mjs"),
        ("a", 8, "", "a.example", "a.example/own.mjs"),
        ("a", 8, "", "a.example", "a.example/own.mjs"),
        ("a", 7, "", "a.example", "a.example/js/x.js"),
        ("b", 7, "", "localhost", "localhost:8082/js/x.js > eval"),
        // The page itself, another host, one that only begins alike, extensions, nothing at all, long ago.
        ("b", 6, "", "b.example", "b.example/checkout"),
        ("b", 6, "", "b.example", "cdn.example/js/lib.js"),
        ("b", 6, "", "b.example", "b.example.evil.example/js/lib.js"),
        ("b", 6, "", "b.example", "chrome-extension"),
        ("b", 6, "", "", "/js/lib.js"),
        ("b", 6, "", "", ""),
        ("b", 2000, "", "b.example", "b.example/js/old.js"),
    ];
    let since = tell(&database, &rows).await.minus(DAY);
    for (scope, about, expected) in [
        (Scope::Operator, "x.example", vec![(js, 2, 2), (own, 1, 3)]),
        (only("a"), "x.example", vec![(own, 1, 3), (js, 1, 1)]),
        (only("nobody"), "x.example", vec![]),
        (Scope::Operator, "other.example", vec![]),
        (Scope::Operator, "x' OR 1 --", vec![]),
    ] {
        let found = database.store.sources(&scope, &[about], since).await;
        let found = found.expect("answered");
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.path.as_str(), it.sites, it.reports))
            .collect();
        assert_eq!(found, expected, "{scope:?} {about}");
    }
}

#[tokio::test]
async fn few_scripts_are_named() {
    let database = Database::new().await;
    const FILES: [&str; 7] = [
        "s.example/1.js",
        "s.example/2.js",
        "s.example/3.js",
        "s.example/4.js",
        "s.example/5.js",
        "s.example/6.js",
        "s.example/7.js",
    ];
    let rows = FILES.map(|file| ("a", 1, "", "s.example", file));
    let since = tell(&database, &rows).await.minus(DAY);
    let found = database
        .store
        .sources(&Scope::Operator, &["x.example"], since)
        .await
        .expect("answered");
    let most = usize::try_from(MAX_SOURCES).expect("few");
    assert_eq!((found.len(), found[0].path.as_str()), (most, "/1.js"));
}

#[tokio::test]
async fn a_long_list_of_sites_is_known_by_what_is_in_it() {
    let database = Database::new().await;
    let start = put(
        &database,
        &[
            (MINUTE, "a", "x.example", 1, ""),
            (MINUTE, "b", "x.example", 2, ""),
            (MINUTE, "c", "x.example", 3, ""),
        ],
    )
    .await;
    let since = start.minus(DAY);
    let names: Vec<String> = (0..2000).map(|n| format!("shop-{n}")).collect();
    let with = |more: &[&str]| {
        let all: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied())
            .collect();
        seeing(&all)
    };
    for (more, expected) in [
        (&["a"][..], &["a"][..]),
        (&["a", "c"], &["a", "c"]),
        (&[], &[]),
        // A list that is there already, and one that lost a site.
        (&["a", "c"], &["a", "c"]),
        (&["c"], &["c"]),
    ] {
        let spread = database
            .store
            .spread(&with(more), &["x.example"], since)
            .await;
        let spread = spread.expect("answered");
        let mut sites: Vec<&str> = spread.iter().map(|it| it.site.as_str()).collect();
        sites.sort_unstable();
        assert_eq!(sites, expected);
    }
    let lists = "SELECT uniqExact(portfolio) AS lists, count() AS rows FROM portfolios";
    assert_eq!(database.ask(lists).await, "4\t8004");
}
