//! Who gets in, and in what form.

use std::io::Write as _;

use super::harness::{Engine, open, send};

#[test]
fn only_those_who_know_the_secret() {
    let engine = Engine::start();
    let (address, password) = (engine.address(), engine.endpoint.password.clone());
    let host = format!("Host: {address}");
    let key = format!("X-ClickHouse-Key: {password}");
    let user = "X-ClickHouse-User: skimwatch";
    let origin = |origin: &str| format!("Origin: {origin}");
    let (own, foreign) = (
        origin(&format!("http://{address}")),
        origin("https://shop.example"),
    );
    let cases: &[(&str, &[&str], u16)] = &[
        ("the secret", &[&host, user, &key], 200),
        ("its own origin", &[&host, user, &key, &own], 200),
        ("nothing", &[&host], 401),
        (
            "a wrong password",
            &[&host, user, "X-ClickHouse-Key: wrong"],
            403,
        ),
        (
            "an empty password",
            &[&host, user, "X-ClickHouse-Key: "],
            403,
        ),
        (
            "another user",
            &[&host, "X-ClickHouse-User: default", &key],
            403,
        ),
        ("a rebound name", &["Host: evil.example", user, &key], 403),
        (
            "the right name, another port",
            &["Host: 127.0.0.1:1", user, &key],
            403,
        ),
        ("a page", &[&host, user, &key, &foreign], 403),
        (
            "a page without an origin",
            &[&host, user, &key, "Origin: null"],
            403,
        ),
    ];
    for (case, headers, status) in cases {
        let reply = send(address, "POST", "/", headers, b"SELECT 'inside'");
        assert_eq!(reply.status, *status, "{case}: {}", reply.text());
        assert_eq!(reply.text().contains("inside"), *status == 200, "{case}");
        if *status != 200 {
            assert_eq!(
                reply.header("X-ClickHouse-Exception-Code"),
                Some("516"),
                "{case}"
            );
        }
    }
}

#[test]
fn there_are_two_paths() {
    let engine = Engine::start();
    let address = engine.address();
    let host = format!("Host: {address}");
    assert_eq!(send(address, "GET", "/ping", &[&host], b"").text(), "Ok.\n");
    assert_eq!(
        send(address, "GET", "/ping", &["Host: evil.example"], b"").status,
        403
    );
    assert_eq!(engine.http("GET", "/play", b"").status, 404);
    assert_eq!(engine.http("PUT", "/", b"").status, 405);
}

#[test]
fn a_get_changes_nothing() {
    let engine = Engine::start();
    engine.text("CREATE TABLE t (a UInt8) ENGINE = Memory");
    for statement in [
        "INSERT+INTO+t+VALUES+(1)",
        "INSERT+INTO+t+SELECT+1",
        "DROP+TABLE+t",
        "CREATE+TABLE+u+(a+UInt8)+ENGINE=Memory",
        "SELECT+1+SETTINGS+readonly=0",
    ] {
        let reply = engine.http("GET", &format!("/?query={statement}"), b"");
        assert_eq!(
            reply.header("X-ClickHouse-Exception-Code"),
            Some("164"),
            "{statement}: {}",
            reply.text()
        );
    }
    let lifted = engine.http("GET", "/?readonly=0&query=INSERT+INTO+t+SELECT+1", b"");
    assert_eq!(lifted.status, 500, "{}", lifted.text());
    assert_eq!(engine.text("SELECT count() FROM t"), "0");
}

#[test]
fn packings_that_are_not_known_are_refused_clearly() {
    let engine = Engine::start();
    for encoding in ["gzip", "zstd", "br"] {
        let header = format!("Content-Encoding: {encoding}");
        let reply = engine.http_with("POST", "/", &[&header], b"SELECT 1");
        assert_eq!(reply.status, 400, "{encoding}");
        assert!(reply.text().contains(encoding), "{}", reply.text());
    }
    let garbage = engine.http("POST", "/?decompress=1", &[0; 100]);
    assert_eq!(
        garbage.header("X-ClickHouse-Exception-Code"),
        Some("271"),
        "{}",
        garbage.text()
    );
}

#[test]
fn half_a_body_is_not_inserted() {
    let engine = Engine::start();
    engine.text("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a");
    let host = format!("Host: {}", engine.address());
    let key = format!("X-ClickHouse-Key: {}", engine.endpoint.password);
    let headers = [
        host.as_str(),
        "X-ClickHouse-User: skimwatch",
        &key,
        "Content-Length: 1000",
    ];
    let target = "/?query=INSERT+INTO+t+FORMAT+TSV";
    let mut stream = open(engine.address(), "POST", target, &headers, b"1\n2\n");
    stream.flush().expect("sent");
    // The statement has begun when it is among the running ones.
    let running = "SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO t%'";
    while engine.text(running) == "0" {}
    drop(stream);
    while engine.text(running) != "0" {}
    assert_eq!(engine.text("SELECT count() FROM t"), "0");
}

#[test]
fn a_statement_ends_when_its_client_leaves() {
    let engine = Engine::start();
    let host = format!("Host: {}", engine.address());
    let key = format!("X-ClickHouse-Key: {}", engine.endpoint.password);
    let headers = [host.as_str(), "X-ClickHouse-User: skimwatch", &key];
    let heavy = b"SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1";
    let stream = open(engine.address(), "POST", "/", &headers, heavy);
    let running = "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64(number) = 1' AND query NOT LIKE '%processes%'";
    while engine.text(running) == "0" {}
    drop(stream);
    // Without the watcher it would run for two minutes; the test would time out with it.
    let mut looks = 0;
    while engine.text(running) != "0" {
        looks += 1;
        assert!(looks < 20_000, "the statement runs on for nobody");
    }
}
