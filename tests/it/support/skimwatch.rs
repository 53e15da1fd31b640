//! The program under test: the real binary, with a data directory and ports of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::deadline::within;
use super::disk::SmallDisk;
use super::http::{Answer, Client};
use super::setting;

/// Until `/readyz` says yes: the engine opens, the schema is made.
const START: Duration = Duration::from_secs(60);
/// From SIGTERM to the end: the spool is handed over, the engine closed.
const STOP: Duration = Duration::from_secs(30);
/// Bytes of the log that a failing test shows.
const LOG_TAIL: usize = 8 << 10;

/// `skimwatch serve` in a temporary directory. Stops when dropped; shows its log if the test failed.
#[derive(Debug)]
pub(crate) struct Skimwatch {
    server: Option<Child>,
    folder: TempDir,
    settings: BTreeMap<String, String>,
    /// Command and arguments that `serve` is started through, if any.
    through: Vec<String>,
    /// Where reports go.
    pub(crate) intake: SocketAddr,
    /// Where the API and `/readyz` are.
    pub(crate) web: SocketAddr,
}

impl Skimwatch {
    /// The administrator's token of every test.
    pub(crate) const TOKEN: &str = "test-bootstrap-token-0123456789abcdef";

    /// Starts one and waits until it is ready.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        let mut program = Self::prepare(settings);
        program.restart();
        program
    }

    /// A directory, ports and settings, with nothing running yet.
    pub(crate) fn prepare(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory can be made");
        let (intake, web) = (free_address(), free_address());
        let library = setting("SKIMWATCH__ENGINE__LIBRARY");
        let own = [
            (
                "SKIMWATCH__DATA_DIR",
                folder.path().join("data").display().to_string(),
            ),
            (
                "SKIMWATCH__ENGINE__LIBRARY",
                PathBuf::from(library).display().to_string(),
            ),
            ("SKIMWATCH__INTAKE__LISTEN", intake.to_string()),
            ("SKIMWATCH__WEB__LISTEN", web.to_string()),
            ("SKIMWATCH__WEB__BOOTSTRAP_TOKEN", Self::TOKEN.to_owned()),
        ];
        let given = settings
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let settings = own
            .map(|(k, v)| (k.to_owned(), v))
            .into_iter()
            .chain(given)
            .collect();
        Self {
            server: None,
            folder,
            settings,
            through: Vec::new(),
            intake,
            web,
        }
    }

    /// From the next start on, `serve` sees this small disk where it is mounted.
    pub(crate) fn on(&mut self, disk: &SmallDisk) {
        self.through = disk.entrance();
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The directory around its data directory, for files that a test brings.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Changes a setting for the next start and the next command.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.settings.insert(name.to_owned(), value.to_owned());
    }

    /// Stops it if it runs, starts it on the same data and ports, waits until it is ready.
    pub(crate) fn restart(&mut self) {
        self.stop();
        self.spawn();
        within(START, "/readyz", || {
            let ended = self
                .server
                .as_mut()
                .and_then(|s| s.try_wait().ok().flatten());
            assert!(ended.is_none(), "serve ended at once: {ended:?}");
            let answer = Client::connect(self.web).ok()?.get("/readyz", &[]).ok()?;
            (answer.status == 200).then_some(())
        });
    }

    /// Starts it and does not wait.
    pub(crate) fn spawn(&mut self) {
        let log = File::options().create(true).append(true).open(self.log());
        let log = log.expect("the log can be opened");
        let mut command = self.command(&["serve"]);
        if let [program, arguments @ ..] = self.through.as_slice() {
            let mut through = Command::new(program);
            through.args(arguments).arg(command.get_program());
            through.args(command.get_args());
            for (name, value) in command.get_envs() {
                match value {
                    Some(value) => through.env(name, value),
                    None => through.env_remove(name),
                };
            }
            command = through;
        }
        command.stdin(Stdio::null());
        command
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log);
        self.server = Some(command.spawn().expect("the program starts"));
    }

    /// SIGTERM, and the wait for its end. Whether that was a success.
    pub(crate) fn stop(&mut self) -> bool {
        let Some(server) = &self.server else {
            return true;
        };
        kill_process(Pid::from_child(server), Signal::TERM).is_ok() && self.ends()
    }

    /// Waits for its end, after it was told. Whether that was a success.
    pub(crate) fn ends(&mut self) -> bool {
        let mut server = self.server.take().expect("it runs");
        within_or_kill(&mut server).is_some_and(|status| status.success())
    }

    /// SIGKILL, as the kernel's out-of-memory killer does it.
    pub(crate) fn kill9(&mut self) {
        let mut server = self.server.take().expect("it runs");
        server.kill().expect("it can be killed");
        server.wait().expect("it has ended");
    }

    /// A command on the same data and settings: `run(&["import", "merchants.json"])`.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let output = self.command(args).stdin(Stdio::null()).output();
        output.expect("the program starts")
    }

    /// A command that goes on until the value is dropped.
    pub(crate) fn run_in_background(&self, args: &[&str]) -> Background {
        let mut command = self.command(args);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Background(command.spawn().expect("the program starts"))
    }

    /// [`run`](Self::run), and its standard output. Panics with what it says if it fails.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "skimwatch {args:?}: {}\n{said}",
            output.status
        );
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    }

    /// `skimwatch sql`: tab-separated lines.
    pub(crate) fn sql(&self, query: &str) -> String {
        self.ok(&["sql", query]).trim_end().to_owned()
    }

    /// `skimwatch import` of merchants in the format of the scenarios.
    pub(crate) fn import(&self, merchants: &serde_json::Value) {
        let path = self.folder().join("merchants.json");
        let file = serde_json::json!({"format": 1, "merchants": merchants});
        std::fs::write(&path, file.to_string()).expect("the file can be written");
        self.ok(&["import", &path.display().to_string()]);
    }

    /// `GET` from the API as the administrator.
    pub(crate) fn api(&self, path: &str) -> serde_json::Value {
        let answer = self.ask(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// The same as it is answered, whatever that is.
    pub(crate) fn ask(&self, path: &str) -> Answer {
        let bearer = format!("Bearer {}", Self::TOKEN);
        let mut client = Client::connect(self.web).expect("the web port answers");
        let answer = client.get(path, &[("Authorization", &bearer)]);
        answer.expect("the API answers")
    }

    /// `/api/v1/stats`.
    pub(crate) fn stats(&self) -> serde_json::Value {
        self.api("/api/v1/stats")
    }

    /// A number of `/proc/PID/status`, in KiB: `VmRSS`, `VmHWM`.
    pub(crate) fn memory(&self, name: &str) -> u64 {
        let pid = self.server.as_ref().expect("it runs").id();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| {
            line.trim_matches(|c: char| !c.is_ascii_digit())
                .parse()
                .ok()
        });
        number.expect("a number")
    }

    /// A number of `/metrics`, summed over the labels that are not given; 0 if it is not there.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let mut client = Client::connect(self.web).expect("the web port answers");
        let answer = client.get("/metrics", &[]).expect("metrics");
        let text = answer.text();
        let of_name = |line: &&str| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with([' ', '{']))
        };
        let numbers = text.lines().filter(of_name);
        let numbers = numbers.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        numbers.sum()
    }

    /// The process id of `serve`.
    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(self.server.as_ref().expect("it runs"))
    }

    /// What it has said so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("serve.log")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skimwatch"));
        // A developer's own settings stay out of the test.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SKIMWATCH__") {
                command.env_remove(name);
            }
        }
        command
            .args(args)
            .envs(&self.settings)
            .current_dir(self.folder.path());
        command
    }
}

/// A command that ends when dropped.
#[derive(Debug)]
pub(crate) struct Background(Child);

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself, which is what is asked for.
        kill_process(Pid::from_child(&self.0), Signal::TERM).unwrap_or_default();
        within_or_kill(&mut self.0);
    }
}

impl Drop for Skimwatch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = self.said();
            let tail = said.len().saturating_sub(LOG_TAIL);
            eprintln!(
                "serve said:\n{}",
                String::from_utf8_lossy(&said.as_bytes()[tail..])
            );
        }
        self.stop();
    }
}

/// Waits for the end, and kills what does not end: a test leaves no process behind.
fn within_or_kill(server: &mut Child) -> Option<std::process::ExitStatus> {
    let waited = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        within(STOP, "the end of serve", || {
            server.try_wait().ok().flatten()
        })
    }));
    if waited.is_err() {
        let killed = server.kill().and_then(|()| server.wait());
        eprintln!("serve had to be killed: {killed:?}");
    }
    waited.ok()
}

/// A port nobody listens on, below those the kernel hands out, so that it stays free over a restart.
pub(crate) fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 16_000).expect("it is below 16,000");
    loop {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 12_000 + (start + step) % 20_000;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
