//! `replay`: runs recorded chats and chat scripts, and compares. (to be written)

use super::Verdict;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Chat scripts (`*.chat`), folders with recordings, or folders with either.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Rewrite what was expected with what was said.
    #[arg(long)]
    pub(super) update: bool,
    /// A PostgreSQL server where a database of its own is made and dropped for each; SQLite
    /// without it.
    #[arg(long, value_name = "SERVER")]
    pub(super) database_url: Option<String>,
}

impl Replay {
    #[expect(clippy::unused_async, reason = "to be written")]
    pub(super) async fn run(self) -> anyhow::Result<Verdict> {
        let Self { paths, update, database_url } = self;
        anyhow::bail!("not built yet: {} {update} {}", paths.len(), database_url.is_some())
    }
}
