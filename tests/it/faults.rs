//! What ClickHouse and the way to it may do, over a real engine: afterwards every acknowledged entry has one
//! row, is counted once and was judged once.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use serde_json::Value;
use skimwatch::clock::SystemClock;
use skimwatch::store::LATEST;

use crate::journey::shop;
use crate::support::clickhouse::{Proxied, SECRET};
use crate::support::deadline::within;
use crate::support::load::{BATCH, LIMITS, Ledger, Load};
use crate::support::proxy::Fault;
use crate::support::short_or_long;
use crate::support::skimwatch::Skimwatch;

const SETTLE: Duration = Duration::from_secs(60);
const REPORTS: &str = "INSERT INTO reports ";
const COUNTS: &str = "INSERT INTO report_outcomes ";
const MARK: &str = "INSERT INTO segments ";

/// A collector, and a ClickHouse behind a proxy.
struct World {
    program: Skimwatch,
    clickhouse: Proxied,
    next: Arc<AtomicU32>,
    ledger: Ledger,
}

impl World {
    fn new(settings: &[(&str, &str)]) -> Self {
        let clickhouse = Proxied::start();
        let mut all = clickhouse.settings();
        // The long profile counts millions of rows, on a machine that has other things to do.
        all.push(("SKIMWATCH__CLICKHOUSE__QUERY_SECONDS", "60"));
        all.extend(LIMITS);
        all.extend(settings);
        let mut program = Skimwatch::prepare(&all);
        program.import(&shop());
        program.restart();
        Self {
            program,
            clickhouse,
            next: Arc::new(AtomicU32::new(1)),
            ledger: Ledger::default(),
        }
    }

    fn load(&self) -> Load {
        Load::start(self.program.intake, &self.next)
    }

    /// Posts until this many submissions are acknowledged.
    fn post(&mut self, n: usize) {
        let load = self.load();
        load.more(n);
        self.ledger.add(load.stop());
    }

    /// Waits until the product says what the client knows, and looks at the rows.
    fn settles(&self, name: &str) {
        let acknowledged = self.ledger.acknowledged.len();
        assert!(
            self.ledger.unsure.is_empty(),
            "{name}: an answer was cut off"
        );
        let total = within(SETTLE, name, || {
            let answer = self.program.ask("/api/v1/stats");
            let total = (answer.status == 200).then(|| answer.json()["total"].clone())?;
            (total["received"] == acknowledged).then_some(total)
        });
        assert_eq!(total["stored"], acknowledged, "{name}: {total}");
        let rows = "SELECT count(), uniqExact(id), uniqExact(line) FROM skimwatch.reports";
        let expected = format!("{acknowledged}\t{acknowledged}\t{acknowledged}");
        assert_eq!(self.program.sql(rows), expected, "{name}");
    }

    /// Waits until the detector has seen every row once.
    fn is_judged(&self, rows: usize) {
        within(SETTLE, "the detector's count", || {
            let seen = self.program.metric("skimwatch_detect_sightings_total");
            assert!(seen <= rows as f64, "some were judged twice: {seen}");
            (seen == rows as f64).then_some(())
        });
    }

    /// Waits for this many more failed deliveries.
    fn fails(&self, n: u32) {
        let failures = || self.program.metric("skimwatch_store_insert_failures_total");
        let goal = failures() + f64::from(n);
        let patience = Duration::from_secs(60 + 12 * u64::from(n));
        within(patience, "tries that fail", || {
            (failures() >= goal).then_some(())
        });
    }

    /// A statement that goes by no proxy.
    fn change(&self, sql: &str) {
        let client = clickhouse::Client::default()
            .with_url(self.clickhouse.direct())
            .with_user("skimwatch")
            .with_password(SECRET)
            .with_database("skimwatch")
            .with_setting("mutations_sync", "2");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let changed = runtime
            .expect("a runtime")
            .block_on(client.query_raw(sql).execute());
        changed.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn segments(&self) -> Vec<Value> {
        let list = self.program.ok(&["segments", "list", "--json"]);
        let list: Vec<Value> = serde_json::from_str(&list).expect("JSON");
        let aside = |segment: &Value| segment["state"] == "set-aside";
        list.into_iter().filter(aside).collect()
    }
}

#[test]
fn what_is_done_half_is_done_once() {
    let mut world = World::new(&[]);
    let again = short_or_long(1, 10);
    for fault in [
        Fault::Refuse(241),
        Fault::AnswerLost,
        Fault::DoneLate,
        Fault::CutAfter,
        Fault::CutWithin,
    ] {
        for table in [REPORTS, COUNTS, MARK] {
            for _ in 0..again {
                let name = format!("{fault:?} at {table}");
                eprintln!("{name}");
                world.clickhouse.proxy.set(fault, table, 1);
                let load = world.load();
                world.clickhouse.proxy.met(1);
                // Browsers see nothing of it.
                load.more(20);
                world.clickhouse.proxy.clear();
                world.ledger.add(load.stop());
                world.settles(&name);
            }
        }
    }
    assert_eq!(world.ledger.refused, 0);
    assert!(world.segments().is_empty(), "nothing was refused twice");
    world.is_judged(world.ledger.acknowledged.len());
}

#[test]
fn one_refusal_is_doubted_and_two_set_aside() {
    let mut world = World::new(&[]);
    world.clickhouse.proxy.set(Fault::Refuse(117), REPORTS, 1);
    world.post(20);
    world.settles("refused once");
    let mut judged = world.ledger.acknowledged.len();
    for (table, stop) in [(REPORTS, false), (COUNTS, true)] {
        world.clickhouse.proxy.set(Fault::Refuse(117), table, 2);
        let load = world.load();
        world.clickhouse.proxy.met(2);
        load.more(20);
        world.ledger.add(load.stop());
        let aside = within(SETTLE, "a segment set aside", || world.segments().pop());
        let rows = usize::try_from(aside["rows"].as_u64().expect("a number")).expect("small");
        let id = aside["segment"].as_str().expect("an id");
        assert!(
            aside["reason"].as_str().is_some_and(|r| r.contains("117")),
            "{aside}"
        );
        assert_eq!(aside["sites"], 1, "{aside}");
        // Those behind it came in, and the counts are of these.
        let acknowledged = world.ledger.acknowledged.len();
        within(SETTLE, "those behind it", || {
            (world.program.stats()["total"]["received"] == acknowledged - rows).then_some(())
        });
        judged = acknowledged;
        if !stop {
            let counted = world
                .program
                .metric("skimwatch_store_segments_set_aside_total");
            assert_eq!(counted, 1.0);
            world.is_judged(acknowledged - rows);
        }
        is_shown(&world, id, rows);
        if stop {
            assert!(world.program.stop(), "serve ends well");
            world.program.ok(&["segments", "reinsert", id]);
            world.program.restart();
        } else {
            world.program.ok(&["segments", "reinsert", "--all"]);
            world.is_judged(acknowledged);
        }
        assert!(world.segments().is_empty());
        world.settles(table);
    }
    world.is_judged(judged);
}

/// What is set aside can be looked at: its counts, and its rows.
fn is_shown(world: &World, id: &str, rows: usize) {
    let text = world.program.ok(&["segments", "show", id]);
    let mut lines = text.lines();
    let about: Value = serde_json::from_str(lines.next().expect("a line")).expect("JSON");
    let counted = &about["outcomes"]["demo-shop"][0];
    assert_eq!(counted["outcome"], "stored", "{about}");
    assert_eq!(counted["count"], rows, "{about}");
    let row: Value = serde_json::from_str(lines.next().expect("a row")).expect("JSON");
    assert_eq!(row["destination"], "skimmer.test", "{row}");
    assert_eq!(lines.count() + 1, rows);
}

#[test]
fn gone_for_long_and_back() {
    let small = [("SKIMWATCH__SPOOL__SEGMENT_BYTES", "65536")];
    let mut world = World::new(&small);
    world.post(20);
    let idle = std::mem::take(&mut world.ledger.slowest);
    world.clickhouse.proxy.go();
    let waiting = "skimwatch_spool_segments_waiting";
    while world.program.metric(waiting) < short_or_long(12.0, 100.0) {
        world.post(50);
    }
    // About ten minutes of pauses in the long run.
    world.fails(short_or_long(3, 80));
    let held = world.program.metric(waiting);
    world.ledger.slowest = Duration::ZERO;
    world.clickhouse.proxy.come_back();
    // Acknowledgements go on while it catches up.
    let began = SystemClock::shared();
    let load = world.load();
    load.more(300);
    world.ledger.add(load.stop());
    within(SETTLE, "the segments of the outage", || {
        (world.program.metric(waiting) < 2.0).then_some(())
    });
    let took = began.monotonic();
    eprintln!("{held} segments waited; caught up in {took:?}");
    let busy = world.ledger.slowest;
    eprintln!("slowest acknowledgement: {idle:?} before the outage, {busy:?} while catching up");
    assert!(busy < Duration::from_secs(5), "{busy:?}");
    world.settles("gone and back");
    assert_eq!(world.ledger.refused, 0);
    world.is_judged(world.ledger.acknowledged.len());
}

#[test]
fn the_disk_is_full_before_it_is_back() {
    let tiny = [
        ("SKIMWATCH__SPOOL__SEGMENT_BYTES", "65536"),
        ("SKIMWATCH__SPOOL__MAX_BYTES", "524288"),
    ];
    let mut world = World::new(&tiny);
    world.clickhouse.proxy.go();
    let load = world.load();
    load.more_refused(50);
    world.clickhouse.proxy.come_back();
    load.more(100);
    world.ledger.add(load.stop());
    assert!(world.ledger.refused >= 50);
    world.settles("full and back");
    let refused = world.program.stats()["total"]["refused"].clone();
    let refused: u64 = refused
        .as_object()
        .map_or(0, |r| r.values().filter_map(Value::as_u64).sum());
    // Refusals are counted at best effort while there is no room to write them down.
    assert!(refused <= world.ledger.refused, "{refused}");
    assert!(world.ledger.acknowledged.len() > BATCH as usize * 100);
}

#[test]
fn back_with_another_schema() {
    let mut world = World::new(&[]);
    world.post(10);
    world.settles("as it was");

    world.clickhouse.proxy.go();
    world.change("ALTER TABLE segments DROP INDEX inserted_range");
    world.change("ALTER TABLE schema_migrations DELETE WHERE number >= 7");
    world.post(10);
    world.fails(1);
    world.clickhouse.proxy.come_back();
    world.settles("back with an older one");
    let number = "SELECT max(number) FROM skimwatch.schema_migrations";
    assert_eq!(world.program.sql(number), LATEST.to_string());
    let index = "SELECT count() FROM system.data_skipping_indices \
                 WHERE database = 'skimwatch' AND name = 'inserted_range'";
    assert_eq!(world.program.sql(index), "1");

    world.clickhouse.proxy.go();
    let newer = LATEST + 1;
    world.change(&format!(
        "INSERT INTO schema_migrations (number, name, checksum) VALUES ({newer}, 'x', 'x')"
    ));
    let before = world.ledger.acknowledged.len();
    world.post(10);
    world.fails(1);
    world.clickhouse.proxy.come_back();
    within(SETTLE, "a sentence", || {
        let said = world.program.said();
        said.contains("use a newer skimwatch").then_some(())
    });
    world.post(10);
    assert_eq!(world.program.stats()["total"]["received"], before);
    world.change(&format!(
        "ALTER TABLE schema_migrations DELETE WHERE number = {newer}"
    ));
    world.settles("back with a newer one, and with ours");
}
