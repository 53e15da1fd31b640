//! The engine's process, from its lock to its last connection. [`run`] is the function to know.
//!
//! The rule: lock, listen, confine, load, open, in this order. The lock says early and clearly that another engine is here;
//! the listener must exist before the cage, which allows no new one; and the library must be born inside the cage.

use std::fs::File;
use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::{FileType, FlockOperation};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::confine::{self, Cage};
use super::endpoint::{self, Endpoint};
use super::error::EngineError;
use super::face::{self, Face};
use super::keeper::Keeper;
use super::library::Library;
use super::setup::{self, Limits};

use crate::private;

/// Seconds that an engine waits for another one to let go of the directory.
pub(super) const LOCK_WAIT_SECONDS: u64 = 20;
/// Seconds between two looks whether memory can be given back.
pub(super) const PURGE_EVERY_SECONDS: u64 = 30;
/// Seconds that killed statements get to end.
pub(super) const KILL_SECONDS: u64 = 5;

/// What an engine needs to know.
#[derive(Clone)]
pub struct Config {
    /// The directory: data in `data`, the endpoint in `face.json`, the configuration of the library beside them.
    pub path: PathBuf,
    /// Where to listen; a loopback address.
    pub listen: SocketAddr,
    /// The library; see [`super::library_path`].
    pub library: PathBuf,
    /// The password; a new one if there is none.
    pub secret: Option<String>,
    /// Bytes that the whole engine may use.
    pub max_memory_bytes: u64,
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("path", &self.path)
            .field("listen", &self.listen)
            .field("library", &self.library)
            .field("max_memory_bytes", &self.max_memory_bytes)
            .finish_non_exhaustive()
    }
}

/// Runs the engine until SIGTERM, SIGINT, or the end of standard input if that is a pipe, a socket or a terminal.
///
/// Call it while the process has one thread: it sets the time zone of the environment and confines the process.
///
/// # Errors
/// [`EngineError`] if the engine cannot be started.
pub fn run(config: Config) -> Result<(), EngineError> {
    if !config.listen.ip().is_loopback() {
        return Err(EngineError::NotLoopback(config.listen));
    }
    if !config.library.is_file() {
        return Err(EngineError::LibraryMissing(config.library));
    }
    let data = config.path.join("data");
    private::make_dir(&data).map_err(|reason| EngineError::Directory {
        path: data.clone(),
        reason,
    })?;
    let lock = lock(&config.path)?;
    let listener = TcpListener::bind(config.listen).map_err(|reason| EngineError::Listen {
        address: config.listen,
        reason,
    })?;
    let limits = Limits {
        server_memory: config.max_memory_bytes,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    };
    let xml = setup::write(&config.path, limits).map_err(|reason| EngineError::Directory {
        path: config.path.clone(),
        reason,
    })?;
    close_off(&config);
    let library = Library::load(&config.library)?;
    let keeper = Arc::new(Keeper::open(library, &data, &xml)?);
    let served = actix_web::rt::System::new().block_on(serve(&config, listener, &keeper));
    endpoint::withdraw(&config.path);
    // The last connection: closing it ends the engine in order.
    drop(keeper);
    drop(lock);
    served
}

/// Makes the process as harmless as the system lets us, and says how far that goes.
fn close_off(config: &Config) {
    // SAFETY: the caller promises that no other thread runs that could read the environment meanwhile.
    #[expect(
        unsafe_code,
        reason = "the library takes its time zone from the environment"
    )]
    unsafe {
        std::env::set_var("TZ", "UTC");
    }
    confine::forbid_core_dumps();
    say_cage(confine::confine(&config.path, &config.library));
}

fn say_cage(cage: Result<Cage, landlock::RulesetError>) {
    let threads = std::fs::read_dir("/proc/self/task").map_or(1, Iterator::count);
    let (held, text) = match cage {
        Ok(Cage::Full) if threads == 1 => (
            true,
            "it writes its own directory only and opens no connection",
        ),
        Ok(Cage::Full) => (false, "threads that ran already are not confined"),
        Ok(Cage::Partial) => (false, "the kernel is too old for a part of it"),
        Ok(Cage::None) => (false, "the kernel has no Landlock, or it is switched off"),
        Err(_) => (false, "the kernel refused"),
    };
    if held {
        tracing::info!("the engine is confined: {text}");
    } else {
        tracing::warn!("the engine is not fully confined: {text}");
    }
}

async fn serve(
    config: &Config,
    listener: TcpListener,
    keeper: &Arc<Keeper>,
) -> Result<(), EngineError> {
    let address = listener.local_addr().map_err(EngineError::Face)?;
    let password = match &config.secret {
        Some(secret) => secret.clone(),
        None => endpoint::new_password()?,
    };
    let endpoint = Endpoint::at(address, password.clone());
    let face = Face::new(Arc::clone(keeper), password, address.port());
    // Before the first answer: whoever got one may look for the file.
    endpoint::announce(&config.path, &endpoint)?;
    let server = face::serve(Arc::clone(&face), listener)?;
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    say_where(&endpoint, &config.path);
    let why = wait_for_end(&face).await?;
    tracing::info!("the engine stops: {why}");
    handle.stop(true).await;
    stop_statements(&face, &config.path).await;
    match serving.await {
        Ok(served) => served.map_err(EngineError::Face),
        Err(error) => Err(EngineError::Face(std::io::Error::other(error))),
    }
}

fn say_where(endpoint: &Endpoint, directory: &Path) {
    let face = endpoint::face_path(directory);
    tracing::info!(url = endpoint.url, password_in = %face.display(), "the engine listens");
}

/// Waits until there is a reason to end, and keeps house meanwhile.
async fn wait_for_end(face: &Face) -> Result<&'static str, EngineError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(EngineError::Face)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(EngineError::Face)?;
    let (closed, mut stdin_closed) = oneshot::channel();
    let watched = watch_stdin(closed);
    let mut idle = tokio::time::interval(Duration::from_secs(PURGE_EVERY_SECONDS));
    loop {
        tokio::select! {
            _ = terminate.recv() => return Ok("SIGTERM"),
            _ = interrupt.recv() => return Ok("SIGINT"),
            _ = &mut stdin_closed, if watched => return Ok("standard input closed"),
            // Short, and only when nothing runs.
            _ = idle.tick() => face.purge_if_idle(),
        }
    }
}

/// Statements that still run after the server's own grace are killed. If even that does not end them, the process ends
/// under them: what was acknowledged is on disk.
async fn stop_statements(face: &Face, directory: &Path) {
    if tokio::time::timeout(Duration::ZERO, face.drain())
        .await
        .is_ok()
    {
        return;
    }
    face.kill_all();
    let grace = Duration::from_secs(KILL_SECONDS);
    if tokio::time::timeout(grace, face.drain()).await.is_err() {
        tracing::warn!("statements still run and are cut off");
        endpoint::withdraw(directory);
        std::process::exit(1);
    }
}

/// Tells when standard input ends, if it is something that can: `</dev/null` is always at its end and means nothing.
fn watch_stdin(closed: oneshot::Sender<()>) -> bool {
    let Ok(stat) = rustix::fs::fstat(std::io::stdin()) else {
        return false;
    };
    let kind = FileType::from_raw_mode(stat.st_mode);
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stdin());
    if !(kind == FileType::Fifo || kind == FileType::Socket || terminal) {
        return false;
    }
    std::thread::spawn(move || {
        let mut buffer = [0; 256];
        let mut stdin = std::io::stdin().lock();
        while stdin.read(&mut buffer).is_ok_and(|count| count > 0) {}
        // The receiver is gone when the engine already ends for another reason.
        let _ = closed.send(());
    });
    true
}

/// Takes the directory for this process, and waits a while if an orphan is just ending.
fn lock(directory: &Path) -> Result<File, EngineError> {
    let path = directory.join("engine.lock");
    let file = private::open_lock(&path).map_err(|reason| EngineError::Directory {
        path: path.clone(),
        reason,
    })?;
    let pause = Duration::from_millis(100);
    for attempt in 0..LOCK_WAIT_SECONDS * 10 {
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(file),
            Err(rustix::io::Errno::WOULDBLOCK) => {}
            Err(error) => {
                return Err(EngineError::Directory {
                    path,
                    reason: error.into(),
                });
            }
        }
        if attempt == 0 {
            let path = path.display();
            tracing::info!(
                "another engine holds {path}: waiting up to {LOCK_WAIT_SECONDS} s for it to end"
            );
        }
        std::thread::sleep(pause);
    }
    Err(EngineError::Locked {
        path,
        seconds: LOCK_WAIT_SECONDS,
    })
}
