//! Bringing a database to the present schema and back.
//!
//! Several instances may start at once: all migrations run in one transaction behind one lock, so
//! the first does the work and the others find nothing to do.

use super::{StorageError, Store, Tx, error::failed};
use migration::{MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend};

/// Any number that only we use: the lock has no other name. ("lianxin" on a telephone's keys.)
const MIGRATION_LOCK: i64 = 5_426_946;

/// How far a database has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// Names of those that were applied, oldest first.
    pub applied: Vec<String>,
    /// Names of those that are still to come.
    pub pending: Vec<String>,
}

impl Store {
    /// Applies all pending migrations.
    pub async fn migrate_up(&self) -> Result<(), StorageError> {
        let tx = self.begin_migration().await?;
        Migrator::up(&tx.inner, None).await.map_err(failed("migrate the database"))?;
        tx.file_tickets().await?;
        tx.keep_all_words().await?;
        tx.commit().await
    }

    /// Takes the latest `steps` migrations back.
    pub async fn migrate_down(&self, steps: u32) -> Result<(), StorageError> {
        let tx = self.begin_migration().await?;
        Migrator::down(&tx.inner, Some(steps)).await.map_err(failed("take a migration back"))?;
        tx.commit().await
    }

    /// What was applied and what is to come; reads only.
    pub async fn migration_status(&self) -> Result<Migrations, StorageError> {
        let all = Migrator::get_migration_with_status_read_only(&self.conn)
            .await
            .map_err(failed("read the state of the migrations"))?;
        let names = |status| {
            let of_status = all.iter().filter(|migration| migration.status() == status);
            of_status.map(|migration| migration.name().to_owned()).collect()
        };
        Ok(Migrations {
            applied: names(MigrationStatus::Applied),
            pending: names(MigrationStatus::Pending),
        })
    }

    async fn begin_migration(&self) -> Result<Tx, StorageError> {
        let tx = self.begin().await?;
        // SQLite: the immediate transaction is the lock.
        if self.conn.get_database_backend() == DbBackend::Postgres {
            tx.inner
                .execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
                .await
                .map_err(failed("wait for another instance's migration"))?;
        }
        Ok(tx)
    }
}
