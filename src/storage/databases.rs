//! Making and dropping whole databases on a PostgreSQL server, for runs that need one of their own.
//!
//! Deliberately absent: anything about what is in them.

use super::{StorageError, Store, error::failed};
use sea_orm::ConnectionTrait;

impl Store {
    /// Makes a database on the server that this one is on. The name is ours: letters, digits and
    /// underscores only, because names cannot be bound.
    pub async fn create_database(&self, name: &str) -> Result<(), StorageError> {
        self.conn
            .execute_unprepared(&format!("CREATE DATABASE {}", plain(name)))
            .await
            .map_err(failed("make a database"))?;
        Ok(())
    }

    /// Drops a database on that server, and with it whoever is still connected.
    pub async fn drop_database(&self, name: &str) -> Result<(), StorageError> {
        self.conn
            .execute_unprepared(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", plain(name)))
            .await
            .map_err(failed("drop a database"))?;
        Ok(())
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}
