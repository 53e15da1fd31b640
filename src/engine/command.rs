//! An engine for the time of an administrative command. [`start_for_command`] is the function to know: it takes the one that
//! runs, or starts one.

use std::time::Duration;

use super::endpoint::{Endpoint, find_running};
use super::error::EngineError;
use super::supervisor::{Child, Supervisor};

/// How long a command waits for an engine of its own, or for one that another process is starting.
pub(super) const COMMAND_WAIT: Duration = Duration::from_secs(30);

/// An engine that a command uses.
#[derive(Debug)]
pub struct CommandEngine {
    endpoint: Endpoint,
    own: Option<Supervisor>,
}

impl CommandEngine {
    /// Where the engine is.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Stops the engine if it was started for the command.
    pub async fn stop(self) {
        if let Some(own) = self.own {
            own.stop().await;
        }
    }
}

/// The engine that runs on the child's directory, or a new one. Needs a tokio runtime.
///
/// # Errors
/// [`EngineError`] if none runs and none can be started.
pub async fn start_for_command(child: Child) -> Result<CommandEngine, EngineError> {
    let directory = child.path.clone();
    let running = tokio::task::spawn_blocking(move || find_running(&directory)).await;
    if let Ok(Some(endpoint)) = running {
        return Ok(CommandEngine {
            endpoint,
            own: None,
        });
    }
    let own = Supervisor::start(child)?;
    if let Err(error) = own.ready(COMMAND_WAIT).await {
        own.stop().await;
        return Err(error);
    }
    Ok(CommandEngine {
        endpoint: own.endpoint().clone(),
        own: Some(own),
    })
}
