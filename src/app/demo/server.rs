//! `serve` as a child: the product as it is. [`Server`] is the type to know.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context as _;
use tokio::process::{Child, Command};

/// Pause before a child that ended is started again.
const PAUSE: Duration = Duration::from_millis(200);
/// A child that lives less long than this cannot start at all.
const HOPELESS: Duration = Duration::from_secs(2);
/// How long the child may take to end.
const STOP_WAIT: Duration = Duration::from_secs(30);

/// The child, and how to start it.
#[derive(Debug)]
pub(super) struct Server {
    program: PathBuf,
    settings: Option<PathBuf>,
    token: String,
    child: Child,
}

impl Server {
    /// Starts it with this administrator's token; all else is as for this process.
    pub(super) fn start(settings: Option<&Path>, token: &str) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("this program's own path is not known")?;
        let settings = settings.map(Path::to_owned);
        let child = spawn(&program, settings.as_deref(), token)?;
        Ok(Self {
            program,
            settings,
            token: token.to_owned(),
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
            self.child = spawn(&self.program, self.settings.as_deref(), &self.token)?;
        }
    }

    /// Ends it in order: it ends when its standard input does.
    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.child.stdin.take());
        if tokio::time::timeout(STOP_WAIT, self.child.wait())
            .await
            .is_err()
        {
            self.child.kill().await?;
        }
        Ok(())
    }
}

fn spawn(program: &Path, settings: Option<&Path>, token: &str) -> anyhow::Result<Child> {
    let mut command = Command::new(program);
    if let Some(settings) = settings {
        command.arg("--config").arg(settings);
    }
    command
        .args(["serve", "--leash"])
        // Made-up visitors say where they come from; the visitor's own browser says nothing.
        .env("SKIMWATCH__INTAKE__TRUSTED_PROXIES", "127.0.0.1/32,::1/128")
        .env("SKIMWATCH__WEB__BOOTSTRAP_TOKEN", token)
        .stdin(Stdio::piped())
        .kill_on_drop(true);
    command.spawn().context("the server cannot be started")
}
