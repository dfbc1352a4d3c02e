//! The history of the schema.
//!
//! Migrations name tables and columns by their words of the day and never use `entities`: they
//! must mean the same in ten years. Each runs in a transaction of its own on both databases.
//!
//! Text has no length here, because only one of the databases would keep to it. Moments are UTC, cut to
//! milliseconds before they come here.

mod columns;
mod m20261101_000001_inbox;
mod m20261101_000002_county;
mod m20261101_000003_member;
mod m20261101_000004_resident;
mod m20261101_000005_ticket;
mod m20261101_000006_outbox;
mod m20261101_000007_mark;
mod m20261122_000008_outbox_round;
mod m20261122_000009_register;
mod m20261122_000010_course;
mod m20261122_000011_absence;
mod m20261122_000012_near;
mod m20261122_000013_operator;
mod m20261122_000014_entry;
mod m20261122_000015_figures;
mod m20261122_000016_queues;
mod m20261122_000017_pending_import;
mod m20261122_000018_words;
mod m20261122_000020_lamps;
mod m20261122_000021_words;
mod m20261122_000022_media;
mod m20261122_000024_codes_tags;
mod m20261122_000025_reach;
mod m20261122_000026_broadcast;
mod m20261122_000027_life;
mod m20261122_000028_talk;

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
            Box::new(m20261101_000003_member::Migration),
            Box::new(m20261101_000004_resident::Migration),
            Box::new(m20261101_000005_ticket::Migration),
            Box::new(m20261101_000006_outbox::Migration),
            Box::new(m20261101_000007_mark::Migration),
            Box::new(m20261122_000008_outbox_round::Migration),
            Box::new(m20261122_000009_register::Migration),
            Box::new(m20261122_000010_course::Migration),
            Box::new(m20261122_000011_absence::Migration),
            Box::new(m20261122_000012_near::Migration),
            Box::new(m20261122_000013_operator::Migration),
            Box::new(m20261122_000014_entry::Migration),
            Box::new(m20261122_000015_figures::Migration),
            Box::new(m20261122_000016_queues::Migration),
            Box::new(m20261122_000017_pending_import::Migration),
            Box::new(m20261122_000018_words::Migration),
            Box::new(m20261122_000020_lamps::Migration),
            Box::new(m20261122_000021_words::Migration),
            Box::new(m20261122_000022_media::Migration),
            Box::new(m20261122_000024_codes_tags::Migration),
            Box::new(m20261122_000025_reach::Migration),
            Box::new(m20261122_000026_broadcast::Migration),
            Box::new(m20261122_000027_life::Migration),
            Box::new(m20261122_000028_talk::Migration),
        ]
    }
}
