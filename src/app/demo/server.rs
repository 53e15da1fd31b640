//! `serve` as a child: the product as it is. [`Server`] is the type to know.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use tokio::process::{Child, ChildStdin, Command};

/// Pause before a child that ended is started again.
const PAUSE: Duration = Duration::from_millis(200);
/// A child that lives less long than this cannot start at all.
const HOPELESS: Duration = Duration::from_secs(2);
/// How long the child may take to end.
const STOP_WAIT: Duration = Duration::from_secs(30);

/// How the child is started.
#[derive(Clone, Debug)]
pub(super) struct Launch {
    /// The file that the settings came from.
    pub(super) settings: Option<PathBuf>,
    /// The administrator's token.
    pub(super) token: String,
    /// What it says of itself.
    pub(super) log_filter: String,
}

/// The child.
#[derive(Debug)]
pub(super) struct Server {
    launch: Launch,
    child: Child,
    /// Its standard input: it ends with it.
    leash: Option<ChildStdin>,
}

impl Server {
    /// Starts it; what the launch does not say is as for this process.
    pub(super) fn start(launch: Launch) -> anyhow::Result<Self> {
        let mut child = spawn(&launch)?;
        Ok(Self {
            launch,
            // Waiting for a child closes what it holds of it.
            leash: child.stdin.take(),
            child,
        })
    }

    /// Starts it again whenever it ends. Returns only if it cannot run.
    pub(super) async fn keep(&mut self) -> anyhow::Result<()> {
        loop {
            let started = tokio::time::Instant::now();
            let status = self.child.wait().await?;
            // An end by itself, and at once, would come again; what was said about it stands above.
            anyhow::ensure!(
                status.code().is_none() || started.elapsed() > HOPELESS,
                "it ended at once: what it said stands above"
            );
            tracing::warn!(%status, "the server ended and is started again");
            tokio::time::sleep(PAUSE).await;
            self.child = spawn(&self.launch)?;
            self.leash = self.child.stdin.take();
        }
    }

    /// Ends it in order: it ends when its standard input does.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.leash.take());
        if tokio::time::timeout(STOP_WAIT, self.child.wait())
            .await
            .is_err()
        {
            self.child.kill().await?;
        }
        Ok(())
    }
}

fn spawn(launch: &Launch) -> anyhow::Result<Child> {
    let program = std::env::current_exe().context("this program's own path is not known")?;
    let mut command = Command::new(program);
    if let Some(settings) = &launch.settings {
        command.arg("--config").arg(settings);
    }
    command
        .args(["serve", "--leash"])
        // Made-up visitors say where they come from; the visitor's own browser says nothing.
        .env("SKIMWATCH__INTAKE__TRUSTED_PROXIES", "127.0.0.1/32,::1/128")
        .env("SKIMWATCH__WEB__BOOTSTRAP_TOKEN", &launch.token)
        .env("SKIMWATCH__LOG__FILTER", &launch.log_filter)
        .stdin(Stdio::piped())
        // A Ctrl-C in the terminal is ours to hand on.
        .process_group(0)
        .kill_on_drop(true);
    command.spawn().context("the server cannot be started")
}
