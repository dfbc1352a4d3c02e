//! One server or worker at a time on a SQLite file.
//!
//! The lock is the operating system's and dies with the process, so there is nothing to clean up
//! after a crash. The short commands do not take it: they work beside a running server.

use crate::config::Database;
use anyhow::{Context, bail};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::PathBuf,
};

/// Held as long as the value lives.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "closing the file gives the lock back")] File);

/// Takes the lock that belongs to the database; PostgreSQL needs none.
pub(super) fn hold(database: &Database) -> anyhow::Result<Option<Lock>> {
    let Database::Sqlite(path) = database else { return Ok(None) };
    let mut name = path.clone().into_os_string();
    name.push(".lock");
    let name = PathBuf::from(name);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&name)
        .with_context(|| format!("could not open {}", name.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => bail!(
            "another `serve` or `work` is running on {}; a SQLite file is for one of them at a \
             time: stop the other one, or use PostgreSQL (DATABASE_URL=postgres://…) for several",
            path.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("could not lock {}", name.display()))
        }
    }
}
