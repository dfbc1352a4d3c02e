//! 人工: residents who asked for somebody of the desk, and what was said while somebody talked with them.

use crate::columns::{drop_all, index, moment, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string, string_null, text, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Partial: what is over is not in them. One open talk a person.
const INDEXES: [&str; 3] = [
    "CREATE UNIQUE INDEX hand_over_open_idx ON hand_over (account, openid) WHERE ended_at IS NULL",
    "CREATE INDEX hand_over_waiting_idx ON hand_over (asked_at) WHERE ended_at IS NULL",
    "CREATE INDEX hand_over_due_idx ON hand_over (due_at) WHERE due_at IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        schema
            .create_table(
                Table::create()
                    .table("hand_over")
                    .col(uuid("id").primary_key())
                    .col(string("account"))
                    .col(string("openid"))
                    .col(string_null("area"))
                    .col(moment("asked_at"))
                    .col(uuid_null("claimed_by"))
                    .col(string_null("claimed_name"))
                    .col(moment_null("claimed_at"))
                    .col(moment_null("answered_at"))
                    .col(moment("last_at"))
                    .col(boolean("is_silent"))
                    .col(moment_null("due_at"))
                    .col(moment_null("ended_at"))
                    .col(string_null("ended_by"))
                    .to_owned(),
            )
            .await?;
        let position = big_integer("position").auto_increment().primary_key().to_owned();
        schema
            .create_table(
                Table::create()
                    .table("chat_line")
                    .col(position)
                    .col(uuid("hand_over_id"))
                    .col(string("account"))
                    .col(string("openid"))
                    .col(moment("at"))
                    .col(string("side"))
                    .col(string("kind"))
                    .col(text("text"))
                    .col(string_null("media"))
                    .col(string_null("who"))
                    .col(uuid_null("outbox_id"))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("chat_line", "talk", &["hand_over_id", "position"])).await?;
        schema.create_index(index("chat_line", "person", &["account", "openid"])).await?;
        schema.create_index(index("chat_line", "age", &["at"])).await?;
        schema.create_index(index("chat_line", "sent", &["outbox_id"])).await?;
        schema.create_index(index("hand_over", "person", &["account", "openid"])).await?;
        schema.create_index(index("hand_over", "age", &["ended_at"])).await?;
        for create in INDEXES {
            schema.get_connection().execute_unprepared(create).await?;
        }
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["chat_line", "hand_over"]).await
    }
}
