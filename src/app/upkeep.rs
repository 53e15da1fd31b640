//! What the control state asks for as time goes by: keys are retired when their time is over, collectors are told what
//! changed of sites, people which alerts wait for too long. [`run`] does it for as long as the process runs, where the control state is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;

use super::pause::Pause;
use crate::cases::{Cases, CasesError};
use crate::clock::SharedClock;
use crate::registry::Registry;

/// Between two looks. A collector looks every second too, so that it knows of a change within three seconds and the
/// time that writing the snapshot takes.
const EVERY: Duration = Duration::from_secs(1);

/// What is looked after, and where collectors read.
#[derive(Clone)]
pub(super) struct Handles {
    pub(super) registry: Arc<Registry>,
    pub(super) cases: Cases,
    pub(super) clock: SharedClock,
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
                let what = "the control state is not looked after yet";
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
fn look(handles: &Handles, published: Option<i64>) -> Result<i64, CasesError> {
    let registry = &handles.registry;
    let retired = registry.retire_due_keys()?;
    if retired > 0 {
        tracing::info!(retired, "keys were retired: their time is over");
    }
    for (alert, late) in handles.cases.escalate(handles.clock.now())? {
        tracing::warn!(%alert, late = late.as_str(), "an alert waits for longer than it may");
    }
    // Before the snapshot: a change between the two is then published at the next look.
    let version = registry.sites_version()?;
    if published != Some(version) {
        registry.publish(&handles.snapshot)?;
    }
    Ok(version)
}
