//! `migrate`: the schema, forwards and back. Safe when several instances start at once.

use super::output::say;
use super::{Verdict, opening};
use crate::config::Database;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(super) enum Migrate {
    /// Apply all pending migrations.
    Up,
    /// Take the latest migrations back. What only they know is lost.
    Down {
        /// How many.
        #[arg(long, default_value_t = 1, value_name = "N")]
        steps: u32,
    },
    /// List what was applied and what is to come; exit code 1 if anything is.
    Status,
}

impl Migrate {
    pub(super) async fn run(self, database: &Database) -> anyhow::Result<Verdict> {
        let store = opening::open(database).await?;
        match self {
            Self::Up => store.migrate_up().await?,
            Self::Down { steps } => store.migrate_down(steps).await?,
            Self::Status => {}
        }
        let migrations = store.migration_status().await?;
        for name in &migrations.applied {
            say!("applied  {name}");
        }
        for name in &migrations.pending {
            say!("pending  {name}");
        }
        let behind = matches!(self, Self::Status) && !migrations.pending.is_empty();
        Ok(if behind { Verdict::Failed } else { Verdict::Done })
    }
}
