//! The command line. [`run`] is all that `main` calls.
//!
//! The rule: a failure is one sentence on standard error that says what to do, and a status of 1.

mod admin;
mod args;
mod audit;
mod backtest;
mod channel;
mod erase;
mod held;
mod import;
mod organization;
mod output;
mod segments;
mod site;
mod token;
mod trust;
mod user;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;

use crate::clock::SystemClock;
use crate::config::{self, Config};
use crate::{app, engine, telemetry};
use args::{Arguments, Audit, Backtest, Command, Erase, Segments, Trust};

/// Does what the arguments say.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: Arguments) -> anyhow::Result<()> {
    let mut config = config::load(arguments.config.as_deref())?;
    let filter = if arguments.command.is_server() {
        &config.log.filter
    } else {
        "warn"
    };
    telemetry::install(filter, config.log.json).map_err(anyhow::Error::msg)?;
    match arguments.command {
        Command::Serve { roles, leash } => {
            if let Some(roles) = roles {
                config.roles = roles;
            }
            app::serve(config, SystemClock::shared(), leash)
        }
        Command::Demo => app::demo(
            &config,
            arguments.config.as_deref(),
            &SystemClock::shared(),
            output::progress,
        ),
        Command::Engine { path, listen } => {
            Ok(engine::run(app::engine_config(&config, path, listen)?)?)
        }
        Command::Replay { file, url, speed } => admin::replay(&file, url, speed),
        Command::Backtest(how) => dispatch_backtest(&config, arguments.config.as_deref(), &how),
        Command::Import(how) => import::import(&config, &how),
        Command::Export(how) => import::export(&config, &how),
        Command::Site(command) => site::run(&config, command),
        Command::Organization(command) => organization::run(&config, command),
        Command::Token(command) => token::run(&config, command),
        Command::Completion { shell } => {
            admin::completion(shell);
            Ok(())
        }
        Command::Trust(Trust::Add { which, why }) => trust::add(&config, &which, &why),
        Command::Trust(Trust::Block { which, why }) => trust::block(&config, &which, &why),
        Command::Trust(Trust::Remove { which, why }) => {
            trust::remove(&config, &which, why.as_deref())
        }
        Command::Trust(Trust::List { json }) => trust::list(&config, json),
        Command::User(command) => user::run(&config, command),
        Command::Audit(command) => dispatch_audit(&config, command),
        Command::Channel(command) => channel::run(&config, &command),
        Command::Erase(command) => dispatch_erase(&config, command),
        Command::Segments(command) => dispatch_segments(&config, command),
        Command::Migrate => with_database(&config, admin::migrate),
        Command::Sql { query, format } => with_database(&config, async |store| {
            admin::sql(store, &query, &format).await
        }),
    }
}

/// `settings` is the file that the settings came from.
fn dispatch_backtest(
    config: &Config,
    settings: Option<&Path>,
    how: &Backtest,
) -> anyhow::Result<()> {
    if how.weights {
        backtest::weights(config);
        return Ok(());
    }
    let trial = backtest::trial(config, settings, how)?;
    match how.since {
        None => backtest::files(config, &trial, how),
        Some(since) => with_database(config, async |store| {
            backtest::stored((config, store), &trial, (since, how.json)).await
        }),
    }
}

fn dispatch_audit(config: &Config, command: Audit) -> anyhow::Result<()> {
    match command {
        Audit::Verify { json, alone: true } => audit::verify(config, json, None),
        Audit::Verify { json, alone: false } => with_database(config, async |store| {
            let copied = audit::copied_to(store).await?;
            audit::verify(config, json, Some(copied))
        }),
        Audit::Export { organization } => audit::export(config, organization),
    }
}

fn dispatch_segments(config: &Config, command: Segments) -> anyhow::Result<()> {
    let dir = app::spool_dir(config);
    match command {
        Segments::List { json } => segments::list(&dir, json),
        Segments::Show { id } => segments::show(&dir, &id),
        // Without an id it is `--all`.
        Segments::Reinsert { id, .. } => with_database(config, async |store| {
            segments::reinsert((config, store), &dir, id.as_deref()).await
        }),
    }
}

fn dispatch_erase(config: &Config, command: Erase) -> anyhow::Result<()> {
    let (target, how) = match command {
        Erase::Site { site, how } => (erase::site(&site)?, how),
        Erase::Client {
            id,
            address,
            user_agent,
            how,
        } => {
            // The arguments come as an id, or as the other two.
            let client = address.zip(user_agent.as_deref());
            (erase::client(config, id.as_deref(), client)?, how)
        }
    };
    with_database(config, async |store| {
        erase::erase((config, store), target, how).await
    })
}

/// Runs an administrative command on whichever ClickHouse is in use.
fn with_database<F>(config: &Config, command: F) -> anyhow::Result<()>
where
    F: AsyncFnOnce(&crate::store::Store) -> anyhow::Result<()>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime cannot start")?;
    runtime.block_on(async {
        let database = app::Database::for_command(config).await?;
        let done = command(&database.store()).await;
        database.stop().await;
        done
    })
}
