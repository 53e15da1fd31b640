//! Tasks beside the doors, and what they are connected to: [`Shared`]. Those that look after the control state are
//! [`Control`].

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{copy, detection, erasure, notify, paths, tasks, upkeep};
use crate::cases::Cases;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::detect;
use crate::notify::Notifier;
use crate::registry::Registry;
use crate::sites::SharedSites;
use crate::spool::Spool;
use crate::store::Store;

/// What tasks are connected to.
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) sites: Arc<SharedSites>,
    pub(super) clock: SharedClock,
    pub(super) detect: detect::Config,
}

impl Shared {
    pub(super) fn detect(&self, registry: Arc<Registry>) -> JoinHandle<()> {
        let handles = detection::Handles {
            config: self.detect.clone(),
            store: self.store.clone(),
            cases: Cases::new(Arc::clone(&registry)),
            registry,
            sites: Arc::clone(&self.sites),
            clock: SharedClock::clone(&self.clock),
        };
        tokio::spawn(tasks::keep("detection", move || {
            detection::run(handles.clone())
        }))
    }

    fn copy_audit(&self, registry: Arc<Registry>) -> JoinHandle<()> {
        let handles = copy::Handles {
            registry,
            store: self.store.clone(),
        };
        tokio::spawn(tasks::keep("audit", move || copy::run(handles.clone())))
    }

    fn send_notices(
        &self,
        registry: Arc<Registry>,
        config: &Config,
    ) -> anyhow::Result<(watch::Sender<bool>, JoinHandle<()>)> {
        let clock = SharedClock::clone(&self.clock);
        let (stop, stopped) = watch::channel(false);
        let settings = config.notify.settings(&config.web)?;
        let mailer = config.notify.mailer(&settings)?;
        let handles = notify::Handles {
            notifier: Notifier::new(registry, SharedClock::clone(&clock), settings, mailer),
            clock,
            stop: stopped,
        };
        let task = tasks::keep("notices", move || notify::run(handles.clone()));
        Ok((stop, tokio::spawn(task)))
    }

    pub(super) fn watch_erasures(
        &self,
        registry: Arc<Registry>,
        spool: Option<Arc<Spool>>,
    ) -> JoinHandle<()> {
        let handles = erasure::Handles {
            store: self.store.clone(),
            registry,
            clock: SharedClock::clone(&self.clock),
            spool,
        };
        tokio::spawn(tasks::keep("erasures", move || {
            erasure::run(handles.clone())
        }))
    }
}

/// What runs where the control state is, and where people are let in.
pub(super) struct Control {
    /// What may end at any moment.
    upkeep: [JoinHandle<()>; 2],
    stop_notices: watch::Sender<bool>,
    notices: JoinHandle<()>,
}

impl Control {
    /// Begins all of it.
    ///
    /// # Errors
    /// If the settings of notices cannot be used.
    pub(super) fn begin(
        shared: &Shared,
        registry: &Arc<Registry>,
        config: &Config,
    ) -> anyhow::Result<Self> {
        let (stop_notices, notices) = shared.send_notices(Arc::clone(registry), config)?;
        let upkeep = [
            keep_up(Arc::clone(registry), config, &shared.clock),
            shared.copy_audit(Arc::clone(registry)),
        ];
        Ok(Self {
            upkeep,
            stop_notices,
            notices,
        })
    }

    /// Ends it: at once, but for messages under way.
    pub(super) async fn end(self) {
        self.upkeep.iter().for_each(JoinHandle::abort);
        self.stop_notices.send_replace(true);
        let rest = self.notices.abort_handle();
        let ended = tokio::time::timeout(notify::LAST_MESSAGES, self.notices);
        if ended.await.is_err() {
            rest.abort();
            tracing::warn!("a message was cut off: it is sent again after the next start");
        }
    }
}

fn keep_up(registry: Arc<Registry>, config: &Config, clock: &SharedClock) -> JoinHandle<()> {
    let handles = upkeep::Handles {
        cases: Cases::within(Arc::clone(&registry), config.triage),
        registry,
        clock: SharedClock::clone(clock),
        snapshot: paths::snapshot_path(config),
    };
    tokio::spawn(tasks::keep("upkeep", move || upkeep::run(handles.clone())))
}
