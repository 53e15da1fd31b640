//! What the control state asks for as time goes by: keys are retired when their time is over, and collectors are
//! told what changed of sites. [`run`] does it for as long as the process runs, where the control state is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::pause::Pause;
use crate::registry::{Registry, RegistryError};

/// Between two looks. A collector looks every second too, so that it knows of a change within three seconds and the
/// time that writing the snapshot takes.
const EVERY: Duration = Duration::from_secs(1);

/// What is looked after, and where collectors read.
#[derive(Clone)]
pub(super) struct Handles {
    pub(super) registry: Arc<Registry>,
    pub(super) snapshot: PathBuf,
}

/// Looks after the control state.
pub(super) async fn run(handles: Handles) {
    let mut published = None;
    let mut pause = Pause::default();
    loop {
        let (work, before) = (handles.clone(), published);
        let done = spawn_blocking(move || look(&work, before)).await;
        match done {
            Ok(Ok(version)) => {
                published = Some(version);
                pause = Pause::default();
                tokio::time::sleep(EVERY).await;
            }
            Ok(Err(error)) => {
                let what = "collectors do not learn yet what changed of sites";
                pause.after(what, &error).await;
            }
            Err(defect) => {
                pause
                    .after("the control state is not looked after", &defect)
                    .await;
            }
        }
    }
}

/// Which version of the sites collectors can read now.
fn look(handles: &Handles, published: Option<i64>) -> Result<i64, RegistryError> {
    let registry = &handles.registry;
    let retired = registry.retire_due_keys()?;
    if retired > 0 {
        tracing::info!(retired, "keys were retired: their time is over");
    }
    // Before the snapshot: a change between the two is then published at the next look.
    let version = registry.sites_version()?;
    if published != Some(version) {
        registry.publish(&handles.snapshot)?;
    }
    Ok(version)
}
