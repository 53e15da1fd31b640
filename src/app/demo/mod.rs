//! `skimwatch demo`: the whole product with made traffic, on one machine.
//!
//! A week is played through the real way (limits, redaction, log, ClickHouse) on a clock moved by hand, then
//! `serve` runs as a child, made-up browsers post to it, and a demo shop is served that a visitor's own
//! browser can report from. The rule: the child is the product as it is; it may be killed and comes back.

mod ask;
mod history;
mod live;
mod server;
mod stage;

use std::path::Path;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use super::paths;
use crate::clock::SharedClock;
use crate::config::{self, Config};
use crate::demo::{DEMO_SHOP, Links, Script, Storefront};
use crate::registry::Registry;
use server::{Launch, Server};
use stage::Stage;

/// Says something to whoever started the demo.
pub type Tell = fn(&str);

/// Who stands in the audit log.
const ACTOR: &str = "demo";

/// Runs until it is told to stop. `settings` is the file that the settings came from, for the child.
///
/// # Errors
/// One sentence on what keeps it from starting.
pub fn demo(
    config: &Config,
    settings: Option<&Path>,
    clock: &SharedClock,
    tell: Tell,
) -> anyhow::Result<()> {
    paths::make_data_dir(config)?;
    actix_web::rt::System::new().block_on(run(config, settings, clock, tell))
}

async fn run(
    config: &Config,
    settings: Option<&Path>,
    clock: &SharedClock,
    tell: Tell,
) -> anyhow::Result<()> {
    let registry = Registry::open(&paths::registry_path(config), SharedClock::clone(clock))?;
    let mut stage = Stage::enter(config, &registry, clock.now())?;
    let collector = format!("http://{}", config.intake.listen);
    let pages = format!("http://{}", config.web.listen);
    let script = Script::new(stage.live_from(), &collector, &config.demo.listen);
    registry.import(&script.merchants().to_string(), ACTOR)?;
    registry.publish(&paths::snapshot_path(config))?;
    drop(registry);
    if !stage.is_set() {
        history::play(config, &script, stage.live_from(), tell).await?;
        stage.set()?;
    }
    let links = Links {
        collector: collector.clone(),
        pages: pages.clone(),
    };
    let (shop, address) = Storefront::open(&config.demo.listen, links)?;
    let door = shop.handle();
    actix_web::rt::spawn(shop);
    let token = stage.token(config)?;
    let server = Server::start(Launch {
        settings: settings.map(Path::to_owned),
        token: token.clone(),
        log_filter: log_filter(config),
    })?;
    let audience = live::Audience {
        script,
        collector,
        pages: pages.clone(),
        token: token.clone(),
        clock: SharedClock::clone(clock),
    };
    let live = actix_web::rt::spawn(audience.perform(move || {
        tell(&welcome(&pages, &token, &format!("http://{address}")));
    }));
    stopped(server).await?;
    live.abort();
    door.stop(false).await;
    Ok(())
}

/// Keeps the server running until somebody ends the demo.
async fn stopped(mut server: Server) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        failed = server.keep() => failed.context("the demo's server does not run")?,
    }
    server.stop().await
}

/// The terminal belongs to the demo, unless somebody wants to know more.
fn log_filter(config: &Config) -> String {
    let usual = config::Log::default().filter;
    if config.log.filter == usual {
        "warn".to_owned()
    } else {
        config.log.filter.clone()
    }
}

fn welcome(pages: &str, token: &str, shop: &str) -> String {
    format!(
        "\n\
         The demo is running. The shops and their visitors are made up; what your own browser does is real.\n\n\
         1. What a payment service provider sees   決済代行会社の画面\n   \
            {pages}/login#token={token}\n\n\
         2. A shop, and a button that plants a skimmer in it   デモショップ(スキマーを仕込むボタンがあります)\n   \
            {shop}/checkout\n\n\
         Made-up shops are being hit by a skimmer now: an alert rises within a minute. Press the button in the\n\
         shop, and that shop joins the alert within seconds, reported by your own browser. The page of the shop\n\
         in the register, with the header that does it: {pages}/sites/{DEMO_SHOP}\n\n\
         Ctrl-C stops it."
    )
}
