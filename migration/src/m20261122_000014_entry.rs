//! Tickets that somebody wrote down for a resident, and residents who have to be called.

use crate::columns::{drop_all, moment, moment_null, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, string_null, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            string_null("reporter_name"),
            uuid_null("entered_by_id"),
            string_null("entered_by_name"),
        ];
        for column in columns {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").add_column(column).to_owned()).await?;
        }
        schema
            .create_table(
                Table::create()
                    .table("call_back")
                    .col(uuid("ticket_id").primary_key())
                    .col(string("why"))
                    .col(moment("since"))
                    .col(integer("tries"))
                    .col(string_null("result"))
                    .col(moment("next_at"))
                    .col(moment_null("done_at"))
                    .foreign_key(&mut reference(("call_back", "ticket_id"), ("ticket", "id")))
                    .to_owned(),
            )
            .await?;
        // Read all day: only who still has to be called stands in it.
        schema
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX call_back_open ON call_back (next_at, ticket_id) \
                 WHERE done_at IS NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["call_back"]).await?;
        for column in ["entered_by_name", "entered_by_id", "reporter_name"] {
            let mut table = Table::alter();
            schema.alter_table(table.table("ticket").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
