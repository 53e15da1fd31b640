//! How an engine begins, ends, and comes back.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::Signal;
use skimwatch::engine::{
    Child, DEFAULT_MAX_MEMORY, EngineError, Supervisor, find_running, start_for_command,
};
use skimwatch::metrics;

use super::harness::{Engine, PROGRAM, Process, client, library};

const PATIENCE: Duration = Duration::from_secs(60);

fn child(path: PathBuf) -> Child {
    Child {
        program: PathBuf::from(PROGRAM),
        path,
        port: None,
        library: library(),
        max_memory_bytes: DEFAULT_MAX_MEMORY,
        log_filter: "info".to_owned(),
    }
}

#[test]
fn it_ends_with_its_standard_input() {
    let mut engine = Engine::start();
    let face = engine.directory.path().join("face.json");
    let mode = std::fs::metadata(&face)
        .expect("the face's file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    engine.text("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a");
    drop(engine.process.stdin.take());
    let (code, log) = engine.process.wait();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("standard input closed"), "{log}");
    assert!(
        !log.contains(&engine.endpoint.password),
        "the password is in no log"
    );
    assert!(!face.exists());
}

#[test]
fn it_does_not_end_with_a_standard_input_that_is_always_at_its_end() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let process = Process::spawn(Process::command(directory.path(), 0).stdin(Stdio::null()));
    process.wait_for("the engine is confined");
    process.wait_for("the engine listens");
    assert!(find_running(directory.path()).is_some());
    process.signal(Signal::TERM);
    let (code, log) = process.wait();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(find_running(directory.path()), None);
}

#[test]
fn a_second_engine_waits_for_the_first() {
    let first = Engine::start();
    first.text("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a");
    first.text("INSERT INTO t SELECT number FROM numbers(100)");
    let Engine {
        process, directory, ..
    } = first;
    let second = Process::start(directory.path(), 0);
    second.wait_for("waiting up to");
    process.signal(Signal::TERM);
    assert_eq!(process.wait().0, Some(0));
    second.wait_for("the engine listens");
    let endpoint = find_running(directory.path()).expect("the second engine answers");
    let again = Engine {
        process: second,
        endpoint,
        directory,
    };
    assert_eq!(again.text("SELECT count() FROM t"), "100");
}

#[test]
fn what_is_missing_is_said() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let mut no_library = Process::command(path, 0);
    no_library.env("SKIMWATCH__ENGINE__LIBRARY", "/nonexistent/libchdb.so");
    let mut wrong_library = Process::command(path, 0);
    wrong_library.env("SKIMWATCH__ENGINE__LIBRARY", PROGRAM);
    let file = path.join("file");
    std::fs::write(&file, "").expect("a file");
    for (what, mut command, words) in [
        ("no library", no_library, "run deploy/fetch-engine.sh"),
        ("a wrong library", wrong_library, "cannot be used"),
        (
            "an address for everyone",
            Process::command_at(path, "0.0.0.0:0"),
            "listens on 127.0.0.1",
        ),
        (
            "a taken port",
            Process::command(path, port),
            "Choose another port",
        ),
        (
            "a directory that is a file",
            Process::command(&file, 0),
            "may create and write",
        ),
    ] {
        let (code, log) = Process::spawn(command.stdin(Stdio::null())).wait();
        assert_eq!(code, Some(1), "{what}");
        assert!(log.contains(words), "{what}: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_engines_come_back_with_all_that_was_acknowledged() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let supervisor = Supervisor::start(child(directory.path().to_owned())).expect("it starts");
    supervisor.ready(PATIENCE).await.expect("it answers");
    let endpoint = supervisor.endpoint().clone();
    let client = client(&endpoint);
    client
        .query("CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS fsync_after_insert = 1, fsync_part_directory = 1")
        .execute()
        .await
        .expect("a table");
    let before = metrics::get().engine_restarts.get();
    for round in 0..3_u64 {
        let insert = format!(
            "INSERT INTO t SELECT number FROM numbers({}, 1000)",
            round * 1_000
        );
        client.query(&insert).execute().await.expect("acknowledged");
        let face = std::fs::read(directory.path().join("face.json")).expect("the face's file");
        let face: serde_json::Value = serde_json::from_slice(&face).expect("JSON");
        let pid = face["pid"]
            .as_i64()
            .and_then(|pid| i32::try_from(pid).ok())
            .expect("a process id");
        let pid = rustix::process::Pid::from_raw(pid).expect("not 0");
        let restarts = metrics::get().engine_restarts.get();
        rustix::process::kill_process(pid, Signal::KILL).expect("it is ours");
        while metrics::get().engine_restarts.get() == restarts {
            tokio::task::yield_now().await;
        }
        supervisor.ready(PATIENCE).await.expect("it comes back");
        assert_eq!(*supervisor.endpoint(), endpoint, "and is where it was");
        let (count, sum): (u64, u64) = client
            .query("SELECT count(), sum(a) FROM t")
            .fetch_one()
            .await
            .expect("rows");
        let rows = (round + 1) * 1_000;
        assert_eq!((count, sum), (rows, rows * (rows - 1) / 2));
    }
    assert!(metrics::get().engine_restarts.get() >= before + 3);
    supervisor.stop().await;
    assert!(!endpoint.answers(), "a stopped engine is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_takes_the_engine_that_runs_or_starts_one() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let own = start_for_command(child(directory.path().to_owned()))
        .await
        .expect("it starts");
    let other = start_for_command(child(directory.path().to_owned()))
        .await
        .expect("it is found");
    assert_eq!(own.endpoint(), other.endpoint());
    other.stop().await;
    assert!(own.endpoint().answers(), "a found engine is left alone");
    let endpoint = own.endpoint().clone();
    own.stop().await;
    assert!(!endpoint.answers(), "an own engine is stopped");

    let mut missing = child(directory.path().to_owned());
    missing.library = PathBuf::from("/nonexistent/libchdb.so");
    let error = start_for_command(missing).await.expect_err("no library");
    assert!(matches!(error, EngineError::LibraryMissing(_)), "{error}");
}
