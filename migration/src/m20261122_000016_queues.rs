//! The desk's lists: where each live ticket waits and how far up, the months of each area, and the
//! lists that operators made for themselves.
//!
//! What a live ticket's columns hold follows from the whole ticket. They are left to be filled by
//! whoever knows tickets: `unfiled` marks the rows.

use crate::columns::{drop_all, index, key, moment, moment_null, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, string_null, text, uuid},
    sea_orm::DbBackend,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Behind everything that is live.
const LAST: i64 = 300_000_000_000_000;

/// Partial: the ended ones, which are nearly all, are not in them. The first holds all that the
/// lists and counts of live tickets ask, so that neither reads a ticket that is not shown.
const LIVE: [&str; 2] = [
    "CREATE INDEX ticket_live_idx ON ticket (queue, township, area, category, confidential, \
     queue_rank, submitted_at, id, channel, unit, accountable_id, late_at, warn_at, wish_at, \
     dissatisfied_until) WHERE queue IS NOT NULL",
    "CREATE INDEX ticket_dissatisfied_idx ON ticket (dissatisfied_until) \
     WHERE dissatisfied_until IS NOT NULL",
];

// None begins with the category: a query for what lies near would take it for its order, and read
// all that were ever of that category.
const INDEXES: [(&str, &[&str]); 3] = [
    ("township", &["township", "submitted_at", "id"]),
    ("area", &["area", "submitted_at", "id"]),
    ("contact", &["contact", "submitted_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            string_null("township"),
            string_null("queue"),
            big_integer("queue_rank").default(LAST).to_owned(),
            moment_null("warn_at"),
            moment_null("dissatisfied_until"),
        ];
        for column in columns {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").add_column(column).to_owned()).await?;
        }
        let second = match schema.get_database_backend() {
            DbBackend::Postgres => "area_path ->> 1",
            _ => "json_extract(area_path, '$[1]')",
        };
        let connection = schema.get_connection();
        connection.execute_unprepared(&format!("UPDATE ticket SET township = {second}")).await?;
        // Bad grades are as rare as live tickets: both are looked at once more.
        let unfiled = "UPDATE ticket SET queue = 'unfiled' WHERE ended_at IS NULL \
                       OR rating IN ('dissatisfied', 'very_dissatisfied')";
        connection.execute_unprepared(unfiled).await?;
        for (purpose, columns) in INDEXES {
            schema.create_index(index("ticket", purpose, columns)).await?;
        }
        for create in LIVE {
            connection.execute_unprepared(create).await?;
        }
        // The last four digits, as people read them out.
        let tail = "CREATE INDEX ticket_tail_idx ON ticket (substr(number, 11))";
        connection.execute_unprepared(tail).await?;
        schema
            .create_table(
                Table::create()
                    .table("saved_view")
                    .col(uuid("operator_id"))
                    .col(string("name"))
                    .col(text("query"))
                    .col(moment("saved_at"))
                    .primary_key(&mut key(&["operator_id", "name"]))
                    .foreign_key(&mut reference(("saved_view", "operator_id"), ("operator", "id")))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["saved_view"]).await?;
        let all = ["tail", "dissatisfied", "live", "contact", "area", "township"];
        for purpose in all {
            let name = format!("ticket_{purpose}_idx");
            schema.drop_index(Index::drop().table("ticket").name(name).to_owned()).await?;
        }
        for column in ["dissatisfied_until", "warn_at", "queue_rank", "queue", "township"] {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
