//! The live part: made-up browsers post as time passes, and somebody looks after the earlier alert.

use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::json;

use super::ask::Caller;
use crate::clock::{SharedClock, Timestamp};
use crate::demo::{Browsers, Script};

/// How often browsers post.
const BEAT: Duration = Duration::from_millis(250);
/// Between two looks at whether something is there.
const LOOK: Duration = Duration::from_millis(200);

/// What the case of the earlier campaign was closed with.
const NOTE: &str = "Script /assets/js/swiper.bundle.min.js removed from both shops, admin passwords changed, files \
                    compared with the release. Card brands informed. 両店舗の改ざんファイルを除去し、管理者パスワードを変更済み。";

/// The made-up visitors, and one made-up analyst.
pub(super) struct Audience {
    pub(super) script: Script,
    pub(super) collector: String,
    pub(super) pages: String,
    pub(super) token: String,
    pub(super) clock: SharedClock,
}

impl Audience {
    /// Goes on for as long as the demo does. `ready` is called once the server is.
    pub(super) async fn perform(self, ready: impl FnOnce()) {
        let caller = Caller::new(self.pages.clone(), self.token.clone());
        while !caller.is_ready().await {
            tokio::time::sleep(LOOK).await;
        }
        ready();
        let (post, triage) = (self.post(), self.triage(&caller));
        tokio::join!(post, triage);
    }

    async fn post(&self) {
        let browsers = match Browsers::new(&self.collector) {
            Ok(browsers) => browsers,
            Err(error) => return tracing::error!(%error, "nobody visits the shops"),
        };
        let mut from = self.clock.now();
        let mut ticks = tokio::time::interval(BEAT);
        loop {
            ticks.tick().await;
            let to: Timestamp = self.clock.now();
            browsers.post(self.script.between(from, to)).await;
            from = to;
        }
    }

    /// Closes the alert of the earlier campaign with its cause, as somebody did three days ago. An alert that
    /// is closed already stays as it is.
    async fn triage(&self, caller: &Caller) {
        let (campaign, _) = self.script.earlier();
        let path = format!("/api/v1/alerts?destination={}", campaign.destination);
        let id = loop {
            if let Ok((StatusCode::OK, answer)) = caller.ask(Method::GET, &path, None).await
                && let Some(alert) = answer["alerts"].get(0)
            {
                if alert["state"] == "closed" {
                    return;
                }
                break alert["id"].as_str().unwrap_or_default().to_owned();
            }
            tokio::time::sleep(LOOK).await;
        };
        let path = format!("/api/v1/alerts/{id}");
        let steps = [
            json!({ "state": "acknowledged" }),
            json!({ "state": "closed", "cause": "skimmer", "note": NOTE }),
        ];
        for step in steps {
            match caller.ask(Method::PATCH, &path, Some(&step)).await {
                Ok((status, _)) if status.is_success() => {}
                // Acknowledged already, by the visitor or before a restart.
                Ok((StatusCode::CONFLICT, _)) => {}
                other => tracing::warn!(?other, "the earlier alert stays as it is"),
            }
        }
    }
}
