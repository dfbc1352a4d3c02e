//! Tickets, who is called to them, and what happened to them.

use crate::columns::{drop_all, index, key, moment, moment_null, reference};
use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, double_null, integer, json_binary, json_binary_null, string,
        string_null, text, text_null, uuid, uuid_null,
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
                    .table("ticket")
                    .col(uuid("id").primary_key())
                    .col(string("number").unique_key())
                    .col(string("account"))
                    .col(string("openid"))
                    .col(string("channel"))
                    .col(text("text"))
                    .col(text_null("place_text"))
                    .col(double_null("place_lat"))
                    .col(double_null("place_lng"))
                    .col(string_null("area"))
                    .col(json_binary("area_path"))
                    .col(string("category"))
                    .col(string_null("contact"))
                    .col(boolean("confidential"))
                    .col(boolean("urgent"))
                    .col(json_binary("media"))
                    .col(string("stage"))
                    .col(json_binary("status"))
                    .col(integer("round"))
                    .col(json_binary("called"))
                    .col(uuid_null("handler_id"))
                    .col(string_null("handler_name"))
                    .col(string_null("unit"))
                    .col(uuid_null("accountable_id"))
                    .col(string_null("accountable_name"))
                    .col(json_binary_null("finding"))
                    .col(string_null("rating"))
                    .col(json_binary("returned_by"))
                    .col(integer("urged"))
                    .col(moment("submitted_at"))
                    .col(moment_null("accepted_at"))
                    .col(moment_null("closed_at"))
                    .col(moment_null("ended_at"))
                    .col(moment_null("due_at"))
                    .col(big_integer("version"))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("ticket_called")
                    .col(uuid("ticket_id"))
                    .col(uuid("member_id"))
                    .primary_key(&mut key(&["ticket_id", "member_id"]))
                    .foreign_key(&mut reference(("ticket_called", "ticket_id"), ("ticket", "id")))
                    .to_owned(),
            )
            .await?;
        schema
            .create_table(
                Table::create()
                    .table("ticket_event")
                    .col(uuid("ticket_id"))
                    .col(big_integer("seq"))
                    .col(moment("at"))
                    .col(json_binary("actor"))
                    .col(string("kind"))
                    .col(json_binary("data"))
                    .primary_key(&mut key(&["ticket_id", "seq"]))
                    .foreign_key(&mut reference(("ticket_event", "ticket_id"), ("ticket", "id")))
                    .to_owned(),
            )
            .await?;
        schema
            .create_index(index("ticket", "reporter", &["account", "openid", "submitted_at"]))
            .await?;
        schema.create_index(index("ticket", "handler", &["handler_id", "stage"])).await?;
        schema.create_index(index("ticket", "stage", &["stage", "submitted_at"])).await?;
        schema.create_index(index("ticket", "submitted", &["submitted_at", "id"])).await?;
        schema.create_index(index("ticket", "due", &["due_at"])).await?;
        schema.create_index(index("ticket_called", "member", &["member_id"])).await?;
        Ok(())
    }

    async fn down(&self, schema: &SchemaManager) -> Result<(), DbErr> {
        drop_all(schema, &["ticket_event", "ticket_called", "ticket"]).await
    }
}
