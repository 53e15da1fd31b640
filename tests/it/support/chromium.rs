//! A shopper's browser: Debian's Chromium, without a window.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use super::ca::TestCa;
use super::deadline::within;
use super::http::Client;
use super::setting;

/// Enough for a browser to come up.
const START: Duration = Duration::from_secs(30);

/// Names under `.test` are this machine; there is no other network.
pub(crate) const HOSTS: &str = "MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

/// No window, nothing asked of hosts that are not the test's, developer tools on a free port.
pub(crate) const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
];

/// One window with one page. Closes when dropped.
#[derive(Debug)]
pub(crate) struct Chromium {
    browser: Child,
    /// Its home: settings, and the authorities it trusts.
    home: TempDir,
}

impl Chromium {
    /// Opens a page in a new profile that trusts `ca`.
    pub(crate) fn open(url: &str, ca: Option<&TestCa>) -> Self {
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        if let Some(ca) = ca {
            trust(home.path(), ca);
        }
        let mut command = Command::new(setting("SKIMWATCH_TEST_CHROMIUM"));
        command
            .args(FLAGS)
            .arg(format!("--host-resolver-rules={HOSTS}"));
        let profile = home.path().join("profile");
        command.arg(format!("--user-data-dir={}", profile.display()));
        command.arg(url).env("HOME", home.path());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null());
        // A group of its own: its helpers end with it and nothing else does.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let browser = command.spawn().expect("the browser starts");
        Self { browser, home }
    }

    /// Closes the page as a shopper does: its reports that wait for the next minute are sent at once.
    pub(crate) fn close_page(&self) {
        let mut tools = within(START, "the browser's tools", || self.tools());
        let pages = tools
            .get("/json/list", &[])
            .expect("the tools answer")
            .json();
        let pages = pages.as_array().expect("a list of pages");
        let page = pages.iter().find(|page| page["type"] == "page");
        let id = page
            .and_then(|page| page["id"].as_str())
            .expect("one page is open");
        let closed = tools.get(&format!("/json/close/{id}"), &[]);
        assert_eq!(closed.expect("the tools answer").status, 200);
    }

    /// A connection to its developer tools. It writes down where they are once it listens.
    fn tools(&self) -> Option<Client> {
        let note = std::fs::read_to_string(self.home.path().join("profile/DevToolsActivePort"));
        let port = note.ok()?.lines().next()?.parse().ok()?;
        Client::connect((Ipv4Addr::LOCALHOST, port).into()).ok()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // An error says that the group has ended already, which is what is asked for.
        kill_process_group(Pid::from_child(&self.browser), Signal::KILL).unwrap_or_default();
        self.browser.wait().expect("it has ended");
    }
}

/// Puts the authority in the database that Chromium reads on Linux.
fn trust(home: &Path, ca: &TestCa) {
    let folder = home.join(".pki/nssdb");
    std::fs::create_dir_all(&folder).expect("a directory can be made");
    let database = format!("sql:{}", folder.display());
    let path = ca.path().display().to_string();
    certutil(&["-d", &database, "-N", "--empty-password"]);
    certutil(&[
        "-d",
        &database,
        "-A",
        "-t",
        "C,,",
        "-n",
        "test authority",
        "-i",
        &path,
    ]);
}

fn certutil(args: &[&str]) {
    let output = Command::new(setting("SKIMWATCH_TEST_CERTUTIL"))
        .args(args)
        .output();
    let output = output.expect("certutil starts");
    assert!(output.status.success(), "certutil {args:?}: {output:?}");
}
