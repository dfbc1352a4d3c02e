//! `import`: loads a county.

use super::output::say;
use super::{Verdict, opening};
use crate::{
    clock::{Clock, SystemClock},
    config::Database,
    county,
    ids::RandomIds,
};
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Which county.
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// The demo county 云溪县, which is compiled in; everything about it is made up.
    Demo,
}

impl Import {
    pub(super) async fn run(self, database: &Database) -> anyhow::Result<Verdict> {
        let county = match self.what {
            What::Demo => county::demo::county(),
        };
        let store = opening::ready(database).await?;
        let before = store.county_version().await?;
        let tx = store.begin().await?;
        let version = tx.replace_county(&county, &RandomIds, SystemClock.now()).await?;
        tx.commit().await?;
        say!(
            "{}: {} areas, {} units, {} members, {} categories ({})",
            county.name(),
            county.areas().len(),
            county.units().len(),
            county.members().len(),
            county.categories().len(),
            if before == Some(version) { "nothing changed" } else { "imported" },
        );
        Ok(Verdict::Done)
    }
}
