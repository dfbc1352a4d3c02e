//! Messages that have to leave, and the platform's word on their delivery.

use crate::columns::{drop_all, index, key, moment, moment_null};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, big_pk_auto, boolean, integer, json_binary, string,
        string_null, text_null, uuid, uuid_null,
    },
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
                    .table("outbox")
                    .col(big_pk_auto("position"))
                    .col(uuid("id").unique_key())
                    .col(string("account"))
                    .col(string("openid"))
                    .col(string("kind"))
                    .col(uuid_null("topic"))
                    .col(boolean("passing"))
                    .col(json_binary("payload"))
                    .col(integer("attempts"))
                    .col(moment("created_at"))
                    .col(moment("due_at"))
                    .col(uuid_null("leased_by"))
                    .col(moment_null("leased_until"))
                    .col(moment_null("done_at"))
                    .col(string_null("outcome"))
                    .col(string_null("channel"))
                    .col(big_integer_null("msgid"))
                    .col(text_null("dead_reason"))
                    .col(moment_null("confirmed_at"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("delivery_event")
                    .col(string("account"))
                    .col(big_integer("msgid"))
                    .col(string_null("status"))
                    .col(moment("at"))
                    .primary_key(&mut key(&["account", "msgid"]))
                    .to_owned(),
            )
            .await?;
        schema.create_index(index("outbox", "due", &["done_at", "due_at"])).await?;
        schema.create_index(index("outbox", "outcome", &["outcome", "done_at"])).await?;
        schema.create_index(index("outbox", "topic", &["topic"])).await?;
        schema.create_index(index("outbox", "message", &["account", "msgid"])).await?;
        // Asked at every message of a person: only what is held for somebody stands in it.
        schema
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX outbox_held ON outbox (account, openid) WHERE channel = 'held'",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["delivery_event", "outbox"]).await
    }
}
