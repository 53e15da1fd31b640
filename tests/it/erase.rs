//! What is erased is gone, from wherever it is, and does not come back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use skimwatch::cases::Cases;
use skimwatch::clock::{SystemClock, Timestamp};
use skimwatch::erasure::{Erasure, Target};
use skimwatch::finding::Severity;
use skimwatch::registry::Registry;
use skimwatch::scope::Scope;

use crate::cases::{Bench, START, alert_of, finding};
use crate::support::clickhouse::Proxied;
use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::proxy::Fault;
use crate::support::skimwatch::Skimwatch;

const SETTLE: Duration = Duration::from_secs(60);
/// Visitors of a shop: enough of them to raise an alert.
const VISITORS: u32 = 8;
/// Browsers of visitors, in turn.
const BROWSERS: [&str; 3] = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
];

/// Addresses of visitors are believed, and nothing is folded.
const SETTINGS: [(&str, &str); 3] = [
    ("SKIMWATCH__INTAKE__TRUSTED_PROXIES", "127.0.0.0/8"),
    ("SKIMWATCH__LIMIT__SITE_RATE", "1000000"),
    ("SKIMWATCH__LIMIT__NETWORK_RATE", "1000000"),
];

fn shops() -> Value {
    let shop = |key: &str| {
        json!({"key": key, "name": key, "domains": [format!("{key}.example")],
               "country": "JP", "checkout_paths": ["/checkout"]})
    };
    json!([shop("shop-a"), shop("shop-b")])
}

/// What a skimmer on a checkout page makes a browser report: it hides a card number.
fn report(shop: &str) -> Vec<u8> {
    report_of(
        shop,
        "https://evil.skimmer.test/c?d=NDExMTExMTExMTExMTExMQ==",
    )
}

fn report_of(shop: &str, blocked: &str) -> Vec<u8> {
    let page = format!("https://{shop}.example/checkout");
    let body = json!({"csp-report": {
        "document-uri": page, "referrer": "", "blocked-uri": blocked,
        "effective-directive": "connect-src", "violated-directive": "connect-src",
        "original-policy": "connect-src 'self'", "disposition": "enforce", "status-code": 200,
    }});
    body.to_string().into_bytes()
}

/// The address of a visitor: each has a network of its own.
fn address(shop: &str, visitor: u32) -> String {
    let n = if shop == "shop-a" { 10 } else { 20 };
    format!("203.{n}.{visitor}.7")
}

fn browser(visitor: u32) -> &'static str {
    BROWSERS[visitor as usize % BROWSERS.len()]
}

fn post(to: SocketAddr, shop: &str, visitor: u32) {
    post_body(to, shop, visitor, &report(shop));
}

fn post_body(to: SocketAddr, shop: &str, visitor: u32, body: &[u8]) {
    let mut client = Client::connect(to).expect("the door is open");
    let from = address(shop, visitor);
    let headers = [
        ("Content-Type", "application/csp-report"),
        ("X-Forwarded-For", from.as_str()),
        ("User-Agent", browser(visitor)),
    ];
    let answer = client.send("POST", &format!("/r/{shop}"), &headers, body);
    assert_eq!(answer.expect("an answer").status, 204);
}

/// Every visitor of both shops reports once.
fn visit(program: &Skimwatch) {
    for visitor in 0..VISITORS {
        for shop in ["shop-a", "shop-b"] {
            post(program.intake, shop, visitor);
        }
    }
}

fn shown(program: &Skimwatch, args: &[&str]) -> Value {
    let text = program.ok(&[args, &["--json"]].concat());
    serde_json::from_str(&text).expect("JSON")
}

/// Rows of a shop: reports, and entries in counts.
fn rows(program: &Skimwatch, shop: &str) -> (u64, u64) {
    let sql = format!(
        "SELECT (SELECT count() FROM skimwatch.reports WHERE site = '{shop}'),
                (SELECT sum(count) FROM skimwatch.report_outcomes WHERE site = '{shop}')"
    );
    let text = program.sql(&sql);
    let (reports, counts) = text.split_once('\t').expect("two numbers");
    (
        reports.parse().expect("a number"),
        counts.parse().expect("a number"),
    )
}

/// Waits for so many rows.
fn come_in(program: &Skimwatch, shop: &str, expected: u64) {
    within(SETTLE, "rows", || {
        (rows(program, shop) == (expected, expected)).then_some(())
    });
}

/// Everything that alerts say.
fn alerts(program: &Skimwatch) -> Vec<Value> {
    let list = program.api("/api/v1/alerts")["alerts"].take();
    let ids = list.as_array().expect("a list").clone();
    let whole = |alert: &Value| {
        let id = alert["id"].as_str().expect("an id");
        program.api(&format!("/api/v1/alerts/{id}"))
    };
    ids.iter().map(whole).collect()
}

/// Every text of the control state, but of the tables that stay.
fn audited(program: &Skimwatch) -> Vec<String> {
    let file = program.data().join("control.sqlite");
    let connection = rusqlite::Connection::open(file).expect("a file");
    let sql = "SELECT action || ' ' || subject || ' ' || detail FROM audit ORDER BY seq";
    let mut statement = connection.prepare(sql).expect("a table");
    let texts = statement.query_map([], |row| row.get(0)).expect("rows");
    texts.collect::<Result<_, _>>().expect("texts")
}

fn starts_over(program: &Skimwatch, times: usize) {
    within(SETTLE, "detection that starts over", || {
        let said = program.said();
        (said.matches("detection starts over").count() >= times).then_some(())
    });
}

/// Waits until the detector has read this many rows more than it had.
fn is_read(program: &Skimwatch, goal: f64) {
    within(SETTLE, "the detector", || {
        (program.metric("skimwatch_detect_sightings_total") >= goal).then_some(())
    });
}

fn read_so_far(program: &Skimwatch) -> f64 {
    program.metric("skimwatch_detect_sightings_total")
}

#[test]
fn a_site_is_erased_while_serve_runs() {
    let mut program = Skimwatch::start(&SETTINGS);
    program.import(&shops());
    visit(&program);
    let each = u64::from(VISITORS);
    come_in(&program, "shop-a", each);
    come_in(&program, "shop-b", each);
    // Once it knows every visitor, nothing is added to it.
    within(SETTLE, "an alert about both", || {
        let alert = alerts(&program).pop()?;
        let hits = alert["hits"].as_array()?;
        let knows_all = hits.iter().all(|hit| hit["clients"] == VISITORS);
        (hits.len() == 2 && knows_all).then_some(())
    });
    let marks = program.sql("SELECT count() FROM skimwatch.segments");

    let before = (alerts(&program), audited(&program));
    let dry = shown(&program, &["erase", "site", "shop-a"]);
    assert_eq!(dry["rows"]["reports"], each, "{dry}");
    assert_eq!(dry["campaigns_named"], 1, "{dry}");
    assert_eq!(dry["campaigns"], 0, "it is shop-b's too: {dry}");
    assert_eq!(
        (&dry["erasure"], &dry["active_keys"]),
        (&Value::Null, &json!(1))
    );
    assert_eq!(
        (alerts(&program), audited(&program)),
        before,
        "nothing changed"
    );
    assert_eq!(rows(&program, "shop-a"), (each, each));

    let read = read_so_far(&program);
    let done = shown(&program, &["erase", "site", "shop-a", "--yes"]);
    assert_eq!(done["rows"], dry["rows"], "{done}");
    assert_eq!(done["erasure"], 1);
    assert_eq!(rows(&program, "shop-a"), (0, 0));
    assert_eq!(rows(&program, "shop-b"), (each, each));
    assert_eq!(program.sql("SELECT count() FROM skimwatch.segments"), marks);
    is_not_named(&program, "shop-a");
    let stats = program.stats();
    assert_eq!(stats["sites"].as_array().map(Vec::len), Some(1), "{stats}");
    assert_eq!(stats["total"]["received"], each);
    assert_eq!(stats["total"]["stored"], each);
    program.ok(&["audit", "verify"]);

    // The detector begins anew, without it.
    starts_over(&program, 1);
    is_read(&program, read + each as f64);
    is_not_named(&program, "shop-a");
    // The site goes on, with something else: the campaign that it would join is not over.
    let other = report_of("shop-a", "https://cdn.other.test/a.js");
    post_body(program.intake, "shop-a", 1, &other);
    come_in(&program, "shop-a", 1);
    assert!(program.stop(), "serve ends well");
    program.ok(&["erase", "site", "shop-b", "--yes"]);
    program.restart();
    is_read(&program, 1.0);
    assert_eq!(rows(&program, "shop-b"), (0, 0));
    assert_eq!(rows(&program, "shop-a"), (1, 1));
    assert_eq!(alerts(&program), Vec::<Value>::new());
    assert_eq!(program.api("/api/v1/campaigns")["campaigns"], json!([]));
    program.ok(&["audit", "verify"]);
}

/// No alert says anything of it.
fn is_not_named(program: &Skimwatch, shop: &str) {
    for alert in alerts(program) {
        assert!(!alert.to_string().contains(shop), "{alert}");
        let id = alert["id"].as_str().expect("an id");
        let page = program.ask(&format!("/alerts/{id}"));
        assert_eq!(page.status, 200);
        assert!(!page.text().contains(shop), "{}", page.text());
    }
}

#[test]
fn a_client_is_erased() {
    let mut program = Skimwatch::start(&SETTINGS);
    program.import(&shops());
    visit(&program);
    // One of them once more, at another shop.
    let (from, each) = (address("shop-a", 3), u64::from(VISITORS));
    let mut client = Client::connect(program.intake).expect("the door is open");
    let agent = browser(3);
    let headers = [("X-Forwarded-For", from.as_str()), ("User-Agent", agent)];
    let answer = client.send("POST", "/r/shop-b", &headers, &report("shop-b"));
    assert_eq!(answer.expect("an answer").status, 204);
    come_in(&program, "shop-a", each);
    come_in(&program, "shop-b", each + 1);
    let stats = program.stats();

    let of = ["erase", "client", "--address", &from, "--user-agent", agent];
    let dry = shown(&program, &of);
    assert_eq!(dry["rows"]["reports"], 2, "{dry}");
    let id = dry["target"].as_str().expect("a number").to_owned();
    let sql = format!("SELECT count() FROM skimwatch.reports WHERE client = {id}");
    assert_eq!(program.sql(&sql), "2");
    let done = shown(&program, &[&of[..], &["--yes"]].concat());
    assert_eq!(done["rows"]["reports"], 2, "{done}");
    assert_eq!(program.sql(&sql), "0");
    assert_eq!(rows(&program, "shop-a"), (each - 1, each), "counts stay");
    assert_eq!(program.stats(), stats, "counts are of nobody");
    starts_over(&program, 1);

    // Another one, by its pseudonym, with no serve running.
    let other = program.sql("SELECT client FROM skimwatch.reports WHERE site = 'shop-a' LIMIT 1");
    assert!(program.stop(), "serve ends well");
    program.ok(&["erase", "client", "--id", &other, "--yes"]);
    assert_eq!(rows(&program, "shop-a"), (each - 2, each));
    program.ok(&["audit", "verify"]);
    let audited = audited(&program);
    let about = audited
        .iter()
        .filter(|text| text.starts_with("client.erased"));
    assert_eq!(about.count(), 2, "{audited:?}");
    for secret in [id.as_str(), &other, &from, "Firefox"] {
        let told = audited.iter().any(|text| text.contains(secret));
        assert!(!told, "{secret} in {audited:?}");
    }
}

/// A collector, and a ClickHouse behind a proxy. Commands go to ClickHouse by no proxy.
struct World {
    program: Skimwatch,
    clickhouse: Proxied,
}

impl World {
    fn new() -> Self {
        let clickhouse = Proxied::start();
        let mut settings = clickhouse.settings();
        settings.extend(SETTINGS);
        let mut program = Skimwatch::prepare(&settings);
        program.import(&shops());
        program.restart();
        program.set("SKIMWATCH__CLICKHOUSE__URL", clickhouse.direct());
        Self {
            program,
            clickhouse,
        }
    }

    fn aside(&self) -> Vec<Value> {
        let list = self.program.ok(&["segments", "list", "--json"]);
        let list: Vec<Value> = serde_json::from_str(&list).expect("JSON");
        let aside = |segment: &Value| segment["state"] == "set-aside";
        list.into_iter().filter(aside).collect()
    }
}

#[test]
fn what_waits_in_the_log_comes_in_and_goes() {
    let world = World::new();
    let program = &world.program;
    post(program.intake, "shop-a", 0);
    come_in(program, "shop-a", 1);
    // Reports cannot come in; everything else goes on.
    world
        .clickhouse
        .proxy
        .set(Fault::Refuse(241), "INSERT INTO reports ", u32::MAX);
    visit(program);
    let done = shown(program, &["erase", "site", "shop-a", "--yes"]);
    assert_eq!(done["rows"]["reports"], 1, "{done}");
    let waiting = done["segments"].as_array().expect("a list").iter();
    let waiting: u64 = waiting.filter_map(|one| one["rows"].as_u64()).sum();
    // The first one too, if its segment is not freed yet.
    assert!(waiting >= u64::from(VISITORS), "{done}");
    within(SETTLE, "a look before they come in", || {
        let said = program.said();
        said.contains("looked for what an erasure covers")
            .then_some(())
    });
    world.clickhouse.proxy.clear();
    come_in(program, "shop-b", u64::from(VISITORS));
    // They were there, and are erased again.
    within(SETTLE, "the second erasure", || {
        let again = audited(program);
        let again = again
            .iter()
            .filter(|text| text.starts_with("erasure.applied"));
        (again.count() > 1 && rows(program, "shop-a") == (0, 0)).then_some(())
    });
    assert_eq!(
        rows(program, "shop-b"),
        (u64::from(VISITORS), u64::from(VISITORS))
    );
    // The detector passed over them.
    let alert = within(SETTLE, "an alert", || alerts(program).pop());
    assert_eq!(alert["sites"], json!(["shop-b"]));
    let reasons = alert["reasons"].to_string();
    assert!(
        reasons.contains("payment pages of one merchant"),
        "{reasons}"
    );
    program.ok(&["audit", "verify"]);
}

#[test]
fn what_was_set_aside_brings_nothing_back() {
    let mut world = World::new();
    let each = u64::from(VISITORS);
    for (name, of_both) in [("of both", true), ("of one", false)] {
        world
            .clickhouse
            .proxy
            .set(Fault::Refuse(117), "INSERT INTO reports ", 2);
        for visitor in 0..VISITORS {
            post(world.program.intake, "shop-a", visitor);
            if of_both {
                post(world.program.intake, "shop-b", visitor);
            }
        }
        world.clickhouse.proxy.met(2);
        let aside = within(SETTLE, name, || world.aside().pop());
        // Those that came into the next segment.
        let aside = aside["rows"].as_u64().expect("a number");
        let all = if of_both { 2 * each } else { each };
        within(SETTLE, "the rows behind it", || {
            let (a, b) = (
                rows(&world.program, "shop-a"),
                rows(&world.program, "shop-b"),
            );
            (a.0 + b.0 + aside >= all).then_some(())
        });
        let done = shown(&world.program, &["erase", "site", "shop-a", "--yes"]);
        assert_eq!(rows(&world.program, "shop-a"), (0, 0), "{name}");
        if !of_both {
            assert_eq!(done["segments_deleted"], 1, "{done}");
            assert!(world.aside().is_empty(), "its file is deleted: {done}");
            break;
        }
        let held = &done["segments"][0];
        assert_eq!(
            (&held["state"], &held["whole"]),
            (&json!("set-aside"), &json!(false))
        );
        assert!(world.program.stop(), "serve ends well");
        world.program.ok(&["segments", "reinsert", "--all"]);
        assert_eq!(rows(&world.program, "shop-a"), (0, 0), "{name}");
        assert_eq!(rows(&world.program, "shop-b"), (each, each), "{name}");
        let url = world.clickhouse.through().to_owned();
        let direct = world.clickhouse.direct().to_owned();
        world.program.set("SKIMWATCH__CLICKHOUSE__URL", &url);
        world.program.restart();
        world.program.set("SKIMWATCH__CLICKHOUSE__URL", &direct);
    }
    assert_eq!(rows(&world.program, "shop-b"), (each, each));
}

/// The command was cut off after it had written the erasure down.
#[test]
fn what_was_only_written_down_is_done() {
    let mut program = Skimwatch::start(&SETTINGS);
    program.import(&shops());
    for shop in ["shop-a", "shop-b"] {
        post(program.intake, shop, 1);
        come_in(&program, shop, 1);
    }
    let file = program.data().join("control.sqlite");
    let write_down = |name| {
        let registry = Registry::open(&file, SystemClock::shared()).expect("a registry");
        let now = SystemClock::shared().now();
        let erasure = erasure("site", name, now.0);
        let cases = Cases::new(Arc::new(registry));
        cases.erase(&erasure, &json!({}), "test").expect("erased");
    };
    write_down("shop-a");
    within(SETTLE, "a look of serve", || {
        (rows(&program, "shop-a") == (0, 0)).then_some(())
    });
    assert_eq!(rows(&program, "shop-b"), (1, 1));
    program.kill9();
    write_down("shop-b");
    program.restart();
    within(SETTLE, "the look after a start", || {
        (rows(&program, "shop-b") == (0, 0)).then_some(())
    });
    // ClickHouse cannot be asked what there is: nothing is written down.
    let before = audited(&program);
    program.set("SKIMWATCH__CLICKHOUSE__URL", "http://127.0.0.1:1");
    let output = program.run(&["erase", "site", "shop-a", "--yes"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("clickhouse.url"),
        "{said}"
    );
    program.set("SKIMWATCH__ROLES", "intake");
    let output = program.run(&["erase", "site", "shop-a", "--yes"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("only collects"),
        "{said}"
    );
    assert_eq!(audited(&program), before);
}

/// What is asked, and a part of the sentence that refuses it.
const HOSTILE: &[(&[&str], &str)] = &[
    (&["site", "nobody"], "there is no site nobody"),
    (&["site", ""], "1 to 64 characters"),
    (&["site", "shop-a' OR '1'='1"], "1 to 64 characters"),
    (&["site", "shop-a\n"], "1 to 64 characters"),
    (
        &["site", "shop-a; DROP TABLE reports"],
        "1 to 64 characters",
    ),
    (&["site", "{site:String}"], "1 to 64 characters"),
    (&["site", "%"], "1 to 64 characters"),
    (&["client", "--id", "0"], "from 1 to"),
    (&["client", "--id", ""], "from 1 to"),
    (&["client", "--id", "1 OR 1=1"], "from 1 to"),
    (&["client", "--id", "18446744073709551616"], "from 1 to"),
    (&["client", "--id", "1\n2"], "from 1 to"),
    (&["client"], "--id"),
    (&["client", "--address", "203.10.1.7"], "--user-agent"),
    (
        &["client", "--address", "x", "--user-agent", "y"],
        "--address",
    ),
];

#[test]
fn what_is_refused_changes_nothing() {
    let program = Skimwatch::start(&SETTINGS);
    program.import(&shops());
    post(program.intake, "shop-a", 1);
    come_in(&program, "shop-a", 1);
    let before = audited(&program);
    for (args, sentence) in HOSTILE {
        let output = program.run(&[&["erase"], *args, &["--yes"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{args:?}");
        assert!(said.contains(sentence), "{args:?}: {said}");
    }
    // Of a client that never was, there is nothing.
    let done = shown(&program, &["erase", "client", "--id", "7", "--yes"]);
    assert_eq!(done["rows"]["reports"], 0, "{done}");
    assert_eq!(rows(&program, "shop-a"), (1, 1));
    assert_eq!(audited(&program).len(), before.len() + 2);
}

fn erasure(kind: &str, name: &str, until: i64) -> Erasure {
    Erasure {
        target: Target::of_words(kind, name).expect("a target"),
        until: Timestamp(until),
    }
}

#[test]
fn a_detector_that_still_knows_a_site_brings_it_into_no_alert() {
    let bench = Bench::new();
    let found = |sites: &[&str]| finding("evil.example", Severity::High, (START, 0), sites);
    let alone = finding("other.example", Severity::High, (START, 0), &["high"]);
    bench
        .cases
        .record(&[found(&["b", "high"]), alone.clone()])
        .expect("taken down");
    bench
        .cases
        .record(&[found(&["b", "high", "c"])])
        .expect("taken down");
    let erasure = erasure("site", "high", START);
    let before = bench.cases.traces(&erasure.target).expect("read");
    let (id, traces) = bench
        .cases
        .erase(&erasure, &json!({}), "test")
        .expect("erased");
    assert_eq!((id, traces), (1, before));
    assert_eq!((traces.hits, traces.campaigns, traces.alerts), (2, 1, 1));
    let told = bench
        .cases
        .record(&[found(&["b", "high", "c"]), alone])
        .expect("taken down");
    assert_eq!(told, skimwatch::cases::Recorded::default());
    let left = bench.cases.traces(&erasure.target).expect("read");
    assert!(left.is_empty(), "{left:?}");
    // A site may be named as a severity is.
    let events = bench
        .cases
        .events(&Scope::Operator, &alert_of("evil.example"));
    let events: Vec<_> = events
        .expect("there")
        .into_iter()
        .map(|it| it.subject)
        .collect();
    assert_eq!(events, ["high", "c"]);
    // What it reports from then on is news again.
    let later = finding(
        "new.example",
        Severity::High,
        (START + 120_000, 0),
        &["high"],
    );
    let told = bench.cases.record(&[later]).expect("taken down");
    assert_eq!(told.raised.len(), 1);
    bench.registry.audit_verify().expect("whole");
}

#[test]
fn a_pseudonym_is_forgotten_in_time() {
    let bench = Bench::new();
    for (kind, name) in [("client", "7"), ("site", "a"), ("client", "8")] {
        let one = erasure(kind, name, START);
        bench.cases.erase(&one, &json!({}), "test").expect("erased");
    }
    let names = |registry: &Registry| -> Vec<String> {
        let all = registry.erasures(Timestamp(0)).expect("read");
        all.iter()
            .map(|one| one.erasure.target.to_string())
            .collect()
    };
    let registry = &bench.registry;
    assert_eq!(
        registry.forget_clients(Timestamp(START)).expect("written"),
        0
    );
    assert_eq!(names(registry), ["client 7", "site a", "client 8"]);
    assert!(!registry.has_forgotten_client(Timestamp(0)).expect("read"));
    assert_eq!(
        registry
            .forget_clients(Timestamp(START + 1))
            .expect("written"),
        2
    );
    assert_eq!(names(registry), ["site a"]);
    for (since, forgotten) in [(START, true), (START + 1, false)] {
        let found = registry.has_forgotten_client(Timestamp(since));
        assert_eq!(found.expect("read"), forgotten, "{since}");
    }
    registry.erasure_applied(2, None, "test").expect("written");
    assert!(registry.erasures(Timestamp(0)).expect("read")[0].is_applied);
}
