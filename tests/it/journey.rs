//! Reports of real browsers, from the socket to the table. The test to read first.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use skimwatch::replay::Recorded;

use crate::secrets;
use crate::support::deadline::within;
use crate::support::http::Client;
use crate::support::skimwatch::Skimwatch;

/// A segment's second, its insert, and a slow machine.
const DELIVERY: Duration = Duration::from_secs(30);

const FIXTURES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/fixtures/reports/corpus.ndjson"
);

pub(crate) fn shop() -> Value {
    json!([{
        "key": "demo-shop", "name": "Demo shop", "domains": ["shop.example.test"],
        "country": "JP", "checkout_paths": ["/checkout"],
    }])
}

#[test]
fn requests_of_every_browser() {
    journey_of(Path::new(FIXTURES));
}

/// The whole corpus, where it lies beside the repository.
#[test]
#[ignore = "needs the folder named by SKIMWATCH_TEST_SHARED"]
fn shared_corpus() {
    let shared = PathBuf::from(crate::support::setting("SKIMWATCH_TEST_SHARED"));
    journey_of(&shared.join("corpus/browser-reports.ndjson"));
}

fn journey_of(corpus: &Path) {
    let text = std::fs::read_to_string(corpus).expect("the corpus is readable");
    let recorded: Vec<Recorded> = text
        .lines()
        .map(|line| Recorded::parse(line).expect("a recorded request"))
        .collect();
    let mut program = Skimwatch::start(&[]);
    program.import(&shop());

    let entries = post_all(&program, &recorded) + post_planted(&program);
    let stats = counted(&program, entries);
    let total = &stats["total"];
    assert_eq!(total["stored"], entries, "{stats}");
    assert_eq!(total["folded"], 0, "{stats}");
    assert_eq!(stats["sites"][0]["site"], "demo-shop", "{stats}");
    let rows = "SELECT count(), uniqExact(id) FROM skimwatch.reports";
    assert_eq!(program.sql(rows), format!("{entries}\t{entries}"));

    nothing_secret_is_left(&mut program, &secrets(&recorded));
}

/// Reading a segment takes longer than an acknowledgement may.
#[test]
fn what_reads_segments_gives_way_to_the_doors() {
    let program = Skimwatch::start(&[]);
    program.import(&shop());
    let entries = post_planted(&program);
    counted(&program, entries);
    let tasks = format!("/proc/{}/task", program.pid().as_raw_nonzero());
    let (mut doors, mut readers) = (Vec::new(), Vec::new());
    for task in std::fs::read_dir(tasks).expect("it runs") {
        let stat = task.expect("a thread").path().join("stat");
        // A thread may end at any time.
        let stat = std::fs::read_to_string(stat).unwrap_or_default();
        let Some((name, numbers)) = stat.rsplit_once(") ") else {
            continue;
        };
        let nice: i32 = numbers
            .split(' ')
            .nth(16)
            .and_then(|n| n.parse().ok())
            .expect("a number");
        if name.contains("actix-rt") {
            doors.push(nice);
        } else if name.contains("tokio-rt-worker") {
            readers.push(nice);
        }
    }
    let most = doors.iter().max().expect("doors have threads");
    assert!(
        readers.iter().any(|nice| nice > most),
        "{doors:?} {readers:?}"
    );
}

/// Posts each as it was captured. Returns how many entries the client has sent.
fn post_all(program: &Skimwatch, recorded: &[Recorded]) -> u64 {
    let mut client = Client::connect(program.intake).expect("the door is open");
    let mut entries = 0;
    for (n, request) in recorded.iter().enumerate() {
        let headers: Vec<(&str, &str)> = request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = client.send(&request.method, "/r/demo-shop", &headers, &request.body);
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 204, "request {n}: {}", answer.text());
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("*"),
            "request {n}"
        );
        if request.method == "POST" {
            entries += num_entries(&request.body);
        } else {
            assert_eq!(
                answer.header("access-control-allow-headers"),
                Some("content-type")
            );
        }
    }
    entries
}

/// Posts a report of each secret in each place. Returns how many.
fn post_planted(program: &Skimwatch) -> u64 {
    let mut client = Client::connect(program.intake).expect("the door is open");
    let reports = secrets::reports();
    for report in &reports {
        let body = report.to_string();
        let answer = client.post("/r/demo-shop", "application/json", body.as_bytes());
        assert_eq!(answer.expect("an answer").status, 204, "{body}");
    }
    u64::try_from(reports.len()).expect("it fits")
}

/// Counted without the product: an array's length, else one.
fn num_entries(body: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(body);
    // Half a surrogate pair is no JSON for this reader; what stands between the quotes does not matter here.
    let text = text.replace("\\ud", "\\u0");
    match serde_json::from_str(&text).expect("a browser sends JSON") {
        Value::Array(entries) => u64::try_from(entries.len()).expect("it fits"),
        _ => 1,
    }
}

/// Waits until the ledger of the client and of the product agree.
pub(crate) fn counted(program: &Skimwatch, received: u64) -> Value {
    within(DELIVERY, "the client's count", || {
        let stats = program.stats();
        (stats["total"]["received"] == received).then_some(stats)
    })
}

/// What no file, row, log or answer may hold: the card number in every form, and the values beside it.
fn secrets(recorded: &[Recorded]) -> BTreeSet<String> {
    use base64::Engine as _;
    let card = "4111111111111111";
    let mut secrets: BTreeSet<String> = [
        card,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111+1111+1111+1111",
        "4111%201111",
        "%34%31%31%31",
        "34313131313131313131313131313131",
        "SECRET123",
        "jane@example.test",
        "jane%40example.test",
        "cvv123",
    ]
    .map(str::to_owned)
    .into();
    // Base64 of the number wherever it may begin within a group of three bytes.
    for before in ["", "x", "xx"] {
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{before}{card}"));
        let inner = &text[4..text.len() - 4];
        secrets.insert(inner.to_owned());
        secrets.insert(inner.to_ascii_lowercase());
    }
    for request in recorded {
        let text = String::from_utf8_lossy(&request.body);
        for name in ["cvv", "exp", "email", "tok", "sid"] {
            planted_values(&text, name, &mut secrets);
        }
    }
    secrets.extend(secrets::texts());
    secrets
}

/// Values of `?name=value`, if they are long enough not to stand anywhere by chance.
fn planted_values(text: &str, name: &str, into: &mut BTreeSet<String>) {
    for mark in [format!("?{name}="), format!("&{name}=")] {
        for (at, _) in text.match_indices(&mark) {
            let rest = &text[at + mark.len()..];
            let end = rest
                .find(['&', '"', '\\', '#', ' ', '\''])
                .unwrap_or(rest.len());
            let value = &rest[..end];
            into.insert(format!("{name}={value}"));
            if value.len() >= 5 {
                into.insert(value.to_owned());
            }
        }
    }
}

fn nothing_secret_is_left(program: &mut Skimwatch, secrets: &BTreeSet<String>) {
    let mut places: Vec<(String, Vec<u8>)> = Vec::new();
    let tables = program.sql("SELECT name FROM system.tables WHERE database = 'skimwatch'");
    for table in tables.lines() {
        let rows = program.ok(&[
            "sql",
            &format!("SELECT * FROM skimwatch.{table}"),
            "--format",
            "JSONEachRow",
        ]);
        places.push((format!("table {table}"), rows.into_bytes()));
    }
    for path in [
        "/api/v1/stats",
        "/api/v1/sites",
        "/api/v1/reports?limit=1000",
        "/api/v1/alerts",
        "/api/v1/campaigns",
        "/api/v1/destinations",
        "/api/v1/merchants",
        "/",
        "/alerts",
        "/sites",
        "/sites/demo-shop",
    ] {
        let answer = program.ask(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        places.push((path.to_owned(), answer.body));
    }
    no_core_can_be_dumped(program.pid().as_raw_nonzero().get());
    let metrics = Client::connect(program.web)
        .expect("open")
        .get("/metrics", &[])
        .expect("metrics");
    places.push(("/metrics".to_owned(), metrics.body));
    assert!(program.stop(), "serve ends well");
    places.push(("the log".to_owned(), program.said().into_bytes()));
    files(&program.data(), &mut places);

    let mut left = Vec::new();
    for (place, bytes) in &places {
        for secret in secrets {
            if memchr::memmem::find(bytes, secret.as_bytes()).is_some() {
                left.push(format!("{secret} in {place}"));
            }
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

/// Of the program and of the engine, its child: a core would hold what passes through memory.
fn no_core_can_be_dumped(pid: i32) {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).expect("its threads");
    let children: String = tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok())
        .collect();
    assert!(!children.trim().is_empty(), "the engine is a child");
    let pids = [pid.to_string()].into_iter();
    for pid in pids.chain(children.split_whitespace().map(str::to_owned)) {
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("its limits");
        let core = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max core file size"))
            .expect("a limit on cores");
        let values: Vec<_> = core.split_whitespace().take(2).collect();
        assert_eq!(values, ["0", "0"], "process {pid}");
    }
}

fn files(folder: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, into);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).expect("a readable file");
            into.push((path.display().to_string(), bytes));
        }
    }
}
