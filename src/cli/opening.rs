//! Opening the database as a command needs it.

use crate::{config::Database, storage::Store};
use anyhow::{Context, bail};
use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path};

/// The database, in whatever state it is; a missing SQLite file is made.
pub(super) async fn open(database: &Database) -> anyhow::Result<Store> {
    make_folder(database)?;
    Ok(Store::open(&database.address()).await?)
}

/// For the commands that work beside a server: an empty database is migrated at once, a used one
/// must have the schema of this version.
pub(super) async fn ready(database: &Database) -> anyhow::Result<Store> {
    let store = open(database).await?;
    let migrations = store.migration_status().await?;
    if migrations.applied.is_empty() {
        store.migrate_up().await?;
    } else if !migrations.pending.is_empty() {
        bail!("the database is of an older version; stop the servers and run `lianxin migrate up`");
    }
    Ok(store)
}

/// For servers: the schema of this version, and real people only.
pub(super) async fn for_serving(database: &Database, migrate: bool) -> anyhow::Result<Store> {
    let store = open(database).await?;
    if migrate {
        store.migrate_up().await?;
    }
    let pending = store.migration_status().await?.pending.len();
    if pending > 0 {
        bail!(
            "the database lacks {pending} migration(s); run `lianxin migrate up`, or start with \
             --migrate"
        );
    }
    if store.is_demo().await? {
        bail!("this is a demo's database, whose people are made up; use another one");
    }
    Ok(store)
}

/// Makes the folder in which a SQLite file is to lie.
pub(super) fn make_folder(database: &Database) -> anyhow::Result<()> {
    let Database::Sqlite(path) = database else { return Ok(()) };
    match path.parent() {
        // What residents say is nobody else's to read.
        Some(folder) if folder != Path::new("") => DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("could not make the folder {}", folder.display())),
        Some(_) | None => Ok(()),
    }
}
