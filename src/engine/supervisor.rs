//! The engine as a child that is kept running. [`Supervisor`] is the type to know.
//!
//! The rule: port and password are chosen once. However often the child ends and comes back, its endpoint stays the same, so
//! nothing else has to know.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::endpoint::{self, Endpoint};
use super::error::EngineError;
use crate::metrics;

/// The first pause before a child that ended is started again; it doubles each time.
pub(super) const FIRST_BACKOFF: Duration = Duration::from_millis(100);
/// The longest pause.
pub(super) const MAX_BACKOFF: Duration = Duration::from_secs(10);
/// A child that lived this long starts again with the first pause.
pub(super) const STEADY: Duration = Duration::from_secs(30);
/// How long a child may take to end by itself before it is killed.
pub(super) const STOP_WAIT: Duration = Duration::from_secs(20);

/// The child to run.
#[derive(Clone, Debug)]
pub struct Child {
    /// The program, usually [`std::env::current_exe`].
    pub program: PathBuf,
    /// The engine's directory.
    pub path: PathBuf,
    /// The port on 127.0.0.1; a free one if there is none.
    pub port: Option<u16>,
    /// The library.
    pub library: PathBuf,
    /// Bytes that the whole engine may use.
    pub max_memory_bytes: u64,
    /// What it says of itself on our standard error: a `tracing` filter.
    pub log_filter: String,
}

/// Keeps an engine running until it is stopped or dropped.
#[derive(Debug)]
pub struct Supervisor {
    endpoint: Endpoint,
    stop: watch::Sender<bool>,
    keeping: JoinHandle<()>,
}

impl Supervisor {
    /// Starts the engine. It may not answer yet: see [`Supervisor::ready`]. Needs a tokio runtime.
    ///
    /// # Errors
    /// [`EngineError`] if there is no library, no free port, no randomness, or the program cannot be run.
    pub fn start(child: Child) -> Result<Self, EngineError> {
        if !child.library.is_file() {
            return Err(EngineError::LibraryMissing(child.library));
        }
        let address = match child.port {
            Some(port) => SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            None => free_address()?,
        };
        let endpoint = Endpoint::at(address, endpoint::new_password()?);
        let command = Launch {
            child,
            address,
            password: endpoint.password.clone(),
        };
        let first = command.spawn()?;
        let (stop, stopped) = watch::channel(false);
        let keeping = tokio::spawn(keep(command, first, stopped));
        Ok(Self {
            endpoint,
            stop,
            keeping,
        })
    }

    /// Where the engine is, for as long as this supervisor lives.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Waits until the engine answers.
    ///
    /// # Errors
    /// [`EngineError::NotReady`] if it does not in time.
    pub async fn ready(&self, within: Duration) -> Result<(), EngineError> {
        let answers = async {
            loop {
                let endpoint = self.endpoint.clone();
                let asked = tokio::task::spawn_blocking(move || endpoint.answers()).await;
                if asked.unwrap_or(false) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        tokio::time::timeout(within, answers)
            .await
            .map_err(|_elapsed| EngineError::NotReady(within.as_secs()))
    }

    /// Stops the engine and waits for its end. Dropping the supervisor also stops it, without waiting.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // An error would be a panic of the task, which has said so itself.
        drop(self.keeping.await);
    }
}

/// How to start the child.
#[derive(Debug)]
struct Launch {
    child: Child,
    address: SocketAddr,
    password: String,
}

impl Launch {
    fn spawn(&self) -> Result<tokio::process::Child, EngineError> {
        Command::new(&self.child.program)
            .arg("engine")
            .arg("--path")
            .arg(&self.child.path)
            .arg("--listen")
            .arg(self.address.to_string())
            .env("SKIMWATCH__ENGINE__SECRET", &self.password)
            .env("SKIMWATCH__ENGINE__LIBRARY", &self.child.library)
            .env(
                "SKIMWATCH__ENGINE__MAX_MEMORY_BYTES",
                self.child.max_memory_bytes.to_string(),
            )
            .env("SKIMWATCH__LOG__FILTER", &self.child.log_filter)
            // The child ends when this pipe does, also if we are killed.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            // A Ctrl-C in the terminal is ours to hand on, after the doors are closed.
            .process_group(0)
            .spawn()
            .map_err(|reason| EngineError::Spawn {
                program: self.child.program.clone(),
                reason,
            })
    }
}

/// Restarts the child until told to stop, or until the supervisor is gone.
async fn keep(launch: Launch, first: tokio::process::Child, mut stopped: watch::Receiver<bool>) {
    let mut running = Some(first);
    let mut backoff = FIRST_BACKOFF;
    loop {
        let mut steady = false;
        if let Some(mut child) = running.take() {
            // `wait` closes the child's standard input first, which is what tells it to end.
            let leash = child.stdin.take();
            let started = tokio::time::Instant::now();
            tokio::select! {
                status = child.wait() => say_ended(status),
                _ = stopped.changed() => {
                    drop(leash);
                    end(child).await;
                    return;
                }
            }
            steady = started.elapsed() >= STEADY;
        }
        backoff = if steady { FIRST_BACKOFF } else { backoff };
        tokio::select! {
            () = tokio::time::sleep(backoff) => {}
            _ = stopped.changed() => return,
        }
        backoff = (backoff * 2).min(MAX_BACKOFF);
        match launch.spawn() {
            Ok(child) => {
                metrics::get().engine_restarts.inc();
                running = Some(child);
            }
            Err(error) => tracing::error!(%error, "the engine cannot be started again"),
        }
    }
}

fn say_ended(status: std::io::Result<ExitStatus>) {
    match status {
        Ok(status) => tracing::error!(%status, "the engine ended by itself and is started again"),
        Err(error) => tracing::error!(%error, "the engine is lost and is started again"),
    }
}

/// Ends a child in order; kills it if it takes too long.
async fn end(mut child: tokio::process::Child) {
    if let Some(pid) = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw)
    {
        // It may have ended just now; then there is nobody to tell.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
    if tokio::time::timeout(STOP_WAIT, child.wait()).await.is_err() {
        tracing::warn!("the engine does not end and is killed");
        drop(child.kill().await);
    }
}

fn free_address() -> Result<SocketAddr, EngineError> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    TcpListener::bind(any)
        .and_then(|listener| listener.local_addr())
        .map_err(|reason| EngineError::Listen {
            address: any,
            reason,
        })
}
