//! The lamp board: since when nobody touched a live ticket, which answers to supervisions are owed,
//! and what went one level up.
//!
//! What follows from the whole ticket is left to be filled by whoever knows tickets, as before:
//! `unfiled` marks the rows.

use crate::columns::moment_null;
use sea_orm_migration::{prelude::*, schema::integer, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Partial, and with all that the board asks of live tickets: the ended ones are not in them.
const INDEXES: [&str; 2] = [
    "CREATE INDEX ticket_lamps_idx ON ticket (queue, township, unit, area, category, confidential, \
     late_at, warn_at, owed_at, escalations, touched_at, queue_rank, submitted_at, id) WHERE queue IS NOT NULL",
    "CREATE INDEX ticket_owed_idx ON ticket (owed_at) WHERE owed_at IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            moment_null("touched_at"),
            moment_null("owed_at"),
            integer("escalations").default(0).to_owned(),
        ];
        for column in columns {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").add_column(column).to_owned()).await?;
        }
        let who = match schema.get_database_backend() {
            DbBackend::Postgres => "actor ->> 'who'",
            _ => "json_extract(actor, '$.who')",
        };
        let connection = schema.get_connection();
        connection
            .execute_unprepared(&format!(
                "UPDATE ticket SET queue = 'unfiled', touched_at = COALESCE((SELECT MAX(at) \
                 FROM ticket_event WHERE ticket_id = ticket.id AND {who} IN ('member', 'operator')), \
                 submitted_at) WHERE queue IS NOT NULL"
            ))
            .await?;
        for create in INDEXES {
            connection.execute_unprepared(create).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        for purpose in ["owed", "lamps"] {
            let name = format!("ticket_{purpose}_idx");
            schema.drop_index(Index::drop().table("ticket").name(name).to_owned()).await?;
        }
        for column in ["escalations", "owed_at", "touched_at"] {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
