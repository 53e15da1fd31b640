//! [`Receiver`]: somebody else's webhook or mail server, as a process of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::ca::Identity;
use crate::support::deadline::within;
use crate::support::setting;
use crate::support::skimwatch::free_address;

const START: Duration = Duration::from_secs(30);

/// What receives. It ends when dropped.
pub(super) struct Receiver {
    kind: &'static str,
    pub(super) address: SocketAddr,
    folder: tempfile::TempDir,
    process: Option<Child>,
}

impl Receiver {
    /// One that is not there yet, at an address where nobody listens.
    pub(super) fn absent(kind: &'static str) -> Self {
        Self {
            kind,
            address: free_address(),
            folder: tempfile::tempdir().expect("a directory"),
            process: None,
        }
    }

    pub(super) fn webhook() -> Self {
        let mut receiver = Self::absent("webhook");
        receiver.start();
        receiver
    }

    pub(super) fn mail() -> Self {
        let mut receiver = Self::absent("mail");
        receiver.start();
        receiver
    }

    pub(super) fn start(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/receiver.py");
        let process = Command::new(setting("SKIMWATCH_TEST_PYTHON"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(script)
            .args([self.kind, &self.address.port().to_string()])
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .spawn();
        self.process = Some(process.expect("Python starts"));
        within(START, "the receiver", || {
            self.file("ready").exists().then_some(())
        });
    }

    /// Speaks TLS from its start on.
    pub(super) fn identity(&self, identity: &Identity) {
        for (from, to) in [(&identity.cert, "cert"), (&identity.key, "key")] {
            std::fs::copy(from, self.file(to)).expect("a file");
        }
    }

    /// A file that it looks at.
    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).expect("a file");
    }

    /// How it answers from now on.
    pub(super) fn answer(&self, answer: &str) {
        self.write("answer", answer);
    }

    /// What it verifies signatures with.
    pub(super) fn secret(&self, secret: &str) {
        self.write("secret", secret);
    }

    /// What has come so far.
    pub(super) fn received(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.file("received")).unwrap_or_default();
        // The last line may be half written.
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let lines = whole.lines();
        lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }

    /// What it has taken.
    pub(super) fn taken(&self) -> Vec<Value> {
        let taken = |it: &Value| it["answer"] == "200" || it["answer"] == "250";
        self.received().into_iter().filter(taken).collect()
    }

    /// Where a webhook posts to.
    pub(super) fn url(&self) -> String {
        format!("http://{}/hooks?key=very-secret", self.address)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill().expect("it runs");
            process.wait().expect("it has ended");
        }
    }
}
