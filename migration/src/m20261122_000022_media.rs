//! Photos, voices and films: what came, whether it was fetched, and when it is looked at again.

use crate::columns::{drop_all, index, moment, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{integer, string, string_null, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .create_table(
                Table::create()
                    .table("media")
                    .col(string("id").primary_key())
                    .col(string("account"))
                    .col(string_null("openid"))
                    .col(string("kind"))
                    .col(moment("at"))
                    .col(string("stage"))
                    .col(integer("attempts"))
                    .col(moment_null("due_at"))
                    .col(string_null("why"))
                    .col(string_null("media_type"))
                    .col(uuid_null("ticket_id"))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("media", "person", &["account", "openid"])).await?;
        // The worker looks every second, the page on the state of things whenever somebody does:
        // what is kept and in use stands in neither.
        for index in [
            "CREATE INDEX media_due_idx ON media (due_at) WHERE due_at IS NOT NULL",
            "CREATE INDEX media_missing_idx ON media (at) WHERE why IS NOT NULL",
        ] {
            schema.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["media"]).await
    }
}
