//! What goes wrong at the start is said in one sentence that tells what to do.

use std::net::TcpListener;
use std::process::Output;
use std::time::Duration;

use crate::journey::{counted, shop};
use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

const REPORT: &[u8] = br#"{"csp-report":{"document-uri":"https://shop.example.test/checkout","blocked-uri":"https://evil.skimmer.test/c","effective-directive":"connect-src","disposition":"enforce"}}"#;

type Case = (&'static str, fn(&mut Skimwatch), &'static [&'static str]);

/// What is wrong, how it comes about, and what the sentence must say.
const CASES: &[Case] = &[
    (
        "data directory is a file",
        data_dir_is_a_file,
        &["data directory", "SKIMWATCH__DATA_DIR"],
    ),
    (
        "malformed number",
        |p| p.set("SKIMWATCH__LIMIT__SITE_RATE", "many"),
        &["site_rate", "settings"],
    ),
    (
        "unknown setting",
        |p| p.set("SKIMWATCH__INTAKE__LISTN", "x"),
        &["listn", "settings"],
    ),
    (
        "unknown durability",
        |p| p.set("SKIMWATCH__SPOOL__DURABILITY", "maybe"),
        &["maybe", "fsync", "os", "settings"],
    ),
    (
        "unknown role",
        |p| p.set("SKIMWATCH__ROLES", "intake,cook"),
        &["cook", "intake, detect, web"],
    ),
    (
        "no engine library",
        |p| p.set("SKIMWATCH__ENGINE__LIBRARY", "/nowhere/libchdb.so"),
        &["/nowhere/libchdb.so", "deploy/fetch-engine.sh"],
    ),
    (
        "no IP database",
        |p| p.set("SKIMWATCH__ENRICH__COUNTRY_DB", "/nowhere/c.mmdb"),
        &["/nowhere/c.mmdb", "deploy/fetch-ipdb.sh"],
    ),
    (
        "half of TLS",
        |p| p.set("SKIMWATCH__INTAKE__TLS_CERT", "/nowhere/c.pem"),
        &["tls_key"],
    ),
    (
        "half of TLS for readers",
        |p| p.set("SKIMWATCH__WEB__TLS_KEY", "/nowhere/k.pem"),
        &["web.tls_cert"],
    ),
    (
        "no certificate",
        |p| {
            p.set("SKIMWATCH__INTAKE__TLS_CERT", "/nowhere/c.pem");
            p.set("SKIMWATCH__INTAKE__TLS_KEY", "/nowhere/k.pem");
        },
        &["/nowhere/c.pem", "intake.tls_cert"],
    ),
];

#[test]
fn one_clear_sentence() {
    for (name, prepare, expected) in CASES {
        let mut program = Skimwatch::prepare(&[]);
        prepare(&mut program);
        is_one_sentence_with(name, &program.run(&["serve"]), expected);
    }
}

#[test]
fn a_port_that_is_taken() {
    for (setting, other) in [
        ("SKIMWATCH__INTAKE__LISTEN", "reports"),
        ("SKIMWATCH__WEB__LISTEN", "readers"),
    ] {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("its address").to_string();
        let program = Skimwatch::prepare(&[(setting, &address)]);
        is_one_sentence_with(
            setting,
            &program.run(&["serve"]),
            &[&address, setting, other],
        );
    }
}

#[test]
fn two_on_one_data_directory() {
    let program = Skimwatch::start(&[]);
    let second =
        Skimwatch::prepare(&[("SKIMWATCH__DATA_DIR", &program.data().display().to_string())]);
    is_one_sentence_with("second", &second.run(&["serve"]), &["spool", "another"]);
}

#[test]
fn a_malformed_file_of_settings() {
    let program = Skimwatch::prepare(&[]);
    let file = program.folder().join("skimwatch.toml");
    std::fs::write(&file, "intake = [").expect("written");
    let output = program.run(&["serve", "--config", &file.display().to_string()]);
    is_one_sentence_with("file", &output, &["skimwatch.toml"]);
}

/// ClickHouse is not there at the start and comes later: browsers see nothing of it.
#[test]
fn clickhouse_comes_later() {
    let engine = Skimwatch::prepare(&[("SKIMWATCH__ENGINE__SECRET", "a-secret-of-this-test")]);
    let url = format!("http://{}", engine.web);
    let mut program = Skimwatch::prepare(&[
        ("SKIMWATCH__CLICKHOUSE__URL", &url),
        ("SKIMWATCH__CLICKHOUSE__USER", "skimwatch"),
        ("SKIMWATCH__CLICKHOUSE__PASSWORD", "a-secret-of-this-test"),
    ]);
    program.import(&shop());
    program.restart();
    let mut client = Client::connect(program.intake).expect("the door is open");
    for _ in 0..3 {
        let answer = client
            .post("/r/demo-shop", "application/csp-report", REPORT)
            .expect("an answer");
        assert_eq!(answer.status, 204);
    }
    let bearer = format!("Bearer {}", Skimwatch::TOKEN);
    let mut reader = Client::connect(program.web).expect("open");
    let answer = reader
        .get("/api/v1/stats", &[("Authorization", &bearer)])
        .expect("an answer");
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.text().contains("ClickHouse"), "{}", answer.text());

    let path = engine.folder().join("engine").display().to_string();
    let _running = engine.run_in_background(&[
        "engine",
        "--path",
        &path,
        "--listen",
        &engine.web.to_string(),
    ]);
    within(Duration::from_secs(60), "an answer of the API", || {
        let answer = reader
            .get("/api/v1/stats", &[("Authorization", &bearer)])
            .ok()?;
        (answer.status == 200).then_some(())
    });
    counted(&program, 3);
    assert_eq!(program.sql("SELECT count() FROM skimwatch.reports"), "3");
}

/// One file that the disk does not hand out, here because it is a directory, keeps nobody from taking reports.
#[test]
fn a_segment_file_that_cannot_be_read() {
    let mut program = Skimwatch::prepare(&[]);
    let file = program.data().join("spool/00000007.seg");
    std::fs::create_dir_all(&file).expect("made");
    program.import(&shop());
    program.restart();
    assert_eq!(program.metric("skimwatch_spool_unreadable_files"), 1.0);
    let mut client = Client::connect(program.intake).expect("the door is open");
    let answer = client.post("/r/demo-shop", "application/csp-report", REPORT);
    assert_eq!(answer.expect("an answer").status, 204);
    counted(&program, 1);
    let path = file.display().to_string();
    assert!(program.said().contains(&path), "{}", program.said());
    let list = program.ok(&["segments", "list"]);
    let line = list.lines().find(|line| line.starts_with(&path));
    assert!(line.is_some_and(|l| l.contains("unreadable")), "{list}");
    std::fs::remove_dir(&file).expect("it stayed where it was");
    program.restart();
    assert_eq!(program.metric("skimwatch_spool_unreadable_files"), 0.0);
}

fn data_dir_is_a_file(program: &mut Skimwatch) {
    let path = program.folder().join("file");
    std::fs::write(&path, "").expect("written");
    program.set(
        "SKIMWATCH__DATA_DIR",
        &path.join("data").display().to_string(),
    );
}

fn is_one_sentence_with(name: &str, output: &Output, expected: &[&str]) {
    assert!(!output.status.success(), "{name}: it must not start");
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("skimwatch: "), "{name}: {said}");
    for part in expected {
        assert!(
            last.contains(part),
            "{name}: \"{part}\" is missing in: {last}"
        );
    }
}
