//! The history of the schema.
//!
//! Migrations name tables and columns by their words of the day and never use `entities`: they
//! must mean the same in ten years. Each runs in a transaction of its own on both databases.
//!
//! Text columns have no length: SQLite would not keep to one. Moments are UTC, cut to
//! milliseconds before they come here.

mod columns;
mod m20261101_000001_inbox;
mod m20261101_000002_county;
mod m20261101_000003_resident;
mod m20261101_000004_ticket;
mod m20261101_000005_outbox;
mod m20261101_000006_mark;

pub use sea_orm_migration::{MigrationStatus, MigrationTrait, MigratorTrait};

/// Every migration, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_inbox::Migration),
            Box::new(m20261101_000002_county::Migration),
            Box::new(m20261101_000003_resident::Migration),
            Box::new(m20261101_000004_ticket::Migration),
            Box::new(m20261101_000005_outbox::Migration),
            Box::new(m20261101_000006_mark::Migration),
        ]
    }
}
