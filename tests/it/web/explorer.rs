//! Destinations, reports and the status: what is found, what is decided, and who sees what of it.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use skimwatch::clock::Timestamp;
use skimwatch::ids::{OrganizationId, SiteId};
use skimwatch::language::Language;
use skimwatch::registry::{Author, OrganizationFacts, OrganizationKind, TokenRequest, TrustsOf};
use skimwatch::role::Role;
use skimwatch::scope::Scope;
use skimwatch::store::Attempt;
use skimwatch::trust::Verdict;

use super::{Answer, Site, TOKEN};
use crate::database::{Database, Segment, Value, now, report};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// Two organizations, each with a shop of its own, and one shop that both see.
struct Town {
    site: Site,
    tokens: Vec<String>,
    start: Timestamp,
    _database: Database,
}

const OWN: [&str; 2] = ["shop-a", "shop-b"];
const EVIL: &str = "/destinations/evil.example";

/// A report as given, and what most have.
fn told(at: i64, given: &[(&'static str, Value)]) -> Vec<u8> {
    let mut all = given.to_vec();
    for (name, value) in [
        ("type", "csp-violation".into()),
        ("directive", "connect-src".into()),
        ("disposition", "enforce".into()),
        ("page_kind", "checkout".into()),
        ("document_host", "shop.example".into()),
        ("document_path", "/pay".into()),
        ("browser", "firefox".into()),
        ("client", 7_i64.into()),
        ("network", 255_i64.into()),
    ] {
        if !given.iter().any(|(it, _)| *it == name) {
            all.push((name, value));
        }
    }
    report(Timestamp(at), &all)
}

impl Town {
    async fn new() -> Self {
        let database = Database::new().await;
        let start = now();
        let site = Site::new(database.store.clone(), start);
        let author = Author::of_installation("test");
        let mut tokens = Vec::new();
        for (name, own) in ["psp-a", "psp-b"].into_iter().zip(OWN) {
            let id = OrganizationId::new(name).expect("a plain id");
            let facts = OrganizationFacts {
                name: name.to_owned(),
                kind: OrganizationKind::Psp,
                language: Language::En,
                tells_others: false,
            };
            let registry = &site.pages.registry;
            registry.put_organization(&id, facts, &author).expect("put");
            for key in [own, "quiet"] {
                let key = SiteId::new(key).expect("a plain id");
                let shared = registry.share_site(&id, (&key, key.as_str()), &author);
                shared.expect("shared");
            }
            let request = TokenRequest {
                name: format!("analyst of {name}"),
                role: Role::Analyst,
                days: 1,
            };
            tokens.push(
                registry
                    .add_token(&id, &request, &author)
                    .expect("a token")
                    .1,
            );
        }
        let town = Self {
            site,
            tokens,
            start,
            _database: database,
        };
        town.fill().await;
        town
    }

    /// What each shop reports.
    async fn fill(&self) {
        let at = self.start.0;
        let to = |name: &'static str| [("destination", name.into()), ("host", name.into())];
        let of = |site: &'static str, name: &'static str, more: &[(&'static str, Value)]| {
            let given = [&[("site", site.into())][..], &to(name), more].concat();
            move |ms: i64| told(at - ms, &given)
        };
        let mut segment = Segment::new(1)
            .count("shop-a", "stored", "", 5)
            .count("shop-a", "discarded", "canary", 2)
            .count("shop-b", "stored", "", 77)
            .count("", "refused", "unknown_key", 9);
        let card: [(&str, Value); 4] = [
            ("card_length", 16_i64.into()),
            ("card_brand", "visa".into()),
            ("card_encoding", "base64".into()),
            ("policy", 4096_i64.into()),
        ];
        let vendor = of("shop-a", "vendor.example", &[("page_kind", "other".into())]);
        let evil = of("shop-a", "evil.example", &card);
        let theirs = of(
            "shop-b",
            "evil.example",
            &[("source", "b.example/secret-b.js".into())],
        );
        let only_b = of("shop-b", "only-b.example", &[]);
        let host = [("host", "cdn.deep.vendor.example".into())];
        let deep = told(
            at - 2 * MINUTE,
            &[
                &[
                    ("site", "shop-a".into()),
                    ("destination", "vendor.example".into()),
                ][..],
                &host,
            ]
            .concat(),
        );
        segment.reports = vec![
            vendor(40 * DAY),
            deep,
            evil(3 * DAY),
            evil(MINUTE),
            theirs(4 * DAY),
            only_b(DAY),
        ];
        let delivery = segment.delivery(Attempt::First);
        self.site.pages.store.deliver(&delivery).await.expect("in");
    }

    async fn as_analyst(&self, of: usize, path: &str) -> Answer {
        let request = TestRequest::get().uri(path);
        let bearer = ("Authorization", format!("Bearer {}", self.tokens[of]));
        self.site.ask(request.insert_header(bearer)).await
    }

    async fn decide(&self, of: usize, form: &[(&str, &str)]) -> Answer {
        let request = TestRequest::post().uri(EVIL).set_form(form);
        let bearer = ("Authorization", format!("Bearer {}", self.tokens[of]));
        self.site.ask(request.insert_header(bearer)).await
    }

    /// Of the report that stands there in the segment.
    fn report(index: u32) -> String {
        let collector = uuid::Uuid::from_u128(7);
        format!("/reports/{collector}-0000000100000001-{index}")
    }
}

/// Names in the order in which a page lists them.
fn listed(page: &str) -> Vec<&str> {
    let cells = page.split(r#"<td class="destination"><a href="/destinations/"#);
    let names = cells.skip(1).filter_map(|cell| {
        let (_, rest) = cell.split_once("<bdi>")?;
        Some(rest.split_once("</bdi>")?.0)
    });
    names.collect()
}

#[tokio::test]
async fn destinations_are_found_by_any_part_of_their_names() {
    let town = Town::new().await;
    let all = ["only-b.example", "evil.example", "vendor.example"];
    for (query, found) in [
        ("", &all[..]),
        ("q=VIL.ex", &["evil.example"]),
        (
            "q=https%3A%2F%2Fcdn.deep.vendor.example%2Fx.js",
            &["vendor.example"],
        ),
        ("q=nowhere", &[]),
        ("days=7", &all[..2]),
        (
            "payment=on&q=example",
            &["vendor.example", "only-b.example", "evil.example"],
        ),
        ("verdict=blocked", &[]),
        ("alert=on", &[]),
    ] {
        let page = town.site.get(&format!("/destinations?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(listed(&page.text), found, "{query}");
    }
    let of = SiteId::new("shop-b").expect("a plain id");
    let verdict = (&TrustsOf::Site(of), Verdict::Blocked);
    let author = (&Author::of_installation("test"), "bad");
    let judged = town
        .site
        .pages
        .registry
        .judge("evil.example", verdict, author);
    judged.expect("decided");
    for (query, found) in [
        ("verdict=blocked", &["evil.example"][..]),
        ("verdict=any", &["evil.example"]),
        ("verdict=approved", &[]),
    ] {
        let page = town.site.get(&format!("/destinations?{query}")).await;
        assert_eq!(listed(&page.text), found, "{query}");
    }
    let page = town.site.get("/destinations?verdict=blocked").await.text;
    assert!(page.contains(r#"<span class="tag bad">Blocked</span>"#));
    let others = town
        .as_analyst(0, "/destinations?verdict=blocked")
        .await
        .text;
    assert!(
        !others.contains(r#"class="tag bad""#),
        "it is about another's shop"
    );
}

#[tokio::test]
async fn nobody_sees_what_others_saw() {
    let town = Town::new().await;
    for (path, in_own, in_all) in [
        ("/destinations", "vendor.example", "only-b.example"),
        ("/destinations/evil.example", "shop-a", "shop-b"),
        ("/destinations/evil.example", "/pay", "secret-b"),
        ("/reports", "vendor.example", "only-b.example"),
        ("/reports?destination=evil.example", "shop-a", "shop-b"),
        ("/status", "shop-a", ">77<"),
        ("/status", "test reports", "unknown key"),
    ] {
        let own = town.as_analyst(0, path).await;
        assert_eq!(own.status, StatusCode::OK, "{path}");
        assert!(own.text.contains(in_own), "{path}: {in_own}");
        assert!(!own.text.contains(in_all), "{path}: {in_all}");
        let all = town.site.get(path).await.text;
        assert!(all.contains(in_own) && all.contains(in_all), "{path}");
    }
    // What is another's cannot be told from what is nowhere.
    for (path, nowhere) in [
        (
            "/destinations/only-b.example".to_owned(),
            "/destinations/xxxx-b.example".to_owned(),
        ),
        (Town::report(5), Town::report(99)),
    ] {
        let theirs = town.as_analyst(0, &path).await;
        let nothing = town.as_analyst(0, &nowhere).await;
        assert_eq!(theirs.status, nothing.status, "{path}");
        let plain = |it: &Answer| {
            it.text
                .replace("only-b", "xxxx-b")
                .replace("only%2Db", "xxxx%2Db")
                .replace("-5", "-99")
        };
        assert_eq!(plain(&theirs), plain(&nothing), "{path}");
    }
    let export = town
        .as_analyst(0, "/reports/export?format=ndjson")
        .await
        .text;
    assert!(export.contains("evil.example") && !export.contains("shop-b"));
}

#[tokio::test]
async fn a_destination_tells_its_whole_story() {
    let town = Town::new().await;
    let page = town.site.get("/destinations/evil.example").await.text;
    for text in [
        "Merchants</dt><dd>2",
        "Reports</dt><dd>3",
        "connect-src",
        "blocked it",
        "shop.example/pay",
        "b.example/secret-b.js",
        "Firefox",
        "By day, last 60 days",
        "/reports?destination=evil%2Eexample&amp;range=90d",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let (first, second) = (page.find("/sites/shop-b"), page.find("/sites/shop-a"));
    assert!(
        first.is_some() && first < second,
        "in the order in which it came"
    );
    let never = town.site.get("/destinations/never.example").await;
    assert_eq!(never.status, StatusCode::OK);
    assert!(never.text.contains("No report of it has been stored"));
    for path in ["/destinations/no%20domain", "/destinations/inline"] {
        assert_eq!(
            town.site.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

type Fields = &'static [(&'static str, &'static str)];

const BLOCK: (&str, &str) = ("action", "block");
const WITHDRAW: (&str, &str) = ("action", "withdraw");
const WHY: (&str, &str) = ("why", "my words");

/// What an analyst tries, in order; what comes of it, and what the page says.
const TRIED: [(&str, Fields, u16, &str); 8] = [
    ("no place", &[BLOCK, WHY], 400, "choose for which merchant"),
    (
        "no reason",
        &[BLOCK, ("of", "shop-a"), ("why", " ")],
        400,
        "give a reason",
    ),
    (
        "for all",
        &[BLOCK, ("of", "*"), WHY],
        403,
        "counts for others too",
    ),
    (
        "another's",
        &[BLOCK, ("of", "shop-b"), WHY],
        400,
        "no such merchant",
    ),
    (
        "a shared one",
        &[BLOCK, ("of", "quiet"), WHY],
        403,
        "counts for others too",
    ),
    (
        "nothing there",
        &[WITHDRAW, ("of", "shop-a"), WHY],
        409,
        "no such verdict",
    ),
    (
        "no such deed",
        &[("action", "dance"), ("of", "shop-a")],
        400,
        "",
    ),
    ("the own one", &[BLOCK, ("of", "shop-a"), WHY], 303, ""),
];

#[tokio::test]
async fn verdicts_are_given_by_form() {
    let town = Town::new().await;
    for (name, form, status, says) in TRIED {
        let answer = town.decide(0, form).await;
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.text);
        assert!(answer.text.contains(says), "{name}");
        let was_typed = form.contains(&BLOCK) && form.contains(&WHY) && status != 303;
        assert!(!was_typed || answer.text.contains("my words"), "{name}");
    }
    let ours = town.as_analyst(0, EVIL).await.text;
    assert!(ours.contains(r#"class="verdict blocked""#) && ours.contains("my words"));
    assert!(ours.contains(r#"value="withdraw""#));
    let theirs = town.as_analyst(1, EVIL).await.text;
    assert!(!theirs.contains("my words") && !theirs.contains(r#"class="verdict"#));
    let verdicts = town.site.pages.registry.verdicts().expect("readable");
    let shop = SiteId::new("shop-a").expect("a plain id");
    assert_eq!(verdicts.of(&shop, "evil.example"), Some(Verdict::Blocked));
}

/// Organizations see what the operator decided for all, and not why.
#[tokio::test]
async fn verdicts_for_all_are_the_operators() {
    let town = Town::new().await;
    town.decide(0, &[BLOCK, ("of", "shop-a"), WHY]).await;
    let csrf = town.site.get(EVIL).await.csrf().to_owned();
    let approve = [("action", "approve"), ("of", "*"), ("why", "about shop-b")];
    for (csrf, status) in [("0123", 403), (csrf.as_str(), 303)] {
        let form = [&approve[..], &[("csrf", csrf)]].concat();
        let answer = town.site.post(EVIL, &form).await;
        assert_eq!(answer.status.as_u16(), status);
    }
    let theirs = town.as_analyst(1, EVIL).await.text;
    assert!(theirs.contains(r#"class="verdict approved""#));
    assert!(theirs.contains("The reason is not shown.") && !theirs.contains("about shop-b"));
    assert!(
        !theirs.contains(r#"value="withdraw""#),
        "it is the operator's"
    );
    let answer = town
        .decide(0, &[WITHDRAW, ("of", "shop-a"), ("why", "a mistake")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let ours = town.as_analyst(0, EVIL).await.text;
    assert!(ours.contains("Block withdrawn") && ours.contains("a mistake"));
    let registry = &town.site.pages.registry;
    let decided = registry.decided(&Scope::Operator, "evil.example");
    assert_eq!(decided.expect("readable").len(), 3);
}

#[tokio::test]
async fn reports_are_found_by_anything_that_stands_in_them() {
    let town = Town::new().await;
    for (query, count) in [
        ("", 5),
        ("range=90d", 6),
        ("range=1h", 2),
        ("site=shop-a&range=90d", 4),
        ("destination=Evil.Example", 3),
        ("host=cdn.deep.vendor.example", 1),
        ("directive=connect-src", 5),
        ("directive=img-src", 0),
        ("disposition=enforce", 5),
        ("page_kind=other&range=90d", 1),
        ("type=csp-violation", 5),
        ("label=bot", 0),
        ("browser=firefox", 5),
        ("country=JP", 0),
        ("network=00000000000000ff", 5),
        ("network=0000000000000001", 0),
        ("card_number=true", 2),
        ("card_number=false", 3),
        ("policy=0000000000001000", 2),
        ("destination=evil.example&card_number=false", 1),
    ] {
        let page = town.site.get(&format!("/reports?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(
            page.text.matches(r#"href="/reports/0000"#).count(),
            count,
            "{query}"
        );
        let summary = match count {
            0 => "0 reports</p>".to_owned(),
            1 => "1 report ·".to_owned(),
            _ => format!("{count} reports ·"),
        };
        assert!(
            page.text.contains(&format!("<p class=\"quiet\">{summary}")),
            "{query}"
        );
    }
}

/// A bar leads to its reports, and what it leads to is what it showed.
#[tokio::test]
async fn a_bar_narrows_the_time() {
    let town = Town::new().await;
    let page = town
        .site
        .get("/reports?destination=evil.example")
        .await
        .text;
    let links = page.split(r#"<a href="/reports?destination=evil%2Eexample&amp;from="#);
    let mut addresses: Vec<String> = links
        .skip(1)
        .map(|link| {
            link.split_once('"')
                .expect("an end")
                .0
                .replace("&amp;", "&")
        })
        .collect();
    addresses.dedup();
    assert!(addresses.len() >= 3, "{addresses:?}");
    let mut found = 0;
    for address in &addresses[..3] {
        let path = format!("/reports?destination=evil.example&from={address}");
        let narrow = town.site.get(&path).await;
        assert_eq!(narrow.status, StatusCode::OK, "{path}");
        let count = narrow.text.matches(r#"href="/reports/0000"#).count();
        assert!(count > 0, "{path}");
        found += count;
    }
    assert_eq!(found, 3, "each report is behind one bar");
}

#[tokio::test]
async fn what_cannot_be_understood_is_told_and_kept() {
    let town = Town::new().await;
    let query =
        "country=japan&network=zz&from=2026-02-30T00:00&host=kept.example&directive=nonsense";
    let page = town.site.get(&format!("/reports?{query}")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    for text in [
        r#"value="japan""#,
        r#"value="zz""#,
        r#"value="2026-02-30T00:00""#,
        r#"value="kept.example""#,
        r#"value="nonsense" selected"#,
        "Write two letters",
        "Write the 16 digits",
        "Write a date and a time",
        "This is none of the choices.",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(
        !page.text.contains(r#"id="found""#),
        "nothing was looked for"
    );
    let export = town
        .site
        .get(&format!("/reports/export?format=csv&{query}"))
        .await;
    assert_eq!(export.status, StatusCode::SEE_OTHER);
    assert!(export.header("location").starts_with("/reports?"));
}

#[tokio::test]
async fn a_report_shows_all_that_is_kept_of_it() {
    let town = Town::new().await;
    let page = town.site.get(&Town::report(2)).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        "evil.example",
        "visa",
        "16 digits",
        "base64",
        "shop.example/pay",
        "0000000000001000",
        "00000000000000ff",
        "The text of this policy is not at hand.",
        "network=00000000000000ff",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    assert_eq!(
        town.site.get(&Town::report(99)).await.status,
        StatusCode::NOT_FOUND
    );
    let nowhere = Site::to_nowhere();
    let away = nowhere.get(&Town::report(0)).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(away.text.contains("The reports cannot be read now"));
}

#[tokio::test]
async fn reports_come_as_files_to_whoever_has_a_session() {
    let town = Town::new().await;
    for (format, media, begins) in [
        ("ndjson", "application/x-ndjson", "{"),
        ("csv", "text/csv", "\"id\""),
    ] {
        let path = format!("/reports/export?format={format}&destination=evil.example");
        let file = town.site.get(&path).await;
        assert_eq!(file.status, StatusCode::OK, "{format}");
        assert!(file.header("content-type").starts_with(media), "{format}");
        assert!(file.header("content-disposition").contains("attachment"));
        assert!(file.text.starts_with(begins), "{format}: {}", file.text);
        assert_eq!(file.text.matches("connect-src").count(), 3, "{format}");
    }
    let stranger = TestRequest::get().uri("/reports/export?format=csv");
    assert_eq!(town.site.ask(stranger).await.status, StatusCode::SEE_OTHER);
    let page = town.site.get("/reports?card_number=true").await.text;
    assert!(page.contains("card_number=true&amp;from=") && page.contains("format=parquet"));
}

#[tokio::test]
async fn reports_come_page_by_page() {
    let town = Town::new().await;
    let mut segment = Segment::new(2);
    segment.reports = (0..35)
        .map(|i| {
            told(
                town.start.0 - i * 1000,
                &[
                    ("site", "quiet".into()),
                    ("destination", "many.example".into()),
                ],
            )
        })
        .collect();
    let delivery = segment.delivery(Attempt::First);
    town.site.pages.store.deliver(&delivery).await.expect("in");
    let first = town.site.get("/reports?site=quiet").await.text;
    assert_eq!(first.matches(r#"href="/reports/0000"#).count(), 25);
    let (before, _) = first.split_once("Older reports").expect("a next page");
    let (_, address) = before.rsplit_once(r#"href=""#).expect("an address");
    let address = address
        .split_once('"')
        .expect("an end")
        .0
        .replace("&amp;", "&");
    let next = town.site.get(&address).await.text;
    assert_eq!(next.matches(r#"href="/reports/0000"#).count(), 10);
    assert!(next.contains("First page") && !next.contains("Older reports"));
}

#[tokio::test]
async fn the_status_says_how_it_goes() {
    let town = Town::new().await;
    let page = town.site.get("/status").await.text;
    for text in [
        "Everything that arrives is stored within",
        "answers",
        "84</span><span class=\"label\">received",
        "82</span><span class=\"label\">stored",
        "unknown key",
        "00000000-0000-0000-0000-000000000007",
        "No notice waits to be sent.",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let japanese = town.site.get_in("/status", "ja").await.text;
    assert!(japanese.contains("秒以内に保存されています"));
    let nowhere = Site::to_nowhere();
    let away = nowhere.get("/status").await.text;
    assert!(away.contains("The database does not answer.") && away.contains("Nothing is lost"));
    assert!(!TOKEN.is_empty() && !away.contains(TOKEN));
}
