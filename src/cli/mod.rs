//! The command line: one file a command.
//!
//! It promises exit codes that scripts can rely on: 0 done, 1 it did not work or a check failed,
//! 2 the command line or the configuration is wrong, and then *all* mistakes are listed. What a
//! command was asked for goes to standard output, everything else to standard error.
//!
//! Deliberately absent: anything that could not be done through the modules by somebody else.
#![expect(clippy::print_stdout, reason = "a command prints what it was asked for")]

mod check;
mod codes;
mod demo;
mod export;
mod import;
mod lock;
mod member;
mod menu;
mod migrate;
mod opening;
mod operator;
mod output;
mod replay;
mod sample;
mod serve;

use crate::{
    config::{Config, ConfigError, Database, Environment, Purpose},
    telemetry::{self, Chain},
    wechat::client::install_tls,
};
use clap::{Parser, Subcommand};
use std::{future::Future, path::Path, process::ExitCode};

/// 连心 Lianxin: the service behind a county's WeChat official account.
#[derive(Debug, Parser)]
#[command(name = "lianxin", version, about, disable_help_subcommand = true)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try it: everything on this machine, nothing to configure.
    Demo(demo::Demo),
    /// Serve the web and send messages, as configured in the environment and in .env.
    Serve(serve::Serve),
    /// Send messages and do due work, without the web.
    Work,
    /// Bring the database to the schema of this version, or back.
    #[command(subcommand)]
    Migrate(migrate::Migrate),
    /// Look at configuration, database, accounts and disk: one line each.
    Check,
    /// Load a county from workbooks, or write a workbook to fill in.
    Import(import::Import),
    /// Make up something to try the rest with.
    #[command(subcommand)]
    Sample(sample::Sample),
    /// Members and operators who act by chat.
    #[command(subcommand)]
    Member(member::Member),
    /// The menus of the official account.
    #[command(subcommand)]
    Menu(menu::Menu),
    /// Posters and stickers with the codes of areas.
    Codes(codes::Codes),
    /// Accounts of the console.
    #[command(subcommand)]
    Operator(operator::Operator),
    /// Run recorded chats and chat scripts, and compare.
    Replay(replay::Replay),
    /// Write out what is kept.
    #[command(subcommand)]
    Export(export::Export),
}

/// What a command leaves for whoever called it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It worked.
    Done,
    /// It did what it was asked for, and found something wrong.
    Failed,
    /// What it was given cannot be read.
    Malformed,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Done => Self::SUCCESS,
            Verdict::Failed => Self::from(1),
            Verdict::Malformed => Self::from(2),
        }
    }
}

/// Parses the command line, runs the command, and tells how it went.
pub fn main() -> ExitCode {
    let command = match CommandLine::try_parse() {
        Ok(CommandLine { command }) => command,
        Err(error) => {
            // Help is no mistake; clap knows.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match run(command) {
        Ok(verdict) => verdict.into(),
        Err(error) => report(&error),
    }
}

#[expect(clippy::print_stderr, reason = "logs may be switched off; a failure must be seen")]
fn report(error: &anyhow::Error) -> ExitCode {
    eprintln!("lianxin: {}", Chain(error.as_ref()));
    let is_configuration = error.is::<ConfigError>() || error.is::<dotenvy::Error>();
    if is_configuration { Verdict::Malformed.into() } else { Verdict::Failed.into() }
}

fn run(command: Command) -> anyhow::Result<Verdict> {
    install_tls();
    match command {
        // These two make a world of their own: what is configured here must not reach into it.
        Command::Demo(demo) => {
            telemetry::log(None, "warn");
            block_on(demo.run())
        }
        Command::Replay(replay) => {
            telemetry::log(None, "error");
            block_on(replay.run())
        }
        Command::Serve(serve) => {
            let config = configured("info", Purpose::Serving)?;
            block_on(serve.run(&config))
        }
        Command::Work => {
            let config = configured("info", Purpose::Working)?;
            block_on(serve::work(&config))
        }
        Command::Check => {
            let environment = environment("error")?;
            block_on(check::run(&environment))
        }
        Command::Migrate(migrate) => block_on(migrate.run(&database()?)),
        Command::Import(import) => match import.blank() {
            Some(written) => written,
            None => block_on(import.run(&database()?)),
        },
        Command::Sample(sample) => sample.run(),
        Command::Member(member) => block_on(member.run(&database()?)),
        Command::Menu(menu) => {
            let config = configured("warn", Purpose::Working)?;
            block_on(menu.run(&config))
        }
        Command::Codes(codes) => {
            let config = configured("warn", Purpose::Working)?;
            block_on(codes.run(&config))
        }
        Command::Operator(operator) => block_on(operator.run(&database()?)),
        Command::Export(export) => block_on(export.run(&database()?)),
    }
}

/// The environment and `.env`; logs begin with what it says.
fn environment(default: &str) -> anyhow::Result<Environment> {
    let environment = Environment::read(Path::new(".env"))?;
    telemetry::log(environment.get("RUST_LOG").as_deref(), default);
    Ok(environment)
}

fn configured(default: &str, purpose: Purpose) -> anyhow::Result<Config> {
    let config = Config::load(&environment(default)?, purpose)?;
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    Ok(config)
}

/// The commands that work beside a server need no more than this.
fn database() -> anyhow::Result<Database> {
    Ok(Database::load(&environment("warn")?)?)
}

fn block_on(work: impl Future<Output = anyhow::Result<Verdict>>) -> anyhow::Result<Verdict> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }
}
