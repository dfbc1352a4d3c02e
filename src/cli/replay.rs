//! `replay`: runs recorded chats and chat scripts, and compares.
//!
//! It ignores the environment and `.env`: a replay must not depend on the machine it runs on, and
//! must never touch a database that somebody uses.

use super::Verdict;
use crate::replay::{self, Outcome, Place};
use clap::Args;
use std::{io, path::PathBuf};

#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Chat scripts (`*.chat`), folders with recordings, or folders with either.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Rewrite what was expected with what was said.
    #[arg(long)]
    update: bool,
    /// A PostgreSQL server where a database of its own is made and dropped for each; SQLite
    /// without it.
    #[arg(long, value_name = "SERVER", value_parser = server)]
    database_url: Option<Place>,
}

impl Replay {
    pub(super) async fn run(self) -> anyhow::Result<Verdict> {
        let place = self.database_url.unwrap_or_default();
        let outcome = replay::run(&self.paths, &place, self.update, &mut io::stdout()).await?;
        Ok(match outcome {
            Outcome::Fine => Verdict::Done,
            Outcome::Differs => Verdict::Failed,
            Outcome::Malformed => Verdict::Malformed,
        })
    }
}

fn server(address: &str) -> Result<Place, String> {
    Place::server(address).map_err(|problem| problem.to_string())
}
